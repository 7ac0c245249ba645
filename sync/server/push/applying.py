"""Apply operations as the person of the transaction, table by table, parents first; judge each.

Most operations meet a row as the device knew it, or none; they are written many at once. Where another device was there
before, ``sync.merge`` decides. An operation that cannot be applied is judged alone and keeps no other from being.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from sync.protocol.messages import Kind, Verdict
from sync.protocol.values import to_wire
from sync.schema.clock import latest_at, moment_of
from sync.schema.policy import policy_of
from sync.schema.tables import METADATA, table
from sync.schema.turns import turn_of
from sync.server.access.render import writable_columns
from sync.server.access.rules import RULES
from sync.server.feeds.rows import as_array
from sync.server.gateway.database import Connection
from sync.server.push.bodies import OperationBody
from sync.server.push.merging import Present, combined, combines_by_hand, first_clocks
from sync.server.push.writing import write_rows


@dataclass(slots=True)
class _Judging:
    """What is known of a table's operations so far, by operation."""

    name: str
    now: datetime
    judged: dict[int, dict[str, Any]] = field(default_factory=dict)
    latest: int = field(init=False)
    """The highest clock's reading that is believed."""
    has_clocks: bool = field(init=False)
    has_moment: bool = field(init=False)

    def __post_init__(self) -> None:
        columns = METADATA.tables[self.name].c if self.name in METADATA.tables else ()
        self.latest = latest_at(self.now)
        self.has_clocks, self.has_moment = "field_clocks" in columns, "updated_at" in columns

    def say(
        self, one: OperationBody, verdict: Verdict, code: str = "", conflicts: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        found: dict[str, Any] = {"number": one.number, "verdict": verdict}
        if code:
            found["code"] = code
        if conflicts:
            found["conflicts"] = list(conflicts)
        if one.clock > self.latest or any(reading > self.latest for reading in one.clocks.values()):
            found["latest"] = self.latest  # the device's own readings are not what the row now has
        self.judged[id(one)] = found

    def refuse(self, operations: Iterable[OperationBody], code: str) -> None:
        for one in operations:
            self.say(one, Verdict.REJECTED, code)


async def apply(connection: Connection, operations: Sequence[OperationBody]) -> list[dict[str, Any]]:
    """Apply all operations of a batch and return a judgement on each, in their order."""
    now = datetime.now(UTC)
    by_table: dict[str, list[OperationBody]] = {}
    judged: dict[int, dict[str, Any]] = {}
    met: set[tuple[str, UUID]] = set()
    for one in operations:
        if (one.table, one.id) in met:
            # The second was made on the first, and would be merged against it as if it were another's.
            judged[id(one)] = {"number": one.number, "verdict": Verdict.REJECTED.value, "code": "repeated"}
            continue
        met.add((one.table, one.id))
        by_table.setdefault(one.table, []).append(one)
    for name in sorted(by_table, key=turn_of):
        judging = _Judging(name, now)
        await _apply_table(connection, judging, by_table[name])
        judged |= judging.judged
    return [judged[id(one)] for one in operations]


async def _apply_table(connection: Connection, judging: _Judging, operations: list[OperationBody]) -> None:
    rule = RULES.get(judging.name)
    if rule is None or (not policy_of(judging.name).goes_out and not policy_of(judging.name).needs_consent):
        judging.refuse(operations, "not_pushed")
        return
    inserts = [one for one in operations if one.kind is Kind.INSERT]
    changes = [one for one in operations if one.kind is not Kind.INSERT]
    if rule.insert is None:
        judging.refuse(inserts, "not_allowed")
    else:
        # A row that is there already (made on two devices under one natural key, or deleted and made again) is merged.
        changes += await _insert(connection, judging, inserts)
    if rule.update is None:
        # Written once: handing the same row in again changes nothing.
        for one in changes:
            if one.kind is Kind.INSERT:
                judging.say(one, Verdict.APPLIED)
            else:
                judging.refuse([one], "not_allowed")
    else:
        await _change(connection, judging, changes)


async def _insert(connection: Connection, judging: _Judging, operations: list[OperationBody]) -> list[OperationBody]:
    """Add rows; returns the operations whose rows were there before and can be seen."""
    if not operations:
        return []
    columns = frozenset(writable_columns(judging.name, "insert"))
    rows = [_row(judging, one, columns, {}) for one in operations]
    # Mostly none is there. What is there is left as it is, and also looked up where the database refused it.
    written = await write_rows(connection, judging.name, rows, "insert")
    left = [one.id for one in operations if one.id not in written.done]
    there = set(await _seen(connection, judging.name, left)) if left else set()
    known = [one for one in operations if one.id in there]
    for one in operations:
        if one.id in there:
            continue
        if one.id in written.done:
            judging.say(one, Verdict.APPLIED)
        else:
            # A row of that id, or of that natural key, belongs to somebody else.
            judging.say(one, Verdict.REJECTED, written.failed.get(one.id, "already_there"))
    return known


async def _change(connection: Connection, judging: _Judging, operations: list[OperationBody]) -> None:
    """Change rows that are there; each is judged when it is known whether the database took it."""
    if not operations:
        return
    present = await _locked(connection, judging.name, [one.id for one in operations])
    await _judge_missing(connection, judging, [one for one in operations if one.id not in present])
    planned = [plan for one in operations if one.id in present and (plan := _plan(judging, one, present[one.id]))]
    rows = [plan.row for plan in planned if len(plan.row) > 1]
    written = await write_rows(connection, judging.name, rows, "update")
    for plan in planned:
        if plan.one.id in written.failed:
            judging.say(plan.one, Verdict.REJECTED, written.failed[plan.one.id])
        else:
            judging.say(plan.one, plan.verdict, conflicts=plan.conflicts)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be written for an operation, and what will then be said of it."""

    one: OperationBody
    row: dict[str, Any]
    verdict: Verdict
    conflicts: Sequence[Mapping[str, Any]] = ()


def _plan(judging: _Judging, one: OperationBody, found: Present) -> _Plan | None:
    """Return what to write over a row; None where a value cannot be read, which is judged here."""
    columns = frozenset(writable_columns(judging.name, "update"))
    is_plain = found.revision == one.revision and one.kind is not Kind.INSERT
    if is_plain and not combines_by_hand(judging.name, one.values):
        return _Plan(one, _row(judging, one, columns, found.clocks), Verdict.APPLIED)
    try:
        result = combined(judging.name, one, found, judging.now)
    except ValueError:
        judging.say(one, Verdict.REJECTED, "invalid_value")
        return None
    row: dict[str, Any] = {"id": one.id}
    values = {column: value for column, value in result.values.items() if column in columns}
    if values or result.clocks != found.clocks:
        row |= {**values, **_stamp(judging, one)}
        if judging.has_clocks:
            row["field_clocks"] = result.clocks
    verdict = Verdict.CONFLICT if result.conflicts else Verdict.APPLIED if is_plain else Verdict.MERGED
    return _Plan(one, row, verdict, result.conflicts)


async def _judge_missing(connection: Connection, judging: _Judging, missing: list[OperationBody]) -> None:
    """An update never makes a row; a delete of what is not there has nothing left to do."""
    seen = set(await _seen(connection, judging.name, [one.id for one in missing])) if missing else set()
    for one in missing:
        if one.id in seen:
            judging.say(one, Verdict.REJECTED, "not_allowed")
        elif one.kind is Kind.DELETE:
            judging.say(one, Verdict.APPLIED)
        else:
            judging.say(one, Verdict.REJECTED, "not_there")


def _row(judging: _Judging, one: OperationBody, columns: frozenset[str], clocks: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row to write for an operation that met no other."""
    row = {column: value for column, value in one.values.items() if column in columns}
    if judging.has_clocks:
        row["field_clocks"] = first_clocks(one, clocks, judging.latest)
    if one.kind is not Kind.INSERT:
        row |= _stamp(judging, one)
    row["id"] = one.id
    return row


def _stamp(judging: _Judging, one: OperationBody) -> dict[str, Any]:
    """When the row was changed, by the device's word within reason."""
    if not judging.has_moment or not one.clock:
        return {}
    return {"updated_at": to_wire(moment_of(min(one.clock, judging.latest)))}


async def _seen(connection: Connection, name: str, ids: list[UUID]) -> list[UUID]:
    query = sql.SQL("select id from public.{} where id = any(%s::uuid[])").format(sql.Identifier(name))
    return [row["id"] for row in await (await connection.execute(query, (as_array(ids),))).fetchall()]


async def _locked(connection: Connection, name: str, ids: list[UUID]) -> dict[UUID, Present]:
    """Return the rows that the person may change, locked in the order of their ids so that two batches do not meet."""
    known = table(name).c
    revision = sql.SQL("t.revision") if "revision" in known else sql.SQL("0::bigint as revision")
    clocks = sql.SQL("t.field_clocks") if "field_clocks" in known else sql.SQL("'{}'::jsonb as field_clocks")
    query = sql.SQL(
        "select t.id, {revision}, {clocks}, to_jsonb(t) as values from public.{name} t"
        " where t.id = any(%s::uuid[]) order by t.id for update"
    ).format(revision=revision, clocks=clocks, name=sql.Identifier(name))
    rows = await (await connection.execute(query, (as_array(ids),))).fetchall()
    return {row["id"]: Present(row["revision"], row["field_clocks"], row["values"]) for row in rows}
