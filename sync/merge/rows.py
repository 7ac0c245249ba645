"""One row: each column by its rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sync.merge.clocks import MADE, reading_of
from sync.merge.deletion import DELETED_AT, is_deleted, settle_deletion
from sync.merge.documents import by_leaves
from sync.merge.keyed import by_key
from sync.merge.model import ABSENT, Change, Conflict, Merged, Outcome, Sides
from sync.merge.order import same
from sync.merge.scalars import DECIDING, by_clock, by_maximum, fixed, of_group
from sync.merge.sets import by_members
from sync.merge.text import by_words
from sync.schema.policy import BOOKKEEPING, Merge, TablePolicy

_KEPT = (Merge.FIXED, Merge.SERVER)
READING = frozenset({Merge.LAST_READING, Merge.FURTHEST, Merge.MAXIMUM})
"""Rules of columns that reading on moves by itself."""


def merge_row(
    policy: TablePolicy,
    change: Change,
    theirs: Mapping[str, Any],
    their_clocks: Mapping[str, Any],
    *,
    theirs_changed: bool = False,
) -> Merged:
    """Return a row after a device's change to an older version of it.

    ``theirs`` is the whole row as the server has it, empty where it has none. ``theirs_changed`` says that others
    changed it after the device last knew it, and matters to a deletion only. Raises nothing for any values.
    """
    sides = _sides(policy, change, theirs, their_clocks)
    outcomes = _outcomes(policy, [one for one in sides if not _says_nothing(one)], sides)
    if policy.merge_of(DELETED_AT) not in _KEPT:
        stored = their_clocks.get(DELETED_AT)
        if change.is_insert and change.is_retold:
            edits, theirs_changed = _is_later_here(change, sides, stored), _is_later_there(policy, change, their_clocks)
        else:
            edits = any(
                policy.merge_of(one.column) not in _KEPT and not (change.is_retold and _is_there(one))
                for one in sides
                if one.column in outcomes
            )
        settled = settle_deletion(change, theirs, stored, edits=edits, theirs_changed=theirs_changed)
        if settled is not None:
            outcomes[DELETED_AT] = settled
    clocks = dict(their_clocks)
    values: dict[str, Any] = {}
    conflicts: list[Conflict] = []
    for column, outcome in outcomes.items():
        if outcome.clock is not None:
            clocks[column] = outcome.clock
        if outcome.value is not ABSENT and not same(outcome.value, theirs.get(column, ABSENT)):
            values[column] = outcome.value
        conflicts += outcome.conflicts
    return Merged(values, clocks, tuple(conflicts))


def _is_there(sides: Sides) -> bool:
    """Whether the row has this very edit already, so that whoever deleted it has seen it; another laptop told it."""
    return same(sides.mine, sides.theirs) and sides.clock == reading_of(sides.stored)


def _is_later_here(change: Change, sides: list[Sides], deletion: Any) -> bool:
    """Whether a row that is told again has in it what whoever deleted it there had not seen."""
    made = change.clocks[MADE]
    pairs = [
        (change.reading(DELETED_AT), deletion),
        *((one.clock, one.stored) for one in sides if not _says_nothing(one)),
    ]
    return any(_written(here, made) > _written(reading_of(there), made) for here, there in pairs)


def _is_later_there(policy: TablePolicy, change: Change, their_clocks: Mapping[str, Any]) -> bool:
    """Whether a row that is told again lacks what others wrote there. That somebody read on is no edit."""
    made = change.clocks[MADE]
    return any(
        _written(reading_of(stored), made) > _written(change.reading(column), made)
        for column, stored in their_clocks.items()
        if column not in BOOKKEEPING and policy.merge_of(column) not in {*READING, Merge.SERVER}
    )


def _written(clock: int, made: int) -> tuple[bool, int]:
    """Return whether a column was written since its row was made, and when: whoever wrote is later by any clock."""
    return clock != made, clock


def _sides(
    policy: TablePolicy, change: Change, theirs: Mapping[str, Any], their_clocks: Mapping[str, Any]
) -> list[Sides]:
    # Deleted and made again is a new row in the old one's place; what was in the tombstone is no version of it.
    is_new = change.is_insert and not change.is_retold and is_deleted(theirs) and change.values.get(DELETED_AT) is None
    found = []
    for column, mine in change.values.items():
        rule = policy.merge_of(column)
        if column in BOOKKEEPING or column == DELETED_AT or rule is Merge.SERVER:
            continue
        base, there, stored = change.base.get(column, ABSENT), theirs.get(column, ABSENT), their_clocks.get(column)
        if rule is not Merge.FIXED and (is_new or (base is ABSENT and there is None and not reading_of(stored))):
            # Nobody ever wrote it.
            there = ABSENT
        found.append(Sides(column, base, mine, there, change.reading(column), stored))
    return found


def _outcomes(policy: TablePolicy, changed: list[Sides], sides: list[Sides]) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for one in changed:
        rule = policy.merge_of(one.column)
        if one.column not in found and rule in DECIDING:
            group = [other for other in sides if policy.merge_of(other.column) is rule]
            found |= of_group(group, DECIDING[rule])
        elif rule not in DECIDING:
            found[one.column] = _by_rule(rule, one, policy.keys.get(one.column, "id"))
    return found


def _by_rule(rule: Merge, sides: Sides, key: str) -> Outcome:
    if sides.base is ABSENT and sides.mine is None:
        # A row that is made without a value says nothing against one that is there.
        return Outcome(None, sides.stored)
    match rule:
        case Merge.FIXED:
            return fixed(sides)
        case Merge.MAXIMUM:
            return by_maximum(sides)
        case Merge.TEXT:
            return by_words(sides)
        case Merge.LEAVES:
            return by_leaves(sides)
        case Merge.SET:
            return by_members(sides)
        case Merge.KEYED:
            return by_key(sides, key)
        case _:
            return by_clock(sides)


def _says_nothing(sides: Sides) -> bool:
    if sides.base is ABSENT:
        return sides.mine is None and sides.theirs is not ABSENT
    return same(sides.mine, sides.base)
