"""Full text of titles and notes in index.db, kept in step with library.db by comparing.

Nothing is written twice in one transaction across two files; instead each entry carries the moment its row was last
changed, and ``refresh`` brings in whatever differs. It is called after writes, and once at the start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from alexandria_desktop.store.database import Database
from alexandria_desktop.store.passages import Segment


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many entries a refresh brought in or took out."""

    titles: int
    notes: int


@dataclass(frozen=True, slots=True)
class TextHit:
    """A title or a note that has the words; less is better."""

    id: UUID
    rank: float


def refresh(database: Database, user_id: UUID, segment: Segment) -> Refreshed:
    """Bring titles and notes in index.db up to what library.db says; ``segment`` cuts up Chinese and the like."""
    with database.reading() as connection:
        titles = [_title_entry(row, segment) for row in connection.exec_driver_sql(_STALE_TITLES, _user(user_id))]
        lost_titles = _keys(connection, _LOST_TITLES, user_id)
        notes = [_note_entry(row, segment) for row in connection.exec_driver_sql(_STALE_NOTES, _user(user_id))]
        lost_notes = _keys(connection, _LOST_NOTES, user_id)
    if not (titles or lost_titles or notes or lost_notes):
        return Refreshed(0, 0)
    database.index.run(_replace, _TITLES, titles, lost_titles)
    database.index.run(_replace, _NOTES, notes, lost_notes)
    return Refreshed(len(titles) + len(lost_titles), len(notes) + len(lost_notes))


def find_titles(connection: Connection, match: str, *, limit: int = 50) -> list[TextHit]:
    """Return the books whose title, authors or series match an FTS5 expression; from a reader's connection."""
    rows = connection.exec_driver_sql(
        "SELECT content_id, bm25(titles_fts, 4.0, 2.0, 1.0) AS score FROM idx.titles_fts "
        "JOIN idx.title_index AS entry ON entry.id = titles_fts.rowid WHERE titles_fts MATCH ? ORDER BY score LIMIT ?",
        (match, limit),
    )
    return [TextHit(UUID(bytes=key), score) for key, score in rows]


def find_notes(connection: Connection, match: str, *, limit: int = 50) -> list[TextHit]:
    """Return the notes whose words or quote match an FTS5 expression; from a reader's connection."""
    rows = connection.exec_driver_sql(
        "SELECT note_id, bm25(notes_fts, 1.0, 2.0) AS score FROM idx.notes_fts "
        "JOIN idx.note_index AS entry ON entry.id = notes_fts.rowid WHERE notes_fts MATCH ? ORDER BY score LIMIT ?",
        (match, limit),
    )
    return [TextHit(UUID(bytes=key), score) for key, score in rows]


@dataclass(frozen=True, slots=True)
class _Entries:
    """A table of entries, its full text and the columns in it."""

    table: str
    full_text: str
    key: str
    columns: tuple[str, ...]


_TITLES = _Entries("title_index", "titles_fts", "content_id", ("title", "authors", "series"))
_NOTES = _Entries("note_index", "notes_fts", "note_id", ("quote", "text"))

_STALE_TITLES = """
    SELECT item.id, item.title, book.authors, book.series, max(item.updated_at, book.updated_at) AS changed
    FROM user_libraries AS place
    JOIN content_items AS item ON item.id = place.content_id
    JOIN books AS book ON book.content_id = item.id
    LEFT JOIN idx.title_index AS entry ON entry.content_id = item.id
    WHERE place.user_id = ? AND place.deleted_at IS NULL
      AND (entry.id IS NULL OR entry.stamp <> max(item.updated_at, book.updated_at))"""

_LOST_TITLES = """
    SELECT content_id FROM idx.title_index WHERE content_id NOT IN
    (SELECT content_id FROM user_libraries WHERE user_id = ? AND deleted_at IS NULL)"""

_STALE_NOTES = """
    SELECT note.id, note.location_data, note.note_text, note.updated_at FROM user_notes AS note
    LEFT JOIN idx.note_index AS entry ON entry.note_id = note.id
    WHERE note.user_id = ? AND note.deleted_at IS NULL AND (entry.id IS NULL OR entry.stamp <> note.updated_at)"""

_LOST_NOTES = """
    SELECT note_id FROM idx.note_index WHERE note_id NOT IN
    (SELECT id FROM user_notes WHERE user_id = ? AND deleted_at IS NULL)"""


def _user(user_id: UUID) -> tuple[bytes]:
    return (user_id.bytes,)


def _keys(connection: Connection, query: str, user_id: UUID) -> list[bytes]:
    return [row[0] for row in connection.exec_driver_sql(query, _user(user_id))]


def _title_entry(row: Sequence[Any], segment: Segment) -> tuple[Any, ...]:
    key, title, authors, series, changed = row
    names = "; ".join(orjson.loads(authors or "[]"))
    return key, segment(title), segment(names), segment(series or ""), changed


def _note_entry(row: Sequence[Any], segment: Segment) -> tuple[Any, ...]:
    key, location, text, changed = row
    quote = (orjson.loads(location).get("quote") or {}).get("exact", "") if location else ""
    return key, segment(quote), segment(text), changed


def _replace(
    connection: Connection, entries: _Entries, fresh: Sequence[tuple[Any, ...]], lost: Sequence[bytes]
) -> None:
    columns = ", ".join(entries.columns)
    gone = [(key,) for key in (*lost, *(entry[0] for entry in fresh))]
    kept = [(entry[0],) for entry in fresh]
    marks = ", ".join("?" * (len(entries.columns) + 2))
    if gone:
        connection.exec_driver_sql(
            f"INSERT INTO {entries.full_text}({entries.full_text}, rowid, {columns}) "
            f"SELECT 'delete', id, {columns} FROM {entries.table} WHERE {entries.key} = ?",
            gone,
        )
        connection.exec_driver_sql(f"DELETE FROM {entries.table} WHERE {entries.key} = ?", gone)
    if fresh:
        connection.exec_driver_sql(
            f"INSERT INTO {entries.table}({entries.key}, {columns}, stamp) VALUES ({marks})", list(fresh)
        )
        connection.exec_driver_sql(
            f"INSERT INTO {entries.full_text}(rowid, {columns}) "
            f"SELECT id, {columns} FROM {entries.table} WHERE {entries.key} = ?",
            kept,
        )
