"""What was named, read as the person who asks; a row that they may not see is not there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, LiteralString
from uuid import UUID

from msgspec import Struct

from sync.server.gateway.database import Connection, fetch_all

# Characters that no text needs, so that they can mark the words that were found.
_BEGIN, _END = "\ue000", "\ue001"
_SNIPPET = (
    f"StartSel={_BEGIN}, StopSel={_END}, MaxWords=45, MinWords=25, ShortWord=0, MaxFragments=1, FragmentDelimiter=…"
)
_MARKS = re.compile(f"[{_BEGIN}{_END}]")


class Snippet(Struct, frozen=True):
    """Some words around what was found."""

    text: str
    marks: list[tuple[int, int]]
    """Where what was found stands in it, in code points."""


class ItemHit(Struct, frozen=True):
    """An item by its title, description or author."""

    content_id: UUID
    title: str
    content_type: str
    author: str | None
    score: float


class PassageHit(Struct, frozen=True):
    """A passage."""

    passage_id: UUID
    content_id: UUID
    title: str
    author: str | None
    heading: str | None
    text: str
    snippet: Snippet
    location: Any
    """Its Locator, as it was handed in."""
    score: float


class NoteHit(Struct, frozen=True):
    """A note."""

    note_id: UUID
    content_id: UUID
    user_id: UUID
    title: str | None
    snippet: Snippet
    location: Any
    score: float


_ITEMS: LiteralString = (
    "select i.id, i.title, i.content_type, b.author from content_items i left join books b on b.content_id = i.id"
    " where i.id = any(%(ids)s)"
)
_PASSAGES: LiteralString = (
    "select e.id, e.content_id, i.title, b.author, e.module_metadata ->> 'heading' as heading, e.chunk_text,"
    " ts_headline(app.text_config(e.language), e.chunk_text, coalesce(%(words)s, '')::tsquery, %(how)s) as snippet,"
    " e.source_location from content_embeddings e join content_items i on i.id = e.content_id"
    " left join books b on b.content_id = i.id where e.id = any(%(ids)s)"
)
_NOTES: LiteralString = (
    "select n.id, n.content_id, n.user_id, i.title, n.location_data,"
    " ts_headline('pg_catalog.simple'::regconfig, n.note_text, coalesce(%(words)s, '')::tsquery, %(how)s) as snippet"
    " from user_notes n left join content_items i on i.id = n.content_id where n.id = any(%(ids)s)"
)


async def read_items(connection: Connection, named: Mapping[UUID, float], limit: int) -> list[ItemHit]:
    """Return those of the named items that may be seen, in their order."""
    rows = await fetch_all(connection, _ITEMS, ids=list(named)) if named else []
    return [
        ItemHit(row["id"], row["title"], row["content_type"], row["author"], named[row["id"]])
        for row in _in_order(rows, named, limit)
    ]


async def read_passages(
    connection: Connection, named: Mapping[UUID, float], query: str | None, limit: int
) -> list[PassageHit]:
    """Return those of the named passages that may be seen, in their order."""
    # All have been checked where they were named, so a snippet is cut for few that are not shown.
    wanted = list(named)[: limit + limit // 4]
    rows = await fetch_all(connection, _PASSAGES, ids=wanted, words=query, how=_SNIPPET) if wanted else []
    return [
        PassageHit(
            row["id"], row["content_id"], row["title"], row["author"], row["heading"], row["chunk_text"],
            _snippet(row["snippet"]), row["source_location"], named[row["id"]],
        )
        for row in _in_order(rows, named, limit)
    ]  # fmt: skip


async def read_notes(
    connection: Connection, named: Mapping[UUID, float], query: str | None, limit: int
) -> list[NoteHit]:
    """Return those of the named notes that may be seen, in their order."""
    rows = await fetch_all(connection, _NOTES, ids=list(named), words=query, how=_SNIPPET) if named else []
    return [
        NoteHit(
            row["id"], row["content_id"], row["user_id"], row["title"], _snippet(row["snippet"]), row["location_data"],
            named[row["id"]],
        )
        for row in _in_order(rows, named, limit)
    ]  # fmt: skip


def _in_order(rows: list[dict[str, Any]], named: Mapping[UUID, float], limit: int) -> list[dict[str, Any]]:
    place = {one: number for number, one in enumerate(named)}
    return sorted(rows, key=lambda row: place[row["id"]])[:limit]


def _snippet(marked: str) -> Snippet:
    marks: list[tuple[int, int]] = []
    begin = 0
    for taken, found in enumerate(_MARKS.finditer(marked)):
        place = found.start() - taken
        if found.group() == _BEGIN:
            begin = place
        else:
            marks.append((begin, place))
    return Snippet(_MARKS.sub("", marked), marks)
