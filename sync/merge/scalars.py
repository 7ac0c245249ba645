"""Columns of one value, and columns that move together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sync.merge.clocks import reading_of
from sync.merge.model import ABSENT, Conflict, Outcome, Sides
from sync.merge.order import is_later, order, same
from sync.schema.policy import Merge, TablePolicy

DECIDING: Mapping[Merge, str] = {Merge.LAST_READING: "position_at", Merge.FURTHEST: "furthest_progress"}
"""The column that decides for all columns of the rule."""


def together(policy: TablePolicy, columns: Sequence[str]) -> list[str]:
    """Return columns with those that must travel with them.

    A device that sends one column of a group sends all, changed or not, with their bases: otherwise the reader's place
    and the percentage beside it may come from two devices.
    """
    rules = {policy.merge_of(column) for column in columns} & DECIDING.keys()
    return [*columns, *(column for column, rule in policy.merge.items() if rule in rules and column not in columns)]


def by_clock(sides: Sides) -> Outcome:
    """The later clock; the loser is a conflict."""
    stored = reading_of(sides.stored)
    clock = max(stored, sides.clock)
    if same(sides.mine, sides.theirs) or same(sides.mine, sides.base):
        return Outcome(sides.theirs, clock)
    if sides.theirs is ABSENT or same(sides.theirs, sides.base):
        return Outcome(sides.mine, clock)
    wins = is_later(sides.clock, sides.mine, than=stored, theirs=sides.theirs)
    kept = sides.mine if wins else sides.theirs
    return Outcome(kept, clock, (Conflict(sides.column, sides.mine, sides.theirs, kept, both_kept=False),))


def by_maximum(sides: Sides) -> Outcome:
    """The greater, whatever the base was: such a value only ever grows."""
    kept = max(sides.theirs, sides.mine, key=order)
    return Outcome(kept, max(reading_of(sides.stored), sides.clock))


def fixed(sides: Sides) -> Outcome:
    """What the row was made with."""
    if sides.theirs is ABSENT or sides.theirs is None:
        return Outcome(sides.mine, max(reading_of(sides.stored), sides.clock))
    return Outcome(sides.theirs, sides.stored)


def of_group(group: Sequence[Sides], deciding: str) -> dict[str, Outcome]:
    """One side's version of all columns: the one whose deciding column is greater.

    Nothing is reported: somebody reads in two places, and the earlier place is no loss.
    """
    group = sorted(group, key=lambda sides: (sides.column != deciding, sides.column))
    mine, theirs, base = ([getattr(one, side) for one in group] for side in ("mine", "theirs", "base"))
    if same(theirs, base):
        takes = True
    elif group[0].column == deciding:
        takes = order(mine) > order(theirs)
    else:
        # A change without the column that decides has only its clock.
        clock, stored = max(one.clock for one in group), max(reading_of(one.stored) for one in group)
        takes = is_later(clock, mine, than=stored, theirs=theirs)
    return {
        one.column: Outcome(one.mine if takes else one.theirs, max(reading_of(one.stored), one.clock)) for one in group
    }
