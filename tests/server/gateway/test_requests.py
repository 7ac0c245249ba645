"""Bad requests get a status of 400 or more with a code, and change nothing."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator

import httpx
import pytest
import zstandard

from tests.server.gateway.probes import Probes
from tests.server.serving import PASSWORD, become_admin, code_of, make_app, serving, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

SIGN_IN = {"email": "ann@example.org", "password": PASSWORD}
JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def client(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(make_app(server_database, Probes(), max_body_bytes=5000)) as found:
        yield found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "broken_json")),
        (b"{", (400, "broken_json")),
        (b'{"email": "\xff\xfe"}', (400, "broken_json")),
        (b'{"email": "\\ud800"}', (400, "broken_json")),
        (b"[" * 4000, (422, "invalid_body")),
        (b'{"device":' * 400, (422, "invalid.device.device")),
        (b"[]", (422, "invalid_body")),
        (b"null", (422, "invalid_body")),
        (json.dumps(SIGN_IN | {"email": 1}).encode(), (422, "invalid.email")),
        (json.dumps(SIGN_IN | {"email": None}).encode(), (422, "invalid.email")),
        (json.dumps(SIGN_IN | {"extra": 1}).encode(), (422, "invalid.extra")),
        (json.dumps({"email": "a@b"}).encode(), (422, "invalid.password")),
        (json.dumps(SIGN_IN | {"device": {"id": "no", "name": "x"}}).encode(), (422, "invalid.device.id")),
        (json.dumps(SIGN_IN | {"password": "x" * 2000}).encode(), (422, "invalid.password")),
        (json.dumps(SIGN_IN | {"email": "a\x00@b.org"}).encode(), (422, "invalid.email")),
        (b" " * 6000, (413, "body_too_large")),
    ],
)
async def test_a_body_that_is_no_good_is_refused_by_name(
    client: httpx.AsyncClient, body: bytes, expected: tuple[int, str]
) -> None:
    answer = await client.post("/v1/sign-in", content=body, headers=JSON)
    assert code_of(answer) == expected
    assert set(answer.json()["error"]) == {"code", "message"}


async def test_a_body_without_a_length_is_cut_off_at_the_limit(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100:
            sent += 1
            yield b" " * 1000

    answer = await client.post("/v1/sign-in", content=endless(), headers=JSON)
    assert code_of(answer) == (413, "body_too_large")
    assert sent < 10


async def test_a_route_has_its_own_limit_for_a_body_that_it_reads_itself(client: httpx.AsyncClient) -> None:
    async def pieces(count: int) -> AsyncIterator[bytes]:
        for _ in range(count):
            yield b"x" * 100

    assert (await client.put("/probe/file", content=pieces(10))).text == "1000"
    assert code_of(await client.put("/probe/file", content=pieces(11))) == (413, "body_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "multipart/form-data"])
async def test_only_json_is_taken_where_json_is_due(client: httpx.AsyncClient, kind: str) -> None:
    body = json.dumps(SIGN_IN).encode()
    answer = await client.post("/v1/sign-in", content=body, headers={"Content-Type": kind})
    assert code_of(answer) == (415, "not_json")
    packed = JSON | {"Content-Encoding": "gzip"}
    assert code_of(await client.post("/v1/sign-in", content=gzip.compress(body), headers=packed)) == (
        415,
        "encoded_body",
    )


async def test_what_is_not_there_and_what_cannot_be_done_have_the_same_shape(client: httpx.AsyncClient) -> None:
    for path in ("/nothing", "/v1/me/"):
        assert code_of(await client.get(path)) == (404, "not_found")
    refused = await client.put("/v1/me")
    assert code_of(refused) == (405, "wrong_method")
    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "PATCH"}


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer x", "Bearer alx_short", f"Bearer alx_{'0' * 43}",
     "Bearer alx_'; drop table users; --", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer " + "x" * 100_000],
)  # fmt: skip
async def test_a_token_that_is_none_opens_nothing(client: httpx.AsyncClient, header: str) -> None:
    answer = await client.get("/v1/me", headers={"Authorization": header})
    assert code_of(answer) == (401, "session_over")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_truncated_or_changed_token_opens_nothing(client: httpx.AsyncClient) -> None:
    ann = await sign_up(client)
    for token in (ann.token[:-1], ann.token + "0", ann.token.swapcase(), ann.token.replace("alx", "alk")):
        answer = await client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert code_of(answer) == (401, "session_over")
    assert code_of(await client.get("/v1/me")) == (401, "sign_in_first")


async def test_a_visitor_is_known_by_a_token_and_welcome_without_one(client: httpx.AsyncClient) -> None:
    ann = await sign_up(client)
    assert (await client.get("/probe/visitor")).json()["role"] == "anon"
    assert (await ann.get("/probe/visitor")).json()["person"] == str(ann.id)
    forged = await client.get("/probe/visitor", headers={"Authorization": "Bearer forged"})
    assert code_of(forged) == (401, "session_over")


async def test_a_route_for_administrators_lets_in_no_other(
    client: httpx.AsyncClient, server_database: ServerDatabase
) -> None:
    ann = await sign_up(client)
    assert code_of(await client.get("/probe/admin")) == (401, "sign_in_first")
    assert code_of(await ann.get("/probe/admin")) == (403, "not_allowed")
    become_admin(server_database, [ann])
    assert (await ann.get("/probe/admin")).json()["role"] == "authenticated"


@pytest.mark.parametrize(
    ("statement", "text", "expected"),
    [
        ("select * from user_sessions", "", (403, "not_allowed")),
        ("insert into user_libraries (user_id, content_id) values (auth.uid(), gen_random_uuid())", "",
         (403, "not_allowed")),
        ("select %(text)s::int", "x", (422, "invalid_value")),
        ("select %(text)s::text", "a\x00b", (422, "invalid_value")),
        ("select 9999999999::bigint::int", "", (422, "invalid_value")),
        ("update users set name = repeat('x', 300)", "", (422, "invalid_value")),
        ("insert into user_preferences (user_id, learned_from) values (auth.uid(), 'x')", "", (422, "invalid_value")),
        ("insert into user_preferences (user_id, learned_from) values (auth.uid(), null)", "", (422, "invalid_value")),
        ("insert into user_themes (user_id, theme_name, base_theme) values (auth.uid(), 'x', 'y')", "",
         (422, "unknown_reference")),
        ("insert into devices (id, user_id, name) select %(text)s::uuid, auth.uid(), 'x' from generate_series(1, 2)",
         "00000000-0000-0000-0000-000000000001", (409, "already_there")),
        ("select pg_sleep(3)", "", (504, "too_slow")),
    ],
)  # fmt: skip
async def test_what_the_database_refuses_is_said_in_the_callers_terms(
    client: httpx.AsyncClient, statement: str, text: str, expected: tuple[int, str]
) -> None:
    ann = await sign_up(client)
    assert code_of(await ann.post("/probe/do", {"statement": statement, "text": text})) == expected


async def test_a_statement_runs_no_longer_than_the_setting_says(server_database: ServerDatabase) -> None:
    async with serving(make_app(server_database, Probes(), statement_timeout_ms=50)) as client:
        ann = await sign_up(client)
        refused = await ann.post("/probe/do", {"statement": "select pg_sleep(0.4)"})
        assert code_of(refused) == (504, "too_slow")


async def test_a_transaction_that_met_others_runs_again_three_times(server_database: ServerDatabase) -> None:
    for failures, status, runs in ((3, 200, 4), (4, 503, 4)):
        probes = Probes()
        async with serving(make_app(server_database, probes)) as client:
            ann = await sign_up(client)
            answer = await ann.post("/probe/conflict", {"statement": "", "number": failures})
            assert (answer.status_code, probes.runs) == (status, runs)


async def test_a_full_pool_is_busy_and_not_broken(server_database: ServerDatabase) -> None:
    app = make_app(server_database, Probes(), pool_max_size=1, pool_wait_seconds=0.05)
    async with serving(app) as client:
        async with app.state.core.database.as_anonymous():
            refused = await client.get("/probe/anonymous")
        assert code_of(refused) == (503, "busy")
        assert refused.headers["Retry-After"]
        assert (await client.get("/probe/anonymous")).status_code == 200


async def test_a_database_that_is_away_is_said_so(server_database: ServerDatabase) -> None:
    app = make_app(
        server_database, Probes(), database_url="postgresql://gateway_user@127.0.0.1:1/none", pool_wait_seconds=0.1
    )
    async with serving(app) as client:
        assert code_of(await client.get("/probe/anonymous"))[0] == 503
        assert code_of(await client.get("/ready")) == (503, "database_unavailable")
        assert (await client.get("/health")).status_code == 200


async def test_a_large_answer_is_compressed_as_the_caller_can_read(client: httpx.AsyncClient) -> None:
    for accepted, encoding in (("zstd, gzip", "zstd"), ("gzip", "gzip"), ("gzip;q=0", None), ("", None)):
        async with client.stream("GET", "/probe/large", headers={"Accept-Encoding": accepted}) as answer:
            raw = b"".join([piece async for piece in answer.aiter_raw()])
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Vary"] == "Accept-Encoding"
        plain = {"zstd": zstandard.decompress, "gzip": gzip.decompress}.get(encoding or "", bytes)(raw)
        assert len(json.loads(plain)) == 2000


async def test_other_origins_are_let_in_by_setting_alone(server_database: ServerDatabase) -> None:
    asked = {"Origin": "https://app.example.org", "Access-Control-Request-Method": "POST"}
    async with serving(make_app(server_database)) as client:
        assert "access-control-allow-origin" not in (await client.options("/v1/sign-in", headers=asked)).headers
    async with serving(make_app(server_database, allowed_origins=("https://app.example.org",))) as client:
        answer = await client.options("/v1/sign-in", headers=asked)
        assert answer.headers["access-control-allow-origin"] == "https://app.example.org"
        stranger = await client.get("/health", headers={"Origin": "https://evil.example.org"})
        assert "access-control-allow-origin" not in stranger.headers
