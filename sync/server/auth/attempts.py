"""Limits on attempts, by email and by network, counted in the database for all gateways together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from sync.server.gateway.addresses import attempt_network
from sync.server.gateway.database import Connection, fetch_value
from sync.server.gateway.errors import Refused
from sync.server.gateway.routing import Call
from sync.server.settings import Settings


class Attempts:
    """Counts attempts before they are made."""

    def __init__(self, settings: Settings) -> None:
        self._term = timedelta(seconds=settings.attempts_window_seconds)
        self._per_email = settings.attempts_per_email
        self._per_network = settings.attempts_per_address
        self._refused_sign_ups = settings.sign_ups_refused_per_address

    async def count(self, call: Call, email: str | None = None) -> None:
        """Count an attempt, and refuse it with 429 where there were too many.

        In a transaction of its own: it counts however the attempt ends.
        """
        limits = {_network_key(call.address): self._per_network}
        if email is not None:
            limits[_email_key(email)] = self._per_email
        await self._count(call, limits)

    async def count_sign_up(self, call: Call, email: str) -> None:
        """Count an attempt that may tell whether an email is known.

        It is counted as refused before it is made, so that requests sent at once are not answered past the limit.
        """
        limits = {
            _network_key(call.address): self._per_network,
            _email_key(email): self._per_email,
            _sign_up_key(call.address): self._refused_sign_ups,
        }
        await self._count(call, limits)

    async def forgive_sign_up(self, connection: Connection, call: Call, email: str) -> None:
        """Say that a sign-up was not refused. A class behind one address signs up without meeting the limit."""
        await connection.execute("select gateway.forgive_attempt(%s)", [_sign_up_key(call.address)])
        await self.forget(connection, email)

    async def _count(self, call: Call, limits: Mapping[bytes, int]) -> None:
        async with call.database.as_gateway() as connection:
            wait = await fetch_value(
                connection,
                "select gateway.attempt(%(keys)s, %(limits)s, %(term)s)",
                keys=list(limits),
                limits=list(limits.values()),
                term=self._term,
            )
        if wait:
            raise Refused(429, "too_many_attempts", "There were too many attempts.", {"Retry-After": str(wait)})

    async def forget(self, connection: Connection, email: str) -> None:
        """Forget the attempts on an email whose owner has come in; those of the network stay."""
        await connection.execute("select gateway.forget_attempts(%s)", [[_email_key(email)]])


def _email_key(email: str) -> bytes:
    return hashlib.sha256(f"email {email}".encode()).digest()


def _sign_up_key(address: str) -> bytes:
    return hashlib.sha256(f"sign-up {attempt_network(address)}".encode()).digest()


def _network_key(address: str) -> bytes:
    return hashlib.sha256(f"network {attempt_network(address)}".encode()).digest()
