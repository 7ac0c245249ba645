"""What waits in the outbox for each row, as far as incoming rows must know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from sync.schema.syncing import OutboxEntry
from sync.schema.tables import table

OUTBOX = table(OutboxEntry.__tablename__)
Key = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that has changes which the server has not judged."""

    is_insert: bool
    is_delete: bool
    columns: frozenset[str]
    """Columns whose value here goes before the server's."""


def waiting(connection: Connection) -> Mapping[Key, Waiting]:
    """Return every row with changes that are still to be sent or to be judged."""
    chosen = select(OUTBOX.c.table_name, OUTBOX.c.row_id, OUTBOX.c.operation, OUTBOX.c.base_json).where(
        OUTBOX.c.state.in_(("pending", "frozen"))
    )
    found: dict[Key, Waiting] = {}
    for row in connection.execute(chosen.order_by(OUTBOX.c.sequence)):
        key = (row.table_name, UUID(int=row.row_id.int))
        before = found.get(key)
        found[key] = Waiting(
            is_insert=row.operation == "insert" or (before is not None and before.is_insert),
            is_delete=row.operation == "delete",
            columns=frozenset(row.base_json) | (before.columns if before else frozenset()),
        )
    return found
