"""``alexandria-server jobs``: what is done by the clock."""

from __future__ import annotations

import argparse
import json

import psycopg
from psycopg.rows import DictRow, dict_row

from sync.server.commands.database import EXPECTED, add_database_options, opened, require_current, say


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("run_now", nargs="?", metavar="NAME", help="run this job now instead of listing all")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_database_options(parser)


def run(given: argparse.Namespace) -> int:
    """List the jobs, or run one."""
    try:
        with opened(given) as place:
            if not place.owner_url:
                return say("Name the owner's login by --owner-database-url; the gateway's may not look everywhere.")
            require_current(place.owner_url)
            with psycopg.connect(place.owner_url, row_factory=dict_row) as connection:
                if given.run_now:
                    return _run_now(connection, given.run_now)
                jobs = connection.execute("select * from gateway.jobs()").fetchall()
    except EXPECTED as fault:
        return say(fault)
    if given.json:
        print(json.dumps(jobs, default=str))
        return 0
    for job in jobs:
        last = f"last {job['last_started']:%Y-%m-%d %H:%M}" if job["last_started"] else "never run"
        print(f"{job['name']:18} {job['schedule']:14} {job['run_by']:8} {last}  {job['last_failure'] or ''}".rstrip())
    return 0


def _run_now(connection: psycopg.Connection[DictRow], name: str) -> int:
    found = connection.execute("select ops.run_job(%s) as said", (name,)).fetchone()
    said = str(found["said"]) if found else "unknown"
    print(f"{name}: {said}")
    return 0 if said == "done" else 1
