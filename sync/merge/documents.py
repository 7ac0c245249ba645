"""JSON documents, leaf by leaf.

A leaf is a scalar, a list or an empty object. Each has its own reading in the field clocks, also after it was removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sync.merge.clocks import LeafClocks, pointer_to
from sync.merge.model import ABSENT, Conflict, Outcome, Sides
from sync.merge.order import is_later, is_present, same

DEPTH = 64
"""What lies deeper is one leaf."""


def by_leaves(sides: Sides) -> Outcome:
    """Both sides' changes; the later one where they changed the same leaf."""
    merger = LeafMerger(sides.column, sides.clock, sides.stored)
    value = merger.merge("", sides.base, sides.mine, sides.theirs)
    clock = merger.clocks.joined(written(sides.base, sides.mine), sides.clock)
    return Outcome(value, clock, tuple(merger.conflicts))


def written(base: Any, mine: Any, at: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the pointers of what a device changed in a document."""
    if same(base, mine):
        return
    before, after = _members(base), _members(mine)
    if before is None or after is None or depth >= DEPTH or not (before or after):
        yield at
        return
    for key in {**before, **after}:
        yield from written(before.get(key, ABSENT), after.get(key, ABSENT), pointer_to(at, key), depth + 1)


class LeafMerger:
    """Merges one column's documents and gathers what clashed."""

    def __init__(self, column: str, clock: int, stored: Any) -> None:
        self.clocks = LeafClocks(stored)
        self.conflicts: list[Conflict] = []
        self._column = column
        self._clock = clock

    def merge(self, at: str, base: Any, mine: Any, theirs: Any, depth: int = 0) -> Any:
        """Return what is at a pointer afterwards, ``ABSENT`` where nothing is."""
        if same(mine, base) or same(mine, theirs):
            return theirs
        if same(theirs, base):
            return mine
        if depth < DEPTH and _opens(base, mine, theirs):
            return self._object(at, base, mine, theirs, depth)
        wins = is_later(self._clock, mine, than=self.clocks.at(at), theirs=theirs)
        kept = mine if wins else theirs
        self.report(at, mine, theirs, kept)
        return kept

    def report(self, at: str, mine: Any, theirs: Any, kept: Any) -> None:
        """Note a conflict down."""
        mine, theirs, kept = (None if value is ABSENT else value for value in (mine, theirs, kept))
        self.conflicts.append(Conflict(self._column, mine, theirs, kept, both_kept=False, pointer=at))

    def _object(self, at: str, base: Any, mine: Any, theirs: Any, depth: int) -> Any:
        before, ours, others = (_members(side) or {} for side in (base, mine, theirs))
        found = {}
        for key in {**others, **ours}:
            was, here, there = (side.get(key, ABSENT) for side in (before, ours, others))
            value = self.merge(pointer_to(at, key), was, here, there, depth + 1)
            if value is not ABSENT:
                found[key] = value
        objects = [isinstance(side, Mapping) for side in (base, mine, theirs)]
        return found if found or is_present(*objects) else ABSENT


def _members(value: Any) -> Mapping[Any, Any] | None:
    if value is ABSENT:
        return {}
    return value if isinstance(value, Mapping) else None


def _opens(base: Any, mine: Any, theirs: Any) -> bool:
    """Whether two versions are merged member by member, and not the one against the other."""
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        return True
    return all(_members(side) is not None for side in (base, mine, theirs))
