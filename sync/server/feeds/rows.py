"""Rows as a person may see them, as JSON that Postgres writes; Python only frames it and never looks at a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from uuid import UUID

import orjson
from psycopg import sql

from sync.protocol.version import NOTHING, Unknown
from sync.schema.policy import policy_of
from sync.schema.tables import table
from sync.server.gateway.database import Connection

ROWS_OF_A_LINE = 1000
"""So that neither side holds more than these decoded, and none of Postgres' texts comes near its limit of 1 GB."""


async def rows_as_lines(
    connection: Connection, name: str, ids: str, count: int, unknown: Unknown = NOTHING
) -> list[bytes]:
    """Return the rows that the person of the transaction can read, and for the rest that they have left.

    ``ids`` is an array of ``count`` different ids as Postgres writes it. What is ``unknown`` to the device is left out.
    """
    if unknown.has_table(name):
        return []
    query = _query(name, unknown.columns_of(name))
    parts = await (await connection.execute(query.rows, (ids,))).fetchall()
    lines = [b"".join([query.start, part["rows"].encode(), b"]]"]) for part in parts]
    if sum(part["n"] for part in parts) < count:
        left = await (await connection.execute(query.left, (ids,))).fetchall()
        lines += [leave_line(name, row["id"]) for row in left]
    return lines


def leave_line(name: str, row: UUID | str) -> bytes:
    """Return the line that a row is no longer there for the person."""
    return orjson.dumps(["leave", name, row])


def as_array(ids: Iterable[UUID]) -> str:
    """Return ids as Postgres writes an array of them."""
    return f"{{{','.join(map(str, ids))}}}"


@dataclass(frozen=True, slots=True)
class _Query:
    """How the rows of one table are read."""

    start: bytes
    """What stands before the rows in their line."""
    rows: sql.Composed
    left: sql.Composed


@cache
def _query(name: str, unknown: frozenset[str]) -> _Query:
    hidden = policy_of(name).private | unknown
    columns = [column.name for column in table(name).columns if column.name not in hidden]
    target = sql.Identifier(name)
    picked = sql.SQL(", ").join(map(sql.Identifier, columns))
    return _Query(
        start=orjson.dumps(["rows", name, columns])[:-1] + b",[",
        rows=sql.SQL(
            "select count(*) as n, string_agg(r.line, ',') as rows from ("
            "select json_build_array({picked})::text as line, row_number() over () / {most} as part"
            " from public.{target} where id = any(%s::uuid[])) r group by r.part"
        ).format(picked=picked, target=target, most=sql.Literal(ROWS_OF_A_LINE)),
        left=sql.SQL(
            "select asked.id from unnest(%s::uuid[]) as asked (id)"
            " where not exists (select from public.{target} t where t.id = asked.id) order by asked.id"
        ).format(target=target),
    )
