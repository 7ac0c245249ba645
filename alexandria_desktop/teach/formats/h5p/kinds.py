"""The question types of H5P, each read into ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.naming import drawn_id, steady_id
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.media import Media
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.sameness import literal
from sync.assessing.questions.shuffling import scattered
from sync.assessing.rich_text import from_plain

Found = tuple[q.Question, k.Key]
_GAP = re.compile(r"\*([^*\n]{1,500})\*")


@dataclass(frozen=True, slots=True)
class Content:
    """The content of one question that is being read."""

    data: Mapping[str, Any]
    id: str
    where: str
    intake: Intake

    def text(self, name: str) -> str:
        """Return a plain text, or nothing."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def entries(self, name: str) -> list[Mapping[str, Any]]:
        """Return a list of objects, or an empty one."""
        value = self.data.get(name)
        return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []

    def behaviour(self, name: str, default: bool) -> bool:
        """Return a setting of how the question behaves."""
        value = self.data.get("behaviour")
        found = value.get(name) if isinstance(value, Mapping) else None
        return found if isinstance(found, bool) else default

    def rich(self, value: object) -> str:
        """Return a text in our form."""
        return self.intake.auto(value, self.where) if isinstance(value, str) else ""

    def facts(self, html: str) -> dict[str, Any]:
        """Return what every question has."""
        text, inside = self.intake.illustrated(html if "<" in html else from_plain(unescape(html)), self.where)
        above = self._media()
        return {"id": self.id, "prompt": text, "media": above + inside}

    def _media(self) -> tuple[Media, ...]:
        """Return the picture, sound or film that stands above a question."""
        part: Any = self.data.get("media")
        part = part.get("type", part) if isinstance(part, Mapping) else None
        params = part.get("params") if isinstance(part, Mapping) else None
        if not isinstance(params, Mapping):
            return ()
        file = next((one for name in ("file", "sources", "files") for one in _listed(params.get(name))), None)
        path = file.get("path") if isinstance(file, Mapping) else None
        if not isinstance(path, str):
            if file is not None:
                self.intake.report.add(self.where, "What stands above it could not be read.", Loss.FILE)
            return ()
        found = self.intake.media(path, self.where, alt=str(params.get("alt") or ""))
        return (found,) if found else ()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _multiple(content: Content) -> Iterator[Found]:
    choices: list[q.Choice] = []
    right: list[str] = []
    each: dict[str, str] = {}
    for one in content.entries("answers"):
        choice = q.Choice(id=drawn_id(), text=content.rich(one.get("text")))
        choices.append(choice)
        right.extend([choice.id] if one.get("correct") is True else [])
        said = one.get("tipsAndFeedback")
        text = content.rich(said.get("chosenFeedback")) if isinstance(said, Mapping) else ""
        if text:
            each[choice.id] = text
        if isinstance(said, Mapping) and (said.get("tip") or said.get("notChosenFeedback")):
            content.intake.report.add(content.where, "Tips, and feedback to what was not chosen, are left out.",
                                      Loss.FEEDBACK)  # fmt: skip
    facts = content.facts(content.text("question"))
    is_shuffled = content.behaviour("randomAnswers", True)
    kind = content.data.get("behaviour")
    asked = str(kind.get("type") or "auto") if isinstance(kind, Mapping) else "auto"
    feedback = k.Feedback(each=each)
    if asked == "multi" or (asked == "auto" and len(right) != 1):
        credit = k.Credit.ALL if content.behaviour("singlePoint", False) else k.Credit.EACH
        yield (
            q.MultipleAnswer(**facts, choices=tuple(choices), is_shuffled=is_shuffled),
            k.MultipleAnswerKey(right=tuple(right), credit=credit, feedback=feedback),
        )
        return
    yield (
        q.MultipleChoice(**facts, choices=tuple(choices), is_shuffled=is_shuffled),
        k.MultipleChoiceKey(shares=dict.fromkeys(right, 1.0), feedback=feedback),
    )


def _true_false(content: Content) -> Iterator[Found]:
    is_true = content.data.get("correct") in ("true", True)
    said = content.data.get("behaviour")
    said = said if isinstance(said, Mapping) else {}
    feedback = k.Feedback(
        right=content.rich(said.get("feedbackOnCorrect")), wrong=content.rich(said.get("feedbackOnWrong"))
    )
    yield q.TrueFalse(**content.facts(content.text("question"))), k.TrueFalseKey(is_true=is_true, feedback=feedback)


