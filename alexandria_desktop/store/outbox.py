"""The outbox: what the server must still be told, one pending entry a row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select, update

from sync.protocol.values import to_wire
from sync.schema.syncing import OutboxEntry
from sync.schema.tables import table


@dataclass(frozen=True, slots=True)
class Pending:
    """What is waiting to be told about one row."""

    table: str
    row_id: UUID
    operation: str
    base: Mapping[str, Any]
    """What each changed field was when the server last knew the row, as JSON has it."""
    clocks: Mapping[str, int]
    """When each was last changed here, by the hybrid clock."""
    base_revision: int
    clock: int


_OUTBOX = table(OutboxEntry.__tablename__)

# Built once: putting a statement together takes longer than running it.
_WAITING = select(_OUTBOX.c.sequence, _OUTBOX.c.operation, _OUTBOX.c.base_json, _OUTBOX.c.clocks_json).where(
    _OUTBOX.c.table_name == bindparam("name"),
    _OUTBOX.c.row_id == bindparam("row", type_=_OUTBOX.c.row_id.type),
    _OUTBOX.c.state == "pending",
)
_ADD = insert(_OUTBOX)


class Outbox:
    """Notes changes down within one transaction."""

    def __init__(self, connection: Connection, clock: int, now: datetime) -> None:
        self._connection = connection
        self._clock = clock
        self._now = now

    def note(self, name: str, row_id: UUID, operation: str, base: Mapping[str, Any], *, revision: int) -> None:
        """Join a change to what already waits for the same row."""
        before = None
        if operation != "insert":
            before = self._connection.execute(_WAITING, {"name": name, "row": row_id}).first()
        clocks = dict.fromkeys(base, self._clock)
        plain = {column: to_wire(value) for column, value in base.items()}
        if before is None:
            self._add(name, row_id, operation, plain, clocks, revision)
            return
        if before.operation == "insert":
            # A row that the server has not seen has no base; what it holds now is sent whole.
            values: dict[str, Any] = {"clock": self._clock}
            if before.clocks_json:
                # Known before and told again, each column with its own clock.
                values["clocks_json"] = {**before.clocks_json, **clocks}
        else:
            values = {
                "operation": _joined(before.operation, operation),
                "base_json": {**plain, **before.base_json},
                "clocks_json": {**before.clocks_json, **clocks},
                "clock": self._clock,
            }
        self._connection.execute(update(_OUTBOX).where(_OUTBOX.c.sequence == before.sequence).values(values))

    def _add(
        self,
        name: str,
        row_id: UUID,
        operation: str,
        base: Mapping[str, Any],
        clocks: Mapping[str, int],
        revision: int,
    ) -> None:
        entry = {
            "table_name": name,
            "row_id": row_id,
            "operation": operation,
            "base_json": dict(base),
            "clocks_json": dict(clocks),
            "base_revision": revision,
            "clock": self._clock,
            "created_at": self._now,
        }
        self._connection.execute(_ADD, [entry])


def pending(connection: Connection, *, limit: int = 500) -> list[Pending]:
    """Return what waits to be sent, oldest first."""
    chosen = select(_OUTBOX).where(_OUTBOX.c.state == "pending").order_by(_OUTBOX.c.sequence).limit(limit)
    return [
        Pending(row.table_name, row.row_id, row.operation, row.base_json, row.clocks_json, row.base_revision, row.clock)
        for row in connection.execute(chosen)
    ]


def count_pending(connection: Connection) -> int:
    """Return how many rows wait to be sent."""
    chosen = select(func.count()).select_from(_OUTBOX).where(_OUTBOX.c.state == "pending")
    return int(connection.execute(chosen).scalar_one())


def _joined(before: str, after: str) -> str:
    if after != "update":
        return after
    return before
