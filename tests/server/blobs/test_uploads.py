"""Files are handed in whole or in pieces, and nothing is kept that is not what it is called."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from sync.server.blobs.routes import make_blobs
from tests.server.blobs.conftest import hash_of
from tests.server.blobs.sending import append, begin, bytes_of, given, head, put
from tests.server.serving import Person, code_of, make_app, serving, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


async def test_a_file_handed_in_whole_comes_back(http: httpx.AsyncClient, folder: Path) -> None:
    ann = await sign_up(http)
    words = os.urandom(100_000)
    sha256 = await given(ann, words)
    assert await bytes_of(ann, sha256) == words
    assert files_in(folder) == [sha256]


async def test_an_empty_file_is_a_file(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    assert await bytes_of(ann, await given(ann, b"")) == b""
    upload = await begin(ann, b"")
    assert (await append(ann, upload, 0, b"")).json()["complete"]


@pytest.mark.parametrize("kind", ["local", "s3"])
async def test_a_file_sent_in_pieces_comes_back(
    server_database: ServerDatabase, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    place = request.getfixturevalue("bucket") if kind == "s3" else {"blob_store": str(tmp_path)}
    async with serving(make_app(server_database, make_blobs, **place)) as client:
        ann = await sign_up(client)
        words = os.urandom(300_000)
        upload = await begin(ann, words, media_type="application/epub+zip")
        for at in range(0, len(words), 100_000):
            assert (await head(ann, upload)).headers["upload-offset"] == str(at)
            answer = await append(ann, upload, at, words[at : at + 100_000])
            assert answer.status_code == 200, answer.text
        assert answer.json() | {"id": ""} == {
            "id": "", "sha256": hash_of(words), "size": 300_000, "offset": 300_000, "complete": True
        }  # fmt: skip
        found = await ann.get(f"/v1/blobs/{hash_of(words)}")
        assert (found.content, found.headers["content-type"]) == (words, "application/epub+zip")
        assert (await head(ann, upload)).headers["upload-complete"] == "?1"


async def test_two_gateways_serve_one_upload(server_database: ServerDatabase, folder: Path) -> None:
    first, second = (make_app(server_database, make_blobs, blob_store=str(folder)) for _ in range(2))
    async with serving(first) as one, serving(second) as other:
        ann = await sign_up(one)
        words = os.urandom(1000)
        upload = await begin(ann, words)
        for at in range(0, 1000, 100):
            client = (one, other)[at // 100 % 2]
            headers = {**ann.headers, "Upload-Offset": str(at)}
            answer = await client.patch(upload, content=words[at : at + 100], headers=headers)
            assert answer.status_code == 200, answer.text
        assert await bytes_of(ann, hash_of(words)) == words
        assert files_in(folder) == [hash_of(words)]


async def test_a_wrong_offset_is_told_the_right_one_and_changes_nothing(http: httpx.AsyncClient, folder: Path) -> None:
    ann = await sign_up(http)
    words = b"0123456789"
    upload = await begin(ann, words)
    await append(ann, upload, 0, words[:4])
    for offset in (0, 3, 5, 10, 11):
        answer = await append(ann, upload, offset, words[offset:])
        assert code_of(answer) == (409, "wrong_offset")
        assert answer.headers["upload-offset"] == "4"
    assert (await append(ann, upload, 4, words[4:])).json()["complete"]
    assert await bytes_of(ann, hash_of(words)) == words
    assert files_in(folder) == [hash_of(words)]


@pytest.mark.parametrize("offset", ["", "-1", "+1", "1.0", "x", "٣", "9" * 30])
async def test_an_offset_that_is_no_number_is_refused(http: httpx.AsyncClient, offset: str) -> None:
    ann = await sign_up(http)
    upload = await begin(ann, b"words")
    sent = offset.encode("utf-8")
    answer = await http.patch(upload, content=b"w", headers={**ann.headers, b"Upload-Offset": sent})  # type: ignore[dict-item]
    assert code_of(answer) == (400, "offset_needed")


async def send_cut(app: Starlette, person: Person, method: str, path: str, pieces: list[bytes], declared: int) -> int:
    """Call the application with a body that ends before its time; return the status."""
    headers = {**person.headers, "Content-Length": str(declared), "Upload-Offset": "0"}
    scope = {
        "type": "http", "method": method, "path": path, "query_string": b"", "client": ("192.0.2.1", 5000),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting = iter([*messages, {"type": "http.disconnect"}])
    answered: list[int] = []

    async def receive() -> Message:
        return next(waiting)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered.append(message["status"])

    await app(scope, receive, send)
    return answered[0]


@pytest.mark.parametrize("cut", [0, 1, 65_536, 2_999_999])
async def test_what_came_before_a_cut_is_kept_and_the_rest_follows(
    server_database: ServerDatabase, folder: Path, cut: int
) -> None:
    app = make_app(server_database, make_blobs, blob_store=str(folder))
    async with serving(app) as client:
        ann = await sign_up(client)
        words = os.urandom(3_000_000)
        upload = await begin(ann, words)
        pieces = [words[at : min(at + 65_536, cut)] for at in range(0, cut, 65_536)]
        assert await send_cut(app, ann, "PATCH", upload, pieces, len(words)) == 400
        assert (await head(ann, upload)).headers["upload-offset"] == str(cut)
        assert len(files_in(folder)) == (1 if cut else 0)
        assert (await append(ann, upload, cut, words[cut:])).json()["complete"]
        assert await bytes_of(ann, hash_of(words)) == words


async def test_a_whole_file_that_is_cut_leaves_nothing(server_database: ServerDatabase, folder: Path) -> None:
    app = make_app(server_database, make_blobs, blob_store=str(folder))
    async with serving(app) as client:
        ann = await sign_up(client)
        assert await send_cut(app, ann, "PUT", f"/v1/blobs/{hash_of(b'words')}", [b"wor"], 5) == 400
        # Also where what came happens to be what the hash says.
        assert await send_cut(app, ann, "PUT", f"/v1/blobs/{hash_of(b'wor')}", [b"wor"], 5) == 400
        assert await bytes_of(ann, hash_of(b"wor")) is None
        assert files_in(folder) == []


async def test_of_two_requests_with_the_same_piece_one_is_taken(http: httpx.AsyncClient, folder: Path) -> None:
    ann = await sign_up(http)
    words = b"0123456789"
    upload = await begin(ann, words)
    answers = await asyncio.gather(*(append(ann, upload, 0, words[:5]) for _ in range(4)))
    refused = [code_of(answer) for answer in answers if answer.status_code != 200]
    assert refused == [(409, "wrong_offset")] * 3
    assert (await head(ann, upload)).headers["upload-offset"] == "5"
    assert len(files_in(folder)) == 1


async def test_a_last_piece_that_is_sent_again_finds_the_upload_complete(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    upload = await begin(ann, b"words")
    assert (await append(ann, upload, 0, b"words")).json()["complete"]
    assert code_of(await append(ann, upload, 0, b"words")) == (409, "wrong_offset")
    again = await append(ann, upload, 5, b"")
    assert (again.status_code, again.json()["complete"]) == (200, True)
    assert code_of(await append(ann, upload, 5, b"more")) == (413, "too_large")


async def test_bytes_of_another_hash_are_discarded(http: httpx.AsyncClient, folder: Path) -> None:
    ann = await sign_up(http)
    assert code_of(await put(ann, b"wrong", hash_of(b"right"))) == (422, "hash_mismatch")
    upload = await begin(ann, b"right")
    await append(ann, upload, 0, b"wr")
    assert code_of(await append(ann, upload, 2, b"ong")) == (422, "hash_mismatch")
    assert (await head(ann, upload)).status_code == 404
    assert await bytes_of(ann, hash_of(b"right")) is None
    assert files_in(folder) == []


async def test_more_bytes_than_promised_are_refused_and_the_upload_stays_where_it_was(
    http: httpx.AsyncClient, folder: Path
) -> None:
    ann = await sign_up(http)
    upload = await begin(ann, b"words")

    async def undeclared() -> AsyncIterator[bytes]:
        yield b"words"
        yield b"and more"

    headers = {**ann.headers, "Upload-Offset": "0"}
    for body in (b"words and more", undeclared()):
        answer = await http.patch(upload, content=body, headers=headers)
        assert code_of(answer) == (413, "too_large")
    assert (await head(ann, upload)).headers["upload-offset"] == "0"
    assert files_in(folder) == []


async def test_a_file_past_the_limit_is_refused(server_database: ServerDatabase, folder: Path) -> None:
    app = make_app(server_database, make_blobs, blob_store=str(folder), max_upload_bytes=10)
    async with serving(app) as client:
        ann = await sign_up(client)
        assert code_of(await put(ann, b"x" * 11)) == (413, "too_large")
        begun = await ann.post(f"/v1/blobs/{'0' * 64}", {"size": 11})
        assert code_of(begun) == (413, "too_large")
        assert (await put(ann, b"x" * 10)).status_code == 201
        assert len(files_in(folder)) == 1


QUOTAS: dict[str, Any] = {"quota_free_bytes": 100, "quota_premium_bytes": 1000, "quota_enterprise_bytes": 0}


async def test_the_best_plan_says_how_much_room_there_is(server_database: ServerDatabase, folder: Path) -> None:
    async with serving(make_app(server_database, make_blobs, blob_store=str(folder), **QUOTAS)) as client:
        ann = await sign_up(client)
        assert code_of(await put(ann, b"x" * 101)) == (413, "quota_exceeded")
        for plan, allowed in (("premium", 1000), ("enterprise", 5000)):
            with server_database.as_superuser() as connection:
                connection.execute(
                    "with made as (insert into organizations (name, plan_type) values ('x', %s) returning id)"
                    " insert into user_organizations (user_id, org_id) select %s, id from made",
                    (plan, ann.id),
                )
            await given(ann, plan.encode() + b"x" * (allowed - 20))
        assert len(files_in(folder)) == 2


async def test_claims_and_promises_take_up_room(server_database: ServerDatabase, folder: Path) -> None:
    async with serving(make_app(server_database, make_blobs, blob_store=str(folder), **QUOTAS)) as client:
        ann, bob = await sign_up(client), await sign_up(client)
        await given(ann, b"a" * 60)
        await given(ann, b"a" * 60)  # once more takes up nothing
        upload = await begin(ann, b"b" * 30)
        await begin(ann, b"b" * 30)  # nor does promising the same twice
        refused = (413, "quota_exceeded")
        assert code_of(await put(ann, b"c" * 11)) == refused
        assert code_of(await ann.post(f"/v1/blobs/{'1' * 64}", {"size": 11})) == refused
        await given(bob, b"c" * 100)
        await given(ann, b"b" * 30)  # what was promised may come another way
        await given(ann, b"c" * 10)
        assert code_of(await put(ann, b"d")) == refused
        assert (await ann.delete(upload)).status_code == 204
        assert (await ann.delete(f"/v1/blobs/{hash_of(b'a' * 60)}")).status_code == 204
        await given(ann, b"d" * 60)


async def test_two_requests_cannot_both_take_the_last_room(server_database: ServerDatabase, folder: Path) -> None:
    async with serving(make_app(server_database, make_blobs, blob_store=str(folder), **QUOTAS)) as client:
        ann = await sign_up(client)
        answers = await asyncio.gather(*(put(ann, bytes([n]) * 60) for n in range(4)))
        assert sorted(answer.status_code for answer in answers) == [201, 413, 413, 413]
        assert len(files_in(folder)) == 1


async def test_the_same_bytes_from_two_people_at_once_both_arrive(http: httpx.AsyncClient, folder: Path) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    words = os.urandom(3_000_000)
    uploads = [(person, await begin(person, words)) for person in (ann, bob, ann)]
    sent = [append(person, upload, 0, words) for person, upload in uploads]
    answers = await asyncio.gather(*sent, put(ann, words), put(bob, words))
    assert [answer.status_code for answer in answers] == [200, 200, 200, 201, 201]
    assert await bytes_of(ann, hash_of(words)) == await bytes_of(bob, hash_of(words)) == words
    assert files_in(folder) == [hash_of(words)]


async def test_an_upload_is_its_owners_alone(http: httpx.AsyncClient) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    upload = await begin(ann, b"words")
    assert (await head(bob, upload)).status_code == 404
    assert code_of(await append(bob, upload, 0, b"words")) == (404, "not_found")
    assert code_of(await bob.delete(upload)) == (404, "not_found")
    assert code_of(await http.patch(upload, content=b"w", headers={"Upload-Offset": "0"})) == (401, "sign_in_first")
    assert (await append(ann, upload, 0, b"words")).json()["complete"]


async def test_an_upload_given_up_leaves_nothing(http: httpx.AsyncClient, folder: Path) -> None:
    ann = await sign_up(http)
    upload = await begin(ann, b"words")
    await append(ann, upload, 0, b"wor")
    assert (await ann.delete(upload)).status_code == 204
    assert (await head(ann, upload)).status_code == 404
    assert files_in(folder) == []


async def test_an_upload_whose_parts_are_gone_says_that_it_must_begin_again(
    http: httpx.AsyncClient, folder: Path
) -> None:
    ann = await sign_up(http)
    upload = await begin(ann, b"words")
    await append(ann, upload, 0, b"wor")
    next((folder / "uploads").iterdir()).unlink()
    assert code_of(await append(ann, upload, 3, b"ds")) == (409, "upload_lost")
    assert (await head(ann, upload)).status_code == 404


async def test_too_many_uploads_at_once_are_refused(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    for number in range(64):
        await begin(ann, bytes([number]))
    assert code_of(await ann.post(f"/v1/blobs/{'0' * 64}", {"size": 1})) == (429, "too_many_uploads")


@pytest.mark.parametrize("words", ["..%2f..%2fetc%2fpasswd", "a" * 63, "A" * 64, "a" * 64 + "%0A", "..", "%00" * 64])
async def test_what_is_no_hash_is_refused_everywhere(http: httpx.AsyncClient, folder: Path, words: str) -> None:
    ann = await sign_up(http)
    path = f"/v1/blobs/{words}"
    answers = [
        await ann.get(path),
        await head(ann, path),
        await ann.post(path, {"size": 1}),
        await http.put(path, content=b"x", headers=ann.headers),
        await ann.delete(path),
        await ann.post("/v1/blobs/have", {"hashes": [words]}),
    ]
    assert {answer.status_code for answer in answers} <= {404, 405, 422}
    assert files_in(folder) == []


async def test_a_compressed_body_is_refused(http: httpx.AsyncClient) -> None:
    ann = await sign_up(http)
    headers = {**ann.headers, "Content-Encoding": "gzip"}
    answer = await http.put(f"/v1/blobs/{hash_of(b'x')}", content=b"x", headers=headers)
    assert code_of(answer) == (415, "encoded_body")
