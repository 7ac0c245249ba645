"""Freeze what waits into a batch before it is sent, and take the server's word on it.

A batch is on the disk, whole, before the first byte leaves; it is sent again under the same name until it is judged.
Later changes to the same rows wait in entries of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, Row, delete, insert, select, update

from sync.client.holding import hold_back, sendable
from sync.client.rows import wire_rows
from sync.client.waiting import OUTBOX
from sync.merge import MADE, together
from sync.protocol.messages import Batch, Kind, Operation, Verdict
from sync.protocol.version import NOTHING, PRESENT, Edition, Unknown
from sync.schema.ids import uuid7
from sync.schema.policy import policy_of
from sync.schema.tables import table

LARGEST_BATCH = 2_000
"""Operations; what a batch costs besides them is spread over more, and the server takes 5,000."""
ENOUGH = 4 * 1024**2
"""Characters of operations after which a batch takes no more: over a slow line it must come to its end."""
_SAID = "SELECT payload_json FROM outbox WHERE state = 'frozen' AND batch_id = ? ORDER BY sequence"
_NEVER_SENT = frozenset({"revision", "field_clocks"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch."""

    applied: int = 0
    conflicts: int = 0
    rejected: int = 0


def freeze(
    connection: Connection,
    device_id: UUID,
    *,
    most: int = LARGEST_BATCH,
    edition: Edition = PRESENT,
    unknown: Unknown = NOTHING,
    later: frozenset[int] = frozenset(),
) -> bytes | None:
    """Return the body of the batch that must be sent next; None where nothing waits.

    The one that was frozen before goes first, byte for byte as it was. What is ``unknown`` to the server goes on
    waiting, and so do the entries ``later``.
    """
    batch_id = _oldest(connection)
    if batch_id is None:
        _freeze_waiting(connection, most, unknown, later)
        batch_id = _oldest(connection)
    if batch_id is None:
        return None
    # Operations go out as they were written down; nobody reads them once more.
    said = connection.exec_driver_sql(_SAID, (batch_id.bytes,)).scalars()
    head = orjson.dumps({**Batch(device_id, batch_id, (), edition).as_json(), "operations": []})
    return b"".join([head.removesuffix(b"]}"), ",".join(said).encode(), b"]}"])


def judge(connection: Connection, judgements: Sequence[dict[str, Any]], now: datetime) -> Outcome:
    """Take the server's word on the frozen batch: what it applied is done, what it will not is kept for the reader."""
    applied = conflicts = rejected = 0
    rows = {row.sequence: row for row in _frozen(connection)}
    removed = _removed(connection)
    done = []
    for one in judgements:
        row = rows.get(one["number"])
        if row is None:
            continue
        if one["verdict"] == Verdict.REJECTED:
            rejected += 1
            connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.sequence == row.sequence)
                .values(state="rejected", reject_code=str(one.get("code", "refused"))[:100])
            )
            continue
        applied += 1
        done.append(row.sequence)
        if (row.table_name, row.row_id) in removed:
            _know_own_edit(connection, row.sequence)
        for conflict in one.get("conflicts", ()):
            conflicts += 1
            keep_conflict(connection, row.table_name, row.row_id, conflict, now)
    if done:
        connection.exec_driver_sql("DELETE FROM outbox WHERE sequence = ?", [(sequence,) for sequence in done])
    return Outcome(applied, conflicts, rejected)


def _removed(connection: Connection) -> set[tuple[str, UUID]]:
    """Return the rows whose removal waits."""
    chosen = select(OUTBOX.c.table_name, OUTBOX.c.row_id).where(
        OUTBOX.c.state == "pending", OUTBOX.c.operation == "delete"
    )
    return {(row.table_name, row.row_id) for row in connection.execute(chosen)}


def _know_own_edit(connection: Connection, sequence: int) -> None:
    """Let a removal that waits have seen an edit that went out before it; else it would seem to be another's."""
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
    connection.execute(update(target).where(one).values(field_clocks={**clocks, **own}))


