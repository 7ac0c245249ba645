"""The kinds of Moodle's questions, each read into ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from alexandria_desktop.teach.formats.held import from_shares
from alexandria_desktop.teach.formats.intake import Intake
from alexandria_desktop.teach.formats.moodle.embedded import read_gaps
from alexandria_desktop.teach.formats.naming import drawn_id
from alexandria_desktop.teach.formats.report import Loss
from alexandria_desktop.teach.formats.xml import Element, child, children, path_words, words
from sync.assessing.exact import exact
from sync.assessing.media import Media
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.questions.shuffling import scattered
from sync.assessing.rich_text import from_plain

Found = tuple[q.Question, k.Key]


@dataclass(frozen=True, slots=True)
class Part:
    """A question element that is being read."""

    element: Element
    id: str
    title: str
    where: str
    intake: Intake

    def words(self, *names: str) -> str:
        """Return the plain text at the end of a path of names."""
        return path_words(self.element, *names)

    def raw(self, element: Element | None) -> str:
        """Return the HTML that an element with a ``text`` child holds."""
        text = words(child(element, "text")) if element is not None else ""
        form = (element.get("format") if element is not None else "") or "moodle_auto_format"
        if form == "markdown":
            from markdown_it import MarkdownIt

            return str(MarkdownIt("commonmark").render(text))
        is_html = form in ("html", "moodle_auto_format") and re.search(r"</?[A-Za-z][^<>]*>|&[#A-Za-z0-9]+;", text)
        return text if form == "html" or is_html else from_plain(text)

    def rich(self, element: Element | None) -> str:
        """Return the text of an element in our form."""
        return self.intake.rich(self.raw(element), self.where)

    def illustrated(self, element: Element | None) -> tuple[str, tuple[Media, ...]]:
        """Return the text of an element and its pictures."""
        return self.intake.illustrated(self.raw(element), self.where)

    def choice(self, element: Element) -> q.Choice:
        """Return an element as a choice."""
        text, media = self.illustrated(element)
        return q.Choice(id=drawn_id(), text=text, media=media)

    def facts(self, html: str | None = None) -> dict[str, Any]:
        """Return what every question has; ``html`` is its prompt where that is not the text as it stands."""
        html = self.raw(child(self.element, "questiontext")) if html is None else html
        text, media = self.intake.illustrated(html, self.where)
        return {
            "id": self.id, "title": self.title, "prompt": text, "media": media,
            "points": self.number("defaultgrade", 1.0),
        }  # fmt: skip

    def number(self, name: str, default: float) -> float:
        """Return the number in a child, or the default."""
        try:
            value = float(self.words(name))
        except ValueError:
            return default
        return value if 0 <= value < 1e9 else default

    def flag(self, name: str) -> bool:
        """Whether a child says yes."""
        return self.words(name).lower() in ("true", "1", "yes")

    def whole(self, name: str) -> int | None:
        """Return the whole number in a child, or None."""
        text = self.words(name)
        return int(text) if text.isascii() and text.isdigit() and int(text[:9]) > 0 else None

    def feedback(self) -> k.Feedback:
        """Return what is said after an answer."""
        return k.Feedback(
            general=self.rich(child(self.element, "generalfeedback")),
            right=self.rich(child(self.element, "correctfeedback")),
            partly=self.rich(child(self.element, "partiallycorrectfeedback")),
            wrong=self.rich(child(self.element, "incorrectfeedback")),
        )

    def answers(self) -> Iterator[tuple[Element, float]]:
        """Give the answers with their shares."""
        for answer in children(self.element, "answer"):
            try:
                share = float(answer.get("fraction") or 0) / 100
            except ValueError:
                share = 0.0
            yield answer, share if -1.0 <= share <= 1.0 else 0.0


def _multichoice(part: Part) -> Found:
    found = [(part.choice(answer), share, part.rich(child(answer, "feedback"))) for answer, share in part.answers()]
    choices = tuple(one[0] for one in found)
    shares = {one[0].id: one[1] for one in found}
    feedback = replace(part.feedback(), each={one[0].id: one[2] for one in found if one[2]})
    is_shuffled = part.flag("shuffleanswers")
    if part.flag("single"):
        kept = {name: share for name, share in shares.items() if share}
        question: q.Question = q.MultipleChoice(**part.facts(), choices=choices, is_shuffled=is_shuffled)
        return question, k.MultipleChoiceKey(shares=kept, feedback=feedback)
    question = q.MultipleAnswer(**part.facts(), choices=choices, is_shuffled=is_shuffled)
    return question, replace(from_shares(shares, part.intake.report, part.where), feedback=feedback)


def _all_or_nothing(part: Part) -> Found:
    found = [(part.choice(answer), share, part.rich(child(answer, "feedback"))) for answer, share in part.answers()]
    feedback = replace(part.feedback(), each={one[0].id: one[2] for one in found if one[2]})
    right = tuple(one[0].id for one in found if one[1] > 0)
    question = q.MultipleAnswer(
        **part.facts(), choices=tuple(one[0] for one in found), is_shuffled=part.flag("shuffleanswers")
    )
    return question, k.MultipleAnswerKey(right=right, credit=k.Credit.ALL, feedback=feedback)


def _true_false(part: Part) -> Found:
    is_true = False
    each: dict[str, str] = {}
    for answer, share in part.answers():
        name = words(child(answer, "text")).strip().lower()
        said = part.rich(child(answer, "feedback"))
        is_true = is_true or (name == "true" and share > 0)
        if said and name in ("true", "false"):
            each[name] = said
    return q.TrueFalse(**part.facts()), k.TrueFalseKey(is_true=is_true, feedback=replace(part.feedback(), each=each))


def _short(part: Part) -> Found:
    variants = tuple(
        k.Variant(text=words(child(answer, "text")), share=share, feedback=part.rich(child(answer, "feedback")))
        for answer, share in part.answers()
    )
    key = k.ShortTextKey(
        variants=variants, is_case_strict=part.flag("usecase"), is_accent_strict=True, feedback=part.feedback()
    )
    return q.ShortText(**part.facts()), key


def _numeric(part: Part) -> Found:
    variants: list[k.NumberVariant] = []
    for answer, share in part.answers():
        text = words(child(answer, "text")).strip()
        try:
            value, tolerance = exact(text), exact(path_words(answer, "tolerance") or "0")
        except ValueError:
            part.intake.report.add(part.where, f"“{text[:60]}” is no number and was left out.", Loss.SCORING)
            continue
        said = part.rich(child(answer, "feedback"))
        variants.append(k.NumberVariant(value=value, tolerance=abs(tolerance), share=share, feedback=said))
    units = child(part.element, "units")
    names = [path_words(unit, "unit_name") for unit in children(units, "unit")] if units is not None else []
    if len(names) > 1:
        part.intake.report.add(part.where, "Only the first of several units came over.", Loss.SCORING)
    question = q.Numeric(**part.facts(), unit=names[0] if names else "")
    return question, k.NumericKey(variants=tuple(variants), feedback=part.feedback())


def _matching(part: Part) -> Found:
    premises: list[q.Choice] = []
    responses: dict[str, q.Choice] = {}
    pairs: dict[str, str] = {}
    for sub in children(part.element, "subquestion"):
        text = from_plain(path_words(sub, "answer", "text"))
        response = responses.setdefault(text, q.Choice(id=drawn_id(), text=text))
        premise = part.choice(sub)
        if premise.text or premise.media:
            premises.append(premise)
            pairs[premise.id] = response.id
    question = q.Matching(**part.facts(), premises=tuple(premises), responses=scattered(responses.values()))
    return question, k.MatchingKey(pairs=pairs, feedback=part.feedback())


def _ordering(part: Part) -> Found:
    items = tuple(part.choice(answer) for answer in children(part.element, "answer"))
    grading = part.words("gradingtype").upper()
    is_all = grading in ("", "ALL_OR_NOTHING", "-1")
    if not is_all and grading not in ("RELATIVE_NEXT_EXCLUDE_LAST", "1"):
        part.intake.report.add(part.where, "Its order is now graded by neighbours that are right.", Loss.SCORING)
    key = k.OrderingKey(
        order=tuple(item.id for item in items), credit=k.Credit.ALL if is_all else k.Credit.EACH,
        feedback=part.feedback(),
    )  # fmt: skip
    return q.Ordering(**part.facts(), items=scattered(items)), key


def _cloze(part: Part) -> Found:
    html, gaps = read_gaps(part.raw(child(part.element, "questiontext")), part.intake, part.where)
    facts = part.facts(html)
    if part.words("defaultgrade") == "":
        facts["points"] = sum(one.gap.weight for one in gaps) or 1.0
    question = q.Cloze(**facts, gaps=tuple(one.gap for one in gaps))
    return question, k.ClozeKey(gaps={one.gap.id: one.key for one in gaps}, feedback=part.feedback())


def _essay(part: Part) -> Found:
    if part.words("responsetemplate", "text"):
        part.intake.report.add(part.where, "The text to start from is left out.", Loss.MARKUP)
    if part.words("attachments") not in ("", "0"):
        part.intake.report.add(part.where, "Files cannot be attached to an answer.", Loss.SETTING)
    question = q.Essay(**part.facts(), min_words=part.whole("minwordlimit"), max_words=part.whole("maxwordlimit"))
    return question, k.EssayKey(notes=part.rich(child(part.element, "graderinfo")), feedback=part.feedback())


READERS: Mapping[str, Callable[[Part], Found]] = {
    "multichoice": _multichoice, "multichoiceset": _all_or_nothing, "truefalse": _true_false, "shortanswer": _short,
    "numerical": _numeric, "matching": _matching, "ordering": _ordering, "cloze": _cloze, "multianswer": _cloze,
    "essay": _essay,
}  # fmt: skip
