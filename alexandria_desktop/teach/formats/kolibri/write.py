"""Write the assessments of a course as a channel of Kolibri: a zip with its tables and pictures."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.held import Holds, name_of, number_text, tell_unheld, tell_unheld_kind
from alexandria_desktop.teach.formats.package import write_package
from alexandria_desktop.teach.formats.report import Loss, Report
from alexandria_desktop.teach.media import Files
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.media import Media
from sync.assessing.questions import keys as k
from sync.assessing.questions import model as q
from sync.assessing.rich_text import from_plain, to_plain

NAME = "A channel of Kolibri"
_HOLDS = Holds(general=False, points=False)
_CHANNEL = ("Title", "Description", "Domain", "Source ID", "Language", "Thumbnail")
_EXERCISES = (
    "Path *", "Title *", "Source ID *", "Description", "Author", "Language", "License ID *", "License Description",
    "Copyright Holder", "Number Correct", "Out of Total", "Randomize", "Thumbnail",
)  # fmt: skip
_OPTION_NAMES = ("Option A", "Option B", "Option C", "Option D", "Option E", "Options F...")
_RIGHT_NAMES = ("Correct Answer *", "Correct Answer 2", "Correct Answer 3")
_QUESTIONS = ("Source ID *", "Question ID *", "Question type *", "Question *", *_OPTION_NAMES, *_RIGHT_NAMES)
_MARKS = "\\`*_{}[]<>()#+-.!|$"


def write(course: CourseDocument, path: Path, files: Files) -> Report:
    """Write a channel and return what it cannot hold."""
    work = _Work(course, files)
    write_package(path, work.parts())
    return work.report


class _Work:
    def __init__(self, course: CourseDocument, files: Files) -> None:
        self._course = course
        self._files = files
        self._number = 0
        self.report = Report()
        self._parts: dict[str, bytes] = {}

    def parts(self) -> dict[str, bytes]:
        course = self._course
        for lesson in course.lessons:
            self.report.add(lesson.title, f"{NAME} holds exercises only, so this lesson was left out.", Loss.LESSON)
        if course.objectives or course.difficulty or course.code or course.settings:
            self.report.add("", f"{NAME} does not hold objectives and settings.", Loss.FACT)
        rows: list[tuple[str, ...]] = []
        exercises: list[tuple[str, ...]] = []
        for one in course.assessments:
            exercises.append(self._exercise(one))
            for question in one.questions:
                self._number += 1
                rows += self._question(question, one, name_of(question, self._number))
        about = (course.title, _plain(course.description), "alexandria", course.id, course.language or "en", "")
        return {
            "Channel.csv": _table(_CHANNEL, [about]),
            "Content.csv": _table(("Path *", "Title *"), []),
            "Exercises.csv": _table(_EXERCISES, exercises),
            "ExerciseQuestions.csv": _table(_QUESTIONS, rows),
            **self._parts,
        }

    def _exercise(self, one: AssessmentDocument) -> tuple[str, ...]:
        plain = AssessmentDocument(id="")
        if (one.mode, one.time_limit, one.max_attempts) != (plain.mode, plain.time_limit, plain.max_attempts):
            self.report.add(one.title, f"{NAME} does not hold its mode, time limit and attempts.", Loss.SETTING)
        if one.pools:
            self.report.add(
                one.title, f"{NAME} does not hold its pools, so all their questions are in it.", Loss.SETTING
            )
        if from_plain(_plain(one.instructions)) != one.instructions:
            self.report.add(one.title, "The instructions came over as plain text.", Loss.MARKUP)
        whole = max(1, len(one.questions))
        right = max(1, round(whole * one.passing_score / 100))
        if 100 * right / whole != one.passing_score:
            what = f"{right} of {whole} must be right now, as no other share of the questions comes nearer."
            self.report.add(one.title, what, Loss.SETTING)
        self.report.add(one.title, "Kolibri wants a licence for each exercise; fill it in yourself.", Loss.FACT)
        return (
            f"channel/{one.id}", one.title, one.id, _plain(one.instructions), "", self._course.language or "en", "",
            "", "", str(right), str(whole), "TRUE" if one.is_shuffled else "FALSE", "",
        )  # fmt: skip

    def _question(
        self, question: q.Question, one: AssessmentDocument, where: str
    ) -> Iterable[tuple[str, ...]]:  # fmt: skip
        key = one.keys.get(question.id)
        choices, right = self._answers(question, key, where)
        if right is None:
            return ()
        tell_unheld(self.report, where, question, key, _HOLDS, NAME)
        if question.title:
            self.report.add(where, f"{NAME} does not hold titles of questions.", Loss.FACT)
        if not getattr(question, "is_shuffled", True):
            self.report.add(where, f"{NAME} does not hold that choices keep their order.", Loss.SETTING)
        if len(choices) > len(_OPTION_NAMES) or len(right) > len(_RIGHT_NAMES):
            what = f"{NAME} holds six options and three right ones, so it was left out."
            self.report.add(where, what, Loss.QUESTION)
            return ()
        kind = {q.MultipleChoice: "single_selection", q.MultipleAnswer: "multiple_selection"}.get(
            type(question), "input_question"
        )  # fmt: skip
        options = [*choices, *[""] * (len(_OPTION_NAMES) - len(choices))]
        rights = [*right, *[""] * (len(_RIGHT_NAMES) - len(right))]
        text = self._marked(question.prompt, question.media, where)
        return [(one.id, question.id, kind, text, *options, *rights)]

    def _answers(self, question: q.Question, key: k.Key | None, where: str) -> tuple[list[str], list[str] | None]:
        """Return the options and the right answers; None where there is no such kind."""
        match question, key:
            case ((q.MultipleChoice() | q.MultipleAnswer()), (k.MultipleChoiceKey() | k.MultipleAnswerKey())):
                texts = {one.id: self._marked(one.text, one.media, where) for one in question.choices}
                if isinstance(key, k.MultipleAnswerKey):
                    self._tell(where, key.credit is k.Credit.EACH, "points for single right choices")
                    return list(texts.values()), [texts[one] for one in key.right]
                self._tell(where, any(share not in (0.0, 1.0) for share in key.shares.values()), "partly right choices")
                return list(texts.values()), [texts[one] for one, share in key.shares.items() if share >= 1.0][:1]
            case q.Numeric(), k.NumericKey():
                is_more = any(one.tolerance or one.share != 1.0 or one.feedback for one in key.variants)
                self._tell(where, is_more or bool(question.unit), "tolerances, shares and units")
                return [], [number_text(one.value) for one in key.variants if one.share >= 1.0]
        tell_unheld_kind(self.report, where, question, NAME)
        return [], None

    def _tell(self, where: str, is_lost: bool, what: str) -> None:
        if is_lost:
            self.report.add(where, f"{NAME} does not hold {what}.", Loss.SCORING)

    def _marked(self, html: str, media: tuple[Media, ...], where: str) -> str:
        """Return a text as Markdown: its words, and its pictures after them."""
        plain = _plain(html)
        if from_plain(plain) != html:
            self.report.add(where, f"{NAME} holds plain words only.", Loss.MARKUP)
        text = _escaped(plain)
        for one in media:
            data = self._files.get(one.sha256)
            if data is None:
                self.report.add(where, f"The bytes of “{one.name}” are not on this computer.", Loss.FILE)
                continue
            name = f"figures/{one.sha256[:12]}/{one.name or 'file'}"
            self._parts[name] = data
            text += f"\n\n![{_escaped(' '.join(one.alt.split()))}](<{name}>)"
        return text


def _escaped(plain: str) -> str:
    return "".join(f"\\{letter}" if letter in _MARKS else letter for letter in plain)


def _plain(html: str) -> str:
    return to_plain(html)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue().encode()
