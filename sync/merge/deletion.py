"""A row that one device deleted and another changed: the change is kept, and said so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sync.merge.clocks import reading_of
from sync.merge.model import ABSENT, Change, Conflict, Outcome
from sync.merge.order import is_later, same

DELETED_AT: Final = "deleted_at"


def is_deleted(row: Mapping[str, Any]) -> bool:
    """Whether a row is a tombstone."""
    return row.get(DELETED_AT) is not None


def settle_deletion(
    change: Change, theirs: Mapping[str, Any], stored: Any, *, edits: bool, theirs_changed: bool
) -> Outcome | None:
    """Return when the row counts as deleted afterwards, None where the change says nothing of it.

    Alive wins: ``edits`` says that the change is of more than this column, ``theirs_changed`` that others changed the
    row after the device last knew it. A row that is told again is no new one: there both are read off its clocks.
    """
    told = change.values.get(DELETED_AT, ABSENT)
    base = change.base.get(DELETED_AT, ABSENT)
    if same(told, base):
        told = ABSENT
    there = theirs.get(DELETED_AT, ABSENT)
    clock = stored if told is ABSENT else max(reading_of(stored), change.reading(DELETED_AT))
    if told is ABSENT or told is None:
        if is_deleted(theirs) and change.is_insert and change.is_retold and not edits:
            # Whoever deleted it knew all that is told here.
            return Outcome(there, stored)
        if is_deleted(theirs) and (edits or told is None):
            # Known to be deleted, brought back on purpose; or a device that never knew the row.
            is_new = change.is_insert and not change.is_retold
            expected = is_new or (told is None and same(base, there))
            return Outcome(None, clock, () if expected else (_alive(None, there),))
        return None if told is ABSENT else Outcome(None, clock)
    if is_deleted(theirs):
        later = is_later(change.reading(DELETED_AT), told, than=reading_of(stored), theirs=there)
        return Outcome(told if later else there, clock)
    if theirs and theirs_changed:
        return Outcome(None, clock, (_alive(told, None),))
    return Outcome(told, clock)


def _alive(mine: Any, theirs: Any) -> Conflict:
    return Conflict(DELETED_AT, mine, theirs, None, both_kept=False)
