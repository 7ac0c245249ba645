"""Attempts are limited by email and by network, for all gateways together."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from sync.server.auth.tokens import TokenKind, new_token
from tests.server.serving import code_of, make_app, serving, sign_in, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


async def test_one_email_allows_few_attempts_from_anywhere(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann = await sign_up(http)
    limits = {"attempts_per_email": 3}
    async with (
        serving(make_app(server_database, **limits), "198.51.100.1") as one,
        serving(make_app(server_database, **limits), "203.0.113.9") as other,
    ):
        assert (await sign_in(one, ann.email)).status_code == 200
        for client in (one, other, one):
            assert code_of(await sign_in(client, ann.email, "wrong password")) == (401, "wrong_credentials")
        refused = await sign_in(other, ann.email)
        assert code_of(refused) == (429, "too_many_attempts")
        assert 0 < int(refused.headers["Retry-After"]) <= 900
        assert (await ann.get("/v1/me")).status_code == 200


async def test_who_comes_in_begins_anew(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    ann = await sign_up(http)
    async with serving(make_app(server_database, attempts_per_email=2), "198.51.100.2") as client:
        for _ in range(3):
            assert code_of(await sign_in(client, ann.email, "wrong password")) == (401, "wrong_credentials")
            assert (await sign_in(client, ann.email)).status_code == 200


async def test_one_network_allows_few_attempts_on_any_email(server_database: ServerDatabase) -> None:
    app = make_app(server_database, attempts_per_address=3)
    async with serving(app, "2001:db8:1:2::7") as client:
        codes = [code_of(await sign_in(client, f"{uuid4().hex}@example.org"))[0] for _ in range(4)]
    assert codes == [401, 401, 401, 429]
    async with serving(make_app(server_database, attempts_per_address=3), "2001:db8:1:2:ffff::1") as neighbour:
        assert (await sign_in(neighbour, "somebody@example.org")).status_code == 429


async def test_guessing_links_is_limited_too(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database, attempts_per_address=2), "198.51.100.3") as client:
        body = {"new_password": "a new password"}
        codes = [
            (await client.post("/v1/password-reset", json=body | {"token": new_token(TokenKind.LINK)})).status_code
            for _ in range(3)
        ]
    assert codes == [403, 403, 429]


async def test_the_counts_name_nobody_and_end(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    await sign_in(http, "counted@example.org")
    with server_database.as_superuser() as connection:
        keys = connection.execute("select key from gateway.attempts").fetchall()
        assert {len(key) for (key,) in keys} == {32}
        connection.execute("update gateway.attempts set since = now() - interval '2 days'")
        connection.execute("select ops.forget_expired()")
        assert connection.execute("select count(*) from gateway.attempts").fetchone() == (0,)
