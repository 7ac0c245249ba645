"""What counts of an attempt: answers within the time, by the journal, and what the course says of late ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.handed_in import GRACE, HandedIn
from sync.assessing.questions.grading import Grade, Verdict
from sync.assessing.questions.keys import answers_to_json
from sync.assessing.questions.model import questions_to_json
from sync.assessing.result import QUESTIONS, Result, Void, grades_from_json, result_of

BY_PERSON = "by_person"
"""Where a grade names the questions that a person graded."""
KEY = "key"
"""Where a grade keeps the digest of the key that it was given by."""
DUE, LATE = "due", "late"
"""Names of the course's settings: the moment by which attempts are due (ISO 8601), and what becomes of later ones."""


class LatePolicy(StrEnum):
    """What becomes of an attempt that comes late. Its answers are kept whatever is chosen."""

    MARK = "mark"
    ACCEPT = "accept"
    REFUSE = "refuse"
    """It is worth nothing."""


@dataclass(frozen=True, slots=True)
class Attempted:
    """An attempt as far as its judge has to know it."""

    id: UUID
    handed: HandedIn
    started_at: datetime | None = None
    submitted_at: datetime | None = None
    earlier: int = 0
    """How many attempts of the same student come before it, see ``tries_before``."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """An attempt as it is graded."""

    result: Result
    is_late: bool = False
    is_refused: bool = False
    over_time: tuple[str, ...] = ()
    """Questions whose answers came after the end of the time and do not count."""
    is_extra: bool = False
    """Whether it is one more than the assessment allows; it is worth nothing."""
    is_doubtful: bool = False
    """Whether its journal contradicts what else is known of its time; then nothing is believed of when answers came."""

    @property
    def waits(self) -> bool:
        """Whether a person has to look at it before it is graded."""
        return bool(self.result.waiting)

    @property
    def score(self) -> Decimal:
        """Percent, 0 to 100."""
        return self.result.percent

    @property
    def passed(self) -> bool:
        """Whether it is passed."""
        return self.result.passed is True

    def to_json(self, by_person: Collection[str] = ()) -> dict[str, Any]:
        """Return what ``attempt_grades.feedback_json`` keeps; ``by_person`` are the questions graded by hand."""
        marks = {
            "late": self.is_late,
            Void.REFUSED.value: self.is_refused,
            "over_time": list(self.over_time),
            Void.EXTRA.value: self.is_extra,
            "doubtful": self.is_doubtful,
            BY_PERSON: sorted(by_person),
        }
        # Who hands in more than is allowed would else be told, try by try, what is right.
        questions = {} if self.is_extra else self.result.feedback_json()
        return {QUESTIONS: questions, **{name: value for name, value in marks.items() if value}}


@dataclass(frozen=True, slots=True)
class Try:
    """One of a student's attempts at an assessment, and what its grade says, None where it has none."""

    id: UUID
    started_at: datetime
    feedback: Mapping[str, Any] | None = None

    @property
    def is_counted(self) -> bool:
        """Whether it was graded as one of those that the assessment allows."""
        return self.feedback is not None and not self.feedback.get(Void.EXTRA)


def tries_before(one: Try, all_tries: Iterable[Try]) -> int:
    """Return how many of a student's attempts come before one: begun earlier, or counted already.

    An attempt that was counted stays counted, whatever comes in later with an earlier beginning: it has none before it.
    """
    if one.is_counted:
        return 0
    return sum(
        other.id != one.id and ((other.started_at, other.id) < (one.started_at, one.id) or other.is_counted)
        for other in all_tries
    )


def is_extra(assessment: AssessmentDocument, earlier: int) -> bool:
    """Whether an attempt is one more than a graded assessment allows; practice is never counted."""
    return assessment.mode is Mode.GRADED and assessment.max_attempts is not None and earlier >= assessment.max_attempts


def needs_grading(
    feedback: Mapping[str, Any] | None, assessment: AssessmentDocument, digest: str, earlier: int
) -> bool:
    """Whether nobody graded an attempt, or somebody did by another key or when fewer attempts were allowed."""
    if feedback is None or feedback.get(KEY, digest) != digest:
        return True
    return bool(feedback.get(Void.EXTRA)) and not is_extra(assessment, earlier)


