"""Which form of the messages a program speaks and still understands, and which tables and columns it knows.

A server and a laptop are seldom updated on the same day. Each says in every message what it speaks and knows; the
newer one leaves out what the other cannot know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

PROTOCOL = 1
"""Counted up when a message changes its meaning; a new column or table does not."""
OLDEST_PROTOCOL = 1
SCHEMA = 2
"""Counted up when a table or a column that travels is added; ``SINCE`` says what came with which."""
SINCE: Mapping[str, int] = MappingProxyType({"attempt_grades.deleted_at": 2, "attempt_grades.field_clocks": 2})
"""``table`` or ``table.column``, and the schema that it came with; what is not named was always there.

Only additions are possible: a new column may be null or has a default on the server, since older programs add rows
without it.
"""


@dataclass(frozen=True, slots=True)
class Edition:
    """What one program speaks and knows."""

    protocol: int = PROTOCOL
    oldest_protocol: int = OLDEST_PROTOCOL
    schema: int = SCHEMA
    since: Mapping[str, int] = field(default_factory=lambda: SINCE)

    def unknown_to(self, schema: int) -> Unknown:
        """Return what a program of another schema does not know of what this one does."""
        if schema >= self.schema:
            return NOTHING
        return Unknown(frozenset(name for name, number in self.since.items() if number > schema))


@dataclass(frozen=True, slots=True)
class Unknown:
    """Tables and columns that the other side does not know."""

    names: frozenset[str] = frozenset()

    def has_table(self, table: str) -> bool:
        """Whether the whole table is unknown."""
        return table in self.names

    def columns_of(self, table: str) -> frozenset[str]:
        """Return the columns of a table that are unknown where the table is known."""
        start = f"{table}."
        return frozenset(name.removeprefix(start) for name in self.names if name.startswith(start))


NOTHING = Unknown()
PRESENT = Edition()
"""This program."""
