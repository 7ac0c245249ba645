"""What counts of an attempt: answers within the time, by the journal, and what the course says of late ones."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sync.assessing.assessment import AssessmentDocument
from sync.assessing.handed_in import GRACE, HandedIn
from sync.assessing.questions.grading import Grade
from sync.assessing.questions.keys import answers_to_json
from sync.assessing.questions.model import questions_to_json
from sync.assessing.result import Result, result_of

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
class Judgement:
    """An attempt as it is graded."""

    result: Result
    is_late: bool = False
    is_refused: bool = False
    over_time: tuple[str, ...] = ()
    """Questions whose answers came after the end of the time and do not count."""

    @property
    def score(self) -> Decimal:
        """Percent, 0 to 100."""
        return Decimal(0) if self.is_refused else self.result.percent

    @property
    def passed(self) -> bool:
        """Whether it is passed."""
        return not self.is_refused and self.result.passed is True

    def to_json(self, by_person: Collection[str] = ()) -> dict[str, Any]:
        """Return what ``attempt_grades.feedback_json`` keeps; ``by_person`` are the questions graded by hand."""
        marks = {
            "late": self.is_late,
            "refused": self.is_refused,
            "over_time": list(self.over_time),
            BY_PERSON: sorted(by_person),
        }
        return {"questions": self.result.feedback_json(), **{name: value for name, value in marks.items() if value}}


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
    attempt_id: str,
    handed: HandedIn,
    submitted_at: datetime | None,
    by_person: Mapping[str, Grade] | None = None,
) -> Judgement:
    """Grade an attempt by its journal and the rules in the course's settings."""
    limit = assessment.time_limit
    # An answer of which the journal knows nothing was given by the end, whenever that was.
    last = dict.fromkeys(handed.answers, handed.elapsed)
    for question in {entry.question for entry in handed.journal}:
        last[question] = max(entry.elapsed for entry in handed.journal if entry.question == question)
    over = tuple(one for one, elapsed in last.items() if limit is not None and elapsed > limit + GRACE)
    counted = replace(handed, answers={one: given for one, given in handed.answers.items() if one not in over})
    due = due_of(settings)
    is_late = due is not None and submitted_at is not None and submitted_at > due
    policy = policy_of(settings)
    result = result_of(assessment, attempt_id, counted, by_person)
    return Judgement(result, is_late and policy is not LatePolicy.ACCEPT, is_late and policy is LatePolicy.REFUSE, over)
