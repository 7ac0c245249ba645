"""What ``doctor`` looks at: each check yields a sentence for what is wrong, with what is to be done about it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from sync.server.access.audit import audit
from sync.server.backup import BackupError
from sync.server.backup.programs import choose_programs
from sync.server.blobs.opening import open_store
from sync.server.blobs.storage import StoreError
from sync.server.commands.database import NO_FILES, Place
from sync.server.migrate import missing_roles, read_state
from sync.server.migrate.address import open_engine
from sync.server.migrate.locale import folds_letters
from sync.server.migrate.migrator import OLDEST_VECTOR

_CLOCK_SECONDS = 60
_BACKUP_TERM = timedelta(days=2)
"""A backup each night, one of which may fail."""


def find_faults(place: Place) -> Iterator[str]:
    """Yield everything that is wrong with the data of a server."""
    state = read_state(place.owner_url)
    engine = open_engine(place.owner_url)
    try:
        with engine.connect() as connection:
            yield from missing_roles(connection)
            yield from _vector(connection)
            if state.is_current:
                yield from audit(connection)
                yield from _jobs(connection)
                yield from _backups(connection)
            elif state.is_known:
                yield f"The database is at version {state.version} of {state.head}; run `alexandria-server migrate`."
            else:
                yield f"The database is at version {state.version}, newer than this program; update the program."
            yield from _locale(connection)
            yield from _clock(connection)
            number = connection.scalar(text("select current_setting('server_version_num')::int"))
            yield from backup_programs(int(number or 0) // 10000)
    finally:
        engine.dispose()
    yield from _files(place)


def backup_programs(server_major: int) -> Iterator[str]:
    """Yield what is missing to back up a server of a version."""
    try:
        choose_programs(server_major)
    except BackupError as fault:
        yield str(fault)


def _vector(connection: Connection) -> Iterator[str]:
    have = connection.scalar(text("select extversion from pg_extension where extname = 'vector'"))
    oldest = ".".join(map(str, OLDEST_VECTOR))
    if have is None:
        yield "The extension pgvector is not in this database; an administrator must run `create extension vector`."
    elif tuple(int(part) for part in have.split(".")[:2]) < OLDEST_VECTOR:
        yield f"pgvector is {have} and must be {oldest} or newer; install it and run `alter extension vector update`."


def _jobs(connection: Connection) -> Iterator[str]:
    for job in connection.execute(text("select name, last_failure from gateway.jobs() where last_failure is not null")):
        yield f"The job {job.name} failed: {job.last_failure}; mend it and run `alexandria-server jobs run {job.name}`."


def _backups(connection: Connection) -> Iterator[str]:
    row = connection.execute(
        text("select ops.oldest_account() as account, ops.last_backup() as backup, now() as now")
    ).one()
    if row.account is None or row.now - row.account < _BACKUP_TERM:
        return  # nothing to lose yet
    if row.backup is None:
        yield "No backup was ever made; run `alexandria-server backup FOLDER` each night."
    elif row.now - row.backup > _BACKUP_TERM:
        days = (row.now - row.backup).days
        yield f"The last backup is {days} days old; run `alexandria-server backup FOLDER` each night."


def _locale(connection: Connection) -> Iterator[str]:
    if not folds_letters(connection):
        yield (
            "The database tells É from é in searches, because of the locale that it was made with; back it up and"
            " restore it into a new data folder or cluster."
        )


def _clock(connection: Connection) -> Iterator[str]:
    there = connection.scalar(text("select clock_timestamp()"))
    if there is not None and abs((datetime.now(UTC) - there).total_seconds()) > _CLOCK_SECONDS:
        yield "The clocks of this machine and of the database differ by more than a minute; set them by NTP."


def _files(place: Place) -> Iterator[str]:
    if not place.blobs:
        yield NO_FILES
    elif isinstance(place.blobs, Path):
        # Looked at, not tried: what the doctor made would be the doctor's, and not the server's.
        nearest = next(folder for folder in (place.blobs, *place.blobs.parents) if folder.exists())
        if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
            yield f"This account cannot write to {nearest}, where files are kept; give the folder to it."
    else:
        try:
            asyncio.run(open_store(place.settings).check())
        except StoreError as fault:
            yield f"{fault.sentence} Look at {place.blobs} and at the settings that begin with ALEXANDRIA_SERVER_S3."
