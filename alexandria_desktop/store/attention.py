"""What sync wants the reader to look at: what two devices changed, and changes that the server would not take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.protocol.values import from_wire, to_wire
from sync.schema.tables import table

_NOTES = "user_notes"


class Choice(StrEnum):
    """What a row is to hold once a difference is settled."""

    AS_IS = "as-is"
    MINE = "mine"
    THEIRS = "theirs"


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
    now: Any
    """What the row holds at this moment; the reader may have written since."""


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
    about: str = ""
    """The title of the book that it is about; empty where it is about none."""


@dataclass(frozen=True, slots=True)
class Written:
    """Words that a row is to hold instead of either version."""

    value: Any


@dataclass(frozen=True, slots=True)
class Aside:
    """A refused change that was put aside."""

    entry: Mapping[str, Any]


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
            _held(connection, row.table_name, row.row_id, row.column_name),
        )
        for row in connection.execute(chosen).all()
    ]  # fmt: skip


def settle(unit: UnitOfWork, conflict: UUID, choice: Choice | Written) -> Any:
    """Settle a conflict with one of the versions or other words; returns what the row held before."""
    row = _conflict(unit.connection, conflict)
    before = _held(unit.connection, row.table_name, row.row_id, row.column_name)
    if isinstance(choice, Written):
        _put(unit, row, choice.value)
    elif choice is not Choice.AS_IS:
        _put(unit, row, row.mine_json if choice is Choice.MINE else row.theirs_json)
    _mark(unit, conflict, unit.now)
    return before


def reopen(unit: UnitOfWork, conflict: UUID, before: Any) -> None:
    """Take back the settling of a conflict: the row holds again what it held before."""
    _put(unit, _conflict(unit.connection, conflict), before)
    _mark(unit, conflict, None)


def _conflict(connection: Connection, conflict: UUID) -> Row[Any]:
    kept = table("sync_conflicts")
    row = connection.execute(select(kept).where(kept.c.id == conflict)).first()
    if row is None:
        raise ReaderError(Code.SYNC_UNKNOWN, "This difference is no longer there.")
    return row


def _put(unit: UnitOfWork, row: Row[Any], value: Any) -> None:
    unit.update(row.table_name, row.row_id, from_wire(row.table_name, {row.column_name: value}))


def _mark(unit: UnitOfWork, conflict: UUID, settled_at: datetime | None) -> None:
    kept = table("sync_conflicts")
    unit.connection.execute(update(kept).where(kept.c.id == conflict).values(settled_at=settled_at))
    unit.touch("sync_conflicts", conflict)


def _held(connection: Connection, name: str, row_id: UUID, column: str) -> Any:
    target = table(name)
    return to_wire(connection.execute(select(target.c[column]).where(target.c.id == row_id)).scalar())


def refused(connection: Connection) -> list[Refused]:
    """Return the changes that the server would not take, oldest first."""
    outbox = table("outbox")
    chosen = select(outbox).where(outbox.c.state == "rejected").order_by(outbox.c.sequence)
    return [
        Refused(
            row.sequence, row.table_name, row.row_id, row.operation, row.reject_code or "refused",
            (row.payload_json or {}).get("values", {}), row.created_at,
            _about(connection, row.table_name, row.row_id),
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


def put_aside(connection: Connection, sequence: int) -> Aside | None:
    """Forget a refused change; the row stays here as it is. Returns what brings it back."""
    outbox = table("outbox")
    chosen = (outbox.c.sequence == sequence, outbox.c.state == "rejected")
    row = connection.execute(select(outbox).where(*chosen)).mappings().first()
    connection.execute(delete(outbox).where(*chosen))
    return None if row is None else Aside(dict(row))


def bring_back(connection: Connection, aside: Aside) -> None:
    """Undo a ``put_aside``."""
    connection.execute(insert(table("outbox")).values(aside.entry))


def device_facts(connection: Connection, device_id: UUID) -> tuple[str, str, str]:
    """Return what a device is called, its system and the version of the program."""
    devices = table("devices")
    chosen = select(devices.c.name, devices.c.platform, devices.c.app_version).where(devices.c.id == device_id)
    found = connection.execute(chosen).first()
    return (
        (found.name or "A computer", found.platform or "", found.app_version or "") if found else ("A computer", "", "")
    )


def _about(connection: Connection, name: str, row_id: UUID) -> str:
    target, items = table(name), table("content_items")
    if name == "content_items":
        chosen = select(items.c.title).where(items.c.id == row_id)
    elif "content_id" in target.c:
        chosen = select(items.c.title).join(target, target.c.content_id == items.c.id).where(target.c.id == row_id)
    else:
        return ""
    return str(connection.execute(chosen).scalar() or "")
