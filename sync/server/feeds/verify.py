"""What a device should have, as a count and a hash for each table: read as the person, and compared by the device."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from psycopg import sql

from sync.protocol.holdings import UNCOUNTED, Held, as_json
from sync.protocol.version import PROTOCOL, SCHEMA, Edition
from sync.schema.tables import table
from sync.server.feeds.pull import CATALOGUE, LARGEST
from sync.server.gateway.database import Connection, become_user, fetch_all
from sync.server.gateway.errors import Refused
from sync.server.gateway.routing import Call

_COUNT = sql.SQL(
    "select count(*) as n, coalesce(bit_xor(('x' || left(md5(id::text || ':' || {revision}), 16))::bit(64)::bigint), 0)"
    " as digest from public.{target} where id = any(%s) and id <> all(%s::uuid[])"
)


class VerifyRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A device that believes that it has everything."""

    device_id: UUID
    checkpoint: Annotated[int, Meta(ge=1, le=LARGEST)]
    user_id: UUID | None = None
    protocol: int = PROTOCOL
    schema: Annotated[int, Meta(ge=0, le=LARGEST)] = SCHEMA
    catalogues: Annotated[list[Annotated[str, Meta(pattern=CATALOGUE)]], Meta(max_length=100)] = []
    aside: Annotated[list[UUID], Meta(max_length=10_000)] = []
    """Rows that the device does not compare, since it has changes of its own there that were refused."""


class Verified(Struct, frozen=True):
    """What it should have: for each table a count and a hash in digits."""

    tables: dict[str, tuple[int, str]]


class Verifying:
    """Answers as a server of one edition."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    async def verify(self, call: Call, body: VerifyRequest) -> Verified:
        """Answer with what the device should have. Refuses with not_up_to_date until it has pulled everything."""
        if body.user_id not in (None, call.person.user_id):
            raise Refused(403, "other_account", "The session is another account's than this library.")
        unknown = self._edition.unknown_to(body.schema)
        async with call.database.as_gateway(call.person, of_one_moment=True) as connection:
            plan = await fetch_all(
                connection,
                "select tbl, ids from gateway.holdings(%(device)s, %(checkpoint)s, %(catalogues)s)",
                device=body.device_id,
                checkpoint=body.checkpoint,
                catalogues=list(body.catalogues),
            )
            await become_user(connection, call.person)
            held = {
                part["tbl"]: await _count(connection, part["tbl"], part["ids"], body.aside)
                for part in plan
                # What is written once has no count of changes, and devices do not compare it.
                if not unknown.has_table(part["tbl"]) and "revision" in table(part["tbl"]).c
            }
        return Verified({name: (count, digest) for name, (count, digest) in as_json(held).items()})


async def _count(connection: Connection, name: str, ids: list[UUID], aside: list[UUID]) -> Held:
    revision = sql.SQL("0" if name in UNCOUNTED else "revision")
    query = _COUNT.format(target=sql.Identifier(name), revision=revision)
    rows: list[dict[str, Any]] = await (await connection.execute(query, (ids, aside))).fetchall()
    return Held(rows[0]["n"], rows[0]["digest"])
