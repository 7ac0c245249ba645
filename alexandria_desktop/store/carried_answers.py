"""Answers that students hand to their teacher in a file: kept like those that a server brings, and told to no server.

They are the students' to tell. A student who gets an account later tells the same attempts under another id of theirs;
then who they were before that is let go, so that nobody is in the class twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.ids import uuid7
from sync.schema.tables import table

_ENROLLED, _PROFILES, _PROGRESS = "course_enrollments", "user_profiles", "student_progress"


@dataclass(frozen=True, slots=True)
class GivenAttempt:
    """An attempt that was handed in, as a file has it."""

    id: UUID
    assessment_id: UUID
    number: int
    answers: Mapping[str, Any]
    started_at: datetime
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class GivenProgress:
    """How far a student is in a lesson, as a file or a row has it."""

    lesson_id: UUID
    status: str
    seconds: int
    started_at: datetime
    completed_at: datetime | None


def take_attempt(unit: UnitOfWork, course_id: UUID, student_id: UUID, given: GivenAttempt) -> bool:
    """Keep an attempt; False where one of that id is here, whose first word stands."""
    tried = table("assessment_attempts")
    if unit.connection.execute(select(tried.c.id).where(tried.c.id == given.id)).first() is not None:
        return False
    values = {
        "id": given.id, "user_id": student_id, "assessment_id": given.assessment_id, "attempt_number": given.number,
        "answers_json": dict(given.answers), "status": "submitted", "started_at": given.started_at,
        "submitted_at": given.submitted_at, "created_at": unit.now, "device_id": None,
    }  # fmt: skip
    unit.connection.execute(insert(tried), [values])
    carried = {"attempt_id": given.id, "course_id": course_id, "student_id": student_id, "taken_at": unit.now}
    unit.connection.execute(insert(table("carried_attempts")), [carried])
    unit.touch("assessment_attempts", given.id)
    return True


def take_progress(unit: UnitOfWork, course_id: UUID, student_id: UUID, given: GivenProgress) -> None:
    """Keep how far a student is; what a server told stands, and so does what is further already."""
    kept = table(_PROGRESS)
    row_id = natural.lesson_progress(student_id, given.lesson_id)
    known = unit.connection.execute(select(kept).where(kept.c.id == row_id)).first()
    values: dict[str, Any] = {
        "status": given.status, "time_spent": given.seconds, "started_at": given.started_at,
        "completed_at": given.completed_at, "updated_at": unit.now,
    }  # fmt: skip
    if known is None:
        ids = {"id": row_id, "user_id": student_id, "course_id": course_id, "lesson_id": given.lesson_id}
        unit.connection.execute(insert(kept), [{**ids, "created_at": unit.now, **values}])
    elif known.revision == 0 and known.completed_at is None and (known.time_spent or 0) <= given.seconds:
        unit.connection.execute(update(kept).where(kept.c.id == row_id).values(values))
    unit.touch(_PROGRESS, row_id)


def put_into_class(unit: UnitOfWork, course_id: UUID, student_id: UUID, name: str) -> None:
    """Let a student be in the class under a name; what a server told of them stands."""
    enrolled, profiles = table(_ENROLLED), table(_PROFILES)
    chosen = select(enrolled.c.id).where(enrolled.c.user_id == student_id, enrolled.c.course_id == course_id)
    if unit.connection.execute(chosen).first() is None:
        row_id = uuid7()
        values = {"id": row_id, "user_id": student_id, "course_id": course_id, "role": "student", "status": "active"}
        stamps = {"enrolled_at": unit.now, "created_at": unit.now, "updated_at": unit.now}
        unit.connection.execute(insert(enrolled), [{**values, **stamps}])
        unit.touch(_ENROLLED, row_id)
    known = unit.connection.execute(select(profiles).where(profiles.c.user_id == student_id)).first()
    if known is None:
        row_id = uuid7()
        values = {"id": row_id, "user_id": student_id, "display_name": name[:255]}
        unit.connection.execute(insert(profiles), [{**values, "created_at": unit.now, "updated_at": unit.now}])
        unit.touch(_PROFILES, row_id)
    elif known.revision == 0 and name:
        changed = update(profiles).where(profiles.c.user_id == student_id)
        unit.connection.execute(changed.values(display_name=name[:255], updated_at=unit.now))
        unit.touch(_PROFILES, known.id)


def has_renamed_students(connection: Connection) -> bool:
    """Whether a student whose answers came in a file has got another id since, by an account."""
    return bool(_renamed(connection))


def follow_students(unit: UnitOfWork) -> None:
    """Let go who students were before they had an account; what only a file brought of them becomes theirs."""
    for (course_id, before), now in _renamed(unit.connection).items():
        _follow(unit, course_id, before, now)


def _renamed(connection: Connection) -> dict[tuple[UUID, UUID], UUID]:
    """Return who students of courses are now, by course and who they were: an attempt tells, whose id never changes."""
    carried, tried = table("carried_attempts"), table("assessment_attempts")
    chosen = (
        select(carried.c.course_id, carried.c.student_id, tried.c.user_id)
        .join(tried, tried.c.id == carried.c.attempt_id)
        .where(tried.c.user_id != carried.c.student_id)
    )
    return {(row.course_id, row.student_id): row.user_id for row in connection.execute(chosen)}


def _follow(unit: UnitOfWork, course_id: UUID, before: UUID, now: UUID) -> None:
    carried, enrolled, profiles = table("carried_attempts"), table(_ENROLLED), table(_PROFILES)
    run = unit.connection.execute
    whose = (carried.c.course_id == course_id, carried.c.student_id == before)
    mine = run(select(carried.c.attempt_id).where(*whose)).scalars().all()
    for name, attempt in (("assessment_attempts", "id"), ("attempt_grades", "attempt_id")):
        rows = table(name)
        run(update(rows).where(rows.c[attempt].in_(mine), rows.c.user_id == before).values(user_id=now))
    run(update(carried).where(*whose).values(student_id=now))
    for name in (_ENROLLED, _PROGRESS):
        rows = table(name)
        run(delete(rows).where(rows.c.user_id == before, rows.c.course_id == course_id, rows.c.revision == 0))
    if run(select(enrolled.c.id).where(enrolled.c.user_id == before)).first() is None:
        run(delete(profiles).where(profiles.c.user_id == before, profiles.c.revision == 0))
    for name in (_ENROLLED, _PROGRESS, "assessment_attempts", "attempt_grades"):
        unit.touch(name, now)


def progress_in(connection: Connection, user_id: UUID, course_id: UUID) -> list[GivenProgress]:
    """Return how far somebody is in the lessons of a course, as it is handed to a teacher."""
    kept = table(_PROGRESS)
    chosen = select(kept).where(kept.c.user_id == user_id, kept.c.course_id == course_id, kept.c.deleted_at.is_(None))
    return [
        GivenProgress(row.lesson_id, row.status, int(row.time_spent or 0), row.started_at, row.completed_at)
        for row in connection.execute(chosen.order_by(kept.c.lesson_id))
    ]
