"""Notes that were taken over from elsewhere: which records of a file are in the library already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from sync.schema.tables import table

RECORDS = "taken_from"
"""Among a note's attributes: the keys of the records that it was made of."""


def taken_records(connection: Connection, user_id: UUID) -> dict[str, UUID]:
    """Return the note that each record became; those that were deleted since count, for they are not to come back."""
    notes = table("user_notes")
    rows = connection.execute(select(notes.c.id, notes.c.attributes_json).where(notes.c.user_id == user_id))
    return {key: row.id for row in rows for key in records_of(row.attributes_json)}


def records_of(attributes: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the keys of the records that a note was made of."""
    kept = (attributes or {}).get(RECORDS)
    if isinstance(kept, list):
        yield from (str(key) for key in kept)
