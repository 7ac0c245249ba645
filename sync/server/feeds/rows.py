"""Rows as a person may see them, each as one line of JSON that Postgres writes; Python only frames them."""

from __future__ import annotations

from functools import cache
from uuid import UUID

import orjson
from psycopg import sql

from sync.protocol.version import NOTHING, Unknown
from sync.schema.policy import policy_of
from sync.schema.tables import table
from sync.server.gateway.database import Connection


async def rows_as_lines(connection: Connection, name: str, ids: list[UUID], unknown: Unknown = NOTHING) -> list[bytes]:
    """Return the rows that the person of the transaction can read, and for the rest that they have left.

    What is ``unknown`` to the device is left out.
    """
    if unknown.has_table(name):
        return []
    rows = await (await connection.execute(_query(name, unknown.columns_of(name)), (ids,))).fetchall()
    left = set(ids) - {row["id"] for row in rows}
    return [row["line"].encode() for row in rows] + [leave_line(name, one) for one in sorted(left)]


def leave_line(name: str, row: UUID) -> bytes:
    """Return the line that a row is no longer there for the person."""
    return orjson.dumps(["leave", name, row])


@cache
def _query(name: str, unknown: frozenset[str]) -> sql.Composed:
    hidden = policy_of(name).private | unknown
    columns = [column.name for column in table(name).columns if column.name not in hidden]
    picked = sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(column)) for column in columns)
    return sql.SQL(
        "select r.id, json_build_array('row', {name}, row_to_json(r))::text as line"
        " from (select {picked} from public.{table} t where t.id = any(%s)) r"
    ).format(name=sql.Literal(name), picked=picked, table=sql.Identifier(name))
