"""``alexandria-server jobs``: what is done by the clock."""

from __future__ import annotations

import argparse
import asyncio
import json

import psycopg
from psycopg.rows import dict_row

from sync.server.commands.database import EXPECTED, Place, add_database_options, opened, require_current, say
from sync.server.commands.work import OWN_WORK
from sync.server.gateway.database import Database
from sync.server.gateway.routing import Core
from sync.server.jobs.own import run_own
from sync.server.settings import Settings, SettingsError


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("action", nargs="?", choices=("list", "run"), default="list", help="list all, or run one now")
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one to run")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_database_options(parser)


def run(given: argparse.Namespace) -> int:
    """List the jobs, or run one."""
    if (given.action == "run") != (given.name is not None):
        return say("Name the job: jobs run NAME.")
    try:
        with opened(given) as place:
            if not place.owner_url:
                return say("Name the owner's login by --owner-database-url; the gateway's may not look everywhere.")
            require_current(place.owner_url)
            if given.action == "run":
                return _run_now(place, given.name)
            with psycopg.connect(place.owner_url, row_factory=dict_row) as connection:
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


def _run_now(place: Place, name: str) -> int:
    said = asyncio.run(_run_own(place.settings, name)) if name in OWN_WORK else _run_in_database(place, name)
    print(f"{name}: {said}")
    return 0 if said == "done" else 1


def _run_in_database(place: Place, name: str) -> str:
    with psycopg.connect(place.owner_url) as connection:
        (said,) = connection.execute("select ops.run_job(%s)", (name,)).fetchone() or ("unknown",)
        return str(said)


async def _run_own(settings: Settings, name: str) -> str:
    """Do a job as a gateway does it, beside those that run."""
    if not settings.database_url:
        raise SettingsError("This job needs the setting database_url, the gateway's login.")
    database = Database(settings)
    await database.open()
    try:
        return await run_own(Core(settings, database), name, OWN_WORK[name])
    finally:
        await database.close()
