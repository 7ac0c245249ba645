"""Passwords: Argon2id in a few threads, so that many sign-ins at once neither stop the loop nor fill the memory."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sync.server.auth.names import composed
from sync.server.gateway.errors import Refused
from sync.server.settings import Settings

T = TypeVar("T")

MOST_WAITING = 64
"""Hashes that may wait; who comes after them is asked to come again."""


class Passwords:
    """Makes and checks hashes."""

    def __init__(self, settings: Settings) -> None:
        self._hasher = PasswordHasher(
            time_cost=settings.password_time_cost, memory_cost=settings.password_memory_kib, parallelism=1
        )
        self._threads = ThreadPoolExecutor(settings.password_hashes_at_once, thread_name_prefix="argon2")
        self._waiting = 0
        self._nobody = self._hasher.hash(secrets.token_hex())
        """What a password of an unknown email is checked against."""

    def close(self) -> None:
        """Stop the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """Return the hash to store for a new password."""
        return await self._run(lambda: self._hasher.hash(composed(password)))

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether a password is the one that was stored; takes as long where there is none."""
        right = await self._run(lambda: self._verify(stored or self._nobody, password))
        return right and stored is not None

    async def renewed(self, stored: str, password: str) -> str | None:
        """Return a new hash of a password that was right, where the old one was made with other parameters."""
        return await self.hash(password) if self._hasher.check_needs_rehash(stored) else None

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, composed(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise Refused(503, "busy", "Too many people are signing in at once.", {"Retry-After": "2"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1
