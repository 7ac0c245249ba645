"""Lists whose members are a set, such as tags."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sync.merge.clocks import reading_of
from sync.merge.model import ABSENT, Outcome, Sides
from sync.merge.order import Order, is_present, joined_sequence, order
from sync.merge.scalars import by_clock


def by_members(sides: Sides) -> Outcome:
    """What was there and nobody took away in its old order, then what was added."""
    base, mine, theirs = (_members(side) for side in (sides.base, sides.mine, sides.theirs))
    if mine is not None and isinstance(sides.mine, list):
        # As it would be written: also where it meets what is no list.
        stay = [member for name, member in (base or {}).items() if name in mine]
        sides = replace(sides, mine=stay + [mine[name] for name in _without(mine, base or {})])
    if base is None or mine is None or theirs is None:
        return by_clock(sides)
    clock = max(reading_of(sides.stored), sides.clock)
    if sides.theirs is ABSENT:
        return Outcome(sides.mine, clock)
    stay = [name for name in base if name in mine and name in theirs]
    added = joined_sequence(_without(theirs, base), _without(mine, base))
    everything = {**base, **mine, **theirs}
    value = [everything[name] for name in (*stay, *added)]
    if not value and not is_present(*(isinstance(side, list) for side in (sides.base, sides.mine, sides.theirs))):
        return Outcome(None, clock)
    return Outcome(value, clock)


def _without(members: dict[Order, Any], base: dict[Order, Any]) -> list[Order]:
    return [name for name in members if name not in base]


def _members(value: Any) -> dict[Order, Any] | None:
    if value is ABSENT or value is None:
        return {}
    return {order(member): member for member in value} if isinstance(value, list) else None
