"""A teacher's own notes on a lesson: private notes of theirs on the lesson's item, never part of the lesson itself.

Two devices may each begin one before they meet; then both are read, and writing joins them.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from alexandria_desktop.store.notes import NoteType
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema.tables import table


def read(connection: Connection, user_id: UUID, content_id: UUID) -> str:
    """Return a person's notes on a lesson's item, empty where there are none."""
    return "\n\n".join(row.note_text for row in _rows(connection, user_id, content_id) if row.note_text)


def write(unit: UnitOfWork, user_id: UUID, content_id: UUID, text: str) -> None:
    """Replace a person's notes on a lesson's item."""
    first, *others = _rows(unit.connection, user_id, content_id) or (None,)
    if first is not None:
        unit.update("user_notes", first.id, {"note_text": text})
    elif text:
        unit.insert(
            "user_notes",
            {
                "user_id": user_id,
                "content_id": content_id,
                "note_type": NoteType.GENERAL.value,
                "note_text": text,
                "attributes_json": {},
                "is_public": False,
            },
        )
    for other in others:
        unit.remove("user_notes", other.id)


def _rows(connection: Connection, user_id: UUID, content_id: UUID) -> list[Any]:
    notes = table("user_notes")
    chosen = select(notes.c.id, notes.c.note_text).where(
        notes.c.user_id == user_id,
        notes.c.content_id == content_id,
        notes.c.deleted_at.is_(None),
        notes.c.location_data.is_(None),
    )
    return list(connection.execute(chosen.order_by(notes.c.created_at, notes.c.id)))
