"""An operation that met a row which it did not know: both become one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync.protocol.messages import Kind
from sync.protocol.values import from_wire, to_wire
from sync.schema.clock import bounded
from sync.schema.policy import Merge, policy_of
from sync.server.push.bodies import OperationBody

MADE = "*"
"""The clock of every column that has none of its own: when the row was made."""

_BY_LEAF = frozenset({Merge.LEAVES, Merge.KEYED})


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


def first_clocks(one: OperationBody, before: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the field clocks after an operation that met no other."""
    if one.kind is Kind.INSERT:
        return {MADE: bounded(one.clock, now)}
    named = {column: bounded(one.clocks.get(column, one.clock), now) for column in one.values}
    return {**before, **named}


def combined(name: str, one: OperationBody, found: Present, now: datetime) -> Combined:
    """Return what a row and an operation that did not know it become together. Raises ValueError."""
    mine, base, theirs = (from_wire(name, part) for part in (one.values, one.base, found.values))
    if one.kind is Kind.DELETE and dict(one.seen) != dict(found.clocks):
        return Combined({}, dict(found.clocks), [_conflict("deleted_at", one.values.get("deleted_at"), None, None)])
    result = Combined({}, dict(found.clocks), [])
    for column in mine.keys() - _NOT_MERGED:
        rule = policy_of(name).merge_of(column)
        if mine[column] != theirs.get(column) and rule not in (Merge.FIXED, Merge.SERVER):
            clock = bounded(one.clocks.get(column, one.clock), now)
            _merge_column(result, column, mine[column], base, theirs[column], clock, keeps_both=rule is Merge.TEXT)
    if theirs.get("deleted_at") is not None and one.kind is not Kind.DELETE:
        result.values["deleted_at"] = None
        if one.kind is not Kind.INSERT:
            result.conflicts.append(_conflict("deleted_at", None, to_wire(theirs["deleted_at"]), None))
    return result


_NOT_MERGED = frozenset({"id", "revision", "field_clocks", "updated_at", "created_at"})


def _merge_column(
    result: Combined, column: str, mine: Any, base: Mapping[str, Any], theirs: Any, clock: int, *, keeps_both: bool
) -> None:
    before = result.clocks.get(column, result.clocks.get(MADE, 0))
    if column in base and base[column] == theirs:
        result.values[column] = to_wire(mine)
    elif keeps_both and base and isinstance(theirs, str):
        result.values[column] = f"{theirs}\n\n{mine}"
        result.conflicts.append(_conflict(column, mine, theirs, result.values[column], both_kept=True))
    elif clock > before:
        result.values[column] = to_wire(mine)
    else:
        return
    result.clocks[column] = max(clock, before)


def _conflict(column: str, mine: Any, theirs: Any, kept: Any, *, both_kept: bool = False) -> dict[str, Any]:
    return {"column": column, "mine": mine, "theirs": theirs, "kept": kept, "both_kept": both_kept}
