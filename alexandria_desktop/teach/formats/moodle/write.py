"""Write the questions of a course as Moodle XML."""

from __future__ import annotations

import base64
from pathlib import Path

from lxml import etree

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.held import (
    Holds,
    absolute,
    equal_shares,
    name_of,
    number_text,
    percent,
    tell_only_questions,
    tell_unheld,
    tell_unheld_kind,
)
from alexandria_desktop.teach.formats.intake import picture
from alexandria_desktop.teach.formats.moodle.embedded import written_gap
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.formats.xml import Element, add, written
from alexandria_desktop.teach.media import Files
from sync.assessing.media import Media
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.rich_text import as_blocks, from_plain, to_plain

NAME = "Moodle"
_ALL = Holds(right=True, partly=True, wrong=True, each=True)
_SOME = Holds(right=True, partly=True, wrong=True)
_GENERAL = Holds()
_TRUE_FALSE = Holds(each=True)
_KINDS = {
    q.MultipleChoice: ("multichoice", _ALL), q.MultipleAnswer: ("multichoice", _ALL),
    q.TrueFalse: ("truefalse", _TRUE_FALSE), q.ShortText: ("shortanswer", _GENERAL),
    q.Numeric: ("numerical", _GENERAL), q.Matching: ("matching", _SOME), q.Ordering: ("ordering", _SOME),
    q.Cloze: ("cloze", _GENERAL), q.Essay: ("essay", _GENERAL),
}  # fmt: skip


def write(course: CourseDocument, path: Path, files: Files) -> Report:
    """Write a file of Moodle XML and return what it cannot hold."""
    data, report = as_moodle(course, files)
    path.write_bytes(data)
    return report


def as_moodle(course: CourseDocument, files: Files) -> tuple[bytes, Report]:
    """Return the questions of a course as Moodle XML, and what it cannot hold."""
    work = _Work(files)
    tell_only_questions(work.report, course, NAME)
    number = 0
    for assessment in course.assessments:
        work.category(assessment.title)
        for question in assessment.questions:
            number += 1
            work.question(question, assessment.keys.get(question.id), name_of(question, number))
    return written(work.root), work.report


