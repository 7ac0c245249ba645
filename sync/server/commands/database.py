"""Which database a command works on: the one that is named, or the private one of the data folder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from sync.server.embedded import BinariesMissingError, FolderInUseError, PostgresError, private_postgres
from sync.server.migrate.migrator import MigrationError
from sync.server.settings import Settings, SettingsError, read_settings

EXPECTED = (
    BinariesMissingError,
    FolderInUseError,
    PostgresError,
    MigrationError,
    SettingsError,
    psycopg.OperationalError,
)
"""What may go wrong without anybody's mistake in this program; a sentence is enough."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server's data is."""

    settings: Settings
    owner_url: str
    is_private: bool


def add_database_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the data is."""
    parser.add_argument("--data", type=Path, default=Path("alexandria-data"), help="folder of a private database")
    parser.add_argument("--database-url", help="the gateway's login to a database of your own")
    parser.add_argument("--owner-database-url", help="the owner's login to that database")


@contextmanager
def opened(given: argparse.Namespace, **more: object) -> Iterator[Place]:
    """Yield the place, with its private database running if it has one."""
    named = {"database_url": given.database_url, "owner_database_url": given.owner_database_url, **more}
    settings = read_settings(**named)
    if settings.database_url or settings.owner_database_url:
        yield Place(settings, settings.owner_database_url, is_private=False)
        return
    with private_postgres(given.data.resolve()) as running:
        named |= {"database_url": running.gateway_url, "owner_database_url": running.owner_url}
        named["blob_store"] = settings.blob_store or str(given.data.resolve() / "blobs")
        yield Place(read_settings(**named), running.owner_url, is_private=True)


def say(sentence: object) -> int:
    """Print why something could not be done and return the exit code for it."""
    print(f"alexandria-server: {sentence}", file=sys.stderr)
    return 1
