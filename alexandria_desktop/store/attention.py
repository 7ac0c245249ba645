"""What sync wants the reader to look at: what two devices changed, and changes that the server would not take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select, update

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.protocol.values import from_wire
from sync.schema.tables import table

_NOTES = "user_notes"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two devices changed."""

    id: UUID
    table: str
    row_id: UUID
    column: str
    mine: Any
    theirs: Any
    kept: Any
    both_kept: bool
    noticed_at: datetime
    about: str
    """The title of the book that it is about; empty where it is about none."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that the server would not take."""

    sequence: int
    table: str
    row_id: UUID
    operation: str
    code: str
    values: dict[str, Any]
    """What was to be told, as it was written."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each there is."""

    waiting: int
    conflicts: int
    refused: int


def counts(connection: Connection) -> Counts:
    """Return how much waits, and how much wants the reader's eye."""
    outbox, kept = table("outbox"), table("sync_conflicts")
    by_state: dict[str, int] = {}
    for state, count in connection.execute(select(outbox.c.state, func.count()).group_by(outbox.c.state)):
        by_state[state] = count
    open_ones = connection.execute(select(func.count()).select_from(kept).where(kept.c.settled_at.is_(None))).scalar()
    waiting = by_state.get("pending", 0) + by_state.get("frozen", 0)
    return Counts(waiting, int(open_ones or 0), by_state.get("rejected", 0))


def open_conflicts(connection: Connection) -> list[Conflict]:
    """Return the conflicts that nobody has settled, the latest first."""
    kept = table("sync_conflicts")
    chosen = select(kept).where(kept.c.settled_at.is_(None)).order_by(kept.c.noticed_at.desc(), kept.c.id.desc())
    return [
        Conflict(
            row.id, row.table_name, row.row_id, row.column_name, row.mine_json, row.theirs_json, row.kept_json,
            row.both_kept, row.noticed_at, _about(connection, row.table_name, row.row_id),
        )
        for row in connection.execute(chosen).all()
    ]  # fmt: skip


def settle(unit: UnitOfWork, conflict: UUID, chosen: Any = None) -> None:
    """Settle a conflict: leave the row as it is (None), or let it hold one of the versions or other words."""
    kept = table("sync_conflicts")
    row = unit.connection.execute(select(kept).where(kept.c.id == conflict)).first()
    if row is None:
        raise ReaderError(Code.SYNC_UNKNOWN, "This difference is no longer there.")
    if chosen is not None:
        value = from_wire(row.table_name, {row.column_name: chosen})
        unit.update(row.table_name, row.row_id, value)
    unit.connection.execute(update(kept).where(kept.c.id == conflict).values(settled_at=unit.now))
    unit.touch("sync_conflicts", conflict)


def refused(connection: Connection) -> list[Refused]:
    """Return the changes that the server would not take, oldest first."""
    outbox = table("outbox")
    chosen = select(outbox).where(outbox.c.state == "rejected").order_by(outbox.c.sequence)
    return [
        Refused(
            row.sequence, row.table_name, row.row_id, row.operation, row.reject_code or "refused",
            (row.payload_json or {}).get("values", {}), row.created_at,
        )
        for row in connection.execute(chosen).all()
    ]  # fmt: skip


def try_again(connection: Connection, sequence: int) -> None:
    """Put a refused change in line again, unless a later one of the same row waits, which tells all of it."""
    outbox = table("outbox")
    row = connection.execute(select(outbox).where(outbox.c.sequence == sequence)).first()
    if row is None or row.state != "rejected":
        return
    later = select(outbox.c.sequence).where(
        outbox.c.table_name == row.table_name, outbox.c.row_id == row.row_id, outbox.c.state == "pending"
    )
    found = connection.execute(later).scalar()
    if found is None:
        fresh = {"state": "pending", "batch_id": None, "payload_json": None, "reject_code": None}
        connection.execute(update(outbox).where(outbox.c.sequence == sequence).values(fresh))
        return
    if row.operation == "insert":
        # The row was never taken: the later change must make it.
        connection.execute(
            update(outbox).where(outbox.c.sequence == found).values(operation="insert", base_json={}, clocks_json={})
        )
    put_aside(connection, sequence)


def put_aside(connection: Connection, sequence: int) -> None:
    """Forget a refused change; the row stays here as it is."""
    outbox = table("outbox")
    connection.execute(delete(outbox).where(outbox.c.sequence == sequence, outbox.c.state == "rejected"))


def device_name(connection: Connection, device_id: UUID) -> str:
    """Return what a device is called."""
    devices = table("devices")
    found = connection.execute(select(devices.c.name).where(devices.c.id == device_id)).scalar()
    return str(found or "A computer")


def _about(connection: Connection, name: str, row_id: UUID) -> str:
    target, items = table(name), table("content_items")
    if name == "content_items":
        chosen = select(items.c.title).where(items.c.id == row_id)
    elif "content_id" in target.c:
        chosen = select(items.c.title).join(target, target.c.content_id == items.c.id).where(target.c.id == row_id)
    else:
        return ""
    return str(connection.execute(chosen).scalar() or "")
