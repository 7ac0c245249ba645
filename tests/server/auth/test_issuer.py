"""Tokens of a real issuer that is reached over HTTP: whose signature counts, and what happens when it misbehaves."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest

from sync.server.auth import published_keys
from tests.server.auth.issuer import Issuer, running_issuer
from tests.server.serving import code_of, make_app, serving
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

OVER = (401, "session_over")
AWAY = (503, "issuer_unavailable")


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running_issuer() as found:
        found.add_rsa("rsa")
        found.add_ec("ec")
        yield found


@pytest.fixture
async def client(
    anyio_backend: str, server_database: ServerDatabase, issuer: Issuer
) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(server_database, jwt_issuer=issuer.url, jwt_jwks_url=f"{issuer.url}/jwks")
    async with serving(app) as found:
        yield found


async def me(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def let_time_pass(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Have the clock of the keys go on."""
    monkeypatch.setattr(published_keys, "monotonic", lambda: time.monotonic() + seconds)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_so():
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("kid", ["rsa", "ec"])
async def test_a_token_signed_by_a_published_key_opens_an_account(
    client: httpx.AsyncClient, issuer: Issuer, kid: str
) -> None:
    answers = [await me(client, issuer.token(kid)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert issuer.asked == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "others"}, {"aud": ["others", "more"]}, {"aud": None}, {"iss": "https://evil.example.org"},
        {"iss": None}, {"exp": 1}, {"exp": int(time.time()) - 60}, {"exp": None}, {"nbf": int(time.time()) + 3600},
        {"iat": int(time.time()) + 3600}, {"sub": None}, {"sub": 5}, {"role": "service_role"},
    ],
)  # fmt: skip
async def test_a_well_signed_token_with_wrong_claims_opens_nothing(
    client: httpx.AsyncClient, issuer: Issuer, changed: dict[str, Any]
) -> None:
    assert code_of(await me(client, issuer.token("rsa", **changed))) == OVER
    assert (await me(client, issuer.token("rsa", aud=["others", "authenticated"]))).status_code == 200


