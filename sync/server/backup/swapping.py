"""Databases exchanged and dropped on a server that goes on running."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import psycopg
from psycopg import sql

from sync.server.backup.errors import BackupError

_END_SECONDS = 60


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database if it is there, whoever is in it."""
    connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def exists(connection: psycopg.Connection, name: str) -> bool:
    """Whether there is a database of this name."""
    return connection.execute("select from pg_database where datname = %s", [name]).fetchone() is not None


def rename(connection: psycopg.Connection, name: str, new: str) -> None:
    """Give a database another name."""
    connection.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(new)))


def swap(maintenance: str, *, current: str, fresh: str, aside: str) -> None:
    """Put ``fresh`` in the place of ``current``, which is called ``aside`` from then on, in one transaction.

    Connections to the old one are ended: gateways open new ones and find the new database. ``maintenance`` is a
    superuser's address in another database.
    """
    deadline = time.monotonic() + _END_SECONDS
    with psycopg.connect(maintenance, autocommit=True) as connection, _ending_connections(maintenance, current):
        while True:
            try:
                with connection.transaction():
                    # Waits some seconds for whoever is there, while whoever comes waits for this.
                    rename(connection, current, aside)
                    rename(connection, fresh, current)
                return
            except psycopg.errors.ObjectInUse as fault:
                if time.monotonic() > deadline:
                    raise BackupError(
                        "busy", f"The connections to {current} do not end; stop whoever holds them."
                    ) from fault


@contextmanager
def _ending_connections(maintenance: str, name: str) -> Iterator[None]:
    """End the connections to a database again and again, since those that are ended come back at once.

    Shutting it (ALLOW_CONNECTIONS) would be simpler, and would leave it shut if we were killed.
    """
    is_over = Event()

    def end() -> None:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            while True:
                connection.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
                if is_over.wait(0.05):
                    return

    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(end)
        try:
            yield
        finally:
            is_over.set()
    ending.result()
