"""How a column's value is written on the wire, and read again, the same at both ends.

Ids, moments, dates and decimals are strings, everything else is JSON as it is. What Postgres writes itself (a decimal
as a number, a moment in another zone) reads as the same value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date

from sync.schema.tables import table
from sync.schema.types import Fixed, UtcDateTime, Uuid

Reader = Callable[[Any], Any]


def to_wire(value: Any) -> Any:
    """Return a Python value as JSON has it."""
    match value:
        case UUID() | Decimal():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case _:
            return value


def from_wire(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values as Python has them; columns that this program does not know are left out.

    Raises ValueError where a value is not one of its column.
    """
    readers = _readers(name)
    found = {}
    for column, value in values.items():
        if column not in readers:
            continue
        read = readers[column]
        try:
            found[column] = value if value is None or read is None else read(value)
        except (TypeError, ArithmeticError, AttributeError) as fault:
            raise ValueError(f"{name}.{column} cannot be {value!r}") from fault
    return found


@cache
def _readers(name: str) -> dict[str, Reader | None]:
    return {column.name: _reader(column) for column in table(name).columns}


def _reader(column: Column[Any]) -> Reader | None:
    kind = column.type
    if isinstance(kind, Uuid):
        return UUID
    if isinstance(kind, UtcDateTime):
        return _moment
    if isinstance(kind, Fixed):
        unit = Decimal(1).scaleb(-kind.scale)
        return lambda value: Decimal(str(value)).quantize(unit)
    if isinstance(kind, Date):
        return date.fromisoformat
    return None


def _moment(value: str) -> datetime:
    found = datetime.fromisoformat(value)
    if found.tzinfo is None:
        raise ValueError(f"{value!r} has no time zone")
    return found.astimezone(UTC)
