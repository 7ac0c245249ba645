"""In which order tables are told, so that whatever a row stands on is there before it."""

from __future__ import annotations

from functools import cache

from sync.schema.policy import TableClass, policy_of
from sync.schema.tables import METADATA


def turn_of(name: str) -> tuple[bool, int]:
    """Return a key that puts parents before children, and what is asked for last: it may be about what comes with it.

    A table that is not known comes first.
    """
    place = _places().get(name)
    if place is None:
        return False, -1
    return policy_of(name).kind is TableClass.REQUEST, place


@cache
def _places() -> dict[str, int]:
    return {found.name: place for place, found in enumerate(METADATA.sorted_tables)}
