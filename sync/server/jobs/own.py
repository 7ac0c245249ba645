"""Jobs that are the gateway's own work, because what they work on lies outside the database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from sync.server.gateway.database import fetch_value
from sync.server.gateway.logs import fault_place, get_logger
from sync.server.gateway.routing import Core

Work: TypeAlias = Callable[[Core], Awaitable[str]]
"""Does a job and returns what became of it in a few words."""

_log = get_logger(__name__)


async def run_own(core: Core, name: str, work: Work, *, unless_since: datetime | None = None) -> str:
    """Do a job if nobody is doing it, and write down what became of it; returns what ``ops.run_job`` would.

    A lock in the database is held meanwhile, on a connection beside the pool: the work may need all that the pool has.
    """
    async with core.database.beside_pool() as holding:
        said = await fetch_value(holding, "select gateway.hold_job(%(name)s, %(since)s)", name=name, since=unless_since)
        return await _do(core, name, work) if said == "held" else str(said)


async def _do(core: Core, name: str, work: Work) -> str:
    async with core.database.as_gateway() as connection:
        run = await fetch_value(connection, "select gateway.begin_job(%(name)s)", name=name)
    outcome: str | None = None
    failure: str | None = "stopped"
    try:
        outcome = await work(core)
        failure = None
    except Exception as fault:  # noqa: BLE001 - as in ops.run_job: written down, and its time comes again
        _log.error("job failed", job=name, **fault_place(fault))
        failure = type(fault).__name__
    finally:
        async with core.database.as_gateway() as connection:
            await connection.execute("select gateway.end_job(%s, %s, %s)", (run, failure, outcome))
    return f"failed: {failure}" if failure else "done"
