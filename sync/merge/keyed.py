"""Lists of objects that have a name, such as the questions of an assessment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sync.merge.clocks import MEMBERS, ORDER, LeafClocks, pointer_to
from sync.merge.documents import LeafMerger, written
from sync.merge.model import ABSENT, Outcome, Sides
from sync.merge.order import Order, is_later, is_present, joined_sequence, order, same
from sync.merge.scalars import by_clock

Items = dict[Order, Any]


def by_key(sides: Sides, key: str) -> Outcome:
    """Objects matched by a member of theirs; an edit is kept against a removal."""
    base, mine, theirs = (_items(side, key) for side in (sides.base, sides.mine, sides.theirs))
    # What is written into the clocks depends on what the device did, not on what it met.
    pointers = [""] if base is None or mine is None else list(_written(base, mine, key))
    clock = LeafClocks(sides.stored).joined(pointers, sides.clock)
    if base is None or mine is None or theirs is None:
        # Not a list of distinct objects: one value.
        decided = by_clock(sides)
        return Outcome(decided.value, clock, decided.conflicts)
    if sides.theirs is ABSENT:
        return Outcome(sides.mine, clock)
    merger = LeafMerger(sides.column, sides.clock, sides.stored)
    items = _joined(merger, base, mine, theirs, key)
    sequence = _Sequence(list(base), list(mine), list(theirs), sides.base is ABSENT)
    value = [items[name] for name in sequence.merged(merger, sides.clock, items)]
    if not value and not is_present(*(isinstance(side, list) for side in (sides.base, sides.mine, sides.theirs))):
        return Outcome(None, clock, tuple(merger.conflicts))
    return Outcome(value, clock, tuple(merger.conflicts))


def _joined(merger: LeafMerger, base: Items, mine: Items, theirs: Items, key: str) -> Items:
    found = {}
    for name in {**theirs, **mine}:
        before, ours, others = (side.get(name, ABSENT) for side in (base, mine, theirs))
        at = _pointer(name, {**mine, **theirs}[name], key)
        if ours is not ABSENT and others is not ABSENT:
            value = merger.merge(at, before, ours, others, depth=1)
        else:
            value = others if ours is ABSENT else ours
            if same(value, before):
                continue
            if before is not ABSENT:
                merger.report(at, ours, others, value)
        found[name] = value
    return found


@dataclass(frozen=True, slots=True)
class _Sequence:
    """Three sequences of names."""

    base: list[Order]
    mine: list[Order]
    theirs: list[Order]
    is_insert: bool

    def merged(self, merger: LeafMerger, clock: int, names: Items) -> list[Order]:
        """Return all names in order: those known to all as one side has them, each followed by what was put there."""
        common = {*self.mine} & {*self.theirs} if self.is_insert else {*self.base} & {*names}
        frame = self._frame(merger, clock, common)
        places = {name: place for place, name in enumerate(frame)}
        ours, others = (_followers(side, places, names) for side in (self.mine, self.theirs))
        for name in ours.keys() & others.keys():
            ours[name] = others[name] = min(ours[name], others[name])
        found = []
        for place in range(-1, len(frame)):
            found += frame[place : place + 1] if place >= 0 else []
            found += joined_sequence(*([name for name in side if side[name] == place] for side in (others, ours)))
        return found

    def _frame(self, merger: LeafMerger, clock: int, common: set[Order]) -> list[Order]:
        base, mine, theirs = (self._of(side, common) for side in (self.base, self.mine, self.theirs))
        if mine == theirs or (mine == base and not self.is_insert):
            return theirs
        if theirs == base and not self.is_insert:
            return mine
        stored = merger.clocks.at(ORDER)
        kept = mine if is_later(clock, mine, than=stored, theirs=theirs) else theirs
        merger.report(ORDER, *([name[0][1] for name in side] for side in (mine, theirs, kept)))
        return kept

    def _of(self, side: list[Order], common: set[Order]) -> list[Order]:
        """Return a side's sequence of common names; one that it removed stands where the base had it."""
        found = [name for name in side if name in common]
        if len(found) == len(common):
            return found
        place = 0
        for name in self.base:
            if name in common and name not in found:
                found.insert(place, name)
            if name in common:
                place = found.index(name) + 1
        return found


def _followers(side: list[Order], places: Mapping[Order, int], names: Items) -> dict[Order, int]:
    """Return after which place of the frame each other name comes."""
    found, place = {}, -1
    for name in side:
        if name in places:
            place = places[name]
        elif name in names:
            found[name] = place
    return found


def _written(base: Items, mine: Items, key: str) -> Iterator[str]:
    for name, item in mine.items():
        yield from written(base.get(name, ABSENT), item, _pointer(name, item, key))
    if base.keys() != mine.keys():
        yield MEMBERS
    if [name for name in base if name in mine] != [name for name in mine if name in base] or not base:
        yield ORDER


def _items(value: Any, key: str) -> Items | None:
    """Return objects by their name, None where this is no list of distinct ones."""
    if value is ABSENT or value is None:
        return {}
    if not isinstance(value, list):
        return None
    found = {_name(item, key): item for item in value}
    return found if len(found) == len(value) else None


def _name(item: Any, key: str) -> Order:
    """Return an object's name; what has none goes by all that it is."""
    return order(item[key]) if isinstance(item, Mapping) and key in item else ((11, 0), *order(item))


def _pointer(name: Order, item: Any, key: str) -> str:
    named = isinstance(item, Mapping) and isinstance(item.get(key), str)
    return pointer_to("", item[key] if named else repr(name))
