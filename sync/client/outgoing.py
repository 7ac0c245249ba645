"""Take the server's word on the batch that was sent: what it applied is done, the rest is kept for the reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from sync.client.rows import driver_rows
from sync.client.waiting import OUTBOX
from sync.merge import MADE
from sync.protocol.messages import Verdict
from sync.schema.ids import uuid7
from sync.schema.tables import table

_REMOVED = (
    "SELECT later.table_name, later.row_id FROM outbox sent JOIN outbox later USING (table_name, row_id)"
    " WHERE sent.batch_id = ? AND later.state = 'pending' AND later.operation = 'delete'"
)
_FROZEN = "SELECT sequence, table_name, row_id FROM outbox WHERE state = 'frozen' AND batch_id = ?"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch."""

    applied: int = 0
    conflicts: int = 0
    rejected: int = 0


def judge(connection: Connection, batch_id: UUID, judgements: Sequence[dict[str, Any]], now: datetime) -> Outcome:
    """Take the server's word on a frozen batch: what it applied is done, what it will not is kept for the reader."""
    applied = conflicts = rejected = 0
    rows = {sequence: (name, key) for sequence, name, key in driver_rows(connection, _FROZEN, (batch_id.bytes,))}
    removed = set(driver_rows(connection, _REMOVED, (batch_id.bytes,)))
    done = []
    for one in judgements:
        sequence = one["number"]
        row = rows.get(sequence)
        if row is None:
            continue
        name, key = row
        if one["verdict"] == Verdict.REJECTED:
            rejected += 1
            connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.sequence == sequence)
                .values(state="rejected", reject_code=str(one.get("code", "refused"))[:100])
            )
            continue
        applied += 1
        done.append((sequence,))
        if row in removed:
            _know_own_edit(connection, sequence, one.get("latest"))
        for conflict in one.get("conflicts", ()):
            conflicts += 1
            keep_conflict(connection, name, UUID(bytes=key), conflict, now)
    if done:
        connection.exec_driver_sql("DELETE FROM outbox WHERE sequence = ?", done)
    return Outcome(applied, conflicts, rejected)


def _know_own_edit(connection: Connection, sequence: int, latest: int | None) -> None:
    """Let a removal that waits have seen an edit that went out before it; else it would seem to be another's.

    ``latest`` is what the server cut the readings of a clock to that is far ahead of its own.
    """
    row = connection.execute(select(OUTBOX).where(OUTBOX.c.sequence == sequence)).one()
    target = table(row.table_name)
    if "field_clocks" not in target.c:
        return
    one = target.c.id == row.row_id
    clocks = connection.execute(select(target.c.field_clocks).where(one)).scalar() or {}
    columns = row.payload_json["values"]
    own = (
        {MADE: row.clock, **row.clocks_json}
        if row.operation == "insert"
        else {column: row.clocks_json.get(column, row.clock) for column in columns}
    )
    told = own if latest is None else {column: min(reading, latest) for column, reading in own.items()}
    connection.execute(update(target).where(one).values(field_clocks={**clocks, **told}))


def keep_conflict(connection: Connection, name: str, row_id: UUID, conflict: dict[str, Any], now: datetime) -> bool:
    """Keep a conflict for the reader to see; False where it has an id and was told before."""
    kept = table("sync_conflicts")
    added = connection.execute(
        insert(kept)
        .prefix_with("OR IGNORE")
        .values(
            id=UUID(conflict["id"]) if "id" in conflict else uuid7(),
            table_name=name,
            row_id=row_id,
            column_name=conflict["column"],
            mine_json=conflict.get("mine"),
            theirs_json=conflict.get("theirs"),
            kept_json=conflict.get("kept"),
            both_kept=bool(conflict.get("both_kept")),
            noticed_at=now,
        )
    )
    return added.rowcount > 0
