"""How far a student is in the lessons of a course: state, time and, from the server, the score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.tables import table


class State(StrEnum):
    """How far a lesson is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """How far somebody is in one lesson."""

    state: State = State.NOT_STARTED
    seconds: int = 0
    score: float | None = None
    """Percent; None without a graded assessment."""
    completed_at: datetime | None = None


def progress_of(connection: Connection, user_id: UUID, course_id: UUID) -> Mapping[UUID, LessonProgress]:
    """Return how far somebody is in the lessons of a course, by lesson; one that is not named was not begun."""
    kept = table("student_progress")
    chosen = select(kept).where(kept.c.user_id == user_id, kept.c.course_id == course_id, kept.c.deleted_at.is_(None))
    return {row.lesson_id: _progress(row) for row in connection.execute(chosen)}


def note_progress(
    unit: UnitOfWork, user_id: UUID, course_id: UUID, lesson_id: UUID, *, state: State, more_seconds: int = 0
) -> LessonProgress:
    """Keep that a lesson was worked on. A lesson that is done stays done, and time only grows."""
    kept = table("student_progress")
    row_id = natural.lesson_progress(user_id, lesson_id)
    before = unit.connection.execute(select(kept).where(kept.c.id == row_id)).first()
    is_done = before is not None and before.status == State.COMPLETED and before.deleted_at is None
    values: dict[str, Any] = {"status": State.COMPLETED.value if is_done else state.value}
    values["time_spent"] = (before.time_spent or 0 if before is not None else 0) + max(0, more_seconds)
    if state is State.COMPLETED and not is_done:
        values["completed_at"] = unit.now
    if before is None:
        made = {"id": row_id, "user_id": user_id, "course_id": course_id, "lesson_id": lesson_id}
        unit.insert("student_progress", {**made, "started_at": unit.now, **values})
    else:
        unit.update("student_progress", row_id, {**values, "deleted_at": None})
    found = unit.connection.execute(select(kept).where(kept.c.id == row_id)).one()
    return _progress(found)


def _progress(row: Any) -> LessonProgress:
    state = State(row.status) if row.status in set(State) else State.IN_PROGRESS
    score = float(row.score) if row.score is not None else None
    return LessonProgress(state, int(row.time_spent or 0), score, row.completed_at)
