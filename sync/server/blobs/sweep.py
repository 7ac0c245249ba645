"""Removes bytes that nobody wants any more: uploads left lying, files without a claim, strays of a crash."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sync.server.blobs.opening import open_store
from sync.server.blobs.storage import BlobStore, Stored
from sync.server.gateway.database import Database, fetch_all, fetch_value
from sync.server.gateway.routing import Core

GRACE = timedelta(days=7)
"""How long bytes stay after their last claim is gone."""
STRAY_AGE = timedelta(days=1)
"""Age from which bytes that no list names are a crash's, and not a request's that is under way."""
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was removed."""

    parts: int
    blobs: int
    strays: int


async def sweep_files(core: Core) -> str:
    """Sweep as the job that the clock calls."""
    swept = await sweep(core.database, open_store(core.settings))
    return f"{swept.parts} parts, {swept.blobs} files, {swept.strays} strays removed"


async def sweep(database: Database, store: BlobStore, *, grace: timedelta = GRACE) -> Swept:
    """Remove everything that is due; safe beside uploads and beside another sweep."""
    return Swept(
        parts=await _sweep_uploads(database, store),
        blobs=await _sweep_unclaimed(database, store, grace),
        strays=await _sweep_strays(database, store),
    )


async def _sweep_uploads(database: Database, store: BlobStore) -> int:
    gone = 0
    while True:
        async with database.as_gateway() as connection:
            rows = await fetch_all(connection, "select gateway.sweep_uploads(%(most)s) as name", most=_BATCH)
        names = [row["name"] for row in rows]
        if not names:
            return gone
        await store.discard(names)
        async with database.as_gateway() as connection:
            await connection.execute("select gateway.forget_parts(%s)", [names])
        gone += len(names)


async def _sweep_unclaimed(database: Database, store: BlobStore, grace: timedelta) -> int:
    gone = 0
    while True:
        async with database.as_gateway() as connection:
            rows = await fetch_all(
                connection, "select gateway.unclaimed_blobs(%(grace)s, %(most)s) as hash", grace=grace, most=_BATCH
            )
        taken = [await _condemn(database, store, row["hash"], grace) for row in rows]
        gone += sum(taken)
        if not any(taken):
            return gone


async def _condemn(database: Database, store: BlobStore, sha256: str, grace: timedelta) -> bool:
    async with database.as_gateway() as connection:
        is_due = await fetch_value(
            connection, "select gateway.condemn_blob(%(hash)s, %(grace)s)", hash=sha256, grace=grace
        )
        if is_due:
            # Inside the transaction: nobody can publish the same bytes until it is over.
            await store.delete(sha256)
        return bool(is_due)


async def _sweep_strays(database: Database, store: BlobStore) -> int:
    gone = 0
    async for hashes in _old(store.blobs()):
        async with database.as_gateway() as connection:
            rows = await fetch_all(connection, "select gateway.unknown_blobs(%(names)s) as name", names=hashes)
        for row in rows:
            async with database.as_gateway() as connection:
                if await fetch_value(connection, "select gateway.hold_unknown(%(hash)s)", hash=row["name"]):
                    await store.delete(row["name"])
                    gone += 1
    async for names in _old(store.parts()):
        async with database.as_gateway() as connection:
            rows = await fetch_all(connection, "select gateway.unknown_parts(%(names)s) as name", names=names)
        await store.discard([row["name"] for row in rows])
        gone += len(rows)
    return gone


async def _old(found: AsyncIterator[Stored]) -> AsyncIterator[list[str]]:
    """Yield the names of what is old enough, some at a time."""
    before = datetime.now(UTC) - STRAY_AGE
    names: list[str] = []
    async for stored in found:
        if stored.changed_at < before:
            names.append(stored.name)
        if len(names) == _BATCH:
            yield names
            names = []
    if names:
        yield names
