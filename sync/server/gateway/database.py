"""Transactions as a person, as nobody, or as the gateway itself, over one pool of connections.

The login has no privileges of its own. What a transaction runs as is set inside it and ends with it; a connection is
wiped before another request has it, so that a mistake in one cannot reach the next. The wiping goes along with the
COMMIT in one message; where it did not come to that, the pool does it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, LiteralString, TypeAlias

from psycopg import AsyncConnection, sql
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from sync.server.gateway.identity import ANONYMOUS_CLAIMS, Identity
from sync.server.settings import Settings

Connection: TypeAlias = AsyncConnection[DictRow]

APPLICATION_NAME = "alexandria-gateway"
GATEWAY_ROLE = "alexandria_gateway"

_BEGIN: Final = "begin; "
_OF_ONE_MOMENT: Final = "begin isolation level repeatable read; "
_BECOME = sql.SQL("select set_config('role', {role}, true), set_config('request.jwt.claims', {claims}, true)")
_LIMIT = sql.SQL(", set_config('statement_timeout', {timeout}, true)")
_WIPE = (
    "close all; set session authorization default; reset role; reset all; deallocate all; unlisten *;"
    " select pg_advisory_unlock_all(); discard temp; discard sequences"
)
"""DISCARD ALL, which may not stand beside a COMMIT, without its DISCARD PLANS.

Plans hold nothing of a request: they know parameters by number, and Postgres makes those that policies are in anew for
each role. Making all of them anew at each request is what it would cost.
"""


class GatewayConnection(AsyncConnection[DictRow]):
    """A connection that knows whether anything was done on it since it was wiped."""

    is_wiped = False


class Database:
    """The pool; each ``as_...`` is one transaction that commits at its end and rolls back on an error."""

    def __init__(self, settings: Settings) -> None:
        self._timeout = str(settings.statement_timeout_ms)
        self._url = settings.database_url
        self._pool: AsyncConnectionPool[GatewayConnection] = AsyncConnectionPool(
            settings.database_url,
            connection_class=GatewayConnection,
            kwargs={
                # Transactions are begun by hand, in one message with what they run as.
                "autocommit": True,
                # A wiped connection keeps no prepared statements.
                "prepare_threshold": None,
                "row_factory": dict_row,
                "application_name": APPLICATION_NAME,
                "connect_timeout": 10,
            },
            min_size=min(settings.pool_min_size, settings.pool_max_size),
            max_size=settings.pool_max_size,
            timeout=settings.pool_wait_seconds,
            reset=_wipe,
            open=False,
            name=APPLICATION_NAME,
        )

    async def open(self) -> None:
        """Start the pool; a database that does not answer yet is tried again in the background."""
        await self._pool.open()

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.close()

    def figures(self) -> dict[str, int]:
        """Return the pool's counts for the metrics."""
        return self._pool.get_stats()

    @asynccontextmanager
    async def as_user(self, identity: Identity, *, of_one_moment: bool = False) -> AsyncIterator[Connection]:
        """Run one transaction as a person, under row-level security; ``of_one_moment`` as for the gateway."""
        begin = _OF_ONE_MOMENT if of_one_moment else _BEGIN
        async with self._transaction("authenticated", identity.claims, begin) as connection:
            yield connection

    @asynccontextmanager
    async def as_anonymous(self) -> AsyncIterator[Connection]:
        """Run one transaction as somebody who is not signed in."""
        async with self._transaction("anon", ANONYMOUS_CLAIMS) as connection:
            yield connection

    @asynccontextmanager
    async def as_gateway(
        self, identity: Identity | None = None, *, of_one_moment: bool = False
    ) -> AsyncIterator[Connection]:
        """Run one transaction that may call the functions of schema ``gateway``, for a person if one is given.

        ``of_one_moment`` has all its statements see the same state (repeatable read).
        """
        begin = _OF_ONE_MOMENT if of_one_moment else _BEGIN
        async with self._transaction(GATEWAY_ROLE, identity.claims if identity else "", begin) as connection:
            yield connection

    @asynccontextmanager
    async def beside_pool(self) -> AsyncIterator[Connection]:
        """Run one transaction as the gateway on a connection of its own, to hold a lock while other work goes on."""
        connection = await AsyncConnection.connect(
            self._url, row_factory=dict_row, application_name=APPLICATION_NAME, connect_timeout=10
        )
        async with connection:
            await become_gateway(connection)
            yield connection

    @asynccontextmanager
    async def _transaction(self, role: str, claims: str, begin: LiteralString = _BEGIN) -> AsyncIterator[Connection]:
        async with self._pool.connection() as connection:
            connection.is_wiped = False
            await connection.execute(sql.SQL(begin) + _words(role, claims) + self._limit())
            yield connection
            if connection.info.transaction_status is TransactionStatus.INERROR:
                # Its COMMIT would quietly be a ROLLBACK.
                raise RuntimeError("A transaction that failed was about to be committed.")
            await _commit_and_wipe(connection)

    async def ask_gateway(self, query: sql.Composed) -> list[DictRow]:
        """Return the rows of one query of the functions of schema ``gateway``: a whole transaction in one message."""
        async with self._pool.connection() as connection:
            connection.is_wiped = False
            begin = sql.SQL(_BEGIN) + _words(GATEWAY_ROLE, "") + self._limit()
            cursor = await connection.execute(sql.SQL("; ").join([begin, query, sql.SQL(f"commit; {_WIPE}")]))
            connection.is_wiped = True
            # The answers of BEGIN and of what it runs as come before.
            cursor.nextset()
            cursor.nextset()
            return await cursor.fetchall()

    def _limit(self) -> sql.Composed:
        return _LIMIT.format(timeout=sql.Literal(self._timeout))


async def become_user(connection: Connection, identity: Identity) -> None:
    """Let the rest of a transaction that the gateway began run as a person, under row-level security."""
    await connection.execute(_words("authenticated", identity.claims))


async def become_anonymous(connection: Connection) -> None:
    """Let the rest of a transaction that the gateway began run as somebody who is not signed in."""
    await connection.execute(_words("anon", ANONYMOUS_CLAIMS))


async def become_gateway(connection: Connection, identity: Identity | None = None) -> None:
    """Let the rest of a transaction call the functions of schema ``gateway``."""
    await connection.execute(_words(GATEWAY_ROLE, identity.claims if identity else ""))


async def fetch_all(connection: Connection, query: LiteralString, **parameters: Any) -> list[DictRow]:
    """Return all rows of a query with named parameters."""
    return await (await connection.execute(query, parameters)).fetchall()


async def fetch_one(connection: Connection, query: LiteralString, **parameters: Any) -> DictRow | None:
    """Return the first row of a query with named parameters, or None."""
    return await (await connection.execute(query, parameters)).fetchone()


async def fetch_value(connection: Connection, query: LiteralString, **parameters: Any) -> Any:
    """Return the first column of the first row, or None."""
    row = await fetch_one(connection, query, **parameters)
    return None if row is None else next(iter(row.values()))


def _words(role: str, claims: str) -> sql.Composed:
    return _BECOME.format(role=sql.Literal(role), claims=sql.Literal(claims))


async def _commit_and_wipe(connection: GatewayConnection) -> None:
    await connection.execute(f"commit; {_WIPE}")
    connection.is_wiped = True


async def _wipe(connection: GatewayConnection) -> None:
    """Take everything from a connection that a request could have left in its session."""
    if not connection.is_wiped:
        await connection.execute(_WIPE)
        connection.is_wiped = True
