"""The server as a device sees it; over HTTP in ``sync.client.http``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID

from sync.protocol.holdings import Holdings
from sync.protocol.messages import PullRequest


class Endpoint(Protocol):
    """What answers a device. Every method raises SyncError; bodies are framed by ``sync.protocol.lines``."""

    def pull(self, request: PullRequest) -> bytes:
        """Return one page of what the device does not have."""
        ...

    def push(self, body: bytes) -> bytes:
        """Hand in a frozen batch, byte for byte as it was frozen, and return what became of it."""
        ...


@runtime_checkable
class Verifier(Protocol):
    """An endpoint that can say what a device should have."""

    def verify(self, request: PullRequest, aside: Sequence[UUID]) -> Holdings | None:
        """Return what a device at this checkpoint should have but for the rows ``aside``; None where it lags behind."""
        ...
