"""Passages in index.db, with their full text: put in and taken out a book at a time.

Each passage goes into the index of words. Chinese, Japanese and Korean go, cut up by a function that is handed in, into
an index of pairs of characters besides, and Thai into one of any three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.book.model import Passage
from sync.schema.types import to_microseconds

Segment = Callable[[str], str]
"""Cuts text into what the index of pairs takes for words."""


class Script(StrEnum):
    """How a language is written, as far as it matters for finding words."""

    SPACED = "spaced"
    PAIRS = "pairs"
    """Chinese, Japanese, Korean."""
    TRIGRAMS = "trigrams"
    """Thai and its neighbours."""


_SCRIPTS = {
    **dict.fromkeys(("zh", "ja", "ko", "yue"), Script.PAIRS),
    **dict.fromkeys(("th", "lo", "km", "my"), Script.TRIGRAMS),
}

SPACED_TABLE, PAIRS_TABLE, TRIGRAMS_TABLE = "passages_fts", "passages_bigrams", "passages_trigrams"


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with where it belongs."""

    id: int
    content_id: UUID
    passage: Passage
    chapter: str | None
    language: str | None


def script_of(language: str | None) -> Script:
    """Return how a language is written."""
    return _SCRIPTS.get((language or "").split("-")[0].lower(), Script.SPACED)


def replace_book(
    connection: Connection,
    content_id: UUID,
    passages: Sequence[Passage],
    *,
    edition: str,
    text_version: int,
    language: str | None,
    chapters: Sequence[str | None],
    segment: Segment,
    now: datetime,
) -> range:
    """Put a book's passages in, in place of any it had; returns their ids, which lie together.

    ``chapters`` has a title for each passage. The connection is the index writer's.
    """
    delete_book(connection, content_id)
    key, script = content_id.bytes, script_of(language)
    first = int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) + 1 FROM passages").scalar_one())
    ids = range(first, first + len(passages))
    rows = [
        (number, key, one.section, one.start, one.end, one.heading, chapter, one.text, one.chunk_type, language)
        for number, one, chapter in zip(ids, passages, chapters, strict=True)
    ]
    if rows:
        connection.exec_driver_sql("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        connection.exec_driver_sql(
            "INSERT INTO passages_fts(rowid, heading, text) SELECT id, heading, text FROM passages WHERE id >= ?",
            (first,),
        )
        _put_unspaced(connection, script, first, zip(ids, passages, strict=True), segment)
    connection.exec_driver_sql(
        "INSERT INTO indexed_books VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (key, edition, text_version, language, script.value, ids.start, ids.stop - 1, to_microseconds(now)),
    )
    return ids


def delete_book(connection: Connection, content_id: UUID) -> range:
    """Take a book's passages out; returns the ids they had."""
    key = content_id.bytes
    row = connection.exec_driver_sql(
        "SELECT first_id, last_id, script FROM indexed_books WHERE content_id = ?", (key,)
    ).first()
    if row is None:
        return range(0)
    bounds = (row.first_id, row.last_id)
    connection.exec_driver_sql(
        "INSERT INTO passages_fts(passages_fts, rowid, heading, text) "
        "SELECT 'delete', id, heading, text FROM passages WHERE id BETWEEN ? AND ?",
        bounds,
    )
    if row.script == Script.PAIRS:
        connection.exec_driver_sql("DELETE FROM passages_bigrams WHERE rowid BETWEEN ? AND ?", bounds)
    if row.script == Script.TRIGRAMS:
        connection.exec_driver_sql(
            "INSERT INTO passages_trigrams(passages_trigrams, rowid, text) "
            "SELECT 'delete', id, text FROM passages WHERE id BETWEEN ? AND ?",
            bounds,
        )
    connection.exec_driver_sql("DELETE FROM passages WHERE id BETWEEN ? AND ?", bounds)
    connection.exec_driver_sql("DELETE FROM indexed_sections WHERE content_id = ?", (key,))
    connection.exec_driver_sql("DELETE FROM indexed_sections WHERE content_id = ?", (key,))
    connection.exec_driver_sql("DELETE FROM indexed_books WHERE content_id = ?", (key,))
    return range(row.first_id, row.last_id + 1)


