"""What waits in the outbox for each row, as far as incoming rows must know of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from sync.schema.syncing import OutboxEntry
from sync.schema.tables import table

OUTBOX = table(OutboxEntry.__tablename__)
Key = tuple[str, UUID]
Among = Mapping[str, Iterable[UUID]]

_CHUNK = 500
_SOON_READ = 1_000
"""Entries that are sooner read than the ids of a page are made."""
_MANY = f"SELECT 1 FROM outbox WHERE state = 'pending' LIMIT {_SOON_READ}"
_ANY = "SELECT sequence FROM outbox WHERE state IN ('pending', 'frozen') LIMIT ?"
_READ = select(
    OUTBOX.c.sequence, OUTBOX.c.table_name, OUTBOX.c.row_id, OUTBOX.c.operation, OUTBOX.c.base_json
).order_by(OUTBOX.c.sequence)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that has changes which the server has not judged."""

    is_insert: bool
    is_delete: bool
    columns: frozenset[str]
    """Columns whose value here goes before the server's."""


def waiting(connection: Connection, among: Callable[[], Among] | None = None) -> Mapping[Key, Waiting]:
    """Return the rows with changes that are still to be sent or to be judged.

    ``among`` says which rows are asked about; it is called only where more wait than are soon read, and then other rows
    may be left out.
    """
    found: dict[Key, Waiting] = {}
    for row in sorted(_entries(connection, among), key=lambda entry: int(entry.sequence)):
        key = (row.table_name, row.row_id)
        before = found.get(key)
        found[key] = Waiting(
            is_insert=row.operation == "insert" or (before is not None and before.is_insert),
            is_delete=row.operation == "delete",
            columns=frozenset(row.base_json) | (before.columns if before else frozenset()),
        )
    return found


def has_entries(connection: Connection, *, but: frozenset[int] = frozenset()) -> bool:
    """Whether anything is still to be sent or to be judged, but for some entries."""
    found = connection.exec_driver_sql(_ANY, (len(but) + 1,)).scalars()
    return any(sequence not in but for sequence in found)


def _entries(connection: Connection, among: Callable[[], Among] | None) -> Iterator[Any]:
    # One batch at most is frozen; ten thousand rows may be pending.
    yield from connection.execute(_READ.where(OUTBOX.c.state == "frozen"))
    pending = _READ.where(OUTBOX.c.state == "pending")
    if among is None or len(connection.exec_driver_sql(_MANY).all()) < _SOON_READ:
        yield from connection.execute(pending)
        return
    tables = set(connection.exec_driver_sql("SELECT DISTINCT table_name FROM outbox WHERE state = 'pending'").scalars())
    for name, rows in among().items():
        ids = list(rows) if name in tables else []
        for begin in range(0, len(ids), _CHUNK):
            chunk = ids[begin : begin + _CHUNK]
            yield from connection.execute(pending.where(OUTBOX.c.table_name == name, OUTBOX.c.row_id.in_(chunk)))
