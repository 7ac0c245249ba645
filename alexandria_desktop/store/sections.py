"""The sections of an indexed book in index.db: paths, lengths and labels, to place hits without opening the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:  # workers that read files know sections, and start without what databases need
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class StoredSection:
    """A section as it was when its book was indexed."""

    href: str
    length: int
    """Code points of canonical text."""
    label: str | None = None


def put_sections(connection: Connection, content_id: UUID, sections: Sequence[StoredSection]) -> None:
    """Keep a book's sections in place of any it had; the connection is the index writer's."""
    key = content_id.bytes
    connection.exec_driver_sql("DELETE FROM indexed_sections WHERE content_id = ?", (key,))
    rows = [(key, index, one.href, one.length, one.label) for index, one in enumerate(sections)]
    if rows:
        connection.exec_driver_sql("INSERT INTO indexed_sections VALUES (?, ?, ?, ?, ?)", rows)


def sections_of(connection: Connection, content_id: UUID) -> list[StoredSection]:
    """Return a book's sections in the order of reading; empty for a book that is not indexed."""
    rows = connection.exec_driver_sql(
        "SELECT href, length, label FROM indexed_sections WHERE content_id = ? ORDER BY section", (content_id.bytes,)
    )
    return [StoredSection(*row) for row in rows]
