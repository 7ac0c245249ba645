"""What every table is made of: the metadata, usual columns, references and checks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Constraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    false,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from sync.schema.defaults import fixed, now, random_uuid
from sync.schema.ids import uuid7
from sync.schema.types import Fixed, Json, UtcDateTime, Uuid

NAMES = {
    "ix": "idx_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

LOOSE = "loose"
"""Marks a reference that a laptop does not enforce: it may hold the row without the one it points to."""


class Base(DeclarativeBase):
    """The mother of all tables."""

    metadata = MetaData(naming_convention=NAMES)


METADATA = Base.metadata

Key = Annotated[UUID, mapped_column(Uuid, primary_key=True, default=uuid7, server_default=random_uuid())]
Moment = Annotated[datetime, mapped_column(UtcDateTime)]
Stamp = Annotated[datetime, mapped_column(UtcDateTime, server_default=now())]
Document = Annotated[dict[str, Any], mapped_column(Json, server_default=text("'{}'"))]
Items = Annotated[list[Any], mapped_column(Json, server_default=text("'[]'"))]
Free = Annotated[Any, mapped_column(Json)]
Bytes8 = Annotated[int, mapped_column(BigInteger)]
No = Annotated[bool, mapped_column(server_default=false())]
Yes = Annotated[bool, mapped_column(server_default=true())]
Score = Annotated[Decimal, mapped_column(Fixed(5, 4))]


class Dated:
    """When a row was made and last changed."""

    created_at: Mapped[Stamp]
    updated_at: Mapped[Stamp]


class Pulled:
    """The server's count of changes to this row; 0 for a row that it has not seen."""

    revision: Mapped[Bytes8] = mapped_column(server_default=text("0"))


class Synced(Pulled):
    """What a row needs to travel both ways: a tombstone, a revision, and a clock for each field that was changed."""

    deleted_at: Mapped[Moment | None]
    field_clocks: Mapped[Document]


def reference(
    target: str, *, ondelete: str, nullable: bool = False, loose: bool = False, index: bool = True
) -> MappedColumn[Any]:
    """Return a column that points to ``table.column``; ``index=False`` where another index leads with it."""
    kind: Any = ForeignKey(target, ondelete=ondelete, onupdate="CASCADE", info={LOOSE: loose})
    return mapped_column(Uuid, kind, nullable=nullable, index=index or None)


def person(*, index: bool = True, ondelete: str = "CASCADE", nullable: bool = False) -> MappedColumn[Any]:
    """Return a column that points to users, whose rows a laptop mostly does not hold."""
    return reference("users.id", ondelete=ondelete, nullable=nullable, loose=True, index=index)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """Return the check that a column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def between(column: str, low: int, high: int | None, *, scale: int = 0) -> tuple[CheckConstraint, ...]:
    """Return the checks that a number lies in a range, one for each database where they store it differently."""

    def words(factor: int) -> str:
        above = f"{column} >= {low * factor}"
        return above if high is None else f"{above} AND {column} <= {high * factor}"

    name = f"{column}_range"
    if scale == 0 or (low == 0 and high is None):
        return (CheckConstraint(words(1), name=name),)
    on_postgres = CheckConstraint(words(1), name=name).ddl_if(dialect="postgresql")
    on_sqlite = CheckConstraint(words(10**scale), name=name).ddl_if(dialect="sqlite")
    return (on_postgres, on_sqlite)


def default_of(value: str, scale: int) -> fixed:
    """Return the server default of a fixed-point column."""
    return fixed(value, scale)


def server_index(name: str, *expressions: Any, **options: Any) -> Index:
    """Return an index that only Postgres makes."""
    return Index(name, *expressions, **options).ddl_if(dialect="postgresql")


def loosen(tables: Iterable[Table]) -> None:
    """Keep loose references off SQLite."""
    for table in tables:
        for constraint in table.foreign_key_constraints:
            if is_loose(constraint):
                constraint.ddl_if(dialect="postgresql")


def is_loose(constraint: Constraint) -> bool:
    """Say whether a laptop leaves this reference unenforced."""
    return isinstance(constraint, ForeignKeyConstraint) and any(
        element.info.get(LOOSE) for element in constraint.elements
    )
