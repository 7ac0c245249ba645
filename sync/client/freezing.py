"""Freeze what waits into a batch before it is sent.

A batch is on the disk, whole, before the first byte leaves; it is sent again under the same name until it is judged.
Later changes to the same rows wait in entries of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import takewhile
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Connection, select, text

from sync.client.holding import hold_back, sendable
from sync.client.rows import driver_rows, wire_rows
from sync.client.waiting import FROZEN, OUTBOX
from sync.merge import together
from sync.protocol.messages import Batch, Kind, operation_json
from sync.protocol.version import NOTHING, PRESENT, Edition, Unknown
from sync.schema.ids import uuid7
from sync.schema.policy import policy_of
from sync.schema.tables import table

LARGEST_BATCH = 2_000
"""Operations; what a batch costs besides them is spread over more, and the server takes 5,000."""
ENOUGH = 4 * 1024**2
"""Characters of operations after which a batch takes no more: over a slow line it must come to its end."""
_SAID = "SELECT payload_json FROM outbox WHERE state = 'frozen' AND batch_id = ? ORDER BY sequence"
_ROWS = f"SELECT sequence, table_name, row_id FROM outbox WHERE {FROZEN}"
_BEHIND = (
    f"SELECT 1 FROM outbox WHERE state = 'pending' UNION ALL SELECT 1 FROM outbox WHERE {FROZEN} AND batch_id <> ?"
)
_NEVER_SENT = frozenset({"revision", "field_clocks"})


class Frozen(NamedTuple):
    """A batch that is on the disk."""

    batch_id: UUID
    body: bytes


class Entry(NamedTuple):
    """What waits for one row, as SQLite keeps it but for its documents."""

    sequence: int
    table_name: str
    row_id: bytes
    operation: str
    base_json: dict[str, Any]
    clocks_json: dict[str, Any]
    base_revision: int
    clock: int


_PENDING = f"SELECT {', '.join(Entry._fields)} FROM outbox WHERE state = 'pending' ORDER BY sequence LIMIT ?"


def freeze(
    connection: Connection,
    device_id: UUID,
    *,
    most: int = LARGEST_BATCH,
    edition: Edition = PRESENT,
    unknown: Unknown = NOTHING,
    later: frozenset[int] = frozenset(),
) -> Frozen | None:
    """Return the batch that must be sent next; None where nothing waits.

    The one that was frozen before goes first, byte for byte as it was. What is ``unknown`` to the server goes on
    waiting, and so do the entries ``later``.
    """
    batch_id = _oldest_frozen(connection)
    if batch_id is None:
        batch_id = _freeze_entries(connection, _next(connection, most, unknown, later), unknown)
    return None if batch_id is None else _whole(connection, device_id, batch_id, edition)


def freeze_behind(
    connection: Connection, device_id: UUID, first: UUID, *, most: int = LARGEST_BATCH, edition: Edition = PRESENT
) -> Frozen | None:
    """Return the batch that can be sent before the answer to ``first`` is taken in, or None.

    None overtakes another: one that was frozen behind it before the program was cut off is the next. What is about a
    row of ``first`` waits, with all that comes behind it: what a removal has seen, and what a change was made on, is
    known when that answer is.
    """
    batch_id = _oldest_frozen(connection, but=first)
    if batch_id is None:
        batch_id = _freeze_entries(connection, _free_of(connection, most), NOTHING)
    return None if batch_id is None else _whole(connection, device_id, batch_id, edition)


def _free_of(connection: Connection, most: int) -> list[Entry]:
    """Return the next entries up to one that comes before a frozen one, or is about the same row."""
    frozen = driver_rows(connection, _ROWS)
    rows, latest = {(name, key) for _, name, key in frozen}, max((sequence for sequence, *_ in frozen), default=0)

    def is_free(entry: Entry) -> bool:
        return entry.sequence > latest and (entry.table_name, entry.row_id) not in rows

    return list(takewhile(is_free, _entries(connection, most)))


def waits_behind(connection: Connection, first: UUID) -> bool:
    """Whether anything waits that is not in the batch ``first``."""
    return connection.exec_driver_sql(f"{_BEHIND} LIMIT 1", (first.bytes,)).first() is not None


def _oldest_frozen(connection: Connection, *, but: UUID | None = None) -> UUID | None:
    frozen = select(OUTBOX.c.batch_id).where(text(FROZEN)).order_by(OUTBOX.c.sequence).limit(1)
    return connection.execute(frozen.where(OUTBOX.c.batch_id != but) if but else frozen).scalar()


def _whole(connection: Connection, device_id: UUID, batch_id: UUID, edition: Edition) -> Frozen:
    # Operations go out as they were written down; nobody reads them once more.
    said = [payload for (payload,) in driver_rows(connection, _SAID, (batch_id.bytes,))]
    head = orjson.dumps({**Batch(device_id, batch_id, (), edition).as_json(), "operations": []})
    return Frozen(batch_id, b"".join([head.removesuffix(b"]}"), ",".join(said).encode(), b"]}"]))


def _freeze_entries(connection: Connection, entries: Sequence[Entry], unknown: Unknown) -> UUID | None:
    """Write down what these entries tell; None where that is nothing."""
    batch_id = uuid7()
    rows = _rows_of(connection, entries)
    frozen: list[tuple[bytes, str, int]] = []
    erased: list[tuple[int]] = []
    held_back = []
    size = 0
    for entry in entries:
        row = rows[entry.table_name].get(entry.row_id)
        if row is None:
            erased.append((entry.sequence,))  # there is nothing to tell
            continue
        held = unknown.columns_of(entry.table_name)
        if held:
            held_back.append((entry, row, held))
        payload = orjson.dumps(_operation(entry, row, held)).decode()
        frozen.append((batch_id.bytes, payload, entry.sequence))
        size += len(payload)
        if size > ENOUGH:
            break
    if erased:
        connection.exec_driver_sql("DELETE FROM outbox WHERE sequence = ?", erased)
    if frozen:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'frozen', batch_id = ?, payload_json = ? WHERE sequence = ?", frozen
        )
    for entry, row, held in held_back:
        hold_back(connection, entry, row, held)
    return batch_id if frozen else None


def _next(connection: Connection, most: int, unknown: Unknown, later: frozenset[int]) -> list[Entry]:
    if unknown == NOTHING and not later:
        return _entries(connection, most)
    entries = [entry for entry in _entries(connection, -1) if entry.sequence not in later]
    return sendable(entries, unknown, most=most)


def _entries(connection: Connection, most: int) -> list[Entry]:
    """Return what waits; SQLite takes a ``most`` of -1 for no bound."""
    rows = driver_rows(connection, _PENDING, (most,))
    return [
        Entry(sequence, name, key, operation, orjson.loads(base), orjson.loads(clocks), revision, clock)
        for sequence, name, key, operation, base, clocks, revision, clock in rows
    ]


def _rows_of(connection: Connection, entries: Sequence[Entry]) -> dict[str, dict[bytes, dict[str, Any]]]:
    by_table: dict[str, list[bytes]] = {}
    for entry in entries:
        by_table.setdefault(entry.table_name, []).append(entry.row_id)
    return {name: wire_rows(connection, name, keys) for name, keys in by_table.items()}


def _operation(entry: Entry, row: dict[str, Any], held: frozenset[str]) -> dict[str, Any]:
    if entry.operation == Kind.INSERT:
        return operation_json(
            number=entry.sequence,
            table=entry.table_name,
            row_id=row["id"],
            kind=entry.operation,
            values={column: row[column] for column in _told(entry.table_name, held)},
            clock=entry.clock,
            clocks=_without(entry.clocks_json, held),
            revision=entry.base_revision,
        )
    policy = policy_of(entry.table_name)
    changed = (entry.base_json.keys() & row.keys()) - held
    columns = set(together(policy, sorted(changed))) - held
    # A column that only goes along with others has not changed.
    along = {column: row[column] for column in columns - changed}
    return operation_json(
        number=entry.sequence,
        table=entry.table_name,
        row_id=row["id"],
        kind=entry.operation,
        values={column: row[column] for column in sorted(columns)},
        base={**_without(entry.base_json, held), **along},
        clock=entry.clock,
        clocks=_without(entry.clocks_json, held),
        revision=entry.base_revision,
        seen=(row.get("field_clocks") or {}) if entry.operation == Kind.DELETE else {},
    )


@cache
def _told(name: str, held: frozenset[str]) -> tuple[str, ...]:
    """Return the columns that are told of a new row."""
    hidden = _NEVER_SENT | policy_of(name).private | held
    return tuple(sorted(column.name for column in table(name).columns if column.name not in hidden))


def _without(values: dict[str, Any], columns: frozenset[str]) -> dict[str, Any]:
    if not columns or not values:
        return values
    return {column: value for column, value in values.items() if column not in columns}
