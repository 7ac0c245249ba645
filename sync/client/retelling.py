"""After the server was set back: what this person wrote and it has lost is told to it again.

A row that nobody has written since the restore is compared by its revision. Where others have, revisions say nothing:
a column is ours to tell where its clock is later, and of two texts nobody can say whether words were deleted in the one
or lost with the other, so both keep theirs. What is told keeps the clock of its writing, so that of two laptops the
later one is believed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, RowMapping, delete, exists, insert, select, update

from sync.client.departing import OWN
from sync.client.facts import recall, remember
from sync.client.incoming import Arrivals
from sync.client.waiting import OUTBOX
from sync.merge import MADE, reading_of
from sync.merge.words import tokens
from sync.protocol.values import from_wire, to_wire
from sync.schema.clock import reading_at
from sync.schema.policy import BOOKKEEPING, Merge, TableClass, policy_of, tables_of
from sync.schema.tables import table

AUTHORED = tables_of(TableClass.AUTHORED)
TELLS = OWN | AUTHORED
"""Tables of which a laptop has something to tell."""

_FIRST = "sync.first_revision"
"""The fact that says from where on the server's history counts, where a restore moved that."""
_CHUNK = 500


def begin(connection: Connection, before: str, now: str) -> None:
    """Begin to follow another history, named by its epoch, in place of the one of ``before``."""
    first = _first_revision(now)
    remember(connection, _FIRST, first if first > _first_revision(before) else 0)
    _thaw(connection)


def _first_revision(epoch: str) -> int:
    """Return above which number a history counts revisions; 0 where its epoch does not say."""
    _, dot, number = epoch.rpartition(".")
    return int(number) if dot and number.isdigit() else 0


def _thaw(connection: Connection) -> None:
    """Let what was frozen wait again, one entry a row: its bases are of a history that is gone."""
    frozen = OUTBOX.c.state == "frozen"
    for entry in connection.execute(select(OUTBOX).where(frozen).order_by(OUTBOX.c.sequence)).all():
        later = _pending(connection, entry.table_name, entry.row_id)
        values: dict[str, Any] = {"state": "pending", "batch_id": None, "payload_json": None}
        clocks = entry.clocks_json
        if entry.operation == "insert":
            clocks = {MADE: entry.clock, **clocks}  # others may have had the row before the server lost it
            values["clocks_json"] = clocks
        if later is not None:
            connection.execute(delete(OUTBOX).where(OUTBOX.c.sequence == later.sequence))
            values |= {
                "base_json": {**later.base_json, **entry.base_json},
                "clocks_json": {**clocks, **later.clocks_json},
                "clock": later.clock,
            }
            if entry.operation != "insert" and later.operation != "update":
                values["operation"] = later.operation
        connection.execute(update(OUTBOX).where(OUTBOX.c.sequence == entry.sequence).values(values))


def tell_newer(connection: Connection, arrivals: Arrivals, now: datetime) -> None:
    """Put in line what is newer here than in the server's rows; called before they are applied."""
    first = int(recall(connection, _FIRST) or 0)
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
                _tell_columns(connection, name, dict(mine), row, first, now)


def tell_lost(connection: Connection, name: str, ids: Collection[UUID], now: datetime) -> None:
    """Put rows in line that the server has no more, each whole with the changes that wait for it."""
    target = table(name)
    for one in ids:
        waits = _pending(connection, name, one)
        if waits is not None and waits.operation == "insert":
            continue  # told whole anyway, and as what it is: new, or known before
        if waits is not None:
            connection.execute(delete(OUTBOX).where(OUTBOX.c.sequence == waits.sequence))
        mine = connection.execute(select(target).where(target.c.id == one)).mappings().one()
        if "revision" in target.c:
            # Whatever it counts there from now on is newer than what is here.
            connection.execute(update(target).where(target.c.id == one).values(revision=0))
        clocks = clocks_of(name, mine, waits, now) if "field_clocks" in target.c else {}
        _queue(connection, name, one, max(clocks.values(), default=0), now, clocks=clocks)


