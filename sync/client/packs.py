"""Fetching packs of vectors: one question for a thousand items, then those that are new."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import httpx

from sync.client.download import Unfit, download
from sync.client.http import as_the_server_writes, request
from sync.client.reaching import ServerClient
from sync.client.wire import Wire
from sync.protocol.errors import Unreachable
from sync.protocol.packs import MOST_ITEMS, NotAPack, Pack, longest, read

_TAG = re.compile(r"[0-9A-Za-z_-]{1,100}")
"""It is part of a file's name and of a header."""
_UNREADABLE = "The server's answer cannot be read."


class PackClient:
    """The packs of one model that one account may have on one server."""

    def __init__(
        self, address: str, token: str, *, model: str, dimension: int, client: httpx.Client | None = None
    ) -> None:
        self._client = client or ServerClient(address)
        self._headers = {"Authorization": f"Bearer {token}"}
        self._wire = Wire()
        self._model = model
        self._dimension = dimension

    def cut(self) -> None:
        """Cut off what is under way, from another thread; it ends as Unreachable."""
        self._wire.cut()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def tags(self, items: Sequence[UUID]) -> dict[UUID, str]:
        """Return the tag of each pack that is there for me. Raises SyncError."""
        found: dict[UUID, str] = {}
        watched = {"headers": self._headers, "extensions": {"trace": self._wire.watch}}
        for begin in range(0, len(items), MOST_ITEMS):
            asked = items[begin : begin + MOST_ITEMS]
            body = {"model": self._model, "items": [str(item) for item in asked]}
            answer = request(self._client, "POST", "/v1/packs/have", json=body, **watched)
            with as_the_server_writes():
                told = answer.json()["packs"]
                come = {item: told[str(item)] for item in asked if str(item) in told}
            if not all(isinstance(tag, str) and _TAG.fullmatch(tag) for tag in come.values()):
                raise Unreachable(_UNREADABLE)
            found.update(come)
        return found

    def fetch(
        self, item: UUID, tag: str, part: Path, *, is_cancelled: Callable[[], bool] = lambda: False
    ) -> tuple[str, Pack]:
        """Return a pack with its tag, by way of ``part``: what came before a cut of the same tag is gone on with.

        Raises SyncError or Interrupted, and NotAPack for one that came damaged, is another's or of another dimension.
        """
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            came = download(
                self._client, f"/v1/packs/{item}/{self._model}", part, tag=tag, headers=self._headers, wire=self._wire,
                most=longest(self._dimension), is_cancelled=is_cancelled,
            )  # fmt: skip
        except Unfit as fault:
            raise NotAPack(str(fault)) from fault
        content = part.read_bytes()
        part.unlink()
        pack = read(content, most_dimensions=self._dimension)
        if (pack.content_id, pack.model) != (item, self._model):
            raise NotAPack("the vectors are of something else")
        if pack.vectors.shape[1] != self._dimension:
            raise NotAPack("the vectors have another dimension than the model")
        return came, pack
