"""Tokens of an outside issuer."""

from __future__ import annotations

import base64
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest

from sync.server.settings import SettingsError
from tests.server.serving import code_of, make_app, serving
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

ISSUER = "https://issuer.example.org/auth/v1"
SECRET = "a shared secret that is long enough for all of HS256, HS384 and HS512"
OVER = (401, "session_over")


def claims(**changed: Any) -> dict[str, Any]:
    """Return sound claims of a new person; None leaves one out."""
    subject = str(uuid4())
    now = int(time.time())
    usual = {
        "sub": subject, "iss": ISSUER, "aud": "authenticated", "role": "authenticated", "exp": now + 60, "iat": now,
        "email": f"{subject}@example.org",
    } | changed  # fmt: skip
    return {name: value for name, value in usual.items() if value is not None}


def signed(**changed: Any) -> str:
    return jwt.encode(claims(**changed), SECRET, "HS256")


async def me(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
async def client(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(make_app(server_database, jwt_issuer=ISSUER, jwt_secret=SECRET)) as found:
        yield found


async def test_a_first_request_makes_the_account_and_the_next_finds_it(client: httpx.AsyncClient) -> None:
    given = claims(user_metadata={"full_name": "Ann Outside"})
    token = jwt.encode(given, SECRET, "HS256")
    first, second = (await me(client, token)).json(), (await me(client, token)).json()
    assert first == second
    assert (first["id"], first["email"], first["name"]) == (given["sub"], given["email"], "Ann Outside")


async def test_a_subject_that_is_no_uuid_gets_an_id_of_its_own(client: httpx.AsyncClient) -> None:
    token = signed(sub="provider|42")
    assert (await me(client, token)).json()["id"] == (await me(client, token)).json()["id"]


async def test_an_account_with_the_same_email_is_not_taken_over(client: httpx.AsyncClient) -> None:
    await me(client, signed(email="same@example.org"))
    assert code_of(await me(client, signed(email="Same@example.org"))) == (409, "email_taken")


@pytest.mark.parametrize(
    "changed",
    [
        {"exp": 1}, {"nbf": 4_000_000_000}, {"aud": "others"}, {"iss": "https://evil.example.org"}, {"exp": None},
        {"exp": int(time.time()) - 60}, {"sub": None}, {"aud": None}, {"iss": None}, {"role": "service_role"},
        {"role": "anon"},
    ],
)  # fmt: skip
async def test_a_token_with_wrong_claims_opens_nothing(client: httpx.AsyncClient, changed: dict[str, Any]) -> None:
    assert code_of(await me(client, signed(**changed))) == OVER


async def test_forged_truncated_and_unsigned_tokens_open_nothing(client: httpx.AsyncClient) -> None:
    good = signed()
    head, body, signature = good.split(".")
    unsigned_head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    bad = [
        good[:-3],
        f"{head}.{body}.",
        f"{unsigned_head}.{body}.",
        f"{unsigned_head}.{body}.{signature}",
        f"{head}.{body}",
        "a.b.c",
        "....",
        "x" * 20_000,
        jwt.encode(claims(), "another secret of thirty-two bytes!!", "HS256"),
        jwt.encode(claims(), SECRET, "HS384"),
        jwt.encode(claims(), SECRET, "HS512"),
    ]
    for token in bad:
        assert code_of(await me(client, token)) == OVER, token


async def test_a_disabled_account_stays_out(client: httpx.AsyncClient, server_database: ServerDatabase) -> None:
    token = signed()
    person = (await me(client, token)).json()["id"]
    with server_database.as_superuser() as connection:
        connection.execute("update users set deleted_at = now() where id = %s", [person])
    assert code_of(await me(client, token)) == OVER


async def test_an_issuer_without_keys_or_with_a_weak_secret_is_a_fault_of_the_settings(
    server_database: ServerDatabase,
) -> None:
    with pytest.raises(SettingsError, match="JWT_JWKS_URL"):
        make_app(server_database, jwt_issuer=ISSUER, jwt_secret="short")
