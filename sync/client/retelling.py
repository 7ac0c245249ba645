"""After the server was set back: what this person wrote and it has lost is told to it again.

Histories of rows cannot be compared by their revisions any more: others may have written since. A column is ours to
tell where its clock is later than the server's. It keeps that clock, so that of two laptops the later one is believed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, exists, insert, select, update

from sync.client.departing import OWN
from sync.client.facts import recall
from sync.client.incoming import Arrivals
from sync.client.waiting import OUTBOX
from sync.merge import reading_of
from sync.protocol.values import from_wire, to_wire
from sync.schema.policy import BOOKKEEPING, Merge, TableClass, policy_of, tables_of
from sync.schema.tables import table

AUTHORED = tables_of(TableClass.AUTHORED)
TELLS = OWN | AUTHORED
"""Tables of which a laptop has something to tell."""

_MADE = "*"
"""The clock of every column that has none of its own."""
_CHUNK = 500
_WORDS = re.compile(r"\w+")


def thaw(connection: Connection) -> None:
    """Let what was frozen wait again, one entry a row: its bases are of a history that is gone."""
    frozen = OUTBOX.c.state == "frozen"
    for entry in connection.execute(select(OUTBOX).where(frozen).order_by(OUTBOX.c.sequence)).all():
        later = _pending(connection, entry.table_name, entry.row_id)
        values: dict[str, Any] = {"state": "pending", "batch_id": None, "payload_json": None}
        if later is not None:
            connection.execute(delete(OUTBOX).where(OUTBOX.c.sequence == later.sequence))
            values |= {
                "base_json": {**later.base_json, **entry.base_json},
                "clocks_json": {**entry.clocks_json, **later.clocks_json},
                "clock": later.clock,
            }
            if entry.operation != "insert" and later.operation != "update":
                values["operation"] = later.operation
        connection.execute(update(OUTBOX).where(OUTBOX.c.sequence == entry.sequence).values(values))


def tell_newer(connection: Connection, arrivals: Arrivals, now: datetime) -> None:
    """Put in line what is newer here than in the server's rows; called before they are applied."""
    for name, blocks in arrivals.rows.items():
        if name not in TELLS or "field_clocks" not in table(name).c:
            continue
        target = table(name)
        rows = [row for block in blocks for row in block.as_dicts()]
        written = written_by_me(connection, name, [UUID(row["id"]) for row in rows])
        for row in rows:
            one = UUID(row["id"])
            mine = connection.execute(select(target).where(target.c.id == one)).mappings().first()
            if one in written and mine is not None:
                _tell_columns(connection, name, dict(mine), row, now)


def tell_lost(connection: Connection, name: str, ids: Collection[UUID], now: datetime) -> None:
    """Put rows in line that the server has no more, each whole with the changes that wait for it."""
    target = table(name)
    for one in ids:
        connection.execute(
            delete(OUTBOX).where(OUTBOX.c.state == "pending", OUTBOX.c.table_name == name, OUTBOX.c.row_id == one)
        )
        mine = connection.execute(select(target).where(target.c.id == one)).mappings().one()
        clocks = mine.get("field_clocks") or {}
        _queue(connection, name, one, max(map(reading_of, clocks.values()), default=0), now)


def written_by_me(connection: Connection, name: str, ids: Collection[UUID]) -> set[UUID]:
    """Return the rows that are this person's to tell; what others made, they tell again, or it is gone."""
    if name in OWN:
        return set(ids)
    target, items = table(name), table("content_items")
    me = UUID(str(recall(connection, "user_id")))
    if "creator_id" in target.c:
        is_mine = target.c.creator_id == me
    elif "content_id" in target.c:
        is_mine = exists().where(items.c.id == target.c.content_id, items.c.creator_id == me)
    else:
        asked = table("assessments")
        of_item = (asked.c.id == target.c.assessment_id, items.c.id == asked.c.content_id)
        is_mine = exists().where(*of_item, items.c.creator_id == me)
    wanted, found = list(ids), set[UUID]()
    for begin in range(0, len(wanted), _CHUNK):
        chosen = select(target.c.id).where(target.c.id.in_(wanted[begin : begin + _CHUNK]), is_mine)
        found.update(connection.execute(chosen).scalars())
    return found


