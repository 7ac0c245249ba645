"""Where the reader is in each book, how far they ever got, and their sittings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.places import place_of
from alexandria_desktop.store.books import library_id
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.places.locator import Locator
from sync.schema.tables import table

FINISHED = 99.0
"""Percent from which a book counts as read to the end; what follows is mostly notes and advertisements."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a reader is in a book."""

    content_id: UUID
    locator: Locator | None
    progress: float
    """Percent, 0 to 100."""
    furthest: Locator | None
    furthest_progress: float
    at: datetime | None
    """The last act of reading."""


def save_position(unit: UnitOfWork, user_id: UUID, content_id: UUID, locator: Locator) -> None:
    """Keep the reader's place; raises ReaderError(book.unknown) for a book that is not on the shelf."""
    places = table("user_libraries")
    place_id = library_id(user_id, content_id)
    known = select(places.c.furthest_progress, places.c.finished_at).where(places.c.id == place_id)
    before = unit.connection.execute(known).first()
    if before is None:
        raise _unknown(content_id)
    progress = round(locator.progression * 100, 2)
    place = locator.to_json()
    changes: dict[str, Any] = {
        "current_position": place,
        "progress": progress,
        "position_at": unit.now,
        "last_accessed": unit.now,
    }
    if progress > float(before.furthest_progress):
        changes |= {"furthest_position": place, "furthest_progress": progress}
    if progress >= FINISHED and before.finished_at is None:
        changes["finished_at"] = unit.now
    unit.update("user_libraries", place_id, changes)


def mark_opened(unit: UnitOfWork, user_id: UUID, content_id: UUID) -> None:
    """Note that a book was opened, which puts it first among the recent ones."""
    if not unit.update("user_libraries", library_id(user_id, content_id), {"last_accessed": unit.now}):
        raise _unknown(content_id)


def position_of(connection: Connection, user_id: UUID, content_id: UUID) -> Position | None:
    """Return where the reader is in a book, or None for a book that is not on the shelf."""
    places = table("user_libraries")
    columns = select(
        places.c.current_position,
        places.c.progress,
        places.c.furthest_position,
        places.c.furthest_progress,
        places.c.position_at,
    )
    row = connection.execute(columns.where(places.c.id == library_id(user_id, content_id))).first()
    if row is None:
        return None
    return Position(
        content_id,
        place_of(row.current_position) if row.current_position else None,
        float(row.progress),
        place_of(row.furthest_position) if row.furthest_position else None,
        float(row.furthest_progress),
        row.position_at,
    )


def start_session(
    unit: UnitOfWork, user_id: UUID, content_id: UUID, *, device_id: UUID | None = None, theme: str | None = None
) -> UUID:
    """Begin a sitting and return its id."""
    position = position_of(unit.connection, user_id, content_id)
    return unit.insert(
        "reading_sessions",
        {
            "user_id": user_id,
            "content_id": content_id,
            "device_id": device_id,
            "started_at": unit.now,
            "start_progress": position.progress if position is not None else None,
            "theme_key": theme,
        },
    )


def note_session(
    unit: UnitOfWork, session_id: UUID, *, seconds_read: int, pages_turned: int, progress: float, ended: bool = False
) -> None:
    """Keep how long a sitting has lasted so far."""
    changes: dict[str, Any] = {
        "seconds_read": seconds_read,
        "pages_turned": pages_turned,
        "end_progress": round(progress, 2),
    }
    if ended:
        changes["ended_at"] = unit.now
    unit.update("reading_sessions", session_id, changes)


def _unknown(content_id: UUID) -> ReaderError:
    return ReaderError(Code.BOOK_UNKNOWN, "There is no such book in the library.", detail=str(content_id))
