"""Each gateway looks which jobs are due; the database sees to it that one of them runs a job once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
from cronsim import CronSim
from psycopg_pool import PoolTimeout

from sync.server.gateway.database import Database, fetch_all, fetch_value
from sync.server.gateway.logs import get_logger
from sync.server.gateway.routing import Core, Part
from sync.server.jobs.own import Work, run_own

PAUSE = timedelta(seconds=30)

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A job whose time has come, and when that was."""

    name: str
    since: datetime


def make_jobs(core: Core, own: Mapping[str, Work]) -> Part:
    """Return the part of the server that runs jobs beside the requests; ``own`` are those that the gateway does itself.

    Each of its own has a task for itself, because one that takes hours must not keep the others waiting.
    """

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        rounds = [partial(run_due, core.database)]
        rounds += [partial(run_own_due, core, name, work) for name, work in own.items()]
        tasks = [asyncio.create_task(_repeat(one)) for one in rounds]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return Part(running=running)


def due_jobs(jobs: Iterable[dict[str, Any]], now: datetime, own: str | None = None) -> list[Due]:
    """Return the jobs whose last time by their schedule lies after their last start.

    These are the database's, or the gateway's ``own`` of this name. A job that never ran is due at once, so that a new
    server has its figures.
    """
    found = []
    for job in jobs:
        is_asked = job["statement"] is not None if own is None else job["statement"] is None and job["name"] == own
        if not is_asked or not job["enabled"] or job["run_by"] != "gateway":
            continue
        last = next(CronSim(job["schedule"], now, reverse=True))
        if job["last_started"] is None or job["last_started"] < last:
            found.append(Due(job["name"], last))
    return found


async def run_due(database: Database, now: datetime) -> list[str]:
    """Run what is due, each job in a transaction of its own, and return what ran."""
    ran = []
    for due in due_jobs(await _jobs(database), now):
        async with database.as_gateway() as connection:
            # A job may take longer than any request.
            await connection.execute("select set_config('statement_timeout', '0', true)")
            said = await fetch_value(
                connection, "select gateway.run_job(%(name)s, %(since)s)", name=due.name, since=due.since
            )
        if said == "done":
            ran.append(due.name)
        elif said.startswith("failed"):
            _log.warning("job failed", job=due.name, fault=said)
    return ran


async def run_own_due(core: Core, name: str, work: Work, now: datetime) -> list[str]:
    """Do one of the gateway's own jobs if it is due and no other gateway does it; return its name if it was done."""
    for due in due_jobs(await _jobs(core.database), now, own=name):
        if await run_own(core, name, work, unless_since=due.since) == "done":
            return [name]
    return []


async def _jobs(database: Database) -> list[dict[str, Any]]:
    async with database.as_gateway() as connection:
        return await fetch_all(connection, "select * from gateway.jobs()")


async def _repeat(run: Callable[[datetime], Awaitable[list[str]]]) -> None:
    while True:
        try:
            await run(datetime.now(UTC))
        except (psycopg.OperationalError, PoolTimeout) as fault:
            # The database is away; requests say so too, and the jobs' time comes again.
            _log.info("jobs wait for the database", fault=type(fault).__name__)
        if _is_told_to_stop():
            return
        await asyncio.sleep(PAUSE.total_seconds())


def _is_told_to_stop() -> bool:
    """Whether this task was cancelled, though it still runs.

    In the middle of a statement the driver may report that as a fault of its own, and the pool's waiting for a
    connection may not report it at all (asyncio.wait_for before Python 3.12).
    """
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
