"""What a row is: all that was ever done to it, in one order that every device agrees on, taken in one after the other.

Pure: the same steps give the same row on every device, in whatever order they arrived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

import orjson

from sync.merge import MADE, READING, Change, Conflict, merge_row
from sync.merge.order import same
from sync.protocol.messages import Kind
from sync.protocol.values import from_wire, to_wire
from sync.schema.clock import moment_of
from sync.schema.ids import natural_id
from sync.schema.policy import BOOKKEEPING, Merge, TablePolicy, policy_of
from sync.schema.tables import table

SEEN = "seen of devices"
"""Beside the clocks that a device is given: how far each device's batches are in the row. A deletion hands it back."""


Order = tuple[int, str, int]
"""Stamp, batch, number of the operation in it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on one row, as its batch has it."""

    order: Order
    kind: Kind
    values: Mapping[str, Any]
    base: Mapping[str, Any]
    clocks: Mapping[str, int]
    clock: int
    seen: Mapping[str, Any]
    device: str


@dataclass(frozen=True, slots=True)
class State:
    """A row, and how far it is folded."""

    values: Mapping[str, Any]
    """As Python has them."""
    clocks: Mapping[str, Any]
    vector: Mapping[str, int]
    """The latest stamp of each device that is in it."""
    last: Order
    count: int = 0
    """How many steps are in it; another number up to ``last`` means that one came late."""

    def goes_on(self, steps: Sequence[Step]) -> bool:
        """Whether all that is new comes after what is in it."""
        return sum(step.order <= self.last for step in steps) == self.count


@dataclass(frozen=True, slots=True)
class Clash:
    """Two versions that met in a row."""

    id: UUID
    """The same on every device, and however often the row is folded."""
    device: str
    """Whose step met the other version."""
    other: str
    """Whose that one was, as far as it can be told; empty where it is of several."""
    words: Mapping[str, Any]
    """The conflict as a device is told of it."""


@dataclass(slots=True)
class Folded:
    """What came out of a fold."""

    state: State | None
    clashes: list[Clash] = field(default_factory=list)


def fold(name: str, row: UUID, steps: Sequence[Step], start: State | None = None) -> Folded:
    """Take in steps. With ``start`` those up to ``start.last`` are in it already and only looked at.

    An update never makes a row: what comes before the first insert follows it.
    """
    ordered = sorted(steps, key=lambda step: step.order)
    if start is None:
        first = next((step for step in ordered if step.kind is Kind.INSERT and _is_readable(name, step)), None)
        if first is None:
            return Folded(None)
        ordered = [first, *(step for step in ordered if step is not first)]
    found = Folded(start)
    for place, step in enumerate(ordered):
        if start is None or step.order > start.last:
            _take(name, row, step, ordered[:place], found)
    if found.state is not None:
        # The first insert may not be the first in the order.
        found.state = replace(found.state, last=max(step.order for step in ordered), count=len(ordered))
    return found


def _take(name: str, row: UUID, step: Step, before: Sequence[Step], found: Folded) -> None:
    if not _is_readable(name, step):
        return
    state = found.state
    if state is None:
        values = {**from_wire(name, step.values), "id": row}
        known = {column: reading for column, reading in step.clocks.items() if column in values}
        made = step.clocks.get(MADE, step.clock)
        found.state = State(values, {MADE: made, **known}, _moved(step, {}), step.order)
        return
    policy = _policy(name)
    made = state.clocks.get(MADE, 0)
    known = {column: state.clocks.get(column, made) for column in state.values}
    merged = merge_row(
        policy, _change(name, step), state.values, known, theirs_changed=_was_edited(policy, step, before)
    )
    values = {**state.values, **merged.values}
    if merged.values and "updated_at" in table(name).c:
        values["updated_at"] = moment_of(step.clock)
    changed = {column: clock for column, clock in merged.clocks.items() if clock != known.get(column)}
    found.state = State(values, {**state.clocks, **changed}, _moved(step, state.vector), step.order)
    found.clashes += [_clash(row, step, one, before) for one in merged.conflicts]


def as_line(name: str, state: State) -> dict[str, Any]:
    """Return a row as a device is given it. Its revision is the count of its steps, the same for every ledger."""
    found = {column: to_wire(value) for column, value in state.values.items()}
    columns = table(name).c
    if "field_clocks" in columns:
        found["field_clocks"] = {**state.clocks, SEEN: dict(state.vector)}
    if "revision" in columns:
        found["revision"] = state.count
    return found


def _change(name: str, step: Step) -> Change:
    is_insert = step.kind is Kind.INSERT
    values = from_wire(name, step.values)
    values.pop("id", None)
    return Change(values, {} if is_insert else from_wire(name, step.base), step.clocks, step.clock)


def _was_edited(policy: TablePolicy, step: Step, before: Iterable[Step]) -> bool:
    """Whether others wrote to the row what whoever deleted it had not seen. That somebody read on is no edit."""
    if step.kind is not Kind.DELETE:
        return False
    seen = step.seen.get(SEEN)
    known = seen if isinstance(seen, Mapping) else {}
    return any(
        one.device != step.device and one.order[0] > known.get(one.device, 0) and _edits(policy, one) for one in before
    )


def _edits(policy: TablePolicy, step: Step) -> bool:
    if step.kind in (Kind.INSERT, Kind.UNDELETE):
        return True
    return any(
        column != "deleted_at"
        and column not in BOOKKEEPING
        and policy.merge_of(column) not in READING
        and not same(value, step.base.get(column))
        for column, value in step.values.items()
    )


@cache
def _policy(name: str) -> TablePolicy:
    """Return how a table is merged where no server counts: what is the server's word elsewhere is anybody's."""
    policy = policy_of(name)
    rules = {column: Merge.CLOCK if rule is Merge.SERVER else rule for column, rule in policy.merge.items()}
    return replace(policy, merge=MappingProxyType(rules))


def _is_readable(name: str, step: Step) -> bool:
    try:
        from_wire(name, step.values)
        from_wire(name, step.base)
    except ValueError:
        return False
    return True


def _moved(step: Step, vector: Mapping[str, int]) -> dict[str, int]:
    return {**vector, step.device: max(vector.get(step.device, 0), step.order[0])}


def _clash(row: UUID, step: Step, conflict: Conflict, before: Iterable[Step]) -> Clash:
    mine, theirs, kept = to_wire(conflict.mine), to_wire(conflict.theirs), to_wire(conflict.kept)
    # Of a text that holds both, nothing is lost: it is told once, whatever else turns up to have been there before.
    lost = "" if conflict.both_kept else theirs if same(conflict.kept, conflict.mine) else mine
    told = orjson.dumps(lost, option=orjson.OPT_SORT_KEYS).decode()
    others = {one.device for one in before if same(one.values.get(conflict.column), theirs)} - {step.device}
    words = {
        "column": conflict.column, "mine": mine, "theirs": theirs, "kept": kept, "both_kept": conflict.both_kept,
        "pointer": conflict.pointer,
    }  # fmt: skip
    one = natural_id("folder_clash", row, *step.order[1:], conflict.column, conflict.pointer, told)
    return Clash(one, step.device, others.pop() if len(others) == 1 else "", words)