def is_by_machine(feedback: Mapping[str, Any]) -> bool:
    """Whether a grade is all a machine's, so that a machine may give it anew."""
    return KEY in feedback and not feedback.get(BY_PERSON)


def by_person_in(feedback: Mapping[str, Any] | None) -> dict[str, Grade]:
    """Return what a person said of an attempt; it stands until they say something else."""
    if feedback is None:
        return {}
    named, given = feedback.get(BY_PERSON), grades_from_json(feedback.get(QUESTIONS))
    return {one: given[one] for one in (named if isinstance(named, list) else ()) if one in given}


def waits_for_person(feedback: Mapping[str, Any]) -> bool:
    """Whether a grade leaves a question to a person; what is worth nothing in any case leaves none."""
    if any(feedback.get(why) for why in Void):
        return False
    return any(one.verdict is Verdict.WAITING for one in grades_from_json(feedback.get(QUESTIONS)).values())


def key_digest(assessment: AssessmentDocument) -> str:
    """Return a digest of all that an assessment's automatic grades depend on: questions, keys, and what passes."""
    parts = (
        questions_to_json(assessment.questions),
        answers_to_json(assessment.keys),
        assessment.passing_score,
        assessment.time_limit,
    )
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def due_of(settings: Mapping[str, Any]) -> datetime | None:
    """Return when the attempts of a course are due; None where that is open or makes no sense."""
    try:
        due = datetime.fromisoformat(str(settings.get(DUE) or ""))
    except ValueError:
        return None
    return due if due.tzinfo is not None else due.replace(tzinfo=UTC)


def policy_of(settings: Mapping[str, Any]) -> LatePolicy:
    """Return what a course does with late attempts."""
    word = settings.get(LATE)
    return LatePolicy(word) if word in set(LatePolicy) else LatePolicy.MARK


def judge(
    settings: Mapping[str, Any],
    assessment: AssessmentDocument,
    one: Attempted,
    by_person: Mapping[str, Grade] | None = None,
) -> Judgement:
    """Grade an attempt by its journal and the rules in the course's settings."""
    doubtful = _is_doubtful(assessment, one)
    over = _over_time(assessment, one, doubtful=doubtful)
    answers = {question: given for question, given in one.handed.answers.items() if question not in over}
    due = due_of(settings)
    is_late = due is not None and one.submitted_at is not None and one.submitted_at > due
    policy = policy_of(settings)
    refused, extra = is_late and policy is LatePolicy.REFUSE, is_extra(assessment, one.earlier)
    why = Void.REFUSED if refused else Void.EXTRA if extra else None
    return Judgement(
        result_of(assessment, str(one.id), replace(one.handed, answers=answers), by_person, why_void=why),
        is_late=is_late and policy is not LatePolicy.ACCEPT,
        is_refused=refused,
        over_time=over,
        is_extra=extra,
        is_doubtful=doubtful,
    )


def _lasted(one: Attempted) -> float:
    """Return the seconds between the beginning and the end that an attempt names, 0 where it names none."""
    if one.started_at is None or one.submitted_at is None:
        return 0.0
    return (one.submitted_at - one.started_at).total_seconds()


def _is_doubtful(assessment: AssessmentDocument, one: Attempted) -> bool:
    """Whether a timed attempt says two things of how long it took; the program that counts it always says one."""
    if assessment.time_limit is None or one.started_at is None or one.submitted_at is None:
        return False
    times = [entry.elapsed for entry in one.handed.journal]
    return abs(_lasted(one) - one.handed.elapsed) > GRACE or max(times, default=0.0) > one.handed.elapsed + GRACE


def _over_time(assessment: AssessmentDocument, one: Attempted, *, doubtful: bool) -> tuple[str, ...]:
    """Return the questions whose answers came after the end of the time."""
    limit = assessment.time_limit
    if limit is None:
        return ()
    # An answer of which the journal knows nothing was given by the end, whenever that was.
    end = max(one.handed.elapsed, _lasted(one))
    last = dict.fromkeys(one.handed.answers, end)
    given: dict[str, float] = {}
    for entry in one.handed.journal:
        given[entry.question] = max(entry.elapsed, given.get(entry.question, 0.0))
    last.update({question: max(elapsed, end) if doubtful else elapsed for question, elapsed in given.items()})
    return tuple(question for question, elapsed in last.items() if elapsed > limit + GRACE)
