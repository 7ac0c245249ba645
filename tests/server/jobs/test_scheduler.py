"""The gateway's scheduler: what is due, and that two gateways run it once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sync.server.gateway.database import Database
from sync.server.jobs.scheduler import due_jobs, run_due
from tests.server.serving import make_settings
from tests.support.server import ServerDatabase

NOW = datetime(2026, 3, 15, 12, 0, 30, tzinfo=UTC)


def job(**changed: Any) -> dict[str, Any]:
    usual = {"name": "a", "schedule": "0 3 1 * *", "statement": "x()", "enabled": True, "run_by": "gateway"}
    return {**usual, "last_started": NOW - timedelta(days=30), **changed}


@pytest.mark.parametrize(
    ("changed", "is_due"),
    [
        ({}, True),
        ({"last_started": datetime(2026, 3, 1, 3, 0, 5, tzinfo=UTC)}, False),
        ({"last_started": None}, True),
        ({"enabled": False}, False),
        ({"run_by": "pg_cron"}, False),
        ({"statement": None}, False),
    ],
)
def test_a_job_is_due_when_its_time_has_passed_since_it_last_started(changed: dict[str, Any], is_due: bool) -> None:
    assert bool(due_jobs([job(**changed)], NOW)) is is_due


@pytest.mark.postgres
@pytest.mark.anyio
async def test_two_gateways_on_one_database_run_each_job_once(server_database: ServerDatabase) -> None:
    gateways = [Database(make_settings(server_database)) for _ in range(2)]
    for one in gateways:
        await one.open()
    try:
        now = datetime.now(UTC)
        ran = await asyncio.gather(*(run_due(one, now) for one in gateways))
        again = await asyncio.gather(*(run_due(one, now) for one in gateways))
    finally:
        for one in gateways:
            await one.close()
    with server_database.as_superuser() as connection:
        counts = connection.execute("select job, count(*) from ops.job_runs group by job").fetchall()
    assert {count for _, count in counts} == {1}
    assert sorted(name for part in ran for name in part) == sorted(name for name, _ in counts)
    assert again == [[], []]
