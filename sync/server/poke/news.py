"""Who waits for news, and the one connection of a gateway that hears of it from the database.

Postgres says at each commit which feeds moved, as hashes of their names. That is a hint and never a truth: one that is
lost costs a device some minutes until it asks by itself.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager, suppress

import psycopg
from psycopg import AsyncConnection

from sync.server.gateway.database import APPLICATION_NAME
from sync.server.gateway.logs import fault_place, get_logger
from sync.server.settings import Settings

CHANNEL = "alexandria_news"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a lost connection is tried again."""

_log = get_logger(__name__)


class Waiting:
    """One device that waits."""

    def __init__(self, device: str) -> None:
        self.device = device
        self.keys: frozenset[int] = frozenset()
        self.called = asyncio.Event()
        self.is_over = False


class News:
    """Hands what the database says on to those whom it concerns."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.listen_database_url or settings.database_url
        self._by_key: dict[int, set[Waiting]] = defaultdict(set)
        self._all: set[Waiting] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def __len__(self) -> int:
        return len(self._all)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen inside the block; at its end everybody who waits is let go."""
        self._loop = asyncio.get_running_loop()
        listening = asyncio.create_task(self._listen())
        try:
            yield
        finally:
            self.end()
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    def end(self) -> None:
        """Let everybody go; from a signal's handler as well."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._let_go)

    def _let_go(self) -> None:
        for one in self._all:
            one.is_over = True
            one.called.set()

    # --- who waits ----------------------------------------------------------------------------------------------

    def admit(self, device: str, keys: Iterable[int]) -> Waiting:
        """Begin to call a device whenever one of the feeds with these keys moves by another's doing."""
        found = Waiting(device)
        self._all.add(found)
        self.change(found, keys)
        return found

    def change(self, one: Waiting, keys: Iterable[int]) -> None:
        """Take in that somebody holds other feeds now."""
        wanted = frozenset(keys)
        for key in one.keys - wanted:
            self._drop(key, one)
        for key in wanted - one.keys:
            self._by_key[key].add(one)
        one.keys = wanted

    def dismiss(self, one: Waiting) -> None:
        """Forget somebody."""
        self.change(one, ())
        self._all.discard(one)

    def _drop(self, key: int, one: Waiting) -> None:
        self._by_key[key].discard(one)
        if not self._by_key[key]:
            del self._by_key[key]

    # --- what the database says ---------------------------------------------------------------------------------

    async def _listen(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                async with await AsyncConnection.connect(
                    self._url, autocommit=True, application_name=f"{APPLICATION_NAME}-news", connect_timeout=10
                ) as connection:
                    await connection.execute(f"listen {CHANNEL}")
                    # Whatever was said meanwhile was not heard.
                    self.call(None, "")
                    pause = FIRST_PAUSE
                    async for said in connection.notifies():
                        self._take(said.payload)
            except (psycopg.Error, OSError) as fault:
                _log.warning("no news", **fault_place(fault))
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    def _take(self, payload: str) -> None:
        try:
            told = json.loads(payload)
            keys, device = told["keys"], str(told.get("device") or "")
        except (ValueError, KeyError, TypeError):
            return  # anybody who may connect may say anything on a channel
        self.call(keys if isinstance(keys, list) else None, device)

    def call(self, keys: Collection[int] | None, device: str) -> None:
        """Call those who hold one of these feeds, or everybody; not the device whose doing it was."""
        found = self._all if keys is None else {one for key in keys for one in self._by_key.get(key, ())}
        for one in found:
            if not device or one.device != device:
                one.called.set()
