"""Grades of attempts, and what a teacher's library holds of a class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.tables import table


@dataclass(frozen=True, slots=True)
class AttemptGrade:
    """What an attempt was worth."""

    attempt_id: UUID
    score: float
    passed: bool
    graded_by: str
    feedback: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClassAttempt:
    """An attempt of a student, and its grade."""

    id: UUID
    user_id: UUID
    assessment_id: UUID
    number: int
    answers: Any
    started_at: datetime
    submitted_at: datetime | None
    grade: AttemptGrade | None


@dataclass(frozen=True, slots=True)
class ClassProgress:
    """How far a student is in one lesson."""

    user_id: UUID
    lesson_id: UUID
    status: str
    seconds: int
    changed_at: datetime


def grade_of(connection: Connection, attempt_id: UUID) -> AttemptGrade | None:
    """Return what an attempt was worth, None as long as nobody has graded it."""
    kept = table("attempt_grades")
    chosen = select(kept).where(kept.c.attempt_id == attempt_id, kept.c.deleted_at.is_(None))
    row = connection.execute(chosen).first()
    return None if row is None else _grade(row)


def put_grade(
    unit: UnitOfWork,
    grader_id: UUID,
    attempt_id: UUID,
    student_id: UUID,
    *,
    score: Decimal,
    passed: bool,
    feedback: Mapping[str, Any],
) -> None:
    """Write a teacher's grade, or write it anew."""
    kept = table("attempt_grades")
    values = {"grader_id": grader_id, "score": score, "passed": passed, "feedback_json": dict(feedback)}
    known = unit.connection.execute(select(kept.c.id).where(kept.c.attempt_id == attempt_id)).scalar()
    if known is None:
        whose = {"attempt_id": attempt_id, "user_id": student_id, "graded_by": "teacher"}
        unit.insert("attempt_grades", {"id": natural.attempt_grade(attempt_id), **whose, **values})
    else:
        unit.update("attempt_grades", known, {**values, "deleted_at": None})


def class_attempts(connection: Connection, assessments: list[UUID]) -> Iterator[ClassAttempt]:
    """Yield the attempts at these assessments with their grades, oldest first."""
    tried, kept = table("assessment_attempts"), table("attempt_grades")
    chosen = (
        select(
            tried.c.id,
            tried.c.user_id,
            tried.c.assessment_id,
            tried.c.attempt_number,
            tried.c.answers_json,
            tried.c.started_at,
            tried.c.submitted_at,
            kept.c.score,
            kept.c.passed,
            kept.c.graded_by,
            kept.c.feedback_json,
        )
        .join(kept, (kept.c.attempt_id == tried.c.id) & kept.c.deleted_at.is_(None), isouter=True)
        .where(tried.c.assessment_id.in_(assessments))
        .order_by(tried.c.started_at, tried.c.id)
    )
    for row in connection.execute(chosen):
        grade = None
        if row.score is not None:
            grade = AttemptGrade(row.id, float(row.score), bool(row.passed), row.graded_by, row.feedback_json or {})
        yield ClassAttempt(
            row.id, row.user_id, row.assessment_id, row.attempt_number, row.answers_json, row.started_at,
            row.submitted_at, grade,
        )  # fmt: skip


def class_progress(connection: Connection, course_id: UUID) -> Iterator[ClassProgress]:
    """Yield how far everybody is in the lessons of a course."""
    kept = table("student_progress")
    columns = kept.c.user_id, kept.c.lesson_id, kept.c.status, kept.c.time_spent, kept.c.updated_at
    chosen = select(*columns).where(kept.c.course_id == course_id, kept.c.deleted_at.is_(None))
    for row in connection.execute(chosen):
        yield ClassProgress(row.user_id, row.lesson_id, row.status, int(row.time_spent or 0), row.updated_at)


def students_of(connection: Connection, course_id: UUID) -> dict[UUID, str]:
    """Return the names of those who take a course, by id; empty for a name that is not known here."""
    enrolled, profiles = table("course_enrollments"), table("user_profiles")
    chosen = (
        select(enrolled.c.user_id, profiles.c.display_name)
        .join(profiles, profiles.c.user_id == enrolled.c.user_id, isouter=True)
        .where(
            enrolled.c.course_id == course_id,
            enrolled.c.role == "student",
            enrolled.c.status.in_(("active", "completed")),
        )
    )
    return {row.user_id: row.display_name or "" for row in connection.execute(chosen)}


def _grade(row: Any) -> AttemptGrade:
    return AttemptGrade(row.attempt_id, float(row.score), bool(row.passed), row.graded_by, row.feedback_json or {})
