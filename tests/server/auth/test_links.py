"""Links that open an account once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import psycopg
import pytest

from sync.server.auth.tokens import TokenKind, digest, new_token
from tests.server.serving import PASSWORD, become_admin, code_of, person_from, sign_in, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


def first_admin_link(database: ServerDatabase, lifetime: timedelta = timedelta(hours=1)) -> tuple[str, bool]:
    """Make a link as the command line does: by the login that owns the tables."""
    token = new_token(TokenKind.LINK)
    with psycopg.connect(database.owner_url) as connection:
        row = connection.execute("select ops.make_first_admin_link(%s, %s)", (digest(token), lifetime)).fetchone()
    assert row is not None
    return token, row[0]


async def test_the_first_administrator_comes_by_a_link_that_works_once(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    expired, _ = first_admin_link(server_database, timedelta(seconds=-1))
    replaced, _ = first_admin_link(server_database)
    token, _ = first_admin_link(server_database)
    body = {"email": "root@example.org", "name": "Root", "password": PASSWORD}
    for spent in (expired, replaced, "alk_" + "0" * 43, "x"):
        assert code_of(await http.post("/v1/first-admin", json=body | {"token": spent})) == (403, "link_spent")
    answer = await http.post("/v1/first-admin", json=body | {"token": token})
    assert answer.status_code == 201
    assert answer.json()["user"]["role"] == "admin"
    assert (await person_from(http, answer).get("/v1/admin/users")).status_code == 200
    again = body | {"token": token, "email": "second@example.org"}
    assert code_of(await http.post("/v1/first-admin", json=again)) == (403, "link_spent")
    assert first_admin_link(server_database)[1] is False


async def test_a_reset_link_sets_a_password_once_and_ends_all_sessions(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann, root = await sign_up(http), await sign_up(http)
    become_admin(server_database, [root])
    path = f"/v1/admin/users/{ann.id}/reset-link"
    assert code_of(await ann.post(path)) == (403, "not_allowed")
    link = (await root.post(path)).json()
    assert link["link"].endswith(f"/welcome#{link['token']}")
    body = {"token": link["token"], "new_password": "something else"}
    assert (await http.post("/v1/password-reset", json=body)).status_code == 204
    assert code_of(await ann.get("/v1/me")) == (401, "session_over")
    assert (await sign_in(http, ann.email, "something else")).status_code == 200
    assert code_of(await http.post("/v1/password-reset", json=body)) == (403, "link_spent")


async def test_of_those_who_use_a_link_at_once_one_succeeds(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann = await sign_up(http)
    token = new_token(TokenKind.LINK)
    with psycopg.connect(server_database.owner_url) as connection:
        connection.execute("select ops.make_reset_link(%s, %s, '1 hour')", (ann.id, digest(token)))
    bodies = [{"token": token, "new_password": f"my password {number}"} for number in range(4)]
    answers = await asyncio.gather(*(http.post("/v1/password-reset", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [204, 403, 403, 403]


async def test_a_link_is_kept_hashed(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    token, _ = first_admin_link(server_database)
    with server_database.as_superuser() as connection:
        stored = connection.execute("select string_agg(token, ' ') from gateway.links").fetchone()
    assert stored is not None
    assert token not in (stored[0] or "")


async def test_the_page_of_a_link_asks_what_it_is_for(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    ann = await sign_up(http)
    organization = (await ann.post("/v1/organizations", {"name": "School"})).json()["id"]
    invited = await ann.post(f"/v1/organizations/{organization}/invitations", {"email": "guest@example.org"})
    look = await http.post("/v1/links/look", json={"token": invited.json()["token"]})
    assert look.json() == {"kind": "invitation", "email": "guest@example.org", "password_least": 10}
    assert code_of(await http.post("/v1/links/look", json={"token": "alk_" + "0" * 43})) == (403, "link_spent")
    page = await http.get("/welcome")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for name in ("/welcome.js", "/welcome.css"):
        assert name in page.text
        assert (await http.get(name)).status_code == 200