async def test_the_published_key_says_the_algorithm_and_never_the_token(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    """Neither no signature, nor the public key as a secret, nor another algorithm or key than the one that is named."""
    tokens = [
        *issuer.unsigned("rsa"), *issuer.confused("rsa"), *issuer.confused("ec"),
        issuer.token("rsa", named="ec"), issuer.token("ec", named="rsa"), issuer.token("rsa", named="nobody's"),
        issuer.token("rsa", algorithm="RS512"), issuer.token("rsa", algorithm="PS256"),
    ]  # fmt: skip
    for token in tokens:
        assert code_of(await me(client, token)) == OVER, token
    assert (await me(client, issuer.token("rsa"))).status_code == 200


async def test_a_key_that_the_token_brings_along_is_not_believed(client: httpx.AsyncClient, issuer: Issuer) -> None:
    issuer.add_rsa("evil")
    evil = issuer.published.pop("evil")
    import jwt

    for more in ({"jwk": evil}, {"jku": f"{issuer.url}/evil", "x5u": f"{issuer.url}/evil"}):
        token = jwt.encode(issuer.claims(), issuer._private["evil"], "RS256", headers={"kid": "rsa", **more})  # type: ignore[arg-type]
        assert code_of(await me(client, token)) == OVER


async def test_keys_are_changed_over_without_a_pause(
    client: httpx.AsyncClient, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await me(client, issuer.token("rsa"))).status_code == 200
    issuer.add_ec("new")
    # Asked a moment ago: whoever makes up key ids cannot have the issuer asked at each request.
    assert code_of(await me(client, issuer.token("new"))) == OVER
    assert issuer.asked == 1
    let_time_pass(monkeypatch, 31)
    answers = await asyncio.gather(*(me(client, issuer.token("new")) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert issuer.asked == 2, "all who wait share one question"
    issuer.withdraw("rsa")
    let_time_pass(monkeypatch, 31 + 601)
    assert (await me(client, issuer.token("rsa"))).status_code == 200  # has the keys asked for beside it
    await until(lambda: issuer.asked == 3)
    async with asyncio.timeout(10):
        while (await me(client, issuer.token("rsa"))).status_code == 200:
            await asyncio.sleep(0.005)
    assert (await me(client, issuer.token("new"))).status_code == 200


async def test_a_key_that_was_withdrawn_long_ago_opens_nothing_after_a_quiet_time(
    client: httpx.AsyncClient, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await me(client, issuer.token("rsa"))).status_code == 200
    issuer.withdraw("rsa")
    let_time_pass(monkeypatch, 3600)
    assert code_of(await me(client, issuer.token("rsa"))) == OVER


@pytest.mark.noisy
@pytest.mark.parametrize("fault", ["error", "hang", "nonsense", "huge", "drip"])
async def test_known_keys_go_on_working_whatever_the_issuer_does(
    client: httpx.AsyncClient, issuer: Issuer, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    assert (await me(client, issuer.token("rsa"))).status_code == 200
    monkeypatch.setattr(published_keys, "PATIENCE_SECONDS", 0.2)
    misbehave(issuer, fault)
    for hours in (1, 2, 3):
        let_time_pass(monkeypatch, hours * 3600)
        async with asyncio.timeout(10):
            while issuer.asked <= hours:  # a question that is under way is not asked twice
                assert (await me(client, issuer.token("rsa"))).status_code == 200
    assert code_of(await me(client, issuer.token("rsa", named="unknown"))) == OVER


def misbehave(issuer: Issuer, fault: str) -> None:
    """Have the issuer answer badly from now on."""
    if fault == "error":
        issuer.status = 500
    elif fault == "hang":
        issuer.hang.clear()
    elif fault == "drip":
        issuer.drips = True
    else:
        keys = [{"kty": "RSA", "kid": str(n), "n": "x" * 1000, "e": "AQAB"} for n in range(1000)]
        issuer.body = b'"no keys"' if fault == "nonsense" else json.dumps({"keys": keys}).encode()


@pytest.mark.noisy
async def test_who_names_a_known_key_does_not_wait_for_a_slow_issuer(
    client: httpx.AsyncClient, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await me(client, issuer.token("rsa"))).status_code == 200
    issuer.hang.clear()
    let_time_pass(monkeypatch, 601)
    waiting = asyncio.ensure_future(me(client, issuer.token("rsa", named="unknown")))
    await until(lambda: issuer.asked == 2)
    for _ in range(3):
        assert (await me(client, issuer.token("rsa"))).status_code == 200
    assert not waiting.done()
    issuer.hang.set()
    assert code_of(await waiting) == OVER


@pytest.mark.noisy
async def test_an_issuer_that_was_never_reached_is_said_to_be_away_until_it_is_there(
    server_database: ServerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_issuer() as gone:
        gone.add_ec("ec")
    app = make_app(server_database, jwt_issuer=gone.url, jwt_jwks_url=f"{gone.url}/jwks")
    async with serving(app) as client:
        for _ in range(2):
            refused = await me(client, gone.token("ec"))
            assert code_of(refused) == AWAY
            assert refused.headers["Retry-After"] == "30"
        let_time_pass(monkeypatch, 31)
        with running_issuer(gone.port) as there:
            there.published = gone.published
            assert (await me(client, gone.token("ec"))).status_code == 200


async def test_one_unsound_key_keeps_nobody_from_using_the_others(client: httpx.AsyncClient, issuer: Issuer) -> None:
    good = [{**issuer.published["rsa"], "kid": "rsa"}]
    bad = [
        {},
        {"kty": "RSA"},
        {"kty": "EC", "crv": "P-256"},
        {"kty": ["RSA"]},
        {"kty": "oct", "k": "c2VjcmV0"},
        "words",
        5,
    ]
    issuer.body = json.dumps({"keys": bad + good}).encode()
    assert (await me(client, issuer.token("rsa"))).status_code == 200


async def test_a_shared_secret_among_the_keys_and_a_key_for_encryption_check_nothing(
    client: httpx.AsyncClient, issuer: Issuer
) -> None:
    import base64

    import jwt

    secret = b"a secret that somebody published by mistake"
    shared = {"kty": "oct", "kid": "oct", "k": base64.urlsafe_b64encode(secret).rstrip(b"=").decode()}
    issuer.body = json.dumps({"keys": [shared, {**issuer.published["rsa"], "kid": "rsa", "use": "enc"}]}).encode()
    token = jwt.encode(issuer.claims(), secret, "HS256", headers={"kid": "oct"})
    for one in (token, issuer.token("rsa")):
        assert (await me(client, one)).status_code in (401, 503)
