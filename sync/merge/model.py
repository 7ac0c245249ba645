"""What goes into a merge and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from sync.merge.clocks import MADE


class Nothing(Enum):
    """The type of ``ABSENT``."""

    ABSENT = "absent"


ABSENT: Final = Nothing.ABSENT
"""No value at all, which is not the same as None."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one device did to one row."""

    values: Mapping[str, Any]
    """What each changed column is now on the device."""
    base: Mapping[str, Any]
    """What it was when the server last knew the row; empty for an insert."""
    clocks: Mapping[str, int]
    """The hybrid clock's reading of each changed column, bounded by the caller; ``MADE`` stands for the others."""
    clock: int
    """The reading of the whole change, for columns that ``clocks`` does not name."""

    @property
    def is_insert(self) -> bool:
        """Whether the device made the row, or believes that it did."""
        return not self.base

    @property
    def is_retold(self) -> bool:
        """Whether others may know all this, and it is told because its home may have lost it."""
        return MADE in self.clocks

    def reading(self, column: str) -> int:
        """Return when a column was last changed on the device."""
        made = self.clocks.get(MADE, self.clock) if self.is_insert else self.clock
        return self.clocks.get(column, made)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two versions of one thing of which not both could be kept as they were."""

    column: str
    mine: Any
    theirs: Any
    kept: Any
    """What the row holds afterwards."""
    both_kept: bool
    """True where nothing was lost: a text with both versions in it."""
    pointer: str = ""
    """Where in a document, as a JSON pointer; ``order`` for the sequence of a list."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A row after a change was taken in."""

    values: Mapping[str, Any]
    """The columns to write: only those that differ from theirs."""
    clocks: Mapping[str, Any]
    """The field clocks afterwards, all of them."""
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Sides:
    """One column's versions; any may be ``ABSENT``."""

    column: str
    base: Any
    mine: Any
    theirs: Any
    clock: int
    """When mine was written."""
    stored: Any
    """What the row's field clocks say of theirs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one column."""

    value: Any
    clock: Any
    conflicts: tuple[Conflict, ...] = ()
