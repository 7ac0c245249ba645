"""Files are handed out whole or in part, and in a way that no browser acts on."""

from __future__ import annotations

import httpx
import pytest

from tests.server.blobs.conftest import hash_of
from tests.server.blobs.sending import given, put
from tests.server.serving import Person, code_of, sign_up

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

WORDS = b"0123456789"
ETAG = f'"{hash_of(WORDS)}"'
PATH = f"/v1/blobs/{hash_of(WORDS)}"


@pytest.fixture
async def ann(http: httpx.AsyncClient) -> Person:
    found = await sign_up(http)
    await given(found, WORDS)
    return found


async def ask(person: Person, method: str = "GET", **headers: str) -> httpx.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await person.client.request(method, PATH, headers={**person.headers, **sent})


async def test_a_whole_file_comes_with_headers_that_disarm_it(ann: Person) -> None:
    answer = await ask(ann)
    assert (answer.status_code, answer.content) == (200, WORDS)
    expected = {
        "content-length": "10", "content-type": "image/png", "etag": ETAG, "accept-ranges": "bytes",
        "cache-control": "private, max-age=31536000, immutable", "vary": "Authorization",
        "content-disposition": "attachment", "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox; default-src 'none'",
    }  # fmt: skip
    assert {name: answer.headers[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("asked", "expected", "place"),
    [
        ("bytes=0-0", b"0", "0-0"),
        ("bytes=2-4", b"234", "2-4"),
        ("bytes=7-", b"789", "7-9"),
        ("bytes=-3", b"789", "7-9"),
        ("bytes=-99", WORDS, "0-9"),
        ("bytes=5-99", b"56789", "5-9"),
    ],
)
async def test_a_range_comes_alone(ann: Person, asked: str, expected: bytes, place: str) -> None:
    answer = await ask(ann, Range=asked)
    assert (answer.status_code, answer.content) == (206, expected)
    assert answer.headers["content-range"] == f"bytes {place}/10"
    assert answer.headers["content-length"] == str(len(expected))


@pytest.mark.parametrize("asked", ["bytes=4-2", "bytes=-", "bytes=0-1,3-4", "pages=1-2", "bytes=a-b", "bytes"])
async def test_a_range_that_is_none_is_ignored(ann: Person, asked: str) -> None:
    answer = await ask(ann, Range=asked)
    assert (answer.status_code, answer.content) == (200, WORDS)


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
async def test_a_range_past_the_end_is_refused(ann: Person, asked: str) -> None:
    answer = await ask(ann, Range=asked)
    assert code_of(answer) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == "bytes */10"


async def test_a_range_of_other_bytes_becomes_the_whole_file(ann: Person) -> None:
    assert (await ask(ann, Range="bytes=1-2", If_Range=ETAG)).status_code == 206
    for other in ('"another"', "W/" + ETAG, "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert (await ask(ann, Range="bytes=1-2", If_Range=other)).content == WORDS


async def test_who_has_the_file_already_gets_none(ann: Person) -> None:
    for tags in (ETAG, f'"x", W/{ETAG}', "*"):
        for method in ("GET", "HEAD"):
            answer = await ask(ann, method, If_None_Match=tags)
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", ETAG)
    assert (await ask(ann, If_None_Match='"x"')).status_code == 200


async def test_a_head_says_how_long_the_file_is(ann: Person) -> None:
    answer = await ask(ann, "HEAD")
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "10")


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "nonsense", ""])
async def test_what_a_browser_would_run_is_handed_out_as_mere_bytes(http: httpx.AsyncClient, kind: str) -> None:
    ann = await sign_up(http)
    words = kind.encode()
    await put(ann, words, kind=kind)
    answer = await ann.get(f"/v1/blobs/{hash_of(words)}")
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.noisy
async def test_bytes_lost_from_the_store_are_a_fault_and_not_an_empty_file(
    ann: Person, folder: object, request: pytest.FixtureRequest
) -> None:
    sha256 = hash_of(WORDS)
    (request.getfixturevalue("folder") / sha256[:2] / sha256[2:4] / sha256).unlink()
    assert code_of(await ask(ann)) == (503, "bytes_missing")
    await given(ann, WORDS)  # who sends them again heals it
    assert (await ask(ann)).content == WORDS
