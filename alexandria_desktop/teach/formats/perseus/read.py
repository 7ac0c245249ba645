"""Read an exercise of Perseus: the words are Markdown, and what is to be answered are widgets named in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.marked import as_html
from alexandria_desktop.teach.formats.naming import drawn_id, steady_id
from alexandria_desktop.teach.formats.opened import Opened, bytes_of, damaged
from alexandria_desktop.teach.formats.report import Loss
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.shuffling import scattered

MAX_BYTES = 16 * 1024 * 1024
_MARK = re.compile(r"\[\[☃ ([a-z-]+ \d+)\]\]")
_IN_TEXT = frozenset({"dropdown", "numeric-input", "input-number"})
_SHOWN = frozenset({"image", "explanation", "definition", "passage", "passage-ref", "video"})
Found = tuple[q.Question, k.Key]


def read(path: Path) -> Opened:
    """Read an exercise; raises ReaderError(course.damaged)."""
    return from_perseus(bytes_of(path, MAX_BYTES), title=path.stem)


def from_perseus(data: bytes, *, title: str) -> Opened:
    """Read the JSON of an exercise as a course of one question."""
    try:
        found = json.loads(data)
        if isinstance(found, dict) and isinstance(found.get("itemData"), str):
            found = {**json.loads(found["itemData"]), "id": found.get("id")}
    except (ValueError, RecursionError, TypeError) as error:
        raise damaged("The file is no JSON.", str(error)) from error
    asked = found.get("question") if isinstance(found, dict) else None
    if not isinstance(asked, Mapping) or not isinstance(asked.get("content"), str):
        raise damaged("The file is no exercise of Perseus.")
    intake = Intake()
    work = _Exercise(asked, steady_id("perseus", str(found.get("id") or title)), intake)
    pair = work.question(_hints(found.get("hints"), intake))
    if pair is None:
        reasons = "; ".join(line.what for line in intake.report.lines)
        raise damaged("The exercise has no kind of question that is read here.", reasons)
    one = AssessmentDocument(
        id=steady_id("perseus", title, "test"), title=title, questions=(pair[0],), keys={pair[0].id: pair[1]}
    )
    course = CourseDocument(id=steady_id("perseus", title), title=title, assessments=(one,))
    return Opened(course, intake.files, intake.report)


def _hints(value: object, intake: Intake) -> k.Feedback:
    texts = (
        [str(one.get("content") or "") for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
    )
    if not texts:
        return k.Feedback()
    intake.report.add("", "Hints now appear after the answer.", Loss.MOVED)
    bare = [_MARK.sub("", text) for text in texts]
    if bare != texts:
        intake.report.add("", "Pictures and explanations within the hints are left out.", Loss.FEEDBACK)
    return k.Feedback(general=intake.rich("".join(as_html(text) for text in bare), "Hints"))


class _Exercise:
    def __init__(self, asked: Mapping[str, Any], identity: str, intake: Intake) -> None:
        self._id = identity
        self._intake = intake
        self._text = str(asked["content"])
        widgets = asked.get("widgets")
        named = _MARK.findall(self._text)
        known = widgets if isinstance(widgets, Mapping) else {}
        self._widgets = {name: known[name] for name in named if isinstance(known.get(name), Mapping)}

    def question(self, feedback: k.Feedback) -> Found | None:
        """Return the question; None, said in the report, where it has no kind here."""
        asked = {name: one for name, one in self._widgets.items() if self._is_asked(name, one)}
        kinds = {str(one.get("type")) for one in asked.values()}
        if len(asked) == 1 and not kinds <= {"dropdown"}:
            (one,) = asked.values()
            return self._single(str(one.get("type")), _options(one), feedback)
        if asked and kinds <= _IN_TEXT:
            return self._cloze(asked, feedback)
        what = ", ".join(sorted(kinds)) or "no widget"
        self._intake.report.add("", f"What it asks with ({what}) has no kind here.", Loss.QUESTION)
        return None

    def _is_asked(self, name: str, one: Mapping[str, Any]) -> bool:
        kind = str(one.get("type"))
        if kind in _SHOWN or one.get("static") is True:
            background = _options(one).get("backgroundImage")
            url = background.get("url") if isinstance(background, Mapping) else ""
            what = f"The picture “{str(url)[:120]}” is on the web only." if url else f"“{name}” is left out."
            self._intake.report.add("", what, Loss.FILE if url else Loss.MARKUP)
            return False
        return True

    def _facts(self, marks: Mapping[str, str]) -> dict[str, Any]:
        html = as_html(_MARK.sub(lambda found: marks.get(found.group(1), ""), self._text))
        text, media = self._intake.illustrated(html, "")
        return {"id": self._id, "prompt": text, "media": media}

    def _single(self, kind: str, options: Mapping[str, Any], feedback: k.Feedback) -> Found | None:
        facts = self._facts({})
        if kind == "radio":
            return self._radio(facts, options, feedback)
        if kind in ("numeric-input", "input-number"):
            return q.Numeric(**facts), k.NumericKey(variants=_numbers(kind, options), feedback=feedback)
        if kind in ("sorter", "orderer"):
            return self._ordered(facts, kind, options, feedback)
        if kind == "matcher":
            return self._matched(facts, options, feedback)
        self._intake.report.add("", f"What it asks with ({kind}) has no kind here.", Loss.QUESTION)
        return None

    def _radio(self, facts: dict[str, Any], options: Mapping[str, Any], feedback: k.Feedback) -> Found:
        choices: list[q.Choice] = []
        right: list[str] = []
        each: dict[str, str] = {}
        for one in _objects(options.get("choices")):
            text, media = self._intake.illustrated(as_html(str(one.get("content") or "")), "")
            choices.append(q.Choice(id=drawn_id(), text=text, media=media))
            right.extend([choices[-1].id] if one.get("correct") is True else [])
            if one.get("clue") or one.get("rationale"):
                each[choices[-1].id] = self._rich(str(one.get("rationale") or one.get("clue")))
        said = k.Feedback(general=feedback.general, each=each)
        is_shuffled = options.get("randomize") is True
        if options.get("multipleSelect") is True or len(right) > 1:
            key: k.Key = k.MultipleAnswerKey(right=tuple(right), credit=k.Credit.ALL, feedback=said)
            return q.MultipleAnswer(**facts, choices=tuple(choices), is_shuffled=is_shuffled), key
        key = k.MultipleChoiceKey(shares=dict.fromkeys(right, 1.0), feedback=said)
        return q.MultipleChoice(**facts, choices=tuple(choices), is_shuffled=is_shuffled), key

    def _ordered(
        self, facts: dict[str, Any], kind: str, options: Mapping[str, Any], feedback: k.Feedback
    ) -> Found:  # fmt: skip
        raw = options.get("correct" if kind == "sorter" else "correctOptions")
        texts = (
            [str(one.get("content") if isinstance(one, Mapping) else one) for one in raw]
            if isinstance(raw, list)
            else []
        )
        items = tuple(q.Choice(id=drawn_id(), text=self._rich(text)) for text in texts)
        if kind == "orderer" and options.get("otherOptions"):
            self._intake.report.add("", "Things that belong nowhere in the order are left out.", Loss.SCORING)
        key = k.OrderingKey(order=tuple(item.id for item in items), feedback=feedback)
        return q.Ordering(**facts, items=scattered(items)), key

    def _matched(self, facts: dict[str, Any], options: Mapping[str, Any], feedback: k.Feedback) -> Found:
        left, right = self._side(options.get("left")), self._side(options.get("right"))
        pairs = {one.id: other.id for one, other in zip(left, right, strict=False)}
        return q.Matching(**facts, premises=left, responses=scattered(right)), k.MatchingKey(
            pairs=pairs, feedback=feedback
        )

    def _side(self, value: object) -> tuple[q.Choice, ...]:
        texts = value if isinstance(value, list) else []
        return tuple(q.Choice(id=drawn_id(), text=self._rich(str(one))) for one in texts)

    def _cloze(self, asked: Mapping[str, Mapping[str, Any]], feedback: k.Feedback) -> Found:
        gaps: list[q.Gap] = []
        keys: dict[str, k.GapKey] = {}
        marks: dict[str, str] = {}
        for at, (name, one) in enumerate(asked.items(), 1):
            ours, kind, options = f"gap{at}", str(one.get("type")), _options(one)
            marks[name] = f"[[{ours}]]"
            if kind != "dropdown":
                gaps.append(q.Gap(id=ours, kind="number"))
                keys[ours] = k.GapKey(numbers=_numbers(kind, options))
                continue
            entries = _objects(options.get("choices"))
            choices = tuple(
                q.Choice(id=drawn_id(), text=self._rich(str(entry.get("content") or ""))) for entry in entries
            )
            right = [choice.id for choice, entry in zip(choices, entries, strict=True) if entry.get("correct") is True]
            gaps.append(q.Gap(id=ours, kind="choice", choices=choices))
            keys[ours] = k.GapKey(shares=dict.fromkeys(right, 1.0))
        return q.Cloze(**self._facts(marks), gaps=tuple(gaps)), k.ClozeKey(gaps=keys, feedback=feedback)

    def _rich(self, text: str) -> str:
        return self._intake.rich(as_html(text), "")


def _options(one: Mapping[str, Any]) -> Mapping[str, Any]:
    found = one.get("options")
    return found if isinstance(found, Mapping) else {}


def _objects(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _numbers(kind: str, options: Mapping[str, Any]) -> tuple[k.NumberVariant, ...]:
    answers = [options] if kind == "input-number" else _objects(options.get("answers"))
    found: list[k.NumberVariant] = []
    for one in answers:
        value, allowed = one.get("value"), one.get("maxError") or 0
        if isinstance(value, str) and kind == "input-number":
            value = float(value) if re.fullmatch(r"-?\d{1,12}(\.\d{1,12})?", value) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e15:
            continue
        is_right = kind == "input-number" or one.get("status", "correct") == "correct"
        error = abs(allowed) if isinstance(allowed, int | float) and abs(allowed) < 1e15 else 0
        if is_right:
            found.append(k.NumberVariant(value=Decimal(str(value)), tolerance=Decimal(str(error))))
    return tuple(found)
