"""Defaults that the database fills in, in the words of each database."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from sync.schema.types import Fixed, StringArray, UtcDateTime, Uuid


class now(FunctionElement[Any]):  # noqa: N801 - reads as SQL
    """The present moment by the database's clock."""

    type = UtcDateTime()
    inherit_cache = True


class random_uuid(FunctionElement[Any]):  # noqa: N801
    """A random id, for rows that somebody inserts by hand; the program hands in its own."""

    type = Uuid()
    inherit_cache = True


class no_strings(FunctionElement[Any]):  # noqa: N801
    """An empty list of strings."""

    type = StringArray()
    inherit_cache = True


class fixed(FunctionElement[Any]):  # noqa: N801
    """A number of ``Fixed`` columns, scaled where the database needs it."""

    inherit_cache = False

    def __init__(self, value: str, scale: int) -> None:
        super().__init__()
        self.value = Decimal(value)
        self.scale = scale
        self.type = Fixed(38, scale)


@compiles(now)
def _now_postgres(element: now, compiler: SQLCompiler, **_: Any) -> str:
    return "now()"


@compiles(now, "sqlite")
def _now_sqlite(element: now, compiler: SQLCompiler, **_: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"


@compiles(random_uuid)
def _random_postgres(element: random_uuid, compiler: SQLCompiler, **_: Any) -> str:
    return "gen_random_uuid()"


@compiles(random_uuid, "sqlite")
def _random_sqlite(element: random_uuid, compiler: SQLCompiler, **_: Any) -> str:
    return "randomblob(16)"


@compiles(no_strings)
def _no_strings_postgres(element: no_strings, compiler: SQLCompiler, **_: Any) -> str:
    return "'{}'"


@compiles(no_strings, "sqlite")
def _no_strings_sqlite(element: no_strings, compiler: SQLCompiler, **_: Any) -> str:
    return "'[]'"


@compiles(fixed)
def _fixed_postgres(element: fixed, compiler: SQLCompiler, **_: Any) -> str:
    return str(element.value)


@compiles(fixed, "sqlite")
def _fixed_sqlite(element: fixed, compiler: SQLCompiler, **_: Any) -> str:
    return str(int(element.value.scaleb(element.scale)))
