"""Which database and which files a command works on: those that are named, or the private ones of the data folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import sqlalchemy.exc

from sync.server.embedded import (
    BinariesMissingError,
    FolderInUseError,
    PostgresError,
    PrivatePostgres,
    private_postgres,
    running_postgres,
)
from sync.server.migrate import read_state
from sync.server.migrate.migrator import MigrationError
from sync.server.settings import Settings, SettingsError, read_settings

EXPECTED = (
    BinariesMissingError,
    FolderInUseError,
    PostgresError,
    MigrationError,
    SettingsError,
    psycopg.OperationalError,
    sqlalchemy.exc.OperationalError,
)
"""What may go wrong without anybody's mistake in this program; a sentence is enough."""
NO_FILES = "Name where the files are by ALEXANDRIA_SERVER_BLOB_STORE: a folder, or s3://bucket/prefix."


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server's data is."""

    settings: Settings
    owner_url: str
    admin_url: str = ""
    """A superuser's address; nothing for a database of one's own, unless it is named."""

    @property
    def blobs(self) -> Path | str:
        """The folder of the files, or the address of a bucket; nothing where neither is named."""
        store = self.settings.blob_store
        return Path(store).expanduser().absolute() if store and not store.startswith("s3://") else store


def add_database_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the data is."""
    parser.add_argument("--data", type=Path, default=Path("alexandria-data"), help="folder of a private database")
    parser.add_argument("--database-url", help="the gateway's login to a database of your own")
    parser.add_argument("--owner-database-url", help="the owner's login to that database")


@contextmanager
def opened(given: argparse.Namespace, *, alone: bool = False, **more: object) -> Iterator[Place]:
    """Yield the place, with its private database running if it has one.

    A private database that a server runs is joined, unless this is a server itself (``alone``).
    """
    named = {"database_url": given.database_url, "owner_database_url": given.owner_database_url, **more}
    settings = read_settings(**named)
    admin_url: str = getattr(given, "admin_database_url", None) or ""
    if settings.database_url or settings.owner_database_url or admin_url:
        yield Place(settings, settings.owner_database_url, admin_url)
        return
    folder = given.data.resolve()
    joined = None if alone else running_postgres(folder)
    if joined is not None:
        yield _private(joined, settings, named)
        return
    with private_postgres(folder) as started:
        yield _private(started, settings, named)


def require_current(owner_url: str) -> None:
    """Raise MigrationError where the database is not at this version."""
    state = read_state(owner_url)
    if not state.is_current:
        raise MigrationError("The database is not at the version of this program; run `alexandria-server migrate`.")


def say(sentence: object) -> int:
    """Print why something could not be done and return the exit code for it."""
    if isinstance(sentence, sqlalchemy.exc.DBAPIError):
        sentence = sentence.orig  # without the query and a link to the library's manual
    # What others said may come in several lines.
    print("alexandria-server:", " ".join(str(sentence).split()), file=sys.stderr)
    return 1


def _private(running: PrivatePostgres, settings: Settings, named: dict[str, object]) -> Place:
    complete = named | {
        "database_url": running.gateway_url,
        "owner_database_url": running.owner_url,
        "blob_store": settings.blob_store or str(running.folder / "blobs"),
    }
    return Place(read_settings(**complete), running.owner_url, running.admin_url)
