"""Sync over real HTTP and real files: a first pull, a delta, a push, a round with nothing new."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
import psycopg
from sqlalchemy import insert

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.identity import identity_of, remember
from alexandria_desktop.store.sync_store import SyncStore
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.client.engine import Engine
from sync.client.freezing import LARGEST_BATCH
from sync.client.http import HttpEndpoint
from sync.protocol.compression import compressed
from sync.protocol.lines import unframed
from sync.protocol.messages import PullRequest
from sync.schema.ids import uuid7
from sync.schema.tables import table
from sync.server.embedded import private_postgres
from sync.server.migrate import migrate
from tests.performance.figures import Figure, figure
from tests.performance.peering import beside_morango
from tests.performance.serving import PASSWORD, served_on

FIRST = int(os.environ.get("ALEXANDRIA_BENCH_FIRST_ROWS", "100000"))
DELTA, PUSHED = 5_000, 10_000
PAGE = 10_000


class Counting:
    """An endpoint that counts what goes over the wire."""

    def __init__(self, endpoint: HttpEndpoint) -> None:
        self._endpoint = endpoint
        self.received = self.waited = 0.0

    def pull(self, request: PullRequest) -> bytes:
        return self._counted(lambda: self._endpoint.pull(request))

    def push(self, body: bytes) -> bytes:
        return self._counted(lambda: self._endpoint.push(body))

    def _counted(self, send: Callable[[], bytes]) -> bytes:
        begun = time.perf_counter()
        answer = send()
        self.waited += time.perf_counter() - begun
        self.received += len(answer)
        return answer


def measure(folder: Path) -> list[Figure]:
    """Measure over real HTTP on this machine, server and laptop together."""
    folder.chmod(0o755)
    data = folder / "served"
    with private_postgres(data) as running:
        migrate(running.owner_url)
    with served_on(data) as (address, link):
        return list(_measure(folder, data, address, link))


def _measure(folder: Path, data: Path, address: str, link: str) -> Iterator[Figure]:
    from sync.server.embedded.joining import running_postgres

    words = {"token": link, "email": "ada@example.org", "name": "Ada", "password": PASSWORD}
    made = httpx.post(f"{address}/v1/first-admin", json=words).raise_for_status().json()
    user = UUID(made["user"]["id"])
    running = running_postgres(data)
    assert running is not None
    with psycopg.connect(running.admin_url) as connection:
        item = _fill(connection, user)
    paths = LibraryPaths(folder / "library")
    with Database.open(paths) as database:
        device = database.write(_belong_to, user).value
        endpoint = HttpEndpoint(address, made["token"])
        before = _memory()
        counted = Counting(endpoint)
        seconds = _round(database, counted, device)
        pull = rate = FIRST / seconds
        note = (
            f"{FIRST:,} notes, pages of {PAGE:,}, {counted.waited:.1f} s of {seconds:.1f} s at the server and on the"
            f" wire, load {_load():.1f}"
        )
        yield Figure("first pull", rate, "rows/s", 40_000, True, note=note)
        yield Figure("memory of a first pull", _memory() - before, "MB", 150, note="more than before it")
        with psycopg.connect(running.admin_url) as connection:
            some = "select id from user_notes limit %s"
            connection.execute(f"update user_notes set color = 'green' where id in ({some})", (DELTA,))
        counted = Counting(endpoint)
        seconds = _round(database, counted, device)
        yield Figure(
            "delta", DELTA / seconds, "rows/s", 25_000, True, note=f"{DELTA:,} changed notes, load {_load():.1f}"
        )
        database.library.run(_write_notes, user, item)
        counted = Counting(endpoint)
        seconds = _round(database, counted, device)
        push = PUSHED / seconds
        note = (
            f"{PUSHED:,} new notes, {LARGEST_BATCH:,} a batch, {counted.waited:.1f} s of {seconds:.1f} s at the server"
            f" and on the wire, load {_load():.1f}"
        )
        yield Figure("push", push, "rows/s", 15_000, True, note=note)
        _round(database, Counting(endpoint), device)
        empty = [_round(database, Counting(endpoint), device) * 1000 for _ in range(40)]
        yield figure("round with nothing new", empty, aim=5, note=f"load {_load():.1f}")
        yield Figure("a row on the wire", _row_on_the_wire(endpoint, user), "bytes", 70, note="of a first page, zstd")
        endpoint.close()
    yield from beside_morango(folder / "morango", pull=pull, push=push)


def _row_on_the_wire(endpoint: HttpEndpoint, user: UUID) -> float:
    """Return the bytes that a row of a first page takes as it is sent; asked as a device of its own."""
    body, rows = endpoint.pull(PullRequest(uuid7(), user, page=PAGE)), 0
    for _ in unframed(body)[1]:
        rows += 1
    return len(compressed(body, frozenset({"zstd"}))[0]) / rows


def _load() -> float:
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def _round(database: Database, endpoint: Counting, device: UUID) -> float:
    begun = time.perf_counter()
    with database.reading() as connection:
        identity = identity_of(connection)
    assert identity is not None
    user = identity.user_id
    clock = lambda: datetime.now(UTC)  # noqa: E731
    report = Engine(SyncStore(database), endpoint, clock, user_id=user, device_id=device, page=PAGE).round()
    assert report.rejected == 0, report
    return time.perf_counter() - begun


def _fill(connection: psycopg.Connection, user: UUID) -> UUID:
    (item,) = connection.execute(
        "insert into content_items (title, content_type, module_name, creator_id, status)"
        " values ('x', 'book', 'library', %s, 'published') returning id", (user,),
    ).fetchone() or (None,)  # fmt: skip
    connection.execute(
        # Ids as devices make them, which lie beside each other in an index.
        "insert into user_notes (id, user_id, content_id, note_text, note_type, location_data, color)"
        " select ('0190' || lpad(to_hex(n), 8, '0') || '7' || substr(md5(n::text), 1, 3)"
        " || '8' || substr(md5(n::text), 4, 15))::uuid,"
        " %s, %s, 'A note of some words on a passage, number ' || n, 'highlight',"
        " jsonb_build_object('progression', n / 100000.0, 'quote', 'some words that were marked'), 'yellow'"
        " from generate_series(1, %s) n", (user, item, FIRST),
    )  # fmt: skip
    connection.commit()
    return item


def _belong_to(unit: UnitOfWork, user: UUID) -> UUID:
    remember(unit.connection, "user_id", str(user))
    device = unit.insert("devices", {"user_id": user, "name": "A laptop", "platform": "", "app_version": ""})
    remember(unit.connection, "device_id", str(device))
    return device


def _write_notes(connection: object, user: UUID, item: UUID) -> None:
    """Put notes and their outbox entries in line, as ten thousand writes would have."""
    now = datetime.now(UTC)
    rows = [{"id": uuid7(), "user_id": user, "content_id": item, "note_text": f"Written on a train, number {n}.",
             "note_type": "highlight", "attributes_json": {}, "created_at": now, "updated_at": now}
            for n in range(PUSHED)]  # fmt: skip
    connection.execute(insert(table("user_notes")), rows)  # type: ignore[attr-defined]
    connection.execute(  # type: ignore[attr-defined]
        insert(table("outbox")),
        [{"table_name": "user_notes", "row_id": row["id"], "operation": "insert", "base_json": {}, "clocks_json": {},
          "base_revision": 0, "clock": 1, "created_at": now, "state": "pending"} for row in rows],
    )  # fmt: skip


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
