"""Column types keep what they are given, on SQLite as on Postgres."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, Integer, MetaData, Table, create_engine, func, insert, select
from sqlalchemy.exc import StatementError

from sync.schema.types import (
    Embedding,
    Fixed,
    Json,
    StringArray,
    UtcDateTime,
    Uuid,
    from_microseconds,
    to_microseconds,
)

METADATA = MetaData()
SAMPLES = Table(
    "type_samples",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", Uuid),
    Column("moment", UtcDateTime),
    Column("money", Fixed(12, 2)),
    Column("document", Json),
    Column("tags", StringArray),
    Column("vector", Embedding),
)
VALUES = {
    "id": UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
    "moment": datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
    "money": Decimal("9007199254.93"),
    "document": {"deep": [1, {"ß": None}]},
    "tags": ["sea", "whales"],
    "vector": (0.5, -1.0, 0.25),
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "postgresql":
        made: Engine = request.getfixturevalue("postgres")
    else:
        made = create_engine("sqlite://")
    METADATA.create_all(made)
    yield made
    METADATA.drop_all(made)
    if request.param == "sqlite":
        made.dispose()


@pytest.mark.parametrize("column", VALUES)
@pytest.mark.parametrize("absent", [False, True])
def test_a_value_comes_back_as_it_was(engine: Engine, column: str, absent: bool) -> None:
    value: Any = None if absent else VALUES[column]
    with engine.begin() as connection:
        connection.execute(insert(SAMPLES).values({"number": 1, column: value}))
        assert connection.scalar(select(SAMPLES.c[column])) == value
        assert connection.scalar(select(SAMPLES.c[column].is_(None))) == absent


def test_a_moment_elsewhere_is_the_same_moment(engine: Engine) -> None:
    tokyo = datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=9)))
    with engine.begin() as connection:
        connection.execute(insert(SAMPLES).values(number=1, moment=tokyo))
        read = connection.scalar(select(SAMPLES.c.moment))
    assert read == tokyo
    assert read.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(StatementError, match="without a time zone"):
        connection.execute(insert(SAMPLES).values(number=1, moment=datetime(2026, 3, 1)))


def test_a_thousand_dimes_are_a_hundred_dollars(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(insert(SAMPLES), [{"number": n, "money": Decimal("0.10")} for n in range(1000)])
        assert connection.scalar(select(func.sum(SAMPLES.c.money, type_=Fixed(12, 2)))) == Decimal("100.00")


def test_a_number_too_large_for_its_column_is_refused(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(StatementError, match="does not fit"):
        connection.execute(insert(SAMPLES).values(number=1, money=Decimal("12345678901.00")))


def test_an_id_takes_sixteen_bytes_on_sqlite() -> None:
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(SAMPLES).values(number=1, id=VALUES["id"]))
        assert connection.exec_driver_sql("select typeof(id), length(id) from type_samples").one() == ("blob", 16)
    engine.dispose()


@given(st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2300, 1, 1), timezones=st.just(UTC)))
def test_microseconds_lose_nothing(moment: datetime) -> None:
    assert from_microseconds(to_microseconds(moment)) == moment
