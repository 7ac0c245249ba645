"""What nobody wants any more is removed, and nothing else."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from sync.server.blobs.local import LocalStore
from sync.server.blobs.sweep import GRACE, Swept, sweep
from sync.server.gateway.database import Database
from tests.server.blobs.conftest import hash_of
from tests.server.blobs.sending import append, begin, bytes_of, given, head
from tests.server.serving import make_settings, sign_up
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

AT_ONCE = timedelta(0)


@pytest.fixture
async def database(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[Database]:
    found = Database(make_settings(server_database))
    await found.open()
    try:
        yield found
    finally:
        await found.close()


@pytest.fixture(autouse=True)
def nothing_before(server_database: ServerDatabase) -> None:
    with server_database.as_superuser() as connection:
        connection.execute("delete from gateway.blob_claims")
        connection.execute("delete from gateway.blob_bequests")
        connection.execute("delete from gateway.blobs")


def later(server_database: ServerDatabase, table: str, column: str, by: str) -> None:
    """Let time pass for a table."""
    with server_database.as_superuser() as connection:
        connection.execute(f"update gateway.{table} set {column} = {column} - interval '{by}'")


async def test_bytes_stay_for_a_while_after_their_last_claim(
    http: httpx.AsyncClient, database: Database, server_database: ServerDatabase, folder: Path
) -> None:
    store = LocalStore(folder)
    ann, bob = await sign_up(http), await sign_up(http)
    for person in (ann, bob):
        sha256 = await given(person, b"wanted by two")
    await ann.delete(f"/v1/blobs/{sha256}")
    assert (await sweep(database, store, grace=AT_ONCE)).blobs == 0
    await bob.delete(f"/v1/blobs/{sha256}")
    assert (await sweep(database, store)).blobs == 0
    later(server_database, "blobs", "unclaimed_since", "6 days 23 hours")
    assert (await sweep(database, store)).blobs == 0
    later(server_database, "blobs", "unclaimed_since", "2 hours")
    assert await store.size(sha256) == 13
    assert await sweep(database, store) == Swept(parts=0, blobs=1, strays=0)
    assert await store.size(sha256) is None


async def test_a_new_claim_begins_the_term_anew(
    http: httpx.AsyncClient, database: Database, server_database: ServerDatabase, folder: Path
) -> None:
    ann = await sign_up(http)
    sha256 = await given(ann, b"wanted again")
    await ann.delete(f"/v1/blobs/{sha256}")
    await sweep(database, LocalStore(folder))
    later(server_database, "blobs", "unclaimed_since", "8 days")
    await given(ann, b"wanted again")
    await ann.delete(f"/v1/blobs/{sha256}")
    assert (await sweep(database, LocalStore(folder))).blobs == 0


async def test_an_upload_left_lying_is_removed_after_a_day(
    http: httpx.AsyncClient, database: Database, server_database: ServerDatabase, folder: Path
) -> None:
    ann = await sign_up(http)
    upload = await begin(ann, b"words")
    await append(ann, upload, 0, b"wor")
    store = LocalStore(folder)
    later(server_database, "uploads", "touched_at", "23 hours")
    assert (await sweep(database, store)).parts == 0
    assert (await head(ann, upload)).status_code == 200
    later(server_database, "uploads", "touched_at", "2 hours")
    assert (await sweep(database, store)).parts == 1
    assert (await head(ann, upload)).status_code == 404
    assert list((folder / "uploads").iterdir()) == []


async def test_what_a_crash_left_is_removed_once_it_is_old(database: Database, folder: Path) -> None:
    async def words() -> AsyncIterator[bytes]:
        yield b"a stray"

    store = LocalStore(folder)
    await store.publish(await store.write(words()))
    await store.write(words())
    assert (await sweep(database, store)).strays == 0
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - 90_000,) * 2)
    assert (await sweep(database, store)).strays == 2
    assert not [path for path in folder.rglob("*") if path.is_file()]


async def test_bytes_that_are_sent_again_while_a_sweep_removes_them_are_there_afterwards(
    http: httpx.AsyncClient, database: Database, server_database: ServerDatabase, folder: Path
) -> None:
    ann, bob = await sign_up(http), await sign_up(http)
    sha256 = await given(ann, b"a race")
    await ann.delete(f"/v1/blobs/{sha256}")
    await sweep(database, LocalStore(folder))
    later(server_database, "blobs", "unclaimed_since", str(GRACE + timedelta(days=1)))
    deleting, go_on = asyncio.Event(), asyncio.Event()

    class Slow(LocalStore):
        """A store that takes its time to delete."""

        async def delete(self, sha256: str) -> None:
            deleting.set()
            await go_on.wait()
            await super().delete(sha256)

    swept = asyncio.ensure_future(sweep(database, Slow(folder)))
    await deleting.wait()
    sent = asyncio.ensure_future(given(bob, b"a race"))
    with server_database.as_superuser() as connection:
        while not connection.execute("select from pg_locks where locktype = 'advisory' and not granted").fetchall():
            await asyncio.sleep(0.01)
            assert not sent.done()
    go_on.set()
    assert (await swept).blobs == 1
    assert await sent == hash_of(b"a race")
    assert await bytes_of(bob, sha256) == b"a race"
