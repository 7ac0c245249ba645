"""Commits arrive in another order than they began in, and yet who polls misses no row and gets none twice."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import errors

from sync.schema.ids import uuid7
from tests.server.commands.program import wait_until
from tests.server.feeds.device import Device, visible
from tests.support.postgres import TEMPLATE, Cluster
from tests.support.server import ServerDatabase

pytestmark = pytest.mark.postgres

WRITERS, ITEMS = 16, 8


@dataclass
class Counting(Device):
    """A device that counts how often it was told of each row."""

    told: Counter[tuple[str, UUID]] = field(default_factory=Counter)

    def _take(self, connection: psycopg.Connection, table: str, ids: set[UUID]) -> None:
        self.told.update((table, one) for one in ids)
        super()._take(connection, table, ids)


@dataclass
class Traffic:
    """Writers that add notes for one reader and move items in and out of the reader's sight."""

    database: ServerDatabase
    reader: UUID
    creator: UUID
    items: list[UUID]
    longest: float
    written: set[UUID] = field(default_factory=set)
    met: int = 0
    """Transactions that had to be run again because they met another."""
    surfaced: list[Exception] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, seed: int, rounds: int) -> None:
        chance = random.Random(seed)
        with psycopg.connect(self.database.admin_url) as connection:
            for _ in range(rounds):
                plan = [chance.random() for _ in range(chance.randint(1, 4))]
                for _ in range(4):  # as the gateway does
                    try:
                        self._transaction(connection, random.Random(seed), plan, chance.random())
                        break
                    except (errors.DeadlockDetected, errors.SerializationFailure):
                        connection.rollback()
                        with self.lock:
                            self.met += 1
                else:
                    self.surfaced.append(RuntimeError("a transaction met others four times"))

    def _transaction(
        self, connection: psycopg.Connection, chance: random.Random, plan: list[float], fate: float
    ) -> None:
        added = []
        for which in plan:
            if which < 0.7:
                note = uuid7()
                connection.execute(
                    "insert into user_notes (id, user_id, content_id, note_text) values (%s, %s, %s, 'x')",
                    (note, self.reader, self.items[0]),
                )
                added.append(note)
            else:
                item = self.items[int(which * 1000) % len(self.items)]
                connection.execute(
                    "update content_items set visibility = case visibility when 'public' then 'private' else 'public'"
                    " end where id = %s",
                    (item,),
                )
            time.sleep(chance.random() * self.longest / len(plan))
        if fate < 0.1:
            connection.rollback()
            return
        connection.commit()
        with self.lock:
            self.written.update(added)


@pytest.fixture
def traffic(cluster: Cluster, server_template: str) -> Any:
    with cluster.database(server_template) as engine:
        database = ServerDatabase(cluster, str(engine.url.database))
        with database.as_superuser() as connection:
            people = [
                connection.execute(
                    "insert into users (email, name, role) values (%s, 'x', 'creator') returning id", (f"{name}@x.org",)
                ).fetchone()[0]  # type: ignore[index]
                for name in ("reader", "creator")
            ]
            items = []
            for _ in range(ITEMS):
                (item,) = connection.execute(  # type: ignore[misc]
                    "insert into content_items (title, content_type, module_name, creator_id, visibility, status)"
                    " values ('x', 'book', 'library', %s, 'public', 'published') returning id",
                    (people[1],),
                ).fetchone()
                connection.execute("insert into books (content_id) values (%s)", (item,))
                connection.execute(
                    "insert into user_libraries (user_id, content_id) values (%s, %s)", (people[0], item)
                )
                items.append(item)
        yield Traffic(database, people[0], people[1], items, longest=0.0)


@pytest.mark.parametrize("longest", [0.0, 0.05], ids=["at once", "up to 50 ms"])
def test_sixteen_writers_lose_no_row_for_one_who_polls(traffic: Traffic, longest: float) -> None:
    traffic.longest = longest
    device = Counting(traffic.database, traffic.reader)
    rounds = 6 if longest else 20
    with ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(traffic.run, seed, rounds) for seed in range(WRITERS)]
        while not all(writer.done() for writer in writers):
            device.pull()
        for writer in writers:
            writer.result()
    device.pull()
    assert traffic.surfaced == []
    notes = {one for table, one in device.rows if table == "user_notes"}
    assert notes == traffic.written, "no row is lost"
    twice = {row: count for row, count in device.told.items() if row[0] == "user_notes" and count > 1}
    assert twice == {}, "no row is told twice"
    assert device.strangers == set()
    for table in ("content_items", "books"):
        seen = {row for row in device.rows if row[0] == table}
        assert seen == visible(traffic.database, traffic.reader, [table]), table


def test_a_long_transaction_elsewhere_holds_nobody_up(traffic: Traffic, cluster: Cluster) -> None:
    with cluster.database(TEMPLATE) as other:
        busy = psycopg.connect(str(other.url).replace("+psycopg", ""))
        with busy:
            # As an index that is being built: a transaction that has written and goes on.
            busy.execute("create table big as select generate_series(1, 10) as n")
            device = Device(traffic.database, traffic.reader)
            device.pull()
            traffic.run(1, 5)
            device.pull()
            assert {one for table, one in device.rows if table == "user_notes"} == traffic.written
            busy.rollback()


@contextmanager
def index_being_built(cluster: Cluster) -> Iterator[None]:
    """In another database of the cluster an index is built all the while: it waits for a transaction that goes on."""
    with cluster.database(TEMPLATE) as other, ThreadPoolExecutor(1) as pool:
        url = other.url.render_as_string(hide_password=False).replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True) as builder, psycopg.connect(url) as writer:
            builder.execute("create table big as select generate_series(1, 100000) as n")
            writer.execute("insert into big values (0)")
            built = pool.submit(builder.execute, "create index concurrently on big (n)")
            with psycopg.connect(url, autocommit=True) as looker:
                waits = "select 1 from pg_locks where not granted"
                wait_until(lambda: built.done() or looker.execute(waits).fetchone() is not None)
            yield
            assert not built.done(), "the index was there before the end"
            writer.rollback()
            built.result()


def latencies(traffic: Traffic, device: Device, count: int) -> list[float]:
    """Write notes one after another; return the seconds from each commit to when the device has it."""
    found = []
    with psycopg.connect(traffic.database.admin_url) as connection:
        for _ in range(count):
            note = uuid7()
            connection.execute(
                "insert into user_notes (id, user_id, content_id, note_text) values (%s, %s, %s, 'x')",
                (note, traffic.reader, traffic.items[0]),
            )
            connection.commit()
            began = time.perf_counter()
            device.pull()
            found.append(time.perf_counter() - began)
            assert device.has("user_notes", note), "the first look after the commit has it"
    return found


def test_while_an_index_is_built_in_another_database_changes_come_as_quickly(
    traffic: Traffic, cluster: Cluster
) -> None:
    device = Device(traffic.database, traffic.reader)
    device.pull()
    horizon = "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    with psycopg.connect(traffic.database.admin_url, autocommit=True) as connection:
        before = latencies(traffic, device, 30)
        with index_being_built(cluster):
            (held,) = connection.execute(horizon).fetchone() or (0,)
            during = latencies(traffic, device, 30)
            # Who reads up to the oldest transaction that is under way would have seen nothing of it.
            assert (connection.execute(horizon).fetchone() or (0,)) == (held,)
        after = latencies(traffic, device, 30)
    quiet = max(median(before), median(after))
    assert median(during) < 3 * quiet, (median(before), median(during), median(after))
