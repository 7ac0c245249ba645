"""How much a reader has read in which time, and how long chapters are."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from alexandria_desktop.store.sections import sections_of
from sync.places.locator import EpubTarget, Locator, PdfTarget, TextTarget
from sync.schema.tables import table

_BELIEVED = 60
"""Sittings that are looked at, the latest first."""


def read_so_far(connection: Connection, user_id: UUID) -> tuple[float, float]:
    """Return (characters, seconds) of the latest sittings that went forward in a book whose length is known."""
    sittings = table("reading_sessions")
    chosen = (
        select(sittings.c.content_id, sittings.c.seconds_read, sittings.c.start_progress, sittings.c.end_progress)
        .where(
            sittings.c.user_id == user_id,
            sittings.c.deleted_at.is_(None),
            sittings.c.seconds_read > 0,
            sittings.c.end_progress > sittings.c.start_progress,
        )
        .order_by(sittings.c.started_at.desc())
        .limit(_BELIEVED)
    )
    lengths: dict[UUID, int] = {}
    characters = seconds = 0.0
    for row in connection.execute(chosen).all():
        if row.content_id not in lengths:
            lengths[row.content_id] = sum(one.length for one in sections_of(connection, row.content_id))
        read = lengths[row.content_id] * float(row.end_progress - row.start_progress) / 100
        if read > 0:
            characters += read
            seconds += row.seconds_read
    return characters, seconds


def chapter_length(connection: Connection, content_id: UUID, locator: Locator) -> int:
    """Return the characters of the section that a place is in; 0 where the book is not indexed here."""
    sections = sections_of(connection, content_id)
    match locator.target:
        case EpubTarget(href=href) | TextTarget(href=href):
            return next((one.length for one in sections if one.href == href), 0)
        case PdfTarget(page=page, end_page=end):
            return sum(one.length for one in sections[page : (end or page) + 1])
    return 0