def clocks_of(name: str, mine: RowMapping, waits: Row[Any] | None, now: datetime) -> dict[str, int]:
    """Return when each column of a row was written: with ``MADE`` among them it is no new row, others had it too."""
    columns = table(name).c
    clocks = mine["field_clocks"].items()
    known = {column: reading_of(stored) for column, stored in clocks if column in columns or column == MADE}
    if waits is not None:
        known |= {column: waits.clocks_json.get(column, waits.clock) for column in waits.base_json}
    return {MADE: reading_at(min(mine["created_at"], now)), **known}


def written_by_me(connection: Connection, name: str, ids: Collection[UUID]) -> set[UUID]:
    """Return the rows that are this person's to tell; what others made, they tell again, or it is gone."""
    if name in OWN:
        return set(ids)
    target, items = table(name), table("content_items")
    me = UUID(str(recall(connection, "user_id")))
    if "creator_id" in target.c:
        is_mine = target.c.creator_id == me
    elif "grader_id" in target.c:
        is_mine = target.c.grader_id == me
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
    connection: Connection, name: str, mine: Mapping[str, Any], row: Mapping[str, Any], first: int, now: datetime
) -> None:
    """Let a row's columns wait that are newer here; ``first`` is where the history begins to count, 0 if unknown."""
    waits = _pending(connection, name, mine["id"])
    theirs = from_wire(name, row)
    written_since = 0 < first < theirs["revision"]
    is_known = mine["revision"] > first if written_since else mine["revision"] <= theirs["revision"]
    if is_known or (waits is not None and waits.operation == "insert"):
        return  # seen here already, or told whole anyway
    policy, base, clocks = policy_of(name), dict[str, Any](), dict[str, int]()
    for column, value in mine.items():
        rule = policy.merge_of(column)
        if column in BOOKKEEPING or column not in theirs or rule in (Merge.FIXED, Merge.SERVER):
            continue
        is_waiting = waits is not None and column in waits.base_json
        ours, there = _reading(mine, column), _reading(theirs, column)
        if value == theirs[column]:
            continue
        if not written_since:
            base[column] = to_wire(theirs[column])
        elif rule is Merge.TEXT:
            if (common := _common(value, theirs[column])) == value:
                continue  # nothing here that is not there
            base[column] = common
        elif is_waiting or ours > there:
            # Both were written on something that the other may not have known: the later is taken, and told.
            base[column] = waits.base_json[column] if waits and is_waiting else None
        else:
            continue
        clocks[column] = waits.clocks_json.get(column, waits.clock) if waits and is_waiting else ours[1]
    _replace(connection, name, mine, theirs, waits, base, clocks, now, written_since=written_since)


def _replace(
    connection: Connection,
    name: str,
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    waits: Row[Any] | None,
    base: dict[str, Any],
    clocks: dict[str, int],
    now: datetime,
    *,
    written_since: bool,
) -> None:
    """Let these changes wait in place of what waited."""
    operation = "update"
    if waits is not None:
        connection.execute(delete(OUTBOX).where(OUTBOX.c.sequence == waits.sequence))
        operation = waits.operation
    if base:
        is_on_theirs = not written_since and all(value == to_wire(theirs[column]) for column, value in base.items())
        revision = theirs["revision"] if is_on_theirs else 0
        if "deleted_at" in base:
            operation = "undelete" if mine["deleted_at"] is None else "delete"
        told = {MADE: reading_of(mine["field_clocks"].get(MADE)), **clocks}
        _queue(connection, name, mine["id"], max(clocks.values()), now, operation, base, told, revision)


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


def _reading(row: Mapping[str, Any], column: str) -> tuple[bool, int]:
    """Return whether a column was written since its row was made, which is later by any clock, and when."""
    clocks = row.get("field_clocks") or {}
    return column in clocks, reading_of(clocks.get(column, clocks.get(MADE)))


def _common(ours: Any, theirs: Any) -> str:
    """Return what two texts have in common: on this base each has only added to the other."""
    mine, there = tokens(str(ours or "")), tokens(str(theirs or ""))
    pairs = SequenceMatcher(None, mine, there, autojunk=False).get_matching_blocks()
    return "".join("".join(mine[one.a : one.a + one.size]) for one in pairs)
