"""What a row's field clocks hold: one reading a column, or one for each leaf of a document.

A column's entry is an integer, or an object of readings by JSON pointer. The reading at "" holds for the whole column,
one at ``/font`` for everything in it. The entries that a change writes depend on its base and its values only, never on
what it met, and they are joined by the maximum: so the clocks are equal afterwards whichever change came first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any

MADE = "*"
"""The reading of every column that has none of its own: when the row was made."""
ORDER = "order"
"""Where the sequence of a keyed list has its reading; no pointer, since those begin with a slash."""
MEMBERS = "members"
"""When a keyed list last gained or lost an object."""


def reading_of(stored: Any) -> int:
    """Return the latest reading in a column's entry, 0 for none."""
    return max(readings(stored).values(), default=0)


class LeafClocks:
    """The readings of one document."""

    def __init__(self, stored: Any) -> None:
        self._readings = readings(stored)
        self._sorted = sorted(self._readings)

    def at(self, pointer: str) -> int:
        """Return when something at, above or below a pointer was last written."""
        found = self._above(pointer)
        if not pointer:
            return max(self._readings.values(), default=0)
        below = pointer + "/"
        for name in self._sorted[bisect_left(self._sorted, below) :]:
            if not name.startswith(below):
                break
            found = max(found, self._readings[name])
        return max(found, self._readings.get(pointer, 0))

    def joined(self, pointers: Iterable[str], clock: int) -> Any:
        """Return the column's entry after a write at these pointers, without what says nothing new."""
        after = LeafClocks(self._readings)
        for pointer in pointers:
            after._readings[pointer] = max(after._readings.get(pointer, 0), clock)
        kept = {
            name: reading
            for name, reading in sorted(after._readings.items())
            if not name or reading > after._above(name)
        }
        return kept[""] if kept.keys() == {""} else kept

    def _above(self, pointer: str) -> int:
        found = 0
        while pointer:
            pointer = pointer.rpartition("/")[0]
            found = max(found, self._readings.get(pointer, 0))
        return found


def pointer_to(parent: str, key: object) -> str:
    """Return the JSON pointer of a member."""
    return f"{parent}/{str(key).replace('~', '~0').replace('/', '~1')}"


def readings(stored: Any) -> dict[str, int]:
    """Return the readings in a column's entry by pointer, without what is none."""
    if isinstance(stored, Mapping):
        return {str(name): reading for name, reading in stored.items() if _is_reading(reading)}
    return {"": stored} if _is_reading(stored) else {}


def _is_reading(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
