"""Waiting for a server to say that there is something to pull, on a thread of its own.

A hint and no more: rounds begin by the clock too, and whatever was not heard is found then.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import httpx

from sync.client.http import is_page, refusal
from sync.client.reaching import ServerClient
from sync.client.wire import Wire
from sync.protocol.errors import Refused, SignedOut, SyncError, Unreachable

SILENCE = httpx.Timeout(70.0, connect=10.0)
"""A server says something every 25 seconds; after two that are missing the line is dead."""
_BEGINNING = frozenset({"event: ready", "data:", ""})
"""What a server says at once; after that, that there is news or that it is still there."""


@dataclass(frozen=True, slots=True)
class Pauses:
    """Seconds before a line that ended is made again; doubled until one has stood, and a little by chance."""

    first: float = 2.0
    longest: float = 300.0
    refused: float = 600.0
    """Where the server does not offer this, or has no room."""


class Listener:
    """One line to a server. ``on_news`` is called on the listener's thread, and when the line stands."""

    def __init__(
        self,
        address: str,
        token: str,
        device_id: UUID,
        on_news: Callable[[], None],
        *,
        catalogues: Sequence[str] = (),
        pauses: Pauses | None = None,
    ) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {token}"}
        self._query = {"device_id": str(device_id), "catalogues": ",".join(catalogues)}
        self._on_news = on_news
        self._pauses = pauses or Pauses()
        self._wire = Wire()
        self._has_stood = False
        """Whether the line has brought more than its beginning."""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="poke", daemon=True)

    def begin(self) -> None:
        """Begin to wait."""
        self._thread.start()

    def end(self) -> None:
        """Stop; the thread is over soon after, at once where it waits for the server."""
        self._ended.set()
        self._wire.cut()

    def join(self, seconds: float | None = None) -> bool:
        """Wait until the thread is over and say whether it is."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        pause = self._pauses.first
        while not self._ended.is_set():
            self._has_stood, broke = False, None
            try:
                with ServerClient(self._address, timeout=SILENCE, headers=self._headers) as client:
                    self._wait(client)
            except SyncError as fault:
                if isinstance(fault, SignedOut) and fault.is_revoked:
                    return  # the next round says so
                broke = fault
            pause = self._after(broke, pause)
            self._ended.wait(pause * random.uniform(0.5, 1.0))

    def _after(self, fault: SyncError | None, pause: float) -> float:
        if fault is not None and not isinstance(fault, Unreachable):
            return self._pauses.refused
        # Each new line calls for a round: one that ends as soon as it stands must not be made every second.
        again = self._pauses.first if self._has_stood else min(pause * 2, self._pauses.longest)
        return max(again, (fault and fault.retry_after) or 0)

    def _wait(self, client: httpx.Client) -> None:
        """Hold one line until it ends."""
        try:
            with client.stream("GET", "/v1/poke", params=self._query, extensions={"trace": self._wire.watch}) as answer:
                if not answer.is_success or is_page(answer):
                    answer.read()
                    raise refusal(answer)
                if not answer.headers.get("content-type", "").startswith("text/event-stream"):
                    raise Refused(answer.status_code, "no_stream", "The server does not tell of news.")
                for line in answer.iter_lines():
                    self._has_stood |= line not in _BEGINNING
                    if line.startswith("event:") and not self._ended.is_set():
                        self._on_news()
        except httpx.HTTPError as fault:
            raise Unreachable("The line to the server broke.") from fault
