"""Send the next request while the answer to the one before is written: server, line and laptop work at the same time.

Of pulls, the server takes it as the word that the page before was received, and keeps one step: a library that is cut
off before its commit names the checkpoint before once more (``sync/server/sql/510_pull.sql``). Batches are frozen
before they are sent and have receipts, so that either is handed in again.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

Request = TypeVar("Request")


class Ahead(Generic[Request]):
    """Answers to requests, at most one of which is sent before it is wanted. Ends when that one has come."""

    def __init__(self, send: Callable[[Request], bytes]) -> None:
        self._send = send
        self._threads: ThreadPoolExecutor | None = None
        self._sent: tuple[Request, Future[bytes]] | None = None

    @property
    def sent(self) -> Request | None:
        """The request whose answer was not taken yet."""
        return self._sent[0] if self._sent else None

    def send(self, request: Request) -> None:
        """Send a request on another thread; whatever goes wrong is raised where its answer is wanted."""
        assert self._sent is None, "one at a time: each takes the device a step on"
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, "sync-ahead")
        self._sent = request, self._threads.submit(self._send, request)

    def answer(self, request: Request) -> bytes:
        """Return the answer to a request, which is sent now unless it was."""
        sent, self._sent = self._sent, None
        if sent is None:
            return self._send(request)
        before, answer = sent
        if before == request:
            return answer.result()
        answer.exception()  # waits: a device has one request at a time
        return self._send(request)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=True)
