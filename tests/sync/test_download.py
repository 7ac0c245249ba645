"""Bytes that come over a line: gone on with after a cut, and never more or other ones than were asked for."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from sync.client.download import Unfit, download
from sync.client.wire import Wire
from sync.protocol.blobs import Interrupted
from sync.protocol.errors import Refused, Unreachable
from tests.sync.laptops import listening

WORDS = b"Call me Ishmael. " * 1000


@contextmanager
def answering(*answers: Response) -> Iterator[httpx.Client]:
    """Give a line to a server that answers as it is told, one request after the other."""
    left = iter(answers)

    async def answer(_request: Request) -> Response:
        return next(left)

    with listening(Starlette(routes=[Route("/x", answer)])) as address, httpx.Client(base_url=address) as client:
        yield client


def fetched(client: httpx.Client, part: Path, **more: Any) -> str:
    return download(client, "/x", part, tag="a", headers={}, wire=Wire(), **more)


def rest(begin: int, *, tag: str = "a") -> Response:
    span = f"bytes {begin}-{len(WORDS) - 1}/{len(WORDS)}"
    return Response(WORDS[begin:], 206, {"Content-Range": span, "ETag": f'"{tag}"'})


def test_the_rest_is_put_behind_what_came_before_a_cut(tmp_path: Path) -> None:
    part = tmp_path / "part"
    part.write_bytes(WORDS[:100])
    with answering(rest(100)) as client:
        assert fetched(client, part) == "a"
    assert part.read_bytes() == WORDS


class Stopping(Response):
    """Says that all of it comes, and gives a beginning; the line goes, or nothing more is said on it."""

    def __init__(self, beginning: int, *, is_cut: bool) -> None:
        super().__init__(headers={"Content-Length": str(len(WORDS)), "ETag": '"a"'})
        self._beginning = beginning
        self._is_cut = is_cut

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": WORDS[: self._beginning], "more_body": True})
        while not self._is_cut and (await receive())["type"] != "http.disconnect":
            pass


def test_all_that_came_before_a_cut_is_kept_however_little(tmp_path: Path) -> None:
    part = tmp_path / "part"
    with answering(Stopping(700, is_cut=True), rest(700)) as client:
        with pytest.raises(Unreachable):
            fetched(client, part)
        assert part.read_bytes() == WORDS[:700]
        assert fetched(client, part) == "a"
    assert part.read_bytes() == WORDS


def test_who_waits_for_more_on_a_line_that_drips_can_be_stopped(tmp_path: Path) -> None:
    part, seen = tmp_path / "part", list[int]()
    with answering(Stopping(700, is_cut=False)) as client, pytest.raises(Interrupted):
        fetched(client, part, on_progress=lambda done, _: seen.append(done), is_cancelled=lambda: bool(seen))
    assert part.read_bytes() == WORDS[:700]


@pytest.mark.parametrize("answer", [rest(90), rest(100, tag="b")], ids=["elsewhere", "of another"])
def test_a_rest_that_was_not_asked_for_is_not_taken(tmp_path: Path, answer: Response) -> None:
    part = tmp_path / "part"
    part.write_bytes(WORDS[:100])
    with answering(answer, Response(WORDS, headers={"ETag": '"b"'})) as client:
        with pytest.raises(Unfit):
            fetched(client, part)
        assert fetched(client, part) == "b", "and the next time all of it comes"
    assert part.read_bytes() == WORDS


async def _unannounced() -> AsyncIterator[bytes]:
    for _ in range(100):
        yield bytes(1024)


def test_no_more_is_taken_than_is_believed(tmp_path: Path) -> None:
    part, seen = tmp_path / "part", list[int]()
    with answering(Response(WORDS), StreamingResponse(_unannounced())) as client:
        for _ in range(2):
            with pytest.raises(Unfit):
                fetched(client, part, most=10_000, on_progress=lambda done, _: seen.append(done))
            assert not part.exists()
    assert max(seen, default=0) <= 10_000


def test_what_is_compressed_unasked_is_not_opened(tmp_path: Path) -> None:
    bomb = Response(gzip.compress(bytes(10_000_000)), headers={"Content-Encoding": "gzip"})
    with answering(bomb) as client, pytest.raises(Unfit):
        fetched(client, tmp_path / "part", most=1_000_000)


def test_an_empty_hand_is_not_told_that_it_has_all(tmp_path: Path) -> None:
    with answering(Response(status_code=416)) as client, pytest.raises(Refused):
        fetched(client, tmp_path / "part")
