"""Attempts at assessments: open ones, which are this device's alone, and those that were handed in.

Every answer is on the disk before the call returns, so whoever is cut off goes on where they were. Times are counted
from the beginning of the attempt, and never go back, whatever is done to the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, update

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema.ids import uuid7
from sync.schema.tables import table


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that is not handed in."""

    id: UUID
    assessment_id: UUID
    number: int
    started_at: datetime
    time_limit: int | None
    """Seconds."""
    elapsed_ms: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An answer as it was given, or None where it was taken back."""

    question_id: str
    answer: Any
    elapsed_ms: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that was handed in."""

    id: UUID
    user_id: UUID
    assessment_id: UUID
    number: int
    answers: Mapping[str, Any]
    started_at: datetime
    submitted_at: datetime | None


def begin(
    unit: UnitOfWork, user_id: UUID, assessment_id: UUID, *, time_limit: int | None, max_attempts: int | None
) -> OpenAttempt:
    """Begin an attempt, or return the one that is open. Raises ReaderError(course.no-attempt-left)."""
    known = open_attempt(unit.connection, user_id, assessment_id)
    if known is not None:
        return known
    tried = count(unit.connection, user_id, assessment_id)
    if max_attempts is not None and tried >= max_attempts:
        raise ReaderError(
            Code.COURSE_NO_ATTEMPT_LEFT,
            f"All {max_attempts} attempts are used." if max_attempts > 1 else "The one attempt is used.",
            detail=str(assessment_id),
        )
    found = OpenAttempt(uuid7(), assessment_id, tried + 1, unit.now, time_limit, 0)
    unit.connection.execute(
        insert(table("open_attempts")).values(
            id=found.id, user_id=user_id, assessment_id=assessment_id, attempt_number=found.number,
            started_at=unit.now, time_limit=time_limit, elapsed_ms=0,
        )
    )  # fmt: skip
    unit.touch("open_attempts", found.id)
    return found


def open_attempt(connection: Connection, user_id: UUID, assessment_id: UUID) -> OpenAttempt | None:
    """Return the attempt that is not handed in, if there is one."""
    kept = table("open_attempts")
    chosen = select(kept).where(kept.c.user_id == user_id, kept.c.assessment_id == assessment_id)
    return _open(connection.execute(chosen).first())


def open_attempts(connection: Connection, user_id: UUID) -> list[OpenAttempt]:
    """Return all attempts that are not handed in, oldest first."""
    kept = table("open_attempts")
    rows = connection.execute(select(kept).where(kept.c.user_id == user_id).order_by(kept.c.started_at)).all()
    return [one for row in rows if (one := _open(row)) is not None]


def write_answer(unit: UnitOfWork, attempt_id: UUID, question_id: str, answer: Any, *, elapsed_ms: int) -> None:
    """Keep an answer, or that it was taken back (None); raises ReaderError(course.attempt-closed)."""
    lasted = note_elapsed(unit, attempt_id, elapsed_ms)
    entry = {"attempt_id": attempt_id, "question_id": question_id, "answer_json": answer, "elapsed_ms": lasted}
    unit.connection.execute(insert(table("attempt_journal")).values(entry))


def note_elapsed(unit: UnitOfWork, attempt_id: UUID, elapsed_ms: int) -> int:
    """Keep how long an attempt has lasted, and return it; raises ReaderError(course.attempt-closed)."""
    kept = table("open_attempts")
    known = unit.connection.execute(select(kept.c.elapsed_ms).where(kept.c.id == attempt_id)).scalar()
    if known is None:
        raise ReaderError(Code.COURSE_ATTEMPT_CLOSED, "This attempt was handed in.", detail=str(attempt_id))
    lasted = max(int(known), elapsed_ms)
    unit.connection.execute(update(kept).where(kept.c.id == attempt_id).values(elapsed_ms=lasted))
    return lasted


def journal_of(connection: Connection, attempt_id: UUID) -> list[JournalEntry]:
    """Return every answer of an open attempt in the order in which they were given."""
    kept = table("attempt_journal")
    chosen = select(kept).where(kept.c.attempt_id == attempt_id).order_by(kept.c.sequence)
    return [JournalEntry(row.question_id, row.answer_json, row.elapsed_ms) for row in connection.execute(chosen)]


def hand_in(
    unit: UnitOfWork, user_id: UUID, attempt: OpenAttempt, answers: Mapping[str, Any], device_id: UUID | None
) -> Attempt:
    """Turn an open attempt into one that is handed in; handing in twice is handing in once."""
    known = attempt_of(unit.connection, attempt.id)
    if known is None:
        lasted = note_elapsed(unit, attempt.id, attempt.elapsed_ms)
        unit.insert(
            "assessment_attempts",
            {
                "id": attempt.id,
                "user_id": user_id,
                "assessment_id": attempt.assessment_id,
                "attempt_number": attempt.number,
                "answers_json": dict(answers),
                "status": "submitted",
                "started_at": attempt.started_at,
                "submitted_at": attempt.started_at + timedelta(milliseconds=lasted),
                "device_id": device_id,
            },
        )
    _forget(unit, attempt.id)
    found = attempt_of(unit.connection, attempt.id)
    assert found is not None
    return found


def attempt_of(connection: Connection, attempt_id: UUID) -> Attempt | None:
    """Return an attempt that was handed in."""
    kept = table("assessment_attempts")
    row = connection.execute(select(kept).where(kept.c.id == attempt_id)).first()
    return _attempt(row) if row is not None else None


def attempts_of(connection: Connection, user_id: UUID, assessment_id: UUID) -> list[Attempt]:
    """Return what somebody handed in of an assessment, first to last."""
    kept = table("assessment_attempts")
    chosen = select(kept).where(kept.c.user_id == user_id, kept.c.assessment_id == assessment_id)
    return [_attempt(row) for row in connection.execute(chosen.order_by(kept.c.started_at, kept.c.id))]


def count(connection: Connection, user_id: UUID, assessment_id: UUID) -> int:
    """Return how many attempts somebody has handed in."""
    kept = table("assessment_attempts")
    chosen = select(func.count()).select_from(kept)
    return int(
        connection.execute(chosen.where(kept.c.user_id == user_id, kept.c.assessment_id == assessment_id)).scalar_one()
    )


def _forget(unit: UnitOfWork, attempt_id: UUID) -> None:
    unit.connection.execute(delete(table("open_attempts")).where(table("open_attempts").c.id == attempt_id))
    kept = table("attempt_journal")
    unit.connection.execute(delete(kept).where(kept.c.attempt_id == attempt_id))
    unit.touch("open_attempts", attempt_id)


def _open(row: Any) -> OpenAttempt | None:
    if row is None:
        return None
    return OpenAttempt(
        row.id, row.assessment_id, row.attempt_number, row.started_at, row.time_limit, int(row.elapsed_ms)
    )


def _attempt(row: Any) -> Attempt:
    return Attempt(
        row.id, row.user_id, row.assessment_id, row.attempt_number, row.answers_json, row.started_at, row.submitted_at
    )
