"""The jobs under a real pg_cron, where a database with one is named (see .github/workflows/server.yml)."""

from __future__ import annotations

import os
import time

import psycopg
import pytest
from psycopg import sql

from sync.server.migrate import install_roles, migrate

ADDRESS = os.environ.get("ALEXANDRIA_CRON_DATABASE_URL", "")

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not ADDRESS, reason="ALEXANDRIA_CRON_DATABASE_URL names no database with pg_cron"),
]


def test_pg_cron_is_given_the_jobs_and_runs_them() -> None:
    with psycopg.connect(ADDRESS, autocommit=True) as admin:
        admin.execute("create role books_owner login noinherit password 'owner'")
        install_roles(ADDRESS, owner="books_owner")
        name = str(admin.info.dbname)
        admin.execute(sql.SQL("alter database {} owner to books_owner").format(sql.Identifier(name)))
        admin.execute("alter schema public owner to books_owner; grant usage on schema cron to books_owner")
        place = f"{admin.info.host}:{admin.info.port}"
        migrate(f"postgresql://books_owner:owner@{place}/{name}")
        given = dict(admin.execute("select jobname, schedule from cron.job").fetchall())
        assert given["refresh-stats"] == "0 1 * * *"
        assert given["daily-backup"] == "0 2 * * *"
        assert given["monthly-cleanup"] == "0 3 1 * *"
        assert admin.execute("select distinct run_by from ops.jobs where statement is not null").fetchall() == [
            ("pg_cron",)
        ]
        # One of them at the next minute, run by pg_cron itself.
        admin.execute("update cron.job set schedule = '* * * * *' where jobname = 'refresh-stats'")
        end = time.monotonic() + 130
        while admin.execute("select count(*) from ops.job_runs where job = 'refresh-stats'").fetchone() == (0,):
            assert time.monotonic() < end, "pg_cron did not run the job within two minutes"
            time.sleep(1)
        assert admin.execute("select failure from ops.job_runs where job = 'refresh-stats'").fetchone() == (None,)
