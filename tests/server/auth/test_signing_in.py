"""Accounts are made, sessions are opened and end."""

from __future__ import annotations

import time
from uuid import uuid4

import httpx
import pytest

from sync.schema.ids import uuid7
from tests.server.serving import PASSWORD, code_of, make_app, person_from, serving, sign_in, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


async def test_who_signs_up_is_signed_in(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http, "  Ann@Example.ORG ")
    me = (await ann.get("/v1/me")).json()
    assert (me["email"], me["name"], me["display_name"], me["role"]) == ("ann@example.org", "Ann", "Ann", "user")


async def test_who_knows_the_password_comes_in(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    again = person_from(http, await sign_in(http, ann.email.upper()))
    assert again.id == ann.id
    assert again.token != ann.token
    assert (await again.get("/v1/me")).status_code == 200


async def test_an_unknown_email_and_a_wrong_password_get_the_same_answer(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    wrong = await sign_in(http, ann.email, "not the password")
    unknown = await sign_in(http, f"{uuid4().hex}@example.org", "not the password")
    assert code_of(wrong) == code_of(unknown) == (401, "wrong_credentials")
    assert wrong.content == unknown.content
    left_out = {"x-request-id", "content-length"}
    assert {k: v for k, v in wrong.headers.items() if k not in left_out} == {
        k: v for k, v in unknown.headers.items() if k not in left_out
    }


async def test_an_unknown_email_takes_as_long_as_a_wrong_password(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database, password_memory_kib=65_536, password_time_cost=4)) as client:
        ann = await sign_up(client)
        times: dict[str, list[float]] = {ann.email: [], "nobody@example.org": []}
        for _ in range(3):
            for email, taken in times.items():
                began = time.process_time()
                assert (await sign_in(client, email, "not the password")).status_code == 401
                taken.append(time.process_time() - began)
    known, unknown = (min(taken) for taken in times.values())
    assert known / 2 < unknown < known * 2


async def test_an_email_is_taken_once_whatever_its_letters(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    body = {"email": ann.email.upper(), "password": PASSWORD, "name": "Other"}
    assert code_of(await http.post("/v1/sign-up", json=body)) == (409, "email_taken")


async def test_a_session_that_was_signed_out_opens_nothing(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    assert (await ann.post("/v1/sign-out")).status_code == 204
    assert code_of(await ann.get("/v1/me")) == (401, "session_over")


async def test_the_database_never_sees_a_token_or_a_password(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann = await sign_up(http)
    with server_database.as_superuser() as connection:
        row = connection.execute(
            "select s.token, c.password_hash from user_sessions s join gateway.credentials c using (user_id)"
            " where s.user_id = %s",
            [ann.id],
        ).fetchone()
    assert row is not None
    token, stored = row
    assert ann.token not in token
    assert len(token) == 64
    assert stored.startswith("$argon2id$")


async def test_closed_servers_make_no_accounts(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database, sign_up="closed")) as client:
        body = {"email": "new@example.org", "password": PASSWORD, "name": "New"}
        assert code_of(await client.post("/v1/sign-up", json=body)) == (403, "sign_up_closed")


async def test_by_default_an_account_needs_an_invitation(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database, sign_up="invited")) as client:
        body = {"email": "new@example.org", "password": PASSWORD, "name": "New"}
        assert code_of(await client.post("/v1/sign-up", json=body)) == (403, "invitation_needed")
        forged = body | {"invitation": "ali_" + "x" * 43}
        assert code_of(await client.post("/v1/sign-up", json=forged)) == (403, "invitation_spent")


async def test_sessions_expire_and_slide(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    ann = await sign_up(http)
    with server_database.as_superuser() as connection:
        connection.execute(
            "update user_sessions set expires_at = now() + interval '1 hour' where id = %s", [ann.session_id]
        )
        connection.execute(
            "update gateway.session_use set seen_at = now() - interval '1 hour' where session_id = %s", [ann.session_id]
        )
    assert (await ann.get("/v1/me")).status_code == 200
    with server_database.as_superuser() as connection:
        row = connection.execute(
            "select expires_at > now() + interval '59 days' from user_sessions where id = %s", [ann.session_id]
        ).fetchone()
        assert row == (True,)
        connection.execute(
            "update user_sessions set expires_at = now() - interval '1 s' where id = %s", [ann.session_id]
        )
    assert code_of(await ann.get("/v1/me")) == (401, "session_over")


async def test_an_account_that_was_disabled_has_no_sessions(
    http: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann = await sign_up(http)
    with server_database.as_superuser() as connection:
        connection.execute("update users set deleted_at = now() where id = %s", [ann.id])
    assert code_of(await ann.get("/v1/me")) == (401, "session_over")


async def test_a_revoked_device_opens_nothing(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    ann = await sign_up(http, device={"id": str(uuid7()), "name": "Laptop"})
    with server_database.as_superuser() as connection:
        connection.execute("update devices set revoked_at = now() where user_id = %s", [ann.id])
    assert code_of(await ann.get("/v1/me")) == (401, "session_over")


async def test_a_weaker_hash_is_renewed_at_sign_in(http: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    ann = await sign_up(http)
    async with serving(make_app(server_database, password_memory_kib=64, password_time_cost=2)) as client:
        again = person_from(client, await sign_in(client, ann.email))
        assert (await again.get("/v1/me")).status_code == 200
    with server_database.as_superuser() as connection:
        row = connection.execute(
            "select password_hash from gateway.credentials where user_id = %s", [ann.id]
        ).fetchone()
    assert row is not None
    assert "m=64,t=2" in row[0]
    assert (await sign_in(http, ann.email)).status_code == 200


async def test_a_device_is_known_by_its_id_and_belongs_to_one_account(http: httpx.AsyncClient) -> None:
    device = {"id": str(uuid7()), "name": "Laptop", "platform": "linux", "app_version": "1"}
    ann, bob = await sign_up(http), await sign_up(http)
    for _ in range(2):
        assert (await sign_in(http, ann.email, device=device)).status_code == 200
    sessions = (await ann.get("/v1/me/sessions")).json()["sessions"]
    assert [one["device_name"] for one in sessions].count("Laptop") == 2
    assert code_of(await sign_in(http, bob.email, device=device)) == (409, "device_of_another")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no email"), ("email", "a@b\u0000.org"), ("email", "a@\u202eb.org"), ("name", "a\u0007b"),
        ("name", "   "), ("name", "a\nb"), ("password", "short"), ("password", "aaaaaaaaaaaaaaaaa"),
    ],
)  # fmt: skip
async def test_what_cannot_be_a_name_email_or_password_is_refused(
    http: httpx.AsyncClient, field: str, value: str
) -> None:
    body = {"email": "new@example.org", "password": PASSWORD, "name": "New"} | {field: value}
    assert code_of(await http.post("/v1/sign-up", json=body)) == (422, f"invalid.{field}")