def _oldest(connection: Connection) -> UUID | None:
    """Return the oldest frozen batch."""
    frozen = OUTBOX.c.state == "frozen"
    return connection.execute(select(OUTBOX.c.batch_id).where(frozen).order_by(OUTBOX.c.sequence).limit(1)).scalar()


def _frozen(connection: Connection) -> Sequence[Row[int, str, UUID]]:
    """Return which rows the entries of the oldest frozen batch are about."""
    columns = OUTBOX.c.sequence, OUTBOX.c.table_name, OUTBOX.c.row_id
    return connection.execute(
        select(*columns).where(OUTBOX.c.state == "frozen", OUTBOX.c.batch_id == _oldest(connection))
    ).all()


def _freeze_waiting(connection: Connection, most: int, unknown: Unknown, later: frozenset[int]) -> None:
    entries = _next(connection, most, unknown, later)
    batch_id = uuid7()
    rows = _rows_of(connection, entries)
    frozen: list[tuple[bytes, str, int]] = []
    held_back = []
    size = 0
    for entry in entries:
        row = rows.get((entry.table_name, entry.row_id))
        if row is None:
            # Erased since; there is nothing to tell.
            connection.execute(delete(OUTBOX).where(OUTBOX.c.sequence == entry.sequence))
            continue
        held = unknown.columns_of(entry.table_name)
        if held:
            held_back.append((entry, row, held))
        payload = orjson.dumps(_operation(entry, row, held).as_json()).decode()
        frozen.append((batch_id.bytes, payload, entry.sequence))
        size += len(payload)
        if size > ENOUGH:
            break
    if frozen:
        connection.exec_driver_sql(
            "UPDATE outbox SET state = 'frozen', batch_id = ?, payload_json = ? WHERE sequence = ?", frozen
        )
    for entry, row, held in held_back:
        hold_back(connection, entry, row, held)


def _next(connection: Connection, most: int, unknown: Unknown, later: frozenset[int]) -> Sequence[Row[Any]]:
    chosen = select(OUTBOX).where(OUTBOX.c.state == "pending").order_by(OUTBOX.c.sequence)
    if unknown == NOTHING and not later:
        return connection.execute(chosen.limit(most)).all()
    entries = [entry for entry in connection.execute(chosen) if entry.sequence not in later]
    return sendable(entries, unknown, most=most)


def _rows_of(connection: Connection, entries: Sequence[Row[Any]]) -> dict[tuple[str, UUID], dict[str, Any]]:
    by_table: dict[str, list[UUID]] = {}
    for entry in entries:
        by_table.setdefault(entry.table_name, []).append(entry.row_id)
    return {(name, UUID(row["id"])): row for name, ids in by_table.items() for row in wire_rows(connection, name, ids)}


def _operation(entry: Row[Any], row: dict[str, Any], held: frozenset[str]) -> Operation:
    policy = policy_of(entry.table_name)
    hidden = _NEVER_SENT | policy.private | held
    kind = Kind(entry.operation)
    changed = (entry.base_json.keys() & row.keys()) - held
    columns = set(row.keys() - hidden if kind is Kind.INSERT else set(together(policy, sorted(changed))) - held)
    # A column that only goes along with others has not changed.
    along = {column: row[column] for column in columns - changed}
    return Operation(
        number=entry.sequence,
        table=entry.table_name,
        row_id=entry.row_id,
        kind=kind,
        values={column: row[column] for column in sorted(columns)},
        base={} if kind is Kind.INSERT else {**_without(entry.base_json, held), **along},
        clocks=_without(entry.clocks_json, held),
        clock=entry.clock,
        revision=entry.base_revision,
        seen=(row.get("field_clocks") or {}) if kind is Kind.DELETE else {},
    )


def _without(values: dict[str, Any], columns: frozenset[str]) -> dict[str, Any]:
    return {column: value for column, value in values.items() if column not in columns}


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
