"""The stream that says "pull now", as server-sent events: ``ready`` at its beginning, ``news`` when there is some."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from starlette.responses import Response, StreamingResponse

from sync.server.gateway.database import fetch_value
from sync.server.gateway.errors import Refused
from sync.server.gateway.routing import Call, Core, Part, Route
from sync.server.poke.news import News

EVENTS = "text/event-stream"
HEARTBEAT = 25.0
"""Seconds of silence after which a comment is sent, so that nobody between takes the line for dead."""
REST = 1.0
"""Seconds between two calls: what moves in between is one call."""
LASTS = 900.0
"""Seconds after which a stream ends; who comes again is asked anew who they are."""
MOST, MOST_OF_ONE = 2_000, 20
"""Streams of one gateway, and of one person on it."""

_UNBUFFERED = {"X-Accel-Buffering": "no"}


class Poked(Struct, frozen=True, forbid_unknown_fields=True):
    """Who waits."""

    device_id: UUID
    catalogues: Annotated[str, Meta(max_length=2_000, pattern=r"^(catalogue:(themes|[0-9]{1,9})(,|$))*$")] = ""
    """Which parts of the public catalogue are wanted, with commas."""


class Poke:
    """The stream of each device that waits."""

    def __init__(self, news: News) -> None:
        self._news = news
        self._streams: Counter[UUID] = Counter()

    async def wait(self, call: Call, query: Poked) -> Response:
        """Answer with a stream that calls."""
        person = call.person.user_id
        if len(self._news) >= MOST or self._streams[person] >= MOST_OF_ONE:
            raise Refused(503, "too_many_waiting", "Too many devices wait for news here.", {"Retry-After": "600"})
        if call.request.method == "HEAD":
            return Response(media_type=EVENTS, headers=_UNBUFFERED)
        events = self._events(call, query, await _keys(call, query))
        return StreamingResponse(events, media_type=EVENTS, headers=_UNBUFFERED)

    async def _events(self, call: Call, query: Poked, keys: Sequence[int]) -> AsyncIterator[bytes]:
        person = call.person.user_id
        ends = asyncio.get_running_loop().time() + LASTS
        waiting = self._news.admit(str(query.device_id), keys)
        self._streams[person] += 1
        try:
            yield b"event: ready\ndata:\n\n"
            while not waiting.is_over and asyncio.get_running_loop().time() < ends:
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        await waiting.called.wait()
                except TimeoutError:
                    yield b":\n\n"
                    continue
                if waiting.is_over:
                    return
                waiting.called.clear()
                # What moved may be what they hold; known before they ask, so that nothing falls in between.
                self._news.change(waiting, await _keys(call, query))
                yield b"event: news\ndata:\n\n"
                await asyncio.sleep(REST)
        finally:
            self._news.dismiss(waiting)
            self._streams[person] -= 1
            if not self._streams[person]:
                del self._streams[person]


async def _keys(call: Call, query: Poked) -> list[int]:
    catalogues = [one for one in query.catalogues.split(",") if one]
    async with call.database.as_gateway(call.person) as connection:
        return list(await fetch_value(connection, "select gateway.news_keys(%(names)s)", names=catalogues))


def make_poke(core: Core, news: News | None = None) -> Part:
    """Return the part of the server that calls devices; ``news`` is for who wants to end all streams early."""
    heard = News(core.settings) if news is None else news
    return Part(
        routes=(
            Route(
                "GET",
                "/v1/poke",
                Poke(heard).wait,
                "A stream that says when there is something to pull.",
                produces=EVENTS,
                tag="sync",
            ),
        ),
        running=heard.running,
    )
