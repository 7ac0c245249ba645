"""Rows that are no longer this person's to see. What they wrote themselves never goes with them.

An item that readers' own rows still point at stays as a stub: title, author, edition, so that notes keep their book.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import Connection, Table, delete, exists, or_, select, update

from sync.schema.policy import Direction, TableClass, policy_of, tables_of
from sync.schema.tables import table

_ITEMS, _BOOKS = "content_items", "books"
_CHUNK = 500
"""Ids in one statement; SQLite takes some thousands of variables."""

OWN = tables_of(TableClass.MINE, TableClass.APPEND, TableClass.REQUEST)
"""Tables of what a person wrote."""


def depart(connection: Connection, name: str, ids: Sequence[UUID]) -> set[UUID]:
    """Take rows out of the library, or leave a stub; returns those that were there."""
    gone: set[UUID] = set()
    target = table(name)
    for chunk in _chunks(ids):
        there = set(connection.execute(select(target.c.id).where(target.c.id.in_(chunk))).scalars())
        stubs = _needed(connection, there) if name == _ITEMS else _cards_of_stubs(connection, there, name)
        if stubs and name == _ITEMS:
            _make_stubs(connection, stubs)
        connection.execute(delete(target).where(target.c.id.in_(there - stubs)))
        gone |= there
    return gone


def _needed(connection: Connection, ids: set[UUID]) -> set[UUID]:
    """Return the items that something of the person's own points at."""
    items = table(_ITEMS)
    pointing = [
        exists().where(owner.c.content_id == items.c.id)
        for owner in (table(name) for name in sorted(OWN))
        if "content_id" in owner.c
    ]
    return set(connection.execute(select(items.c.id).where(items.c.id.in_(ids), or_(*pointing))).scalars())


def _cards_of_stubs(connection: Connection, ids: set[UUID], name: str) -> set[UUID]:
    """Return the books of items that stay as stubs, or will: their authors stay with them."""
    if name != _BOOKS:
        return set()
    books, items = table(_BOOKS), table(_ITEMS)
    found = connection.execute(select(books.c.id, books.c.content_id).where(books.c.id.in_(ids))).all()
    needed = _needed(connection, {row.content_id for row in found})
    there = set(connection.execute(select(items.c.id).where(items.c.id.in_(needed))).scalars())
    return {row.id for row in found if row.content_id in there}


def _make_stubs(connection: Connection, ids: set[UUID]) -> None:
    items = table(_ITEMS)
    connection.execute(
        update(items)
        .where(items.c.id.in_(ids))
        .values(is_stub=True, description=None, metadata_json={}, tags=None, access_permissions={}, revision=0)
    )


def unlisted(connection: Connection, name: str, seen: Table) -> list[UUID]:
    """Return the rows that the server once knew and that a whole listing did not name."""
    target = table(name)
    if "revision" not in target.c or "id" not in target.c or policy_of(name).direction is Direction.PUSH:
        return []
    listed = exists().where(seen.c.table_name == name, seen.c.row_id == target.c.id)
    return list(connection.execute(select(target.c.id).where(target.c.revision > 0, ~listed)).scalars())


def unlisted_appended(connection: Connection, name: str, user_id: UUID, seen: Table) -> list[UUID]:
    """Return the person's own rows of a table that is written once, which a whole listing did not name."""
    target = table(name)
    listed = exists().where(seen.c.table_name == name, seen.c.row_id == target.c.id)
    return list(connection.execute(select(target.c.id).where(target.c.user_id == user_id, ~listed)).scalars())


def _chunks(ids: Iterable[UUID]) -> Iterable[list[UUID]]:
    wanted = list(ids)
    return (wanted[begin : begin + _CHUNK] for begin in range(0, len(wanted), _CHUNK))