def get_passages(connection: Connection, ids: Iterable[int]) -> list[StoredPassage]:
    """Return passages in the order their ids were asked for; from a reader's connection or the index writer's."""
    wanted = list(ids)
    if not wanted:
        return []
    marks = ",".join("?" * len(wanted))
    rows = connection.exec_driver_sql(f"{_SELECT} WHERE id IN ({marks})", tuple(wanted))
    found = {row[0]: _stored(row) for row in rows}
    return [found[number] for number in wanted if number in found]


def rename_books(connection: Connection, ids: Mapping[UUID, UUID]) -> None:
    """Give books that are indexed other ids."""
    pairs = [(new.bytes, old.bytes) for old, new in ids.items()]
    for name in ("indexed_books", "indexed_sections", "passages", "title_index"):
        connection.exec_driver_sql(f"UPDATE {name} SET content_id = ? WHERE content_id = ?", pairs)


def passages_of(connection: Connection, content_id: UUID) -> list[StoredPassage]:
    """Return a book's passages in the order of reading."""
    rows = connection.exec_driver_sql(f"{_SELECT} WHERE content_id = ? ORDER BY section, start", (content_id.bytes,))
    return [_stored(row) for row in rows]


def ids_of_book(connection: Connection, content_id: UUID) -> range:
    """Return the ids of a book's passages, which lie together; empty for a book that is not indexed."""
    row = connection.exec_driver_sql(
        "SELECT first_id, last_id FROM indexed_books WHERE content_id = ?", (content_id.bytes,)
    ).first()
    return range(0) if row is None else range(row.first_id, row.last_id + 1)


def books_to_index(connection: Connection, user_id: UUID, *, text_version: int) -> list[UUID]:
    """Return the books on the shelf whose present edition is not indexed; from a reader's connection."""
    rows = connection.exec_driver_sql(
        """SELECT item.id FROM user_libraries AS place
           JOIN content_items AS item ON item.id = place.content_id
           LEFT JOIN idx.indexed_books AS done ON done.content_id = item.id
           WHERE place.user_id = ? AND place.deleted_at IS NULL AND item.edition IS NOT NULL
             AND (done.content_id IS NULL OR done.edition <> item.edition OR done.text_version <> ?)
           ORDER BY place.last_accessed IS NULL, place.last_accessed DESC, place.added_at""",
        (user_id.bytes, text_version),
    )
    return [UUID(bytes=row[0]) for row in rows]


def books_to_forget(connection: Connection, user_id: UUID) -> list[UUID]:
    """Return the indexed books that are no longer on the shelf; from a reader's connection."""
    rows = connection.exec_driver_sql(
        """SELECT content_id FROM idx.indexed_books WHERE content_id NOT IN
           (SELECT content_id FROM user_libraries WHERE user_id = ? AND deleted_at IS NULL)""",
        (user_id.bytes,),
    )
    return [UUID(bytes=row[0]) for row in rows]


def count_passages(connection: Connection) -> int:
    """Return how many passages are indexed."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM passages").scalar_one())


_SELECT = 'SELECT id, content_id, section, start, "end", heading, chapter, text, chunk_type, language FROM passages'


def _stored(row: Sequence[object]) -> StoredPassage:
    number, key, section, start, end, heading, chapter, text, chunk_type, language = row
    passage = Passage(section, start, end, text, heading, chunk_type)  # type: ignore[arg-type]
    return StoredPassage(number, UUID(bytes=key), passage, chapter, language)  # type: ignore[arg-type]


def _put_unspaced(
    connection: Connection, script: Script, first: int, passages: Iterable[tuple[int, Passage]], segment: Segment
) -> None:
    if script is Script.PAIRS:
        rows = [(number, segment(_with_heading(one))) for number, one in passages]
        connection.exec_driver_sql("INSERT INTO passages_bigrams(rowid, text) VALUES (?, ?)", rows)
    elif script is Script.TRIGRAMS:
        connection.exec_driver_sql(
            "INSERT INTO passages_trigrams(rowid, text) SELECT id, text FROM passages WHERE id >= ?", (first,)
        )


def _with_heading(passage: Passage) -> str:
    return f"{passage.heading}\n{passage.text}" if passage.heading else passage.text
