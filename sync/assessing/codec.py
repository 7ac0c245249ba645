"""Frozen dataclasses as JSON and back, by their own types, with patience for what another release wrote.

Unknown fields are passed over and missing ones take their default, so a course of a newer program still opens. A field
that must be there, or that holds something else than it should, raises Unreadable. Fields of the type
``RichText`` are sanitised on the way in: what comes from another device is not trusted to be safe.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from sync.assessing.exact import exact
from sync.assessing.rich_text import RICH, sanitised
from sync.places.locator import Locator

T = TypeVar("T")


def encode(value: object) -> Any:
    """Return the JSON form of a value made of dataclasses, tuples, mappings, enums and plain values."""
    if isinstance(value, Locator):
        return value.to_json()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): encode(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encode(getattr(value, field.name)) for field in fields(value)}
    return value


class Unreadable(ValueError):  # noqa: N818 - what it is says it best
    """What was read is no course, lesson, question, key or answer."""


def decode(kind: type[T], data: object) -> T:
    """Read a dataclass; raises Unreadable where it cannot be made from the data."""
    try:
        return _dataclass(kind, data)
    except (TypeError, ValueError, KeyError, RecursionError) as error:
        raise Unreadable(f"{kind.__name__}: {error}") from error


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _dataclass(kind: type[T], data: object) -> T:
    if not isinstance(data, Mapping):
        raise TypeError(f"an object was expected, not {type(data).__name__}")
    if not is_dataclass(kind):
        raise TypeError(f"{kind} is not a dataclass")
    hints = _hints(kind)
    values = {
        field.name: _value(hints[field.name], data[field.name])
        for field in fields(kind)
        if field.init and field.name in data and not (data[field.name] is None and _has_default(field))
    }
    return kind(**values)


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _value(hint: Any, data: Any) -> Any:
    origin = get_origin(hint)
    if origin is Annotated:
        base, *notes = get_args(hint)
        value = _value(base, data)
        return sanitised(value) if RICH in notes else value
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(hint) if option is not type(None)]
        return None if data is None else _value(options[0], data)
    if origin is tuple:
        return _tuple(get_args(hint), data)
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(get_args(hint)[1], data)
    return _plain(hint, data)


def _tuple(parts: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if not isinstance(data, list | tuple):
        raise TypeError(f"a list was expected, not {type(data).__name__}")
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_value(parts[0], item) for item in data)
    if len(parts) != len(data):
        raise ValueError(f"{len(parts)} values were expected, not {len(data)}")
    return tuple(_value(part, item) for part, item in zip(parts, data, strict=True))


def _mapping(hint: Any, data: Any) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise TypeError(f"an object was expected, not {type(data).__name__}")
    return {str(key): _value(hint, item) for key, item in data.items()}


def _plain(hint: Any, data: Any) -> Any:
    if hint is Any:
        return data
    if hint is Locator:
        if not isinstance(data, Mapping):
            raise TypeError("a place in a book was expected")
        return Locator.from_json(data)
    if hint is Decimal:
        return exact(str(data))
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return _dataclass(hint, data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if hint is bool or isinstance(data, bool):
        if hint is not bool or not isinstance(data, bool):
            raise TypeError(f"{hint.__name__} was expected, not {data!r}")
        return data
    if hint is float and isinstance(data, int | float):
        return _finite(float(data))
    if hint is int and isinstance(data, float) and data.is_integer():
        return int(data)
    if isinstance(hint, type) and isinstance(data, hint):
        return data
    raise TypeError(f"{hint} was expected, not {data!r}")


def _finite(value: float) -> float:
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(f"{value!r} is no number")
    return value
