"""Rows from the wire straight into SQLite and back: one statement a table, values converted without going by the ORM.

A first pull brings a hundred thousand rows; going through typed columns would take several times as long.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import orjson
from sqlalchemy import Column, Connection
from sqlalchemy.dialects import sqlite

from sync.protocol.values import to_wire
from sync.schema.policy import policy_of
from sync.schema.tables import table
from sync.schema.types import Fixed, Json, StringArray, UtcDateTime, Uuid, from_microseconds, to_microseconds

Convert = Callable[[Any], Any]

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Writes rows of one table as they come from the wire."""

    name: str
    columns: tuple[str, ...]
    converters: tuple[Convert | None, ...]
    has_revision: bool

    def raw(self, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Return rows as SQLite keeps them; ``columns`` says what is in each, and every column of ours is among them.

        Column by column, since what has to be done is the same for all values of one.
        """
        place = {column: number for number, column in enumerate(columns)}
        by_column = list(zip(*rows, strict=True))
        found = []
        for column, convert in zip(self.columns, self.converters, strict=True):
            values: Sequence[Any] = by_column[place[column]]
            if convert is not None:
                values = [None if value is None else convert(value) for value in values]
            found.append(values)
        return list(zip(*found, strict=True))

    def statement(self, *, anyhow: bool) -> str:
        """Return the upsert; without ``anyhow`` only over a row that is older."""
        listed = ", ".join(f'"{column}"' for column in self.columns)
        marks = ", ".join("?" * len(self.columns))
        changed = ", ".join(f'"{column}" = excluded."{column}"' for column in self.columns if column != "id")
        guard = "" if anyhow or not self.has_revision else f' WHERE excluded.revision >= "{self.name}".revision'
        return f'INSERT INTO "{self.name}" ({listed}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changed}{guard}'

    def replacing(self) -> str:
        """Return the statement that puts a row in the place of every other that it may not stand beside."""
        listed = ", ".join(f'"{column}"' for column in self.columns)
        return f'INSERT OR REPLACE INTO "{self.name}" ({listed}) VALUES ({", ".join("?" * len(self.columns))})'

    def part(self, present: Container[str]) -> RowWriter:
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
        return raw_id if column.primary_key else _referred
    if isinstance(kind, Json | StringArray):
        return _document
    if isinstance(kind, UtcDateTime):
        return _moment
    if isinstance(kind, Fixed):
        factor = 10**kind.scale
        return lambda value: round(float(value) * factor)
    return None


def raw_id(value: str) -> bytes:
    """Return an id as SQLite keeps it."""
    return bytes.fromhex(value.replace("-", ""))


def _document(value: Any) -> str:
    return "{}" if value == {} else orjson.dumps(value).decode()  # mostly it is empty


@lru_cache(4096)
def _referred(value: str) -> bytes:
    # Most rows of a page point to the same person and the same few books.
    return raw_id(value)


@lru_cache(4096)
def _moment(value: str) -> int:
    return to_microseconds(datetime.fromisoformat(value))


def wire_rows(connection: Connection, name: str, ids: Sequence[bytes]) -> dict[bytes, dict[str, Any]]:
    """Return the rows of these ids that are there, as the wire has them; ids are as SQLite keeps them."""
    columns, converters = _readers(name)
    place = columns.index("id")
    listed = ", ".join(f'"{column}"' for column in columns)
    found: dict[bytes, dict[str, Any]] = {}
    for begin in range(0, len(ids), _CHUNK):
        chunk = tuple(ids[begin : begin + _CHUNK])
        marks = ", ".join("?" * len(chunk))
        rows = driver_rows(connection, f'SELECT {listed} FROM "{name}" WHERE id IN ({marks})', chunk)
        by_column = list(zip(*rows, strict=True))
        read = [
            values if convert is None else [None if value is None else convert(value) for value in values]
            for convert, values in zip(converters, by_column, strict=bool(rows))
        ]
        keys = by_column[place] if rows else ()
        for key, values in zip(keys, zip(*read, strict=True), strict=True):
            found[key] = dict(zip(columns, values, strict=True))
    return found


def driver_rows(connection: Connection, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return all rows of a query as the driver has them; SQLAlchemy would make an object of each."""
    driver = connection.connection.driver_connection
    assert driver is not None
    rows: list[tuple[Any, ...]] = driver.execute(query, values).fetchall()
    return rows


@cache
def _readers(name: str) -> tuple[tuple[str, ...], tuple[Convert | None, ...]]:
    columns = table(name).columns
    return tuple(column.name for column in columns), tuple(_reader(column) for column in columns)


def _reader(column: Column[Any]) -> Convert | None:
    kind = column.type
    if isinstance(kind, Uuid):
        return _id_text if column.primary_key else _referred_text
    if isinstance(kind, UtcDateTime):
        return _moment_text
    if isinstance(kind, Json | StringArray):
        return orjson.loads
    dialect = sqlite.dialect()
    process = kind.dialect_impl(dialect).result_processor(dialect, None)
    return None if process is None else lambda value: to_wire(process(value))


def _id_text(value: bytes) -> str:
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(4096)
def _referred_text(value: bytes) -> str:
    return _id_text(value)


@lru_cache(4096)
def _moment_text(value: int) -> str:
    return str(to_wire(from_microseconds(value)))
