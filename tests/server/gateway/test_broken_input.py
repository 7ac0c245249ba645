"""Whatever is wrong with a request of a signed-in person, it gets a 4xx with a code, and no table changes."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from starlette.applications import Starlette

from sync.server.auth.tokens import TokenKind, new_token
from sync.server.blobs.routes import make_blobs
from sync.server.feeds import make_feeds
from sync.server.gateway.routing import Route, Who
from sync.server.push import make_push
from sync.server.search import make_search
from tests.server.serving import PASSWORD, Person, become_admin, make_app, serving, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

LARGEST = 20_000
WRONG = (0.5, True, {}, {"a": [1]}, [], ["x\0y"], [None], "", "\0", "x\0y", "\u202ename", "😀" * 11_000, -1, 2**70)
"""Values that hardly any field takes; where one does, the rest of the body is what is wrong."""
PASSWORDS = frozenset({"password", "current_password"})
"""Fields that take any text: it is right or wrong, never unsound."""
COUNTS = frozenset({"gateway.attempts"})
"""What refused requests are counted in on purpose."""


@dataclass
class Server:
    """The application, somebody who administers the platform and owns an organisation, and the tables."""

    app: Starlette
    client: httpx.AsyncClient
    admin: Person
    organization: UUID
    database: ServerDatabase

    def routes(self) -> Iterator[tuple[Route, str]]:
        for route in self.app.state.routes:
            path = route.path.replace("{organization_id}", str(self.organization)).replace("{sha256}", "0" * 64)
            yield route, re.sub("{.*?}", str(self.admin.id), path)

    def digest(self) -> dict[str, str]:
        """Return one hash a table, over all of its rows."""
        with self.database.as_superuser() as connection:
            names = connection.execute(
                "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                " where c.relkind = 'r' and n.nspname in ('public', 'gateway', 'ops', 'sync')"
            ).fetchall()
            return {
                name: str(connection.execute(
                    f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {name} t"  # type: ignore[arg-type]
                ).fetchone())
                for (name,) in names if name not in COUNTS
            }  # fmt: skip


@pytest.fixture
async def server(anyio_backend: str, server_database: ServerDatabase, tmp_path: Path) -> AsyncIterator[Server]:
    app = make_app(
        server_database, make_feeds, make_push, make_search, make_blobs, max_body_bytes=LARGEST,
        blob_store=str(tmp_path / "blobs"),
        sign_ups_refused_per_address=10_000,
    )  # fmt: skip
    async with serving(app) as client:
        admin = await sign_up(client)
        become_admin(server_database, [admin])
        made = (await admin.post("/v1/organizations", {"name": "A school"})).json()
        yield Server(app, client, admin, UUID(made["id"]), server_database)


def sound(name: str) -> Any:
    """Return a value that a field of this name takes."""
    kinds = {
        "email": f"{uuid4().hex}@example.org", "device": {"id": str(uuid4()), "name": "Laptop"}, "label": "Laptop",
        "invitation": new_token(TokenKind.INVITATION), "token": new_token(TokenKind.LINK), "role": "admin",
        "is_disabled": False, "plan_type": "premium", "permissions": {"invite": True}, "device_id": str(uuid4()),
        "checkpoint": 0, "page": 10, "catalogues": ["catalogue:themes"], "hashes": ["0" * 64], "size": 3,
        "media_type": "image/png",
    }  # fmt: skip
    return kinds.get(name, PASSWORD if "password" in name else "Ann")


def broken_values(route: Route) -> Iterator[bytes]:
    """Yield bodies with everything right but one field."""
    names = route.body.__struct_fields__
    usual = {name: sound(name) for name in names}
    yield json.dumps(usual | {"extra": 1}).encode()
    for name in names:
        for wrong in WRONG:
            if _fits(name, wrong):
                continue
            body = usual | {name: wrong}
            # A second fault of another kind, so that a value which is taken after all does nothing.
            yield json.dumps(body if isinstance(wrong, dict | list | bool | float) else body | {"extra": 1}).encode()
        yield json.dumps({key: value for key, value in usual.items() if key != name} | {name.upper(): 1}).encode()


def _fits(name: str, value: object) -> bool:
    """Whether this is no fault after all."""
    taken = {"permissions": ({}, {"a": [1]}), "catalogues": ([],), "hashes": ([],), "is_disabled": (True,)}
    return value in taken.get(name, ()) or (name in PASSWORDS and isinstance(value, str))


NOT_EVEN_JSON = (
    b"", b"{", b"{]", b"nul", b"null", b"[]", b'"x"', b"1e999", b"{}{}", b'{"a": 1, "a": 2}', b"\xff\xfe{}",
    b'{"name": "\xff"}', b'{"name": "\\ud800", "email": "\\ud800", "token": "\\udfff"}', b"[" * 15_000,
    b'{"name":' * 2_000, b" " * (LARGEST + 1), b'{"name": "' + b"x" * LARGEST + b'"}', b"\x00", b"{'name': 'x'}",
)  # fmt: skip


async def refused(server: Server, route: Route, path: str, body: bytes, **headers: str) -> None:
    """Send a request that must be refused with a code and nothing else."""
    told = {**server.admin.headers, "Content-Type": "application/json", **headers}
    answer = await server.client.request(route.method, path, content=body, headers=told)
    assert 400 <= answer.status_code < 500, (route.method, path, body[:200], answer.status_code)
    assert set(answer.json()["error"]) == {"code", "message"}, answer.text


async def test_a_broken_body_changes_nothing(server: Server) -> None:
    before = server.digest()
    tried = 0
    for route, path in server.routes():
        if route.body is None:
            continue
        for body in (*NOT_EVEN_JSON, *broken_values(route)):
            await refused(server, route, path, body)
            tried += 1
        await refused(server, route, path, b"{}", **{"Content-Type": "text/plain"})
        await refused(server, route, path, b"{}", **{"Content-Encoding": "gzip"})
    assert tried > 500
    assert server.digest() == before
    assert (await server.admin.patch("/v1/me", {"name": "Changed"})).status_code == 200
    assert server.digest() != before, "the digest sees nothing"


async def test_a_token_that_opens_nothing_changes_nothing(server: Server) -> None:
    ended = await sign_up(server.client)
    expired = await sign_up(server.client)
    await ended.post("/v1/sign-out")
    with server.database.as_superuser() as connection:
        connection.execute(
            "update user_sessions set expires_at = now() - interval '1 s' where id = %s", [expired.session_id]
        )
    token = server.admin.token
    tokens = [
        ended.token, expired.token, new_token(TokenKind.SESSION), token[:-1], token + "x", token.swapcase(),
        token.replace("alx", "alk"), "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "x" * 9000, "'; drop table users; --",
    ]  # fmt: skip
    before = server.digest()
    for route, path in server.routes():
        if route.who is Who.ANYONE:
            continue
        names = route.body.__struct_fields__ if route.body is not None else ()
        body = json.dumps({name: sound(name) for name in names}).encode()
        for one in tokens:
            await refused(server, route, path, body, Authorization=f"Bearer {one}")
    assert server.digest() == before
