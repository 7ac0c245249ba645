"""What answers in the server's place is not the server: a network's sign-in page, or another program at its address."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.library.standing import explain
from sync.client.accounts import Device, sign_in
from sync.client.blobs import BlobClient
from sync.client.http import HttpEndpoint
from sync.client.packs import PackClient
from sync.protocol.errors import SyncError, Unreachable
from sync.protocol.messages import PullRequest
from sync.schema.ids import uuid7
from tests.sync.laptops import listening

PAGE = HTMLResponse("<p>Welcome! Take a room, and the network is yours.</p>")


@pytest.fixture(
    params=[
        PAGE,
        RedirectResponse("http://192.0.2.1/welcome", 302),
        HTMLResponse("Sign in first.", 511),
        JSONResponse({"who": "something else"}),
    ],
    ids=["page", "redirect", "511", "json"],
)
def stranger(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of what answers so, whatever it is asked."""
    found: Response = request.param

    async def answer(_request: Request) -> Response:
        return found

    methods = ["GET", "HEAD", "POST", "PATCH"]
    with listening(Starlette(routes=[Route("/{path:path}", answer, methods=methods)])) as address:
        yield address


def test_whatever_is_asked_is_to_be_tried_again_later(stranger: str, tmp_path: Path) -> None:
    endpoint, files = HttpEndpoint(stranger, "token"), BlobClient(stranger, "token")
    vectors = PackClient(stranger, "token", model="m", dimension=4)
    book = tmp_path / "book"
    book.write_bytes(b"Call me Ishmael.")
    sha256, request = hashlib.sha256(book.read_bytes()).hexdigest(), PullRequest(uuid7(), uuid7(), 7)
    for ask in (
        lambda: sign_in(stranger, "ann@example.org", "password", Device(uuid7(), "A laptop")),
        lambda: endpoint.verify(request, []),
        lambda: files.known([sha256]),
        lambda: files.send(book, sha256, "application/pdf"),
        lambda: files.send(book, sha256, "application/pdf", upload="/v1/blobs/uploads/1"),
        lambda: files.fetch(sha256, tmp_path / "came"),
        lambda: vectors.tags([uuid7()]),
    ):
        with pytest.raises(SyncError) as met:
            ask()
        assert isinstance(met.value, Unreachable)
        error = explain(met.value)
        assert isinstance(error, SurroundingsError), "nothing that the reader could put right in the program"
        assert error.code is Code.SYNC_UNREACHABLE
    for one in (endpoint, files, vectors):
        one.close()


@pytest.mark.parametrize("stranger", [PAGE], indirect=True)
def test_a_page_is_not_written_over_what_has_come_of_a_file(stranger: str, tmp_path: Path) -> None:
    part = tmp_path / "came.part"
    part.write_bytes(b"Call me ")
    files = BlobClient(stranger, "token")
    with pytest.raises(Unreachable):
        files.fetch("0" * 64, tmp_path / "came")
    files.close()
    assert part.read_bytes() == b"Call me "