def _single_set(content: Content) -> Iterator[Found]:
    """The first answer of each question is the right one."""
    for number, one in enumerate(content.entries("choices"), 1):
        answers = one.get("answers")
        texts = [text for text in answers if isinstance(text, str)] if isinstance(answers, list) else []
        choices = tuple(q.Choice(id=drawn_id(), text=content.rich(text)) for text in texts)
        part = Content(one, steady_id("h5p", content.id, f"{number}"), content.where, content.intake)
        if choices:
            # The right one stands first in the file; here it must not.
            yield (
                q.MultipleChoice(**part.facts(part.text("question")), choices=scattered(choices)),
                k.MultipleChoiceKey(shares={choices[0].id: 1.0}),
            )


def _blanks(content: Content) -> Iterator[Found]:
    """``*right/also right:tip*`` in a text is a gap."""
    is_strict = content.behaviour("caseSensitive", True)
    blocks = content.data.get("questions")
    texts = [one for one in blocks if isinstance(one, str)] if isinstance(blocks, list) else []
    gaps: list[q.Gap] = []
    keys: dict[str, k.GapKey] = {}

    def gap(found: re.Match[str]) -> str:
        answers, colon, _tip = unescape(found.group(1)).partition(":")
        if colon:
            content.intake.report.add(content.where, "Tips to gaps are left out.", Loss.FEEDBACK)
        name = f"gap{len(gaps) + 1}"
        gaps.append(q.Gap(id=name))
        variants = tuple(k.Variant(text=literal(one.strip())) for one in answers.split("/") if one.strip())
        keys[name] = k.GapKey(variants=variants, is_case_strict=is_strict, is_accent_strict=True)
        return f"[[{name}]]"

    html = content.text("text") + "".join(_GAP.sub(gap, text) for text in texts)
    if gaps:
        yield q.Cloze(**content.facts(html), gaps=tuple(gaps)), k.ClozeKey(gaps=keys)


def _drag_text(content: Content) -> Iterator[Found]:
    """Words to drag into gaps: each gap offers all the words."""
    found = [unescape(one).partition(":")[0].strip() for one in _GAP.findall(content.text("textField"))]
    more = [unescape(one).partition(":")[0].strip() for one in _GAP.findall(content.text("distractors"))]
    words = list(dict.fromkeys(found + more))
    gaps: list[q.Gap] = []
    keys: dict[str, k.GapKey] = {}

    def gap(match: re.Match[str]) -> str:
        name = f"gap{len(gaps) + 1}"
        choices = {word: q.Choice(id=drawn_id(), text=from_plain(word)) for word in words}
        gaps.append(q.Gap(id=name, kind="choice", choices=scattered(choices.values())))
        keys[name] = k.GapKey(shares={choices[unescape(match.group(1)).partition(":")[0].strip()].id: 1.0})
        return f"[[{name}]]"

    text = _GAP.sub(gap, content.text("textField")).replace("\n", "<br/>")
    asked = content.text("taskDescription")
    html = f"{asked if asked.startswith('<') else f'<p>{asked}</p>'}<p>{text}</p>"
    if gaps:
        yield q.Cloze(**content.facts(html), gaps=tuple(gaps)), k.ClozeKey(gaps=keys)


def _essay(content: Content) -> Iterator[Found]:
    words = [str(one.get("keyword") or "") for one in content.entries("keywords")]
    if words:
        content.intake.report.add(content.where, "Key words are for the grader now; a person grades.", Loss.SCORING)
    solution = content.data.get("solution")
    sample = content.rich(solution.get("sample")) if isinstance(solution, Mapping) else ""
    notes = from_plain("\n".join(word for word in words if word))
    yield (
        q.Essay(**content.facts(content.text("taskDescription"))),
        k.EssayKey(model_answer=sample, notes=notes),
    )


def _sort(content: Content) -> Iterator[Found]:
    value = content.data.get("paragraphs")
    texts = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    items = tuple(q.Choice(id=drawn_id(), text=content.rich(text)) for text in texts)
    if items:
        yield (
            q.Ordering(**content.facts(content.text("taskDescription")), items=scattered(items)),
            k.OrderingKey(order=tuple(item.id for item in items)),
        )


READERS: Mapping[str, Callable[[Content], Iterator[Found]]] = {
    "H5P.MultiChoice": _multiple, "H5P.TrueFalse": _true_false, "H5P.SingleChoiceSet": _single_set,
    "H5P.Blanks": _blanks, "H5P.DragText": _drag_text, "H5P.Essay": _essay, "H5P.SortParagraphs": _sort,
}  # fmt: skip
