"""The body of an upload on its way to the store: bounded, patient up to a point, and kept where it was cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from starlette.requests import Request

from sync.server.blobs.storage import StoreError
from sync.server.gateway.bodies import stream_body
from sync.server.gateway.errors import Refused
from sync.server.gateway.logs import get_logger

LOG = get_logger(__name__)

IDLE_SECONDS = 60.0
"""Silence after which the sender counts as gone."""
LONGEST_SECONDS = 3600.0
"""How long one request may send; what it sent is kept, and the rest comes with the next."""


class Receiving:
    """A request's body as a stream that ends, and says so, where the connection did."""

    def __init__(self, request: Request, limit: int, too_much: Refused) -> None:
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise Refused(415, "encoded_body", "This route takes no compressed body.")
        if _declared(request) > limit:
            raise too_much
        self._request = request
        self._limit = limit
        self._too_much = too_much
        self.is_cut = False
        """Whether the sender left before the end."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body; raises the given refusal when there is too much of it."""
        pieces = stream_body(self._request, self._limit)
        until = asyncio.get_running_loop().time() + LONGEST_SECONDS
        while (piece := await self._next(pieces, until)) is not None:
            yield piece

    async def _next(self, pieces: AsyncIterator[bytes], until: float) -> bytes | None:
        left = until - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(IDLE_SECONDS, left)):
                return await anext(pieces, None)
        except TimeoutError:
            self.is_cut = True
        except Refused as refused:
            if refused.status == 413:
                raise self._too_much from None
            if refused.code != "body_cut":
                raise
            self.is_cut = True
        return None


def too_large(limit: int) -> Refused:
    """Return the refusal of a file past the limit."""
    return Refused(413, "too_large", f"A file may have {limit} bytes at most.", {"Connection": "close"})


def quota_exceeded() -> Refused:
    """Return the refusal of a file for which there is no room."""
    return Refused(413, "quota_exceeded", "There is no room left for this file.", {"Connection": "close"})


@contextmanager
def store_answers() -> Iterator[None]:
    """Answer the caller where the store does not do its work."""
    try:
        yield
    except StoreError as fault:
        LOG.error("store", code=fault.code, fault=type(fault.__cause__ or fault).__name__)
        raise Refused(fault.status, fault.code, fault.sentence, {"Retry-After": "30"}) from fault


def _declared(request: Request) -> int:
    declared = request.headers.get("content-length", "0")
    return int(declared) if declared.isdigit() else 0
