"""One page of a pull: the plan names rows, and these are read as the person who asks.

The header: {"to": 7, "more": false, "reset": false, "gained": [], "lost": [], "epoch": "…", "server_time": "…",
"ahead": true, "protocol": 1, "schema": 1}. ``ahead`` says that a device may ask for the next page before it has written
this one: cut off, it names the checkpoint before once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from starlette.responses import Response

from sync.protocol.lines import framed
from sync.protocol.version import PROTOCOL, SCHEMA, Edition, Unknown
from sync.server.feeds.rows import leave_line, rows_as_lines
from sync.server.feeds.versions import told
from sync.server.gateway.database import Connection, become_user, fetch_all
from sync.server.gateway.errors import Refused
from sync.server.gateway.responses import lines_response
from sync.server.gateway.routing import Call

MAX_PAGE = 20_000
CATALOGUE = r"^catalogue:(themes|[0-9]{1,9})$"
LARGEST = 2**63 - 1


class PullRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a device says of itself."""

    device_id: UUID
    user_id: UUID | None = None
    """Whose library asks, where it says so; a session of somebody else's must not mix two accounts."""
    protocol: int = PROTOCOL
    schema: Annotated[int, Meta(ge=0, le=LARGEST)] = SCHEMA
    """What the device knows; newer tables and columns are left out."""
    checkpoint: Annotated[int, Meta(ge=0, le=LARGEST)] = 0
    """The last one that was applied whole, or is being applied; 0 for a device that has nothing."""
    page: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 5_000
    """The most rows to answer with."""
    catalogues: Annotated[list[Annotated[str, Meta(pattern=CATALOGUE)]], Meta(max_length=100)] = []
    """Which parts of the public catalogue are wanted."""
    heard: UUID | None = None
    """The batch whose answer the device took in last; what that told it is not told again."""


@dataclass(frozen=True)
class Pulling:
    """Answers pulls as a server of one edition."""

    edition: Edition

    async def pull(self, call: Call, body: PullRequest) -> Response:
        """Answer with one page."""
        if body.user_id not in (None, call.person.user_id):
            raise Refused(403, "other_account", "The session is another account's than this library.")
        unknown = self.edition.unknown_to(body.schema)
        async with call.database.as_gateway(call.person, of_one_moment=True) as connection:
            plan = await fetch_all(
                connection,
                "select kind, tbl, ids::text, cardinality(ids) as n, body, to_json(now()) as now"
                " from gateway.pull(%(device)s, %(checkpoint)s, %(page)s, %(catalogues)s, %(heard)s)",
                device=body.device_id,
                checkpoint=body.checkpoint,
                page=body.page,
                catalogues=list(body.catalogues),
                heard=body.heard,
            )
            if any(part["kind"] == "rows" for part in plan):
                await become_user(connection, call.person)
            lines = [line for part in plan for line in await _lines(connection, part, unknown)]
        state = next(part for part in plan if part["kind"] == "state")
        header = {**state["body"], "server_time": state["now"], "ahead": True, **told(self.edition)}
        return lines_response(framed(header, lines), call.request)


async def _lines(connection: Connection, part: dict[str, Any], unknown: Unknown) -> list[bytes]:
    if part["kind"] == "leave" and not unknown.has_table(part["tbl"]):
        return [leave_line(part["tbl"], one) for one in part["ids"][1:-1].split(",")]
    if part["kind"] == "rows":
        return await rows_as_lines(connection, part["tbl"], part["ids"], part["n"], unknown)
    return []
