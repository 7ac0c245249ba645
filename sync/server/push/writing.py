"""Write many rows at once; where the database refuses some, find out which, and write the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import orjson
import psycopg
from psycopg import sql

from sync.server.gateway.database import Connection
from sync.server.gateway.errors import RETRIED, from_database

How = Literal["insert", "update"]


@dataclass(slots=True)
class Written:
    """Which rows were written, and why others were not."""

    done: set[UUID] = field(default_factory=set)
    failed: dict[UUID, str] = field(default_factory=dict)
    """A code for each row that the database refused."""


async def write_rows(connection: Connection, name: str, rows: Sequence[dict[str, Any]], how: How) -> Written:
    """Write rows of one table; each has its ``id``, and rows may have different columns."""
    written = Written()
    groups: dict[frozenset[str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(frozenset(row), []).append(row)
    for columns, group in groups.items():
        await _write(connection, _statement(name, sorted(columns), how), group, written)
    return written


async def _write(connection: Connection, statement: sql.Composed, rows: list[dict[str, Any]], written: Written) -> None:
    try:
        async with connection.transaction():
            said = await connection.execute(statement, (orjson.dumps(rows).decode(), len(rows)))
            found = await said.fetchone()
        assert found is not None
        written.done |= {row["id"] for row in rows} if found["ids"] is None else set(found["ids"])
    except RETRIED:
        raise
    except psycopg.Error as fault:
        refused = from_database(fault)
        if refused is None or refused.status >= 500:
            raise
        if len(rows) == 1:
            written.failed[rows[0]["id"]] = refused.code
            return
        half = len(rows) // 2
        await _write(connection, statement, rows[:half], written)
        await _write(connection, statement, rows[half:], written)


def _statement(name: str, columns: list[str], how: How) -> sql.Composed:
    """Return what writes rows and answers with ``ids`` of those that were written; null where all of them were."""
    target = sql.Identifier(name)
    if how == "insert":
        writes = sql.SQL(
            "insert into public.{name} ({columns}) select {columns}"
            " from jsonb_populate_recordset(null::public.{name}, %s::jsonb) on conflict do nothing returning id"
        ).format(name=target, columns=sql.SQL(", ").join(map(sql.Identifier, columns)))
    else:
        changed = [column for column in columns if column != "id"]
        pairs = sql.SQL(", ").join(sql.SQL("{0} = x.{0}").format(sql.Identifier(column)) for column in changed)
        writes = sql.SQL(
            "update public.{name} t set {pairs} from jsonb_populate_recordset(null::public.{name}, %s::jsonb) x"
            " where t.id = x.id returning t.id"
        ).format(name=target, pairs=pairs)
    return sql.SQL(
        "with written as ({writes}) select case when count(*) < %s then coalesce(array_agg(id), '{{}}') end as ids"
        " from written"
    ).format(writes=writes)
