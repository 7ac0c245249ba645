"""An operation that met a row which it did not know: both become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sync.merge import MADE, READING, Change, Conflict, merge_row, reading_of
from sync.protocol.messages import Kind
from sync.protocol.values import from_wire, to_wire
from sync.schema.clock import bounded
from sync.schema.policy import Merge, TablePolicy, policy_of
from sync.server.push.bodies import OperationBody

_BY_LEAF = frozenset({Merge.LEAVES, Merge.KEYED, Merge.SET})
_GRADES, _OF_GRADE = "attempt_grades", frozenset({"id", "attempt_id", "user_id", "deleted_at"})
_READING = READING | {Merge.SERVER}


@dataclass(frozen=True, slots=True)
class Present:
    """A row as it stands on the server."""

    revision: int
    clocks: Mapping[str, Any]
    values: Mapping[str, Any]
    """As Postgres writes them."""


@dataclass(frozen=True, slots=True)
class Combined:
    """What a row becomes."""

    values: dict[str, Any]
    """Columns to write, as the wire has them."""
    clocks: dict[str, Any]
    conflicts: list[dict[str, Any]]


def combines_by_hand(name: str, columns: Mapping[str, Any]) -> bool:
    """Whether a change has columns whose clocks are kept by leaf, which only merging knows to write."""
    policy = policy_of(name)
    return any(policy.merge_of(column) in _BY_LEAF for column in columns)


def first_clocks(one: OperationBody, before: Mapping[str, Any], latest: int) -> dict[str, Any]:
    """Return the field clocks after an operation that met no other; no reading is above ``latest``."""
    if one.kind is Kind.INSERT:
        if not one.clocks:
            return {MADE: min(one.clock, latest)}
        # A row that is told again has the clocks of its columns with it.
        known = {column: min(reading, latest) for column, reading in one.clocks.items() if column in one.values}
        return {MADE: min(one.clocks.get(MADE, one.clock), latest), **known}
    named = {column: min(one.clocks.get(column, one.clock), latest) for column in one.values}
    return {**before, **named}


def combined(name: str, one: OperationBody, found: Present, now: datetime) -> Combined:
    """Return what a row and an operation that did not know it become together. Raises ValueError."""
    policy = policy_of(name)
    change = Change(
        values=from_wire(name, one.values),
        base={} if one.kind is Kind.INSERT else from_wire(name, one.base),
        clocks={column: bounded(reading, now) for column, reading in one.clocks.items()},
        clock=bounded(one.clock, now),
    )
    theirs = from_wire(name, found.values)
    if name == _GRADES and theirs.get("graded_by") == "server":
        change, theirs = _against_machine(change, theirs)
    made = found.clocks.get(MADE)
    known = {column: found.clocks.get(column, made) for column in theirs if column in found.clocks or made is not None}
    merged = merge_row(policy, change, theirs, known, theirs_changed=_was_edited(policy, one, found))
    changed = {column: clock for column, clock in merged.clocks.items() if clock != known.get(column)}
    return Combined(
        {column: to_wire(value) for column, value in merged.values.items()},
        {**found.clocks, **changed},
        [_as_json(conflict) for conflict in merged.conflicts],
    )


def _against_machine(change: Change, grade: Mapping[str, Any]) -> tuple[Change, dict[str, Any]]:
    """Return a person's grade, and a machine's as nobody's word: what the person saw, or nothing.

    The person's takes its place without a difference that somebody would have to settle.
    """
    mine = {column: value for column, value in change.values.items() if column != "graded_by"}
    return replace(change, values=mine), {
        column: change.base.get(column) if column in mine and column not in _OF_GRADE else value
        for column, value in grade.items()
    }


def _was_edited(policy: TablePolicy, one: OperationBody, found: Present) -> bool:
    """Whether others wrote to a row after the device last saw it. That somebody read on is no edit.

    Nor is what the device hands in itself: after a restore another may have told it first.
    """
    return any(
        not _is_same(clock, one.seen.get(column)) and clock != one.clocks.get(column)
        for column, clock in found.clocks.items()
        if column != "deleted_at" and policy.merge_of(column) not in _READING
    )


def _is_same(clock: Any, seen: Any) -> bool:
    """Whether a column's entry is what a device saw, or one reading for all of it: so a row told again has it."""
    return bool(clock == seen or (isinstance(clock, int) and clock == reading_of(seen)))


def _as_json(conflict: Conflict) -> dict[str, Any]:
    return {
        "column": conflict.column,
        "mine": to_wire(conflict.mine),
        "theirs": to_wire(conflict.theirs),
        "kept": to_wire(conflict.kept),
        "both_kept": conflict.both_kept,
        "pointer": conflict.pointer,
    }
