"""What a laptop really sends: a proxy between it and the gateway looks at the bytes."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from sync.client.http import HttpEndpoint
from sync.protocol.errors import Unreachable
from tests.sync.conftest import NewLaptop
from tests.sync.laptops import Laptop

pytestmark = pytest.mark.postgres


class Watching(httpx.BaseTransport):
    """Carries requests to the real gateway, and may change the raw answer."""

    def __init__(self, address: str) -> None:
        self._inner = httpx.HTTPTransport()
        self.sent: list[httpx.Request] = []
        self.raw: list[int] = []
        self.change: Callable[[bytes], bytes] = bytes
        self.address = address

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        answer = self._inner.handle_request(request)
        assert isinstance(answer.stream, httpx.SyncByteStream)
        raw = self.change(b"".join(answer.stream))
        answer.close()
        self.raw.append(len(raw))
        headers = [(name, value) for name, value in answer.headers.raw if name.lower() != b"content-length"]
        return httpx.Response(answer.status_code, headers=headers, stream=httpx.ByteStream(raw))

    def close(self) -> None:
        self._inner.close()


@pytest.fixture
def watched(new_laptop: NewLaptop) -> tuple[Laptop, Watching]:
    laptop = new_laptop()
    laptop.endpoint.close()
    transport = Watching(laptop.account.address)
    client = httpx.Client(base_url=laptop.account.address, transport=transport)
    laptop.endpoint = HttpEndpoint(laptop.account.address, laptop.account.token(), client=client)
    return laptop, transport


def test_batches_leave_compressed_once_the_server_has_said_that_it_reads_them(
    watched: tuple[Laptop, Watching],
) -> None:
    laptop, wire = watched
    book = laptop.add_book()
    for number in range(200):
        laptop.add_note(book, f"a note of some words, number {number}")
    laptop.sync()
    assert laptop.waiting() == []
    push = next(one for one in wire.sent if one.url.path == "/v1/push")
    assert push.headers["Content-Encoding"] == "zstd"
    pull = wire.sent[0]
    assert "Content-Encoding" not in pull.headers
    assert "zstd" in pull.headers["Accept-Encoding"]
    assert len(push.content) < 200 * 120, "bytes for a new note of twelve columns"


@pytest.mark.parametrize("cut", [1, 10, 400])
def test_a_compressed_answer_that_was_cut_is_taken_as_none(watched: tuple[Laptop, Watching], cut: int) -> None:
    laptop, wire = watched
    laptop.add_book()
    wire.change = lambda raw: raw[:-cut]
    with pytest.raises(Unreachable):
        laptop.sync()
    wire.change = bytes
    laptop.sync()
    assert laptop.waiting() == []
