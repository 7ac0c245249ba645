"""A whole listing: the server names everything anew, and what it does not name in the end is dealt with.

A listing begins because the server no longer knows how far this library is (``reset``), or because its history was
rewritten by a restore (``epoch``). After a reset, what was not named is out of sight. After a restore the server may
have lost what this library still has: what the person wrote is told to it again instead of being taken away here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from sync.client.departing import OWN, depart, unlisted
from sync.client.incoming import Arrivals, Touched
from sync.client.waiting import OUTBOX, waiting
from sync.protocol.values import from_wire, to_wire
from sync.schema.policy import BOOKKEEPING, Merge, TableClass, policy_of, tables_of
from sync.schema.tables import library_tables, table

SEEN = table("sync_seen")
AUTHORED = tables_of(TableClass.AUTHORED)


def begin(connection: Connection) -> None:
    """Forget what an earlier listing named."""
    connection.execute(delete(SEEN))


def tick_off(connection: Connection, arrivals: Arrivals) -> None:
    """Note which rows a page names."""
    named = [(name, UUID(row["id"]).bytes) for name, rows in arrivals.rows.items() for row in rows]
    if named:
        connection.exec_driver_sql("INSERT OR IGNORE INTO sync_seen (table_name, row_id) VALUES (?, ?)", named)


def requeue_newer(connection: Connection, arrivals: Arrivals, clock: int, now: datetime) -> None:
    """After a restore: where the server's row is older than ours, tell it again what was changed since.

    Called before the rows are applied, in the same transaction; what is told again keeps its value here.
    """
    own = waiting(connection, arrivals.named())
    for name, rows in arrivals.rows.items():
        if name not in OWN | AUTHORED or "revision" not in table(name).c:
            continue
        for row in rows:
            key = (name, UUID(row["id"]))
            if key not in own:
                _requeue_row(connection, name, row, clock, now)


def finish(connection: Connection, *, is_restore: bool, clock: int, now: datetime) -> Touched:
    """Deal with what was not named, and end the listing."""
    touched: Touched = {}
    own = waiting(connection)
    for target in library_tables():
        name = target.name
        missing = unlisted(connection, name, SEEN)
        if is_restore and name in OWN | AUTHORED:
            # A change that waits for such a row could only be refused; the row is told whole, change and all.
            _forget_entries(connection, name, missing)
            _tell_again(connection, name, missing, clock, now)
        else:
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
    target = table(name)
    for one in ids:
        # Whatever it counts there from now on is newer than what is here.
        connection.execute(update(target).where(target.c.id == one).values(revision=0))
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
