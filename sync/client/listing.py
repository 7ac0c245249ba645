"""A whole listing: the server names everything anew, and what it does not name in the end is dealt with.

A listing begins because the server no longer knows how far this library is (``reset``), or because its history was
rewritten by a restore (``epoch``). After a reset, what was not named is out of sight. After a restore the server may
have lost what this library still has: what the person wrote is told to it again instead of being taken away here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from sync.client.departing import OWN, depart, unlisted
from sync.client.incoming import Arrivals, Touched
from sync.client.rows import raw_id
from sync.client.waiting import OUTBOX, waiting
from sync.protocol.values import from_wire, to_wire
from sync.protocol.version import NOTHING, Unknown
from sync.schema.policy import BOOKKEEPING, Merge, TableClass, policy_of, tables_of
from sync.schema.tables import library_tables, table

SEEN = table("sync_seen")
AUTHORED = tables_of(TableClass.AUTHORED)


def begin(connection: Connection) -> None:
    """Forget what an earlier listing named."""
    connection.execute(delete(SEEN))


def tick_off(connection: Connection, arrivals: Arrivals) -> None:
    """Note which rows a page names."""
    named = [(name, raw_id(one)) for name, blocks in arrivals.rows.items() for block in blocks for one in block.ids()]
    if named:
        connection.exec_driver_sql("INSERT OR IGNORE INTO sync_seen (table_name, row_id) VALUES (?, ?)", named)


def requeue_newer(connection: Connection, arrivals: Arrivals, clock: int, now: datetime) -> None:
    """After a restore: where the server's row is older than ours, tell it again what was changed since.

    Called before the rows are applied, in the same transaction; what is told again keeps its value here.
    """
    own = waiting(connection, arrivals.named())
    for name, blocks in arrivals.rows.items():
        if name not in OWN | AUTHORED or "revision" not in table(name).c:
            continue
        for row in (row for block in blocks for row in block.as_dicts()):
            key = (name, UUID(row["id"]))
            if key not in own:
                _requeue_row(connection, name, row, clock, now)


def finish(
    connection: Connection, *, is_restore: bool, clock: int, now: datetime, unknown: Unknown = NOTHING
) -> Touched:
    """Deal with what was not named, and end the listing.

    Of a table that is ``unknown`` to the server, nothing could be named.
    """
    touched: Touched = {}
    own = waiting(connection)
    for target in library_tables():
        name = target.name
        missing = unlisted(connection, name, SEEN)
        if is_restore and name in OWN | AUTHORED:
            # A change that waits for such a row could only be refused; the row is told whole, change and all.
            _forget_entries(connection, name, missing)
            _tell_again(connection, name, missing, clock, now)
        elif not unknown.has_table(name):
            touched[name] = depart(connection, name, [one for one in missing if (name, one) not in own])
    connection.execute(delete(SEEN))
    return touched


def _requeue_row(connection: Connection, name: str, row: dict[str, Any], clock: int, now: datetime) -> None:
    target = table(name)
    mine = connection.execute(select(target).where(target.c.id == UUID(row["id"]))).mappings().first()
    if mine is None or mine["revision"] <= row.get("revision", 0):
        return
    theirs = from_wire(name, row)
    base = {}
    for column, value in mine.items():
        rule = policy_of(name).merge_of(column)
        if column in BOOKKEEPING or column not in theirs or rule in (Merge.FIXED, Merge.SERVER):
            continue
        if value != theirs[column]:
            base[column] = to_wire(theirs[column])
    if base:
        _queue(connection, name, mine["id"], "update", base, row.get("revision", 0), clock, now)


def _forget_entries(connection: Connection, name: str, ids: list[UUID]) -> None:
    waits = OUTBOX.c.state.in_(("pending", "frozen"))
    for one in ids:
        connection.execute(delete(OUTBOX).where(waits, OUTBOX.c.table_name == name, OUTBOX.c.row_id == one))


def _tell_again(connection: Connection, name: str, ids: list[UUID], clock: int, now: datetime) -> None:
    for one in ids:
        _queue(connection, name, one, "insert", {}, 0, clock, now)


def _queue(
    connection: Connection,
    name: str,
    row_id: UUID,
    operation: str,
    base: dict[str, Any],
    revision: int,
    clock: int,
    now: datetime,
) -> None:
    connection.execute(
        insert(OUTBOX).values(
            table_name=name,
            row_id=row_id,
            operation=operation,
            base_json=base,
            clocks_json=dict.fromkeys(base, clock),
            base_revision=revision,
            clock=clock,
            created_at=now,
            state="pending",
        )
    )
