"""Tokens of an outside issuer."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import AsyncIterator
from functools import partial
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from sync.server.auth import external, make_auth
from sync.server.auth.external import PublishedKeys
from sync.server.gateway.app import create_app
from sync.server.settings import SettingsError
from tests.server.serving import code_of, make_app, make_settings, serving
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


class Issuer:
    """An issuer with keys that can be changed, and a count of how often they were asked for."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {}
        self.asked = 0
        self.answers = True
        self.app = Starlette(routes=[Route("/keys", self._publish)])

    def add_rsa(self, kid: str) -> rsa.RSAPrivateKey:
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.keys[kid] = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
        return private

    def add_ec(self, kid: str) -> ec.EllipticCurvePrivateKey:
        private = ec.generate_private_key(ec.SECP256R1())
        self.keys[kid] = json.loads(ECAlgorithm.to_jwk(private.public_key()))
        return private

    async def _publish(self, request: Request) -> JSONResponse:
        self.asked += 1
        listed = [{**key, "kid": kid, "use": "sig"} for kid, key in self.keys.items()]
        return JSONResponse({"keys": listed}, 200 if self.answers else 500)

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app=self.app), base_url="http://issuer")


async def test_published_keys_are_kept_and_asked_for_again_when_one_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer()
    issuer.add_rsa("old")
    keys = PublishedKeys("/keys", issuer.client())
    assert await keys.find("old") is not None
    assert await keys.find("old") is not None
    assert issuer.asked == 1
    issuer.add_ec("new")
    assert await keys.find("new") is None  # asked a moment ago
    assert issuer.asked == 1
    monkeypatch.setattr(external, "KEYS_ASKED_AGAIN_SECONDS", -1)
    assert await keys.find("new") is not None
    assert issuer.asked == 2


@pytest.mark.noisy
async def test_known_keys_go_on_working_while_the_issuer_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Issuer()
    issuer.add_rsa("one")
    keys = PublishedKeys("/keys", issuer.client())
    assert await keys.find("one") is not None
    issuer.answers = False
    monkeypatch.setattr(external, "KEYS_KEPT_SECONDS", -1)
    assert await keys.find("one") is not None
    assert issuer.asked == 2


async def test_the_kind_of_the_key_says_the_algorithm_and_never_the_token(server_database: ServerDatabase) -> None:
    issuer = Issuer()
    private_rsa, private_ec = issuer.add_rsa("rsa"), issuer.add_ec("ec")
    public = private_rsa.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    settings = make_settings(server_database, jwt_issuer=ISSUER, jwt_jwks_url="/keys", jwt_secret=SECRET)
    async with serving(create_app(settings, [partial(make_auth, client=issuer.client())])) as client:
        for key, algorithm, kid in ((private_rsa, "RS256", "rsa"), (private_ec, "ES256", "ec")):
            token = jwt.encode(claims(), key, algorithm, headers={"kid": kid})
            assert (await me(client, token)).status_code == 200
        confused = _hmac_token(public)
        assert code_of(await me(client, confused)) == OVER
        assert code_of(await me(client, jwt.encode(claims(), SECRET, "HS256", headers={"kid": "rsa"}))) == OVER
        assert code_of(await me(client, jwt.encode(claims(), private_rsa, "RS512", headers={"kid": "rsa"}))) == OVER
        assert code_of(await me(client, jwt.encode(claims(), private_rsa, "RS256", headers={"kid": "ec"}))) == OVER


def _hmac_token(public_key: bytes) -> str:
    """Return a token signed with the published key as if it were a shared secret."""
    import hashlib
    import hmac

    def words(value: bytes) -> bytes:
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    head = words(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "rsa"}).encode())
    signing = head + b"." + words(json.dumps(claims()).encode())
    return (signing + b"." + words(hmac.new(public_key, signing, hashlib.sha256).digest())).decode()


async def test_an_issuer_without_keys_or_with_a_weak_secret_is_a_fault_of_the_settings(
    server_database: ServerDatabase,
) -> None:
    with pytest.raises(SettingsError, match="JWT_JWKS_URL"):
        make_app(server_database, jwt_issuer=ISSUER, jwt_secret="short")
