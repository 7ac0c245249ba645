"""``alexandria-server doctor``: whether all is as it must be, one sentence a fault."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Connection, text

from sync.server.access.audit import audit
from sync.server.commands.database import EXPECTED, add_database_options, opened, say
from sync.server.migrate import missing_roles, read_state
from sync.server.migrate.address import open_engine

_CLOCK_SECONDS = 60


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_database_options(parser)


def run(given: argparse.Namespace) -> int:
    """Print the faults; 3 if there are any."""
    try:
        with opened(given) as place:
            if not place.owner_url:
                return say("Name the owner's login by --owner-database-url; the gateway's may not look everywhere.")
            faults = list(_faults(place.owner_url))
    except EXPECTED as fault:
        return say(fault)
    if given.json:
        print(json.dumps({"faults": faults}))
    else:
        print("\n".join(faults) or "All is well.")
    return 3 if faults else 0


def _faults(owner_url: str) -> Iterator[str]:
    state = read_state(owner_url)
    if not state.is_current:
        yield f"The database is at version {state.version} and not at {state.head}; run `alexandria-server migrate`."
        return
    engine = open_engine(owner_url)
    try:
        with engine.connect() as connection:
            yield from missing_roles(connection)
            yield from audit(connection)
            yield from _jobs(connection)
            yield from _clock(connection)
    finally:
        engine.dispose()


def _jobs(connection: Connection) -> Iterator[str]:
    for job in connection.execute(text("select name, last_failure from gateway.jobs() where last_failure is not null")):
        yield f"The job {job.name} failed: {job.last_failure}."


def _clock(connection: Connection) -> Iterator[str]:
    there = connection.scalar(text("select clock_timestamp()"))
    if there is not None and abs((datetime.now(UTC) - there).total_seconds()) > _CLOCK_SECONDS:
        yield "The clocks of this machine and of the database differ by more than a minute; set them by NTP."
