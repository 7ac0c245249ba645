"""A total order over all values that a column can hold, so that ties are decided alike everywhere.

It walks documents without recursion: a document nested a thousand deep is still a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sync.merge.model import ABSENT

Order = tuple[tuple[int, Any], ...]


def order(value: Any) -> Order:
    """Return what to compare a value by: nothing is least, then None, then each type among its own."""
    found: list[tuple[int, Any]] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            found.append((9, len(item)))
            for key in sorted(item, key=str, reverse=True):
                waiting += (item[key], str(key))
        elif isinstance(item, list | tuple):
            found.append((8, len(item)))
            waiting.extend(reversed(item))
        else:
            found.append(_atom(item))
    return tuple(found)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal as JSON has it: 1 is 1.0, but true is not 1."""
    if one is other:
        return True
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    return order(one) == order(other)


def is_later(clock: int, value: Any, *, than: int, theirs: Any) -> bool:
    """Whether a version wins over theirs; of two at the same reading the greater does."""
    return clock > than or (clock == than and order(value) > order(theirs))


def joined_sequence(one: Iterable[Any], other: Iterable[Any]) -> list[Any]:
    """Return what two sides added to the same place, whichever came first.

    One side's additions keep their order; where both added and did not add alike, all are sorted.
    """
    first, second = list(one), list(other)
    if not second or first == second:
        return first
    if not first:
        return second
    return sorted({*first, *second})


def is_present(base: bool, mine: bool, theirs: bool) -> bool:
    """Whether something is there, three-way: what one side took away or added counts."""
    return mine and theirs if base else mine or theirs


def _atom(value: Any) -> tuple[int, Any]:
    match value:
        case None:
            return 0, 0
        case bool():
            return 1, int(value)
        case float() if value != value:
            return 3, 0
        case Decimal() if value.is_nan():
            return 3, 0
        case float() if value.is_integer():
            return 2, int(value)
        case int() | float() | Decimal():
            return 2, value
        case str():
            return 4, value
        case datetime() if value.tzinfo is not None:
            return 5, value
        case date() if not isinstance(value, datetime):
            return 6, value
        case UUID():
            return 7, value.int
        case _ if value is ABSENT:
            return -1, 0
        case _:
            return 10, f"{type(value).__name__} {value!r}"
