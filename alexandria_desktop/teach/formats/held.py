"""What a format of questions can hold, asked in one way by all writers, so that every loss has its line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.formats.report import Loss, Report
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.questions import keys as k
from sync.assessing.questions.model import Question
from sync.assessing.rich_text import to_plain

KIND_NAMES = {
    "multiple_choice": "multiple choice", "multiple_answer": "multiple answer", "true_false": "true or false",
    "short_text": "short text", "numeric": "numeric", "matching": "matching", "ordering": "ordering",
    "cloze": "cloze", "essay": "essay", "find_passage": "find the passage",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """Which parts of a key a format can hold."""

    general: bool = True
    right: bool = False
    partly: bool = False
    wrong: bool = False
    each: bool = False
    """Feedback to each choice."""
    points: bool = True
    media: bool = True


def name_of(question: Question, number: int) -> str:
    """Return how a report names a question: its title, or how it begins."""
    text = question.title or " ".join(to_plain(question.prompt).split())
    return f"Question {number}: {text[:60]}" if text else f"Question {number}"


def tell_unheld(report: Report, where: str, question: Question, key: k.Key | None, holds: Holds, name: str) -> None:
    """Add a line for each part of a question or its key that the format ``name`` cannot hold."""
    if key is None:
        report.add(where, "It has no answer here, so it was written without one.", Loss.SCORING)
    if not holds.points and question.points != 1.0:
        report.add(where, f"{name} does not hold how many points a question brings.", Loss.SCORING)
    if not holds.media and (question.media or _has_media(question)):
        report.add(where, f"{name} does not hold pictures.", Loss.FILE)
    said = key.feedback if key else k.Feedback()
    kinds = (
        ("the feedback that everybody gets", said.general and not holds.general),
        ("the feedback to a right answer", said.right and not holds.right),
        ("the feedback to a partly right answer", said.partly and not holds.partly),
        ("the feedback to a wrong answer", said.wrong and not holds.wrong),
        ("the feedback to single choices", bool(said.each) and not holds.each),
    )
    for what, is_lost in kinds:
        if is_lost:
            report.add(where, f"{name} does not hold {what} for this kind of question.", Loss.FEEDBACK)


def tell_unheld_kind(report: Report, where: str, question: Question, name: str) -> None:
    """Say that a whole question was left out, because the format has no such kind."""
    kind = KIND_NAMES.get(question.kind, "unknown")
    report.add(where, f"{name} has no questions of the kind “{kind}”, so it was left out.", Loss.QUESTION)


def tell_only_questions(report: Report, course: CourseDocument, name: str) -> None:
    """Add the lines for a format that holds questions and nothing else."""
    for lesson in course.lessons:
        report.add(lesson.title, f"{name} holds questions only, so this lesson was left out.", Loss.LESSON)
    if course.description or course.objectives or course.difficulty or course.code or course.settings:
        report.add("", f"{name} does not hold the course's description, objectives and settings.", Loss.FACT)
    for assessment in course.assessments:
        tell_settings(report, assessment, name)


def tell_settings(report: Report, one: AssessmentDocument, name: str) -> None:
    """Add the lines for a format that holds no rules of an assessment."""
    plain = AssessmentDocument(id=one.id)
    rules = (one.mode, one.passing_score, one.time_limit, one.max_attempts, one.is_shuffled)
    if rules != (plain.mode, plain.passing_score, plain.time_limit, plain.max_attempts, plain.is_shuffled):
        report.add(one.title, f"{name} does not hold its mode, passing score, time limit and attempts.", Loss.SETTING)
    if one.instructions:
        report.add(one.title, f"{name} does not hold its instructions.", Loss.MARKUP)
    if one.pools:
        report.add(one.title, f"{name} does not hold its pools, so all their questions are in it.", Loss.SETTING)


def absolute(variant: k.NumberVariant) -> Decimal:
    """Return a tolerance in the unit of the number."""
    return abs(variant.value * variant.tolerance) if variant.is_relative else abs(variant.tolerance)


def number_text(value: Decimal) -> str:
    """Return a number as formats write it: a point, no exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float) -> str:
    """Return a share as a percentage with five places at most."""
    return f"{share * 100:.5f}".rstrip("0").rstrip(".")


def equal_shares(key: k.MultipleAnswerKey, choices: list[str]) -> dict[str, float]:
    """Return the share of each choice of a multiple-answer question as formats with weights want it."""
    part = 1 / len(key.right) if key.right else 0.0
    return {choice: part if choice in key.right else -(part or 1.0) for choice in choices}


def from_shares(shares: dict[str, float], report: Report, where: str) -> k.MultipleAnswerKey:
    """Return the key that weights of choices mean; says so where the weights cannot be kept."""
    right = tuple(choice for choice, share in shares.items() if share > 0)
    wrong = [share for choice, share in shares.items() if choice not in right]
    part = 1 / len(right) if right else 0.0
    is_even = all(abs(shares[choice] - part) < 0.001 for choice in right)
    if not is_even or any(abs(share + part) > 0.001 for share in wrong):
        report.add(where, "Choices had weights of their own; now each right one counts the same.", Loss.SCORING)
    return k.MultipleAnswerKey(right=right)


def _has_media(question: Question) -> bool:
    lists = (getattr(question, name, ()) for name in ("choices", "premises", "responses", "items"))
    return any(choice.media for some in lists for choice in some)
