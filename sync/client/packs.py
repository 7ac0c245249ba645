"""Fetching packs of vectors: one question for a thousand items, then those that are new."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import httpx

from sync.client.http import TIMEOUT, request
from sync.protocol.errors import Unreachable
from sync.protocol.packs import MOST_ITEMS, NotAPack, Pack, read


class PackClient:
    """The packs that one account may have on one server."""

    def __init__(self, address: str, token: str, *, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(base_url=address, timeout=TIMEOUT)
        self._headers = {"Authorization": f"Bearer {token}"}

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def tags(self, items: Sequence[UUID], model: str) -> dict[UUID, str]:
        """Return the tag of each pack that is there for me. Raises SyncError."""
        found: dict[UUID, str] = {}
        for begin in range(0, len(items), MOST_ITEMS):
            body = {"model": model, "items": [str(item) for item in items[begin : begin + MOST_ITEMS]]}
            answer = request(self._client, "POST", "/v1/packs/have", json=body, headers=self._headers)
            found.update({UUID(item): tag for item, tag in answer.json()["packs"].items()})
        return found

    def fetch(self, item: UUID, model: str) -> tuple[str, Pack]:
        """Return a pack with its tag. Raises SyncError, also for one that came damaged or is another's."""
        answer = request(self._client, "GET", f"/v1/packs/{item}/{model}", headers=self._headers)
        try:
            pack = read(answer.content)
        except NotAPack as fault:
            raise Unreachable("Vectors came damaged; they will be fetched anew.") from fault
        if (pack.content_id, pack.model) != (item, model):
            raise Unreachable("Vectors of something else came; they will be fetched anew.")
        return answer.headers.get("etag", "").strip('"'), pack
