"""One page of a pull: the plan names rows, and these are read as the person who asks.

The header: {"to": 7, "more": false, "reset": false, "gained": [], "lost": [], "epoch": "…", "server_time": "…"}
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from starlette.responses import Response

from sync.protocol.lines import LINES, framed
from sync.protocol.version import PROTOCOL
from sync.server.feeds.rows import leave_line, rows_as_lines
from sync.server.gateway.database import Connection, become_user, fetch_all
from sync.server.gateway.errors import Refused
from sync.server.gateway.routing import Call

MAX_PAGE = 20_000
_CATALOGUE = r"^catalogue:(themes|[0-9]{1,9})$"
_LARGEST = 2**63 - 1


class PullRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a device says of itself."""

    device_id: UUID
    user_id: UUID | None = None
    """Whose library asks, where it says so; a session of somebody else's must not mix two accounts."""
    protocol: int = PROTOCOL
    checkpoint: Annotated[int, Meta(ge=0, le=_LARGEST)] = 0
    """The last one that was applied whole; 0 for a device that has nothing."""
    page: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 5_000
    """The most rows to answer with."""
    catalogues: Annotated[list[Annotated[str, Meta(pattern=_CATALOGUE)]], Meta(max_length=100)] = []
    """Which parts of the public catalogue are wanted."""


async def pull(call: Call, body: PullRequest) -> Response:
    """Answer with one page."""
    if body.user_id not in (None, call.person.user_id):
        raise Refused(403, "other_account", "The session is another account's than this library.")
    async with call.database.as_gateway(call.person, of_one_moment=True) as connection:
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
    return Response(framed({**state, "server_time": moment[0]["now"]}, lines), media_type=LINES)


async def _lines(connection: Connection, part: dict[str, Any]) -> list[bytes]:
    if part["kind"] == "leave":
        return [leave_line(part["tbl"], one) for one in part["ids"]]
    if part["kind"] == "rows":
        return await rows_as_lines(connection, part["tbl"], part["ids"])
    return []
