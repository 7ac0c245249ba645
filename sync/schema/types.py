"""Column types that mean the same on SQLite and on Postgres.

Stock types do not: on SQLite they drop time zones silently and add money up in floating point.

    type          Postgres       SQLite
    Uuid          uuid           16-byte BLOB
    UtcDateTime   timestamptz    INTEGER, microseconds since 1970 in UTC
    Fixed(p, s)   numeric(p, s)  INTEGER, scaled by 10**s
    Json          jsonb          TEXT
    StringArray   varchar[]      TEXT, a JSON array
    Inet          inet           TEXT
    Embedding     vector         BLOB, float32 little-endian
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, Dialect, LargeBinary, Numeric, String, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_T = TypeVar("_T")
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """Return an aware moment as microseconds since 1970 in UTC."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(value: int) -> datetime:
    """Return the UTC moment of a count of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)


def _on_postgres(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"


class _Stored(TypeDecorator[_T]):
    """A type whose values are read by one plain function; a shelf of ten thousand rows reads sixty thousand."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Text
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], _T | None] | None:
        impl = self.type_engine(dialect).dialect_impl(dialect)
        first = impl.result_processor(dialect, coltype) if _on_postgres(dialect) else None
        read = self.reader(dialect)
        if read is None:
            return first

        def process(value: Any) -> _T | None:
            return None if value is None else read(value if first is None else first(value))

        return process

    def reader(self, dialect: Dialect) -> Callable[[Any], _T] | None:
        """Return what turns a stored value, never NULL, into Python's; None where the driver does."""
        raise NotImplementedError


class Uuid(_Stored[UUID]):
    """An id: uuid on Postgres, 16 bytes on SQLite."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.UUID(as_uuid=True) if _on_postgres(dialect) else LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or _on_postgres(dialect) else value.bytes

    def reader(self, dialect: Dialect) -> Callable[[Any], UUID] | None:
        return None if _on_postgres(dialect) else _uuid_of


class UtcDateTime(_Stored[datetime]):
    """A moment: aware in Python always, UTC when read; a naive one is refused."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        on_postgres = _on_postgres(dialect)
        return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True) if on_postgres else BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        microseconds = to_microseconds(value)
        return value if _on_postgres(dialect) else microseconds

    def reader(self, dialect: Dialect) -> Callable[[Any], datetime]:
        return _in_utc if _on_postgres(dialect) else from_microseconds


class Fixed(_Stored[Decimal]):
    """A number with fixed decimals: money, percentages, scores. Sums are exact on both databases."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        super().__init__()
        self.precision = precision
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        on_postgres = _on_postgres(dialect)
        return dialect.type_descriptor(Numeric(self.precision, self.scale) if on_postgres else BigInteger())

    def process_bind_param(self, value: Decimal | float | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        number = Decimal(str(value)).quantize(Decimal(1).scaleb(-self.scale), rounding=ROUND_HALF_EVEN)
        if abs(number) >= Decimal(10) ** (self.precision - self.scale):
            raise ValueError(f"{value} does not fit numeric({self.precision}, {self.scale})")
        return number if _on_postgres(dialect) else int(number.scaleb(self.scale))

    def reader(self, dialect: Dialect) -> Callable[[Any], Decimal] | None:
        if _on_postgres(dialect):
            return None
        down = -self.scale
        return lambda value: Decimal(value).scaleb(down)


class Json(_Stored[Any]):
    """A JSON document; Python's None is SQL's NULL, never the JSON word null."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.JSONB(none_as_null=True) if _on_postgres(dialect) else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or _on_postgres(dialect) else orjson.dumps(value).decode()

    def reader(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return None if _on_postgres(dialect) else orjson.loads


class StringArray(_Stored[list[str]]):
    """A list of short strings."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.ARRAY(String(255)) if _on_postgres(dialect) else Text())

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return list(value) if _on_postgres(dialect) else orjson.dumps(list(value)).decode()

    def reader(self, dialect: Dialect) -> Callable[[Any], list[str]] | None:
        return None if _on_postgres(dialect) else orjson.loads


class Inet(_Stored[str]):
    """A network address; kept on the server alone."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.INET() if _on_postgres(dialect) else String(45))

    def reader(self, dialect: Dialect) -> Callable[[Any], str]:
        return str


class _Vector(UserDefinedType[str]):
    """pgvector's type without a fixed dimension; the value travels as text."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "vector"


class Embedding(_Stored[Sequence[float]]):
    """A vector of any dimension; ``embedding_models`` says which one is right."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_Vector() if _on_postgres(dialect) else LargeBinary())

    def process_bind_param(self, value: Sequence[float] | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if _on_postgres(dialect):
            return "[" + ",".join(repr(float(number)) for number in value) + "]"
        return _little_endian(array("f", value)).tobytes()

    def reader(self, dialect: Dialect) -> Callable[[Any], Sequence[float]]:
        return _vector_of_text if _on_postgres(dialect) else _vector_of_bytes


def _uuid_of(value: bytes) -> UUID:
    return UUID(int=int.from_bytes(value, "big"))


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _vector_of_text(value: str) -> Sequence[float]:
    return tuple(orjson.loads(value))


def _vector_of_bytes(value: bytes) -> Sequence[float]:
    numbers = array("f")
    numbers.frombytes(value)
    return tuple(_little_endian(numbers))


def _little_endian(numbers: array[float]) -> array[float]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
