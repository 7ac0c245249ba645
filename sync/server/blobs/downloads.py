"""Handing bytes out to who may read them; for everybody else they do not exist."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response, StreamingResponse

from sync.server.blobs.ledger import Readable, claimed, shown
from sync.server.blobs.ranges import Span, Unsatisfiable, asked_span, etag_of, is_unchanged
from sync.server.blobs.receiving import store_answers
from sync.server.blobs.storage import BlobStore
from sync.server.blobs.uploads import Hash
from sync.server.gateway.errors import Refused, not_found
from sync.server.gateway.routing import Call, Route, Who

MOST_HASHES = 1000


class HaveQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """Hashes to look for."""

    hashes: Annotated[list[Hash], Meta(max_length=MOST_HASHES)]


class HaveAnswer(Struct, frozen=True):
    """Which of them I may read, and which of those I handed in myself."""

    have: list[str]
    claimed: list[str]


class Downloads:
    """The routes that give bytes."""

    def __init__(self, store: BlobStore) -> None:
        self._store = store

    def routes(self) -> tuple[Route, ...]:
        """Return the routes."""
        path = "/v1/blobs/{sha256}"
        return (
            Route("POST", "/v1/blobs/have", self.have, "Say which files are here for me."),
            Route("GET", path, self.read, "Return a file, or a part of it.", Who.VISITOR, produces="*/*"),
        )

    async def have(self, call: Call, body: HaveQuestion) -> HaveAnswer:
        """Say which files are here for who asks."""
        asked = list(dict.fromkeys(body.hashes))
        async with call.database.as_gateway(call.person) as connection:
            mine = {found.sha256 for found in await claimed(connection, call.person, asked)}
            others = {found.sha256 for found in await shown(connection, call.person, asked)}
        return HaveAnswer(
            have=[one for one in asked if one in mine or one in others], claimed=[one for one in asked if one in mine]
        )

    async def read(self, call: Call, sha256: Hash) -> Response:
        """Return a file, or the one range that is asked for; for a HEAD only what would come with it."""
        found = await self._find(call, sha256)
        headers, etag = _headers(found), etag_of(sha256)
        if is_unchanged(call.request.headers, etag):
            return Response(status_code=304, headers=headers)
        if call.request.method == "HEAD":
            return Response(headers=headers | {"Content-Length": str(found.size)})
        try:
            span = asked_span(call.request.headers, etag, found.size)
        except Unsatisfiable:
            whole = {"Content-Range": f"bytes */{found.size}"}
            raise Refused(416, "range_not_satisfiable", "The file ends before this range.", whole) from None
        if span is not None:
            headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{found.size}"
        return await self._stream(found, span or Span(0, found.size), headers, status=200 if span is None else 206)

    async def _stream(self, found: Readable, span: Span, headers: dict[str, str], *, status: int) -> Response:
        headers["Content-Length"] = str(span.stop - span.start)
        pieces = self._store.read(found.sha256, span.start, span.stop)
        with store_answers():
            # A store that fails says so before the answer begins.
            first = await anext(pieces, b"")
        return StreamingResponse(_all(first, pieces), status, headers)

    async def _find(self, call: Call, sha256: str) -> Readable:
        """Return what may be read; whatever the reason why not, the answer is the same."""
        start = call.database.as_anonymous() if call.identity is None else call.database.as_gateway(call.identity)
        async with start as connection:
            found = await claimed(connection, call.identity, [sha256])
            found = found or await shown(connection, call.identity, [sha256])
        if not found:
            raise not_found("This file")
        return found[0]


async def _all(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _headers(found: Readable) -> dict[str, str]:
    return {
        "Content-Type": found.media_type,
        "ETag": etag_of(found.sha256),
        "Accept-Ranges": "bytes",
        # Bytes of a hash never change, but who may read them does: one person's copy is not another's.
        "Cache-Control": "private, max-age=31536000, immutable",
        "Vary": "Authorization",
        "Content-Disposition": "attachment",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
