"""What waits in the outbox for each row, as far as incoming rows must know of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from sync.client.rows import driver_rows
from sync.schema.syncing import OutboxEntry
from sync.schema.tables import table
from sync.schema.turns import turn_of

OUTBOX = table(OutboxEntry.__tablename__)
Key = tuple[str, bytes]
"""A table, and a row's id as SQLite keeps it."""
Among = Mapping[str, Sequence[bytes]]

_CHUNK = 500
_SOON_READ = 1_000
"""Entries that are sooner read than the rows of a page are looked for among them."""
FROZEN = "batch_id > x'' AND state = 'frozen'"
"""Few of ten thousand entries are frozen. Asked like this SQLite takes the index of batches, else it reads them all."""
_MANY = f"SELECT 1 FROM outbox WHERE state = 'pending' LIMIT {_SOON_READ}"
_ANY = "SELECT sequence FROM outbox WHERE state IN ('pending', 'frozen') LIMIT ?"
_READ = "SELECT sequence, table_name, row_id, operation, base_json FROM outbox WHERE "
_PENDING = "state = 'pending'"
_IN_LINE = """
    SELECT waits.sequence, waits.table_name, coalesce(item.root_id <> item.id, 0) FROM outbox waits
    LEFT JOIN content_items item ON waits.table_name = 'content_items' AND item.id = waits.row_id
    WHERE waits.state = 'pending' ORDER BY waits.sequence"""
"""What waits, and whether it is a part of another item."""
_TABLES = "SELECT DISTINCT table_name FROM outbox WHERE state = 'pending'"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that has changes which the server has not judged."""

    is_insert: bool
    is_delete: bool
    columns: frozenset[str]
    """Columns whose value here goes before the server's."""


def waiting(connection: Connection, among: Callable[[], Among] | None = None) -> Mapping[Key, Waiting]:
    """Return the rows with changes that are still to be sent or to be judged.

    ``among`` says which rows are asked about, and others are left out; it is called only where something waits.
    """
    found: dict[Key, Waiting] = {}
    for _, name, row, operation, base in sorted(_entries(connection, among)):
        before = found.get((name, row))
        found[name, row] = Waiting(
            is_insert=operation == "insert" or (before is not None and before.is_insert),
            is_delete=operation == "delete",
            columns=frozenset(orjson.loads(base)) | (before.columns if before else frozenset()),
        )
    return found


def has_entries(connection: Connection, *, but: frozenset[int] = frozenset()) -> bool:
    """Whether anything is still to be sent or to be judged, but for some entries."""
    found = connection.exec_driver_sql(_ANY, (len(but) + 1,)).scalars()
    return any(sequence not in but for sequence in found)


def parents_first(connection: Connection) -> None:
    """Let what waits go out parents before children, in whatever order it came to wait.

    A book that is told again comes to wait behind what is new about it, which in a batch before it would be refused.
    """
    waits = driver_rows(connection, _IN_LINE)
    ordered = sorted(waits, key=lambda one: (turn_of(one[1]), one[2], one[0]))
    moved = [(-place, one[0]) for (place, *_), one in zip(waits, ordered, strict=True) if place != one[0]]
    if moved:
        connection.exec_driver_sql("UPDATE outbox SET sequence = ? WHERE sequence = ?", moved)
        connection.exec_driver_sql("UPDATE outbox SET sequence = -sequence WHERE sequence < 0")


def _entries(connection: Connection, among: Callable[[], Among] | None) -> list[tuple[Any, ...]]:
    # Two batches at most are frozen; ten thousand rows may be pending.
    found = driver_rows(connection, f"{_READ}{FROZEN}")
    is_much = among is not None and len(driver_rows(connection, _MANY)) >= _SOON_READ
    if not is_much:
        found += driver_rows(connection, f"{_READ}{_PENDING}")
    if among is None or not (found or is_much):
        return found
    asked_about = among()
    if is_much:
        found += _pending_of(connection, asked_about)
    keys = {name: frozenset(ids) for name, ids in asked_about.items()}
    return [entry for entry in found if entry[2] in keys.get(entry[1], ())]


def _pending_of(connection: Connection, rows: Among) -> list[tuple[Any, ...]]:
    found = []
    tables = {name for (name,) in driver_rows(connection, _TABLES)}
    for name, keys in rows.items():
        ids = keys if name in tables else ()
        for begin in range(0, len(ids), _CHUNK):
            chunk = ids[begin : begin + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            asked = f"{_READ}{_PENDING} AND table_name = ? AND row_id IN ({marks})"
            found += driver_rows(connection, asked, (name, *chunk))
    return found
