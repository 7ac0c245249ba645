"""What an attempt was worth: each question graded, and whether it was passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from sync.assessing.assessment import AssessmentDocument
from sync.assessing.handed_in import HandedIn
from sync.assessing.paper import paper
from sync.assessing.questions.grading import Grade, Verdict, grade
from sync.assessing.questions.model import Question

QUESTIONS = "questions"
"""Where a grade keeps what each question was worth."""
_CENT = Decimal("0.01")


class Void(StrEnum):
    """Why an attempt is worth nothing, whatever its answers are; a grade keeps it under this name."""

    REFUSED = "refused"
    """It came too late to count."""
    EXTRA = "extra"
    """It is one more than the assessment allows."""


@dataclass(frozen=True, slots=True)
class Result:
    """A graded attempt."""

    questions: tuple[Question, ...]
    """As they were asked, in their order."""
    grades: Mapping[str, Grade]
    """By question id."""
    passing_score: float
    why_void: Void | None = None
    """None where it counts."""

    @property
    def points(self) -> float:
        """The points so far."""
        return round(sum(one.points for one in self.grades.values()), 4)

    @property
    def out_of(self) -> float:
        """The points that could be had."""
        return round(sum(one.out_of for one in self.grades.values()), 4)

    @property
    def percent(self) -> Decimal:
        """The score, 0 to 100, with two places; 0 where nothing could be had or nothing counts."""
        if self.why_void or not self.out_of:
            return Decimal(0)
        whole = Decimal(str(self.points)) * 100 / Decimal(str(self.out_of))
        return min(Decimal(100), whole.quantize(_CENT, ROUND_HALF_UP))

    @property
    def waiting(self) -> tuple[str, ...]:
        """The questions that a person has to grade."""
        if self.why_void:
            return ()
        return tuple(question.id for question in self.questions if self.grades[question.id].needs_person)

    @property
    def passed(self) -> bool | None:
        """Whether it was passed; None as long as that depends on what a person has to grade."""
        if self.why_void:
            return False
        if self.percent >= Decimal(str(self.passing_score)):
            return True
        open_points = sum(self.grades[one].out_of for one in self.waiting)
        could_be = (self.points + open_points) * 100 / self.out_of if self.out_of else 0
        return None if self.waiting and could_be >= self.passing_score else False

    def feedback_json(self) -> dict[str, Any]:
        """Return what ``attempt_grades.feedback_json`` keeps: points, verdict and words for each question."""
        return {
            question: {
                "points": one.points,
                "out_of": one.out_of,
                "verdict": one.verdict.value,
                "feedback": list(one.feedback),
                **({"parts": dict(one.parts)} if one.parts else {}),
            }
            for question, one in self.grades.items()
        }


def result_of(
    assessment: AssessmentDocument,
    attempt_id: str,
    handed: HandedIn,
    given: Mapping[str, Grade] | None = None,
    *,
    why_void: Void | None = None,
) -> Result:
    """Grade an attempt by the assessment's keys; ``given`` are grades by a person, which go before."""
    asked = paper(assessment, attempt_id)
    by_person = given or {}
    grades = {
        one.id: by_person.get(one.id) or grade(one, assessment.keys.get(one.id), handed.answers.get(one.id))
        for one in asked
    }
    return Result(asked, grades, assessment.passing_score, why_void)


def given_result(assessment: AssessmentDocument, attempt_id: str, feedback: object) -> Result:
    """Return the result that a grade's ``feedback_json`` tells; a question that it says nothing of waits."""
    told = feedback if isinstance(feedback, Mapping) else {}
    given = grades_from_json(told.get(QUESTIONS))
    asked = paper(assessment, attempt_id)
    waiting = {one.id: Grade(0.0, one.points, Verdict.WAITING) for one in asked}
    return Result(
        asked,
        {**waiting, **{one: found for one, found in given.items() if one in waiting}},
        assessment.passing_score,
        next((why for why in Void if told.get(why)), None),
    )


def grades_from_json(data: object) -> dict[str, Grade]:
    """Read what ``Result.feedback_json`` wrote; what cannot be read is left out."""
    found: dict[str, Grade] = {}
    for question, one in data.items() if isinstance(data, Mapping) else ():
        if not isinstance(one, Mapping):
            continue
        try:
            verdict = Verdict(str(one.get("verdict")))
            points, out_of = float(one.get("points") or 0), float(one.get("out_of") or 0)
        except (TypeError, ValueError):
            continue
        said, parts = one.get("feedback"), one.get("parts")
        found[str(question)] = Grade(
            points,
            out_of,
            verdict,
            tuple(str(text) for text in said) if isinstance(said, list) else (),
            {str(part): float(share) for part, share in parts.items()} if isinstance(parts, Mapping) else {},
        )
    return found
