"""What a write changed, for the screens that show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Changes:
    """The tables that a write touched and the ids of the rows in each."""

    tables: frozenset[str] = frozenset()
    ids: Mapping[str, frozenset[UUID]] = field(default_factory=dict)

    @staticmethod
    def of(touched: Mapping[str, Iterable[UUID]]) -> Changes:
        """Return the changes to these rows."""
        ids = {table: frozenset(rows) for table, rows in touched.items()}
        return Changes(frozenset(ids), ids)

    def touches(self, *tables: str) -> bool:
        """Say whether any of these tables was touched."""
        return not self.tables.isdisjoint(tables)

    def __or__(self, other: Changes) -> Changes:
        merged = {table: set(rows) for table, rows in self.ids.items()}
        for table, rows in other.ids.items():
            merged.setdefault(table, set()).update(rows)
        return Changes.of(merged)

    def __bool__(self) -> bool:
        return bool(self.tables)
