"""The keys that an outside issuer publishes (JWKS), kept and asked for again without making anybody wait for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from time import monotonic
from typing import Any

import httpx
from jwt import PyJWK, PyJWTError

from sync.server.gateway.errors import Refused
from sync.server.gateway.logs import get_logger

LOG = get_logger(__name__)

ALGORITHMS = {"RSA": "RS256", "EC": "ES256"}
"""By the kind of a published key; what a token says of itself is never believed."""
KEPT_SECONDS = 600.0
"""Age from which keys are asked for again while the old ones go on working."""
STALE_SECONDS = 1200.0
"""Age from which a new answer is waited for, so that a key that was withdrawn long ago opens nothing."""
ASKED_AGAIN_SECONDS = 30.0
"""A token that names an unknown key has the keys asked for again, but not more often than this."""
PATIENCE_SECONDS = 5.0
LARGEST_BYTES = 256 * 1024
MOST_KEYS = 100


class PublishedKeys:
    """Finds a key by its id."""

    def __init__(self, url: str, client: httpx.AsyncClient) -> None:
        self._url = url
        self._client = client
        self._keys: Mapping[str | None, PyJWK] = {}
        self._asked = self._answered = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    async def find(self, kid: object) -> PyJWK | None:
        """Return the key of this id; whoever names a known one does not wait for the issuer."""
        wanted = kid if isinstance(kid, str) else None
        now = monotonic()
        may_ask = now - self._asked > ASKED_AGAIN_SECONDS or self._asking is not None
        failed_last = self._answered < self._asked
        if wanted not in self._keys:
            if may_ask:
                await self._ask()
        elif now - self._answered > KEPT_SECONDS and may_ask:
            asking = self._ask()
            # An issuer that is away or slow is not waited for again and again.
            if now - self._answered > STALE_SECONDS and not failed_last:
                await asking
        if not self._keys:
            raise Refused(503, "issuer_unavailable", "The issuer of tokens does not answer.", {"Retry-After": "30"})
        return self._keys.get(wanted)

    async def close(self) -> None:
        """Stop asking."""
        if self._asking is not None:
            self._asking.cancel()
            with suppress(asyncio.CancelledError):
                await self._asking

    def _ask(self) -> asyncio.Future[None]:
        """Ask once for all who want to know; one of them who leaves does not end it for the others."""
        if self._asking is None:
            self._asked = monotonic()
            self._asking = asyncio.create_task(self._fetch())
        return asyncio.shield(self._asking)

    async def _fetch(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                published = json.loads(await self._body())
            self._keys = {key.key_id: key for key in _usable(published["keys"])}
            self._answered = monotonic()
        except (httpx.HTTPError, TimeoutError, ValueError, KeyError, TypeError, RecursionError) as fault:
            # The keys that are known go on working.
            LOG.warning("keys_not_fetched", fault=type(fault).__name__)
        finally:
            self._asking = None

    async def _body(self) -> bytes:
        body = b""
        async with self._client.stream("GET", self._url) as answer:
            answer.raise_for_status()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > LARGEST_BYTES:
                    raise ValueError("The list of keys is too long.")
        return body


def _usable(published: list[Mapping[str, Any]]) -> Iterator[PyJWK]:
    """Yield the keys that can check a signature of ours; others, and unsound ones, keep nobody from using them."""
    for one in published[:MOST_KEYS]:
        with suppress(PyJWTError, ValueError, TypeError, AttributeError, KeyError):
            if _signs(one):
                yield PyJWK(dict(one), ALGORITHMS[one["kty"]])


def _signs(key: Mapping[str, Any]) -> bool:
    curve_fits = key["kty"] != "EC" or key.get("crv") == "P-256"
    return key["kty"] in ALGORITHMS and key.get("use", "sig") == "sig" and curve_fits
