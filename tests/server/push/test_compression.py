"""Batches and answers on the wire: compressed as both sides can, bounded, and whole or refused."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import zstandard

from sync.protocol.lines import unframed
from sync.protocol.version import PROTOCOL
from sync.schema.ids import uuid7
from sync.server.feeds import make_feeds
from sync.server.push import make_push
from tests.server.push.test_push import Handed, item
from tests.server.serving import Person, code_of, make_app, serving, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

LIMIT = 64 * 1024**2


@pytest.fixture
async def ann(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[Person]:
    async with serving(make_app(server_database, make_feeds, make_push)) as client:
        yield await sign_up(client)


def batch(person: Person) -> bytes:
    words = {
        "device_id": str(uuid7()),
        "batch_id": str(uuid7()),
        "operations": [item(person, uuid7(), title="A " + "long " * 60 + "title")],
    }
    return json.dumps(words).encode()


async def send(person: Person, body: bytes, encoding: str, **more: str) -> httpx.Response:
    head = {**person.headers, "Content-Type": "application/json", "Content-Encoding": encoding, **more}
    return await person.client.post("/v1/push", content=body, headers=head)


@pytest.mark.parametrize(
    ("encoding", "pack"), [("zstd", zstandard.compress), ("gzip", gzip.compress), ("identity", bytes)]
)
async def test_a_batch_is_taken_however_it_is_compressed(ann: Person, encoding: str, pack: Any) -> None:
    assert Handed(await send(ann, pack(batch(ann)), encoding)).words == ["applied"]


async def test_a_batch_compressed_in_another_way_is_refused_with_the_ways_that_are_taken(ann: Person) -> None:
    answer = await send(ann, batch(ann), "br")
    assert code_of(answer) == (415, "encoded_body")
    assert answer.headers["Accept-Encoding"] == "zstd, gzip"


@pytest.mark.parametrize(("encoding", "pack"), [("zstd", zstandard.compress), ("gzip", gzip.compress)])
async def test_a_bomb_and_a_cut_batch_are_refused(ann: Person, encoding: str, pack: Any) -> None:
    assert code_of(await send(ann, pack(b" " * (LIMIT + 1)), encoding)) == (413, "body_too_large")
    assert code_of(await send(ann, pack(batch(ann))[:-5], encoding)) == (400, "body_damaged")


@pytest.mark.parametrize("encoding", ["zstd", "gzip"])
async def test_an_answer_is_compressed_as_the_device_can_read(ann: Person, encoding: str) -> None:
    for path, body in (("/v1/push", batch(ann)), ("/v1/pull", json.dumps({"device_id": str(uuid7())}).encode())):
        head = {**ann.headers, "Content-Type": "application/json", "Accept-Encoding": encoding}
        async with ann.client.stream("POST", path, content=body, headers=head) as answer:
            raw = b"".join([piece async for piece in answer.aiter_raw()])
        assert answer.headers["Content-Encoding"] == encoding
        assert answer.headers["Accept-Encoding"] == "zstd, gzip"
        plain = zstandard.decompress(raw) if encoding == "zstd" else gzip.decompress(raw)
        assert unframed(plain)[0]["protocol"] == PROTOCOL
