"""Rows from the wire straight into SQLite: one prepared statement a table, values converted without going by the ORM.

A first pull brings a hundred thousand rows; going through typed columns would take several times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import Column

from sync.schema.policy import policy_of
from sync.schema.tables import table
from sync.schema.types import Fixed, Json, StringArray, UtcDateTime, Uuid, to_microseconds

Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Writes rows of one table as they come from the wire."""

    name: str
    columns: tuple[str, ...]
    converters: tuple[Convert | None, ...]
    has_revision: bool

    def raw(self, row: dict[str, Any]) -> tuple[Any, ...]:
        """Return a row's values as SQLite keeps them; a column that the row does not name becomes NULL."""
        return tuple(
            value if (value := row.get(column)) is None or convert is None else convert(value)
            for column, convert in zip(self.columns, self.converters, strict=True)
        )

    def statement(self, present: Sequence[str], *, anyhow: bool) -> str:
        """Return the upsert of these columns; without ``anyhow`` only over a row that is older."""
        listed = ", ".join(f'"{column}"' for column in present)
        marks = ", ".join("?" * len(present))
        changed = ", ".join(f'"{column}" = excluded."{column}"' for column in present if column != "id")
        guard = "" if anyhow or not self.has_revision else f' WHERE excluded.revision >= "{self.name}".revision'
        return f'INSERT INTO "{self.name}" ({listed}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changed}{guard}'

    def replacing(self) -> str:
        """Return the statement that puts a row in the place of every other that it may not stand beside."""
        listed = ", ".join(f'"{column}"' for column in self.columns)
        return f'INSERT OR REPLACE INTO "{self.name}" ({listed}) VALUES ({", ".join("?" * len(self.columns))})'

    def part(self, present: Sequence[str]) -> RowWriter:
        """Return a writer of some of the columns."""
        kept = [pair for pair in zip(self.columns, self.converters, strict=True) if pair[0] in present]
        return RowWriter(
            self.name, tuple(column for column, _ in kept), tuple(convert for _, convert in kept), self.has_revision
        )


@cache
def row_writer(name: str) -> RowWriter:
    """Return the writer of a table."""
    hidden = policy_of(name).private
    columns = [column for column in table(name).columns if column.name not in hidden]
    return RowWriter(
        name,
        tuple(column.name for column in columns),
        tuple(_converter(column) for column in columns),
        "revision" in table(name).c,
    )


def _converter(column: Column[Any]) -> Convert | None:
    kind = column.type
    if isinstance(kind, Uuid):
        return _uuid
    if isinstance(kind, Json | StringArray):
        return _document
    if isinstance(kind, UtcDateTime):
        return _moment
    if isinstance(kind, Fixed):
        factor = 10**kind.scale
        return lambda value: round(float(value) * factor)
    return None


def _moment(value: str) -> int:
    return to_microseconds(datetime.fromisoformat(value))


def _uuid(value: str) -> bytes:
    return bytes.fromhex(value.replace("-", ""))


def _document(value: Any) -> str:
    return orjson.dumps(value).decode()
