"""Jobs that are the gateway's own work: once for all gateways, written down, and never two at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from sync.server.gateway.database import Database
from sync.server.gateway.routing import Core
from sync.server.jobs.own import run_own
from sync.server.jobs.scheduler import due_jobs, make_jobs, run_own_due
from tests.server.serving import make_settings
from tests.support.server import ServerDatabase

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

NAME = "sweep-files"


async def opened(stack: AsyncExitStack, database: ServerDatabase) -> Core:
    """Return what one gateway works with; its pool has room for one, as the smallest may have."""
    settings = make_settings(database, pool_max_size=1)
    pool = Database(settings)
    await pool.open()
    stack.push_async_callback(pool.close)
    return Core(settings, pool)


@pytest.fixture
async def gateways(anyio_backend: str, server_database: ServerDatabase) -> AsyncIterator[list[Core]]:
    with server_database.as_superuser() as connection:
        connection.execute("delete from ops.job_runs")
        connection.execute("update ops.jobs set last_started = null, last_finished = null, last_failure = null")
    async with AsyncExitStack() as stack:
        yield [await opened(stack, server_database) for _ in range(3)]


def one(database: ServerDatabase, query: str) -> Any:
    with database.as_superuser() as connection:
        return connection.execute(query).fetchone()


def record(database: ServerDatabase) -> list[Any]:
    with database.as_superuser() as connection:
        return connection.execute(
            "select failure, outcome, finished_at is not null from ops.job_runs where job = %s order by id",
            (NAME,),
        ).fetchall()


async def test_of_several_gateways_one_does_the_work_and_the_database_is_asked_beside_it(
    gateways: list[Core], server_database: ServerDatabase
) -> None:
    done: list[Core] = []

    async def work(core: Core) -> str:
        done.append(core)
        async with core.database.as_gateway() as connection:
            await connection.execute("select gateway.jobs()")
        return "swept"

    for _ in range(2):
        now = datetime.now(UTC)
        await asyncio.gather(*(run_own_due(one, NAME, work, now) for one in gateways))
    assert len(done) == 1
    assert record(server_database) == [(None, "swept", True)]


async def test_work_that_outlasts_its_schedule_is_not_begun_twice(
    gateways: list[Core], server_database: ServerDatabase
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def work(_core: Core) -> str:
        begun.set()
        await go_on.wait()
        return "late"

    first = asyncio.ensure_future(run_own(gateways[0], NAME, work))
    await begun.wait()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert await run_own_due(gateways[1], NAME, work, tomorrow) == []
    assert await run_own(gateways[1], NAME, work) == "busy"
    # The lock alone writes nothing, so that it holds no vacuum back.
    assert one(server_database, "select count(*) from pg_stat_activity where backend_xid is not null and"
               " datname = current_database() and pid <> pg_backend_pid()") == (0,)  # fmt: skip
    go_on.set()
    assert await first == "done"
    assert len(record(server_database)) == 1


@pytest.mark.noisy
async def test_a_failure_is_written_down_without_its_words(
    gateways: list[Core], server_database: ServerDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(_core: Core) -> str:
        raise OSError("secret@example.org")

    assert await run_own(gateways[0], NAME, work) == "failed: OSError"
    assert record(server_database) == [("OSError", None, True)]
    assert "secret" not in caplog.text


async def test_work_whose_gateway_dies_is_done_by_another_when_its_time_comes(
    gateways: list[Core], server_database: ServerDatabase
) -> None:
    begun = asyncio.Event()

    async def hang(_core: Core) -> str:
        begun.set()
        await asyncio.sleep(600)
        return "never"

    async def work(_core: Core) -> str:
        return "done by another"

    async with make_jobs(gateways[0], {NAME: hang}).running():  # type: ignore[misc]
        await begun.wait()
    assert record(server_database)[-1] == ("stopped", None, True)
    assert await run_own_due(gateways[1], NAME, work, datetime.now(UTC) + timedelta(days=1)) == [NAME]
    assert record(server_database)[-1] == (None, "done by another", True)


async def test_the_owner_cannot_run_in_sql_what_is_the_gateways_work(server_database: ServerDatabase) -> None:
    with psycopg.connect(server_database.owner_url) as connection:
        found = connection.execute("select ops.run_job(%s)", (NAME,)).fetchone()
    assert found == ("not a job of the database",)


def test_a_gateway_does_its_own_jobs_only_by_their_name() -> None:
    now = datetime(2026, 3, 15, 12, 0, 30, tzinfo=UTC)
    usual = {"schedule": "* * * * *", "enabled": True, "run_by": "gateway", "last_started": None}
    jobs = [{**usual, "name": "ours", "statement": None}, {**usual, "name": "sql", "statement": "x()"}]
    assert [due.name for due in due_jobs(jobs, now, own="ours")] == ["ours"]
    assert [due.name for due in due_jobs(jobs, now, own="sql")] == []
    assert [due.name for due in due_jobs(jobs, now)] == ["sql"]
