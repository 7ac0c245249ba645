"""One page of a pull: the plan names rows, and these are read as the person who asks.

The answer is JSON lines. The first is the header, then each row and each departure, and last a footer with the number
of lines between and their SHA-256, so that a body that was cut is never applied:

    {"to": 7, "more": false, "reset": false, "gained": [], "lost": [], "epoch": "…", "server_time": "…"}
    ["row", "user_notes", {…}]
    ["leave", "books", "018f…"]
    {"count": 2, "sha256": "…"}
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, Any
from uuid import UUID

import orjson
from msgspec import Meta, Struct
from psycopg import sql
from starlette.responses import Response

from sync.schema.policy import policy_of
from sync.schema.tables import table
from sync.server.gateway.database import Connection, become_user, fetch_all
from sync.server.gateway.routing import Call

MAX_PAGE = 20_000
_CATALOGUE = r"^catalogue:(themes|[0-9]{1,9})$"
_LARGEST = 2**63 - 1


class PullRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a device says of itself."""

    device_id: UUID
    checkpoint: Annotated[int, Meta(ge=0, le=_LARGEST)] = 0
    """The last one that was applied whole; 0 for a device that has nothing."""
    page: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 5_000
    """The most rows to answer with."""
    catalogues: Annotated[list[Annotated[str, Meta(pattern=_CATALOGUE)]], Meta(max_length=100)] = []
    """Which parts of the public catalogue are wanted."""


async def pull(call: Call, body: PullRequest) -> Response:
    """Answer with one page."""
    async with call.database.as_gateway(call.person) as connection:
        plan = await fetch_all(
            connection,
            "select kind, tbl, ids, body from gateway.pull(%(device)s, %(checkpoint)s, %(page)s, %(catalogues)s)",
            device=body.device_id,
            checkpoint=body.checkpoint,
            page=body.page,
            catalogues=list(body.catalogues),
        )
        await become_user(connection, call.person)
        lines = [line for part in plan for line in await _lines(connection, part)]
        moment = await fetch_all(connection, "select to_json(now()) as now")
    state = next(part["body"] for part in plan if part["kind"] == "state")
    return Response(_framed({**state, "server_time": moment[0]["now"]}, lines), media_type="application/x-ndjson")


async def _lines(connection: Connection, part: dict[str, Any]) -> list[bytes]:
    if part["kind"] == "leave":
        return [_leave(part["tbl"], one) for one in part["ids"]]
    if part["kind"] == "rows":
        return await _rows(connection, part["tbl"], part["ids"])
    return []


async def _rows(connection: Connection, name: str, ids: list[UUID]) -> list[bytes]:
    """Return what the person can read of these rows; the rest has left."""
    rows = await (await connection.execute(_query(name), (ids,))).fetchall()
    left = set(ids) - {row["id"] for row in rows}
    return [row["line"].encode() for row in rows] + [_leave(name, one) for one in sorted(left)]


def _query(name: str) -> sql.Composed:
    """Return the query that has Postgres write one JSON line a row; Python only frames them."""
    hidden = policy_of(name).private
    columns = [column.name for column in table(name).columns if column.name not in hidden]
    picked = sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(column)) for column in columns)
    return sql.SQL(
        "select r.id, json_build_array('row', {name}, row_to_json(r))::text as line"
        " from (select {picked} from public.{table} t where t.id = any(%s)) r"
    ).format(name=sql.Literal(name), picked=picked, table=sql.Identifier(name))


def _leave(name: str, row: UUID) -> bytes:
    return orjson.dumps(["leave", name, row])


def _framed(header: dict[str, Any], lines: Iterable[bytes]) -> bytes:
    middle = [line + b"\n" for line in lines]
    footer = {"count": len(middle), "sha256": hashlib.sha256(b"".join(middle)).hexdigest()}
    return b"".join([orjson.dumps(header), b"\n", *middle, orjson.dumps(footer), b"\n"])
