"""Attempts are limited by email and by network, for all gateways together."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import httpx
import pytest

from sync.server.auth.tokens import TokenKind, new_token
from tests.server.serving import PASSWORD, become_admin, code_of, make_app, serving, sign_in, sign_up
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


async def try_sign_up(client: httpx.AsyncClient, email: str, **more: str) -> httpx.Response:
    body = {"email": email, "password": PASSWORD, "name": "Ann", **more}
    return await client.post("/v1/sign-up", json=body)


async def test_asking_by_sign_up_who_has_an_account_ends_after_a_few_answers(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    known = [(await sign_up(http)).email for _ in range(4)]
    async with serving(make_app(server_database, sign_ups_refused_per_address=3), "198.51.100.4") as client:
        for email in known[:3]:
            assert code_of(await try_sign_up(client, email)) == (409, "email_taken")
        # From now on a known and an unknown email get the same answer.
        for email in (known[3], f"{uuid4().hex}@example.org"):
            assert code_of(await try_sign_up(client, email)) == (429, "too_many_attempts")
        assert (await sign_in(client, known[0])).status_code == 200


async def test_requests_sent_at_once_get_no_more_answers_than_the_limit(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    known = [(await sign_up(http)).email for _ in range(8)]
    async with serving(make_app(server_database, sign_ups_refused_per_address=3), "198.51.100.5") as client:
        answers = await asyncio.gather(*(try_sign_up(client, email) for email in known))
    assert sorted(answer.status_code for answer in answers) == [409] * 3 + [429] * 5


async def test_a_class_behind_one_address_signs_up(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database, sign_ups_refused_per_address=2), "198.51.100.6") as client:
        for _ in range(6):
            assert (await try_sign_up(client, f"{uuid4().hex}@example.org")).status_code == 201


async def test_without_an_invitation_nothing_is_told_and_nobodys_attempts_are_spent(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann = await sign_up(http)
    limits = {"sign_up": "invited", "attempts_per_email": 3, "sign_ups_refused_per_address": 1000}
    async with serving(make_app(server_database, **limits), "198.51.100.7") as client:
        for _ in range(5):
            assert code_of(await try_sign_up(client, ann.email)) == (403, "invitation_needed")
        for given in ({}, {"invitation": new_token(TokenKind.INVITATION)}):
            answers = [await try_sign_up(client, one, **given) for one in (ann.email, f"{uuid4().hex}@example.org")]
            assert answers[0].status_code == answers[1].status_code == 403
            assert answers[0].content == answers[1].content
        assert (await sign_in(client, ann.email)).status_code == 200


async def test_an_invitation_tells_only_of_the_email_that_it_names(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, admin = await sign_up(http), await sign_up(http)
    become_admin(server_database, [admin])
    named = f"{uuid4().hex}@example.org"
    invitation = (await admin.post("/v1/admin/invitations", {"email": named})).json()["token"]
    async with serving(make_app(server_database, sign_up="invited"), "198.51.100.8") as client:
        answers = [
            await try_sign_up(client, one, invitation=invitation) for one in (ann.email, f"{uuid4().hex}@example.org")
        ]
        assert {code_of(answer) for answer in answers} == {(403, "invitation_for_another")}
        assert (await try_sign_up(client, named, invitation=invitation)).status_code == 201


async def test_the_counts_name_nobody_and_end(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    await sign_in(http, "counted@example.org")
    with server_database.as_superuser() as connection:
        keys = connection.execute("select key from gateway.attempts").fetchall()
        assert {len(key) for (key,) in keys} == {32}
        connection.execute("update gateway.attempts set since = now() - interval '2 days'")
        connection.execute("select ops.forget_expired()")
        assert connection.execute("select count(*) from gateway.attempts").fetchone() == (0,)
