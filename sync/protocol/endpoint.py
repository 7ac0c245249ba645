"""The server as a device sees it; over HTTP in ``sync.client.http``."""

from __future__ import annotations

from typing import Protocol

from sync.protocol.messages import PullRequest


class Endpoint(Protocol):
    """What answers a device. Every method raises SyncError; bodies are framed by ``sync.protocol.lines``."""

    def pull(self, request: PullRequest) -> bytes:
        """Return one page of what the device does not have."""
        ...

    def push(self, body: bytes) -> bytes:
        """Hand in a frozen batch, byte for byte as it was frozen, and return what became of it."""
        ...