class _Work:
    def __init__(self, files: Files) -> None:
        self.root = etree.Element("quiz")
        self.report = Report()
        self._files = files

    def category(self, title: str) -> None:
        element = add(self.root, "question", type="category")
        # A slash parts categories; Moodle doubles it where it is meant.
        add(add(element, "category"), "text", f"$course$/top/{title.replace('/', '//')}")

    def question(self, question: q.Question, key: k.Key | None, where: str) -> None:
        kind = _KINDS.get(type(question))
        if kind is None:
            tell_unheld_kind(self.report, where, question, NAME)
            return
        tell_unheld(self.report, where, question, key, kind[1], NAME)
        element = add(self.root, "question", type=kind[0])
        add(add(element, "name"), "text", question.title)
        prompt = as_blocks(question.prompt)
        if isinstance(question, q.Cloze):
            prompt = self._cloze(question, key, prompt, where)
        self._html(element, "questiontext", prompt, question.media)
        said = key.feedback if key else k.Feedback()
        self._html(element, "generalfeedback", said.general)
        add(element, "defaultgrade", number_text_of(question.points))
        add(element, "penalty", "0")
        add(element, "hidden", "0")
        add(element, "idnumber", question.id)
        if kind[1].right:
            self._html(element, "correctfeedback", said.right)
            self._html(element, "partiallycorrectfeedback", said.partly)
            self._html(element, "incorrectfeedback", said.wrong)
        self._answers(element, question, key, where)

    def _answers(self, element: Element, question: q.Question, key: k.Key | None, where: str) -> None:
        match question:
            case q.MultipleChoice():
                shares = dict(key.shares) if isinstance(key, k.MultipleChoiceKey) else {}
                self._choices(element, question, shares, key, is_single=True)
            case q.MultipleAnswer():
                self._choices(element, question, self._shares(question, key, where), key, is_single=False)
            case q.TrueFalse():
                for name in ("true", "false"):
                    is_right = isinstance(key, k.TrueFalseKey) and key.is_true == (name == "true")
                    self._answer(
                        element, name, 1.0 if is_right else 0.0, key.feedback.each.get(name, "") if key else ""
                    )
            case q.ShortText():
                self._short(element, key, where)
            case q.Numeric():
                self._numeric(element, question, key, where)
            case q.Matching():
                self._matching(element, question, key, where)
            case q.Ordering():
                self._ordering(element, question, key)
            case q.Essay():
                self._essay(element, question, key, where)

    def _choices(
        self, element: Element, question: q.MultipleChoice | q.MultipleAnswer, shares: dict[str, float],
        key: k.Key | None, *, is_single: bool,
    ) -> None:  # fmt: skip
        add(element, "single", "true" if is_single else "false")
        add(element, "shuffleanswers", "true" if question.is_shuffled else "false")
        add(element, "answernumbering", "abc")
        for choice in question.choices:
            said = key.feedback.each.get(choice.id, "") if key else ""
            self._answer(element, choice.text, shares.get(choice.id, 0.0), said, form="html", media=choice.media)

    def _shares(self, question: q.MultipleAnswer, key: k.Key | None, where: str) -> dict[str, float]:
        if not isinstance(key, k.MultipleAnswerKey):
            return {}
        if key.credit is k.Credit.ALL:
            self.report.add(where, "Moodle does not hold “all or nothing”, so each right choice counts.", Loss.SCORING)
        return equal_shares(key, [choice.id for choice in question.choices])

    def _short(self, element: Element, key: k.Key | None, where: str) -> None:
        if not isinstance(key, k.ShortTextKey):
            return
        add(element, "usecase", "1" if key.is_case_strict else "0")
        if not key.is_accent_strict:
            self.report.add(where, "In Moodle accents always matter in a short text.", Loss.SCORING)
        for variant in key.variants:
            self._answer(element, variant.text, variant.share, variant.feedback)

    def _numeric(self, element: Element, question: q.Numeric, key: k.Key | None, where: str) -> None:
        for variant in key.variants if isinstance(key, k.NumericKey) else ():
            if variant.is_relative and variant.tolerance:
                self.report.add(where, "A tolerance in per cent was written as a number.", Loss.SCORING)
            answer = self._answer(element, number_text(variant.value), variant.share, variant.feedback)
            add(answer, "tolerance", number_text(absolute(variant)))
        if question.unit:
            unit = add(add(element, "units"), "unit")
            add(unit, "multiplier", "1")
            add(unit, "unit_name", question.unit)
        add(element, "unitgradingtype", "0")
        add(element, "showunits", "0" if question.unit else "3")

    def _matching(self, element: Element, question: q.Matching, key: k.Key | None, where: str) -> None:
        pairs = dict(key.pairs) if isinstance(key, k.MatchingKey) else {}
        if isinstance(key, k.MatchingKey) and key.credit is k.Credit.ALL:
            self.report.add(where, "Moodle does not hold “all or nothing”, so each right pair counts.", Loss.SCORING)
        texts = {one.id: " ".join(to_plain(one.text).split()) for one in question.responses}
        if any(from_plain(texts[one.id]) != one.text for one in question.responses):
            self.report.add(where, "Moodle holds responses as plain text only.", Loss.MARKUP)
        if any(one.media for one in question.responses):
            self.report.add(where, "Moodle holds no pictures as responses.", Loss.FILE)
        add(element, "shuffleanswers", "true")
        for premise in question.premises:
            part = self._html(element, "subquestion", as_blocks(premise.text), premise.media)
            add(add(part, "answer"), "text", texts.get(pairs.get(premise.id, ""), ""))
        for response in question.responses:
            if response.id not in pairs.values():
                part = self._html(element, "subquestion", "")
                add(add(part, "answer"), "text", texts[response.id])

    def _ordering(self, element: Element, question: q.Ordering, key: k.Key | None) -> None:
        by_id = {item.id: item for item in question.items}
        order = [by_id[one] for one in key.order if one in by_id] if isinstance(key, k.OrderingKey) else question.items
        is_each = isinstance(key, k.OrderingKey) and key.credit is k.Credit.EACH
        for name, value in (
            ("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0"),
            ("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST" if is_each else "ALL_OR_NOTHING"), ("showgrading", "SHOW"),
        ):  # fmt: skip
            add(element, name, value)
        for at, item in enumerate(order, 1):
            answer = add(element, "answer", fraction=f"{at}.0000000", format="moodle_auto_format")
            answer.set("format", "html")
            self._fill(answer, as_blocks(item.text), item.media)

    def _essay(self, element: Element, question: q.Essay, key: k.Key | None, where: str) -> None:
        add(element, "responseformat", "editor")
        add(element, "responserequired", "1")
        if question.min_words is not None:
            add(element, "minwordlimit", str(question.min_words))
        if question.max_words is not None:
            add(element, "maxwordlimit", str(question.max_words))
        if not isinstance(key, k.EssayKey):
            return
        if key.rubric:
            self.report.add(
                where, "Moodle's questions hold no rubric; put it into the notes for graders.", Loss.SCORING
            )
        if key.model_answer:
            self.report.add(where, "Moodle's questions hold no model answer.", Loss.SCORING)
        self._html(element, "graderinfo", key.notes)

    def _cloze(self, question: q.Cloze, key: k.Key | None, prompt: str, where: str) -> str:
        keys = key.gaps if isinstance(key, k.ClozeKey) else {}
        if key and key.feedback.each:
            self.report.add(where, "Moodle holds feedback to single answers of a gap only.", Loss.FEEDBACK)
        total = sum(gap.weight for gap in question.gaps)
        if total and question.points != 1.0 and total != question.points:
            self.report.add(where, "In Moodle the points of a text with gaps are those of its gaps.", Loss.SCORING)
        prompt = prompt.replace("{", "&#123;")
        for gap in question.gaps:
            written_as = written_gap(gap, keys.get(gap.id, k.GapKey()), self.report, where)
            prompt = prompt.replace(f"[[{gap.id}]]", written_as, 1)
        return prompt

    def _answer(
        self, element: Element, text: str, share: float, said: str, *, form: str = "moodle_auto_format",
        media: tuple[Media, ...] = (),
    ) -> Element:  # fmt: skip
        answer = add(element, "answer", fraction=percent(share), format=form)
        self._fill(answer, as_blocks(text) if form == "html" else text, media)
        self._html(answer, "feedback", said)
        return answer

    def _html(self, parent: Element, name: str, html: str, media: tuple[Media, ...] = ()) -> Element:
        element = add(parent, name, format="html")
        self._fill(element, html, media)
        return element

    def _fill(self, element: Element, html: str, media: tuple[Media, ...]) -> None:
        named = {one.sha256: f"{one.sha256[:12]}/" for one in media}
        shown = "".join(picture(one, f"@@PLUGINFILE@@/{named[one.sha256]}{one.name}") for one in media)
        add(element, "text").text = (html + shown) or None
        for one in media:
            data = self._files.get(one.sha256)
            if data is None:
                self.report.add("", f"The bytes of “{one.name}” are not on this computer.", Loss.FILE)
                continue
            file = add(element, "file", name=one.name, path=f"/{named[one.sha256]}", encoding="base64")
            file.text = base64.b64encode(data).decode()


def number_text_of(points: float) -> str:
    """Return points as Moodle writes them."""
    return f"{points:.7f}"
