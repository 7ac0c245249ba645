"""Each gateway looks which jobs are due; the database sees to it that one of them runs a job once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from cronsim import CronSim
from psycopg_pool import PoolTimeout

from sync.server.gateway.database import Database, fetch_all, fetch_value
from sync.server.gateway.logs import get_logger
from sync.server.gateway.routing import Core, Part

PAUSE = timedelta(seconds=30)

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Due:
    """A job whose time has come, and when that was."""

    name: str
    since: datetime


def make_jobs(core: Core) -> Part:
    """Return the part of the server that runs jobs beside the requests."""

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        task = asyncio.create_task(_run_for_ever(core.database))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return Part(running=running)


def due_jobs(jobs: Iterable[dict[str, Any]], now: datetime) -> list[Due]:
    """Return the jobs whose last time by their schedule lies after their last start.

    A job that never ran is due at once, so that a new server has its figures.
    """
    found = []
    for job in jobs:
        if job["statement"] is None or not job["enabled"] or job["run_by"] != "gateway":
            continue
        last = next(CronSim(job["schedule"], now, reverse=True))
        if job["last_started"] is None or job["last_started"] < last:
            found.append(Due(job["name"], last))
    return found


async def run_due(database: Database, now: datetime) -> list[str]:
    """Run what is due, each job in a transaction of its own, and return what ran."""
    async with database.as_gateway() as connection:
        jobs = await fetch_all(connection, "select * from gateway.jobs()")
    ran = []
    for due in due_jobs(jobs, now):
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


async def _run_for_ever(database: Database) -> None:
    while True:
        try:
            await run_due(database, datetime.now(UTC))
        except (psycopg.OperationalError, PoolTimeout) as fault:
            # The database is away; requests say so too, and the jobs' time comes again.
            _log.info("jobs wait for the database", fault=type(fault).__name__)
        await asyncio.sleep(PAUSE.total_seconds())
