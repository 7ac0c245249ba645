"""All tables together, and which of them each database holds."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Table

# Importing a module declares its tables.
from sync.schema import (
    analytics,
    content,
    device,
    discovery,
    interactions,
    learning,
    market,
    people,
    syncing,
    themes,
    vectors,
)
from sync.schema.base import METADATA, loosen
from sync.schema.policy import INDEX_TABLES, TableClass, tables_of

DOMAINS = (
    people,
    content,
    learning,
    interactions,
    market,
    discovery,
    themes,
    analytics,
    vectors,
    syncing,
    device,
)

__all__ = ["DOMAINS", "METADATA", "index_tables", "library_tables", "server_tables", "table"]

loosen(METADATA.tables.values())


def table(name: str) -> Table:
    """Return a table by its name."""
    return METADATA.tables[name]


def library_tables() -> list[Table]:
    """Return what a laptop keeps in library.db: everything that cannot be computed again."""
    return _sorted(name for name in METADATA.tables if name not in INDEX_TABLES)


def index_tables() -> list[Table]:
    """Return the tables of the schema that a laptop keeps in index.db."""
    return _sorted(INDEX_TABLES)


def server_tables() -> list[Table]:
    """Return what the server keeps: all but what belongs to a device."""
    return _sorted(METADATA.tables.keys() - tables_of(TableClass.DEVICE_ONLY))


def _sorted(names: Iterable[str]) -> list[Table]:
    wanted = set(names)
    return [found for found in METADATA.sorted_tables if found.name in wanted]