def _tell_columns(
    connection: Connection, name: str, mine: Mapping[str, Any], row: Mapping[str, Any], now: datetime
) -> None:
    waits = _pending(connection, name, mine["id"])
    if waits is not None and waits.operation == "insert":
        return  # told whole anyway
    theirs, policy = from_wire(name, row), policy_of(name)
    base: dict[str, Any] = {}
    clocks: dict[str, int] = {}
    for column, value in mine.items():
        rule = policy.merge_of(column)
        if column in BOOKKEEPING or column not in theirs or rule in (Merge.FIXED, Merge.SERVER):
            continue
        ours, there = _reading(mine, column), _reading(theirs, column)
        is_waiting = waits is not None and column in waits.base_json
        known = from_wire(name, {column: waits.base_json[column]})[column] if waits and is_waiting else value
        if value == theirs[column] or (
            ours <= there and not is_waiting and not _lost_words(rule, value, theirs[column])
        ):
            continue
        if ours > there:
            base[column] = to_wire(theirs[column])
        elif _lost_words(rule, known, theirs[column]):
            base[column] = ""  # of two histories no text is the base of both: both are kept
        else:
            base[column] = to_wire(known)
        clocks[column] = waits.clocks_json.get(column, waits.clock) if waits and is_waiting else ours
    _replace(connection, name, mine, theirs, waits, base, clocks, now)


def _replace(
    connection: Connection,
    name: str,
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    waits: Row[Any] | None,
    base: dict[str, Any],
    clocks: dict[str, int],
    now: datetime,
) -> None:
    """Let these changes wait in place of what waited."""
    operation = "update"
    if waits is not None:
        connection.execute(delete(OUTBOX).where(OUTBOX.c.sequence == waits.sequence))
        operation = waits.operation
    if base:
        is_on_theirs = all(value == to_wire(theirs[column]) for column, value in base.items())
        revision = theirs["revision"] if is_on_theirs else 0
        if "deleted_at" in base:
            operation = "undelete" if mine["deleted_at"] is None else "delete"
        _queue(connection, name, mine["id"], max(clocks.values()), now, operation, base, clocks, revision)


def _queue(
    connection: Connection,
    name: str,
    row_id: UUID,
    clock: int,
    now: datetime,
    operation: str = "insert",
    base: Mapping[str, Any] | None = None,
    clocks: Mapping[str, int] | None = None,
    revision: int = 0,
) -> None:
    connection.execute(
        insert(OUTBOX).values(
            table_name=name,
            row_id=row_id,
            operation=operation,
            base_json=dict(base or {}),
            clocks_json=dict(clocks or {}),
            base_revision=revision,
            clock=clock,
            created_at=now,
            state="pending",
        )
    )


def _pending(connection: Connection, name: str, row_id: UUID) -> Row[Any] | None:
    chosen = select(OUTBOX).where(OUTBOX.c.state == "pending", OUTBOX.c.table_name == name, OUTBOX.c.row_id == row_id)
    return connection.execute(chosen).first()


def _reading(row: Mapping[str, Any], column: str) -> int:
    clocks = row.get("field_clocks") or {}
    return reading_of(clocks.get(column, clocks.get(_MADE)))


def _lost_words(rule: Merge, ours: Any, theirs: Any) -> bool:
    """Whether a text has words of which the other knows nothing."""
    if rule is not Merge.TEXT or not isinstance(ours, str):
        return False
    return not set(_WORDS.findall(ours)) <= set(_WORDS.findall(str(theirs or "")))
