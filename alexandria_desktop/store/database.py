"""A library's two database files: opened, checked, brought up to date, read by many and written by one thread each.

    library.db   what the reader wrote; every commit is on the disk before it is acknowledged
    index.db     what can be computed again; made anew when it is lost, broken or another library's

Several processes may have the same library open. Creating and migrating is done under a lock file; other writes wait
for each other for a few seconds and then say that the library is busy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

from alexandria_desktop.base.clock import Clock, utc_now
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import connections, migrations
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.driver import Driver, choose_driver
from alexandria_desktop.store.faults import explained
from alexandria_desktop.store.index_schema import INDEX_SCHEMA
from alexandria_desktop.store.library_schema import LIBRARY_SCHEMA
from alexandria_desktop.store.opening import Opening, readable
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.store.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    """What a write returned, and what it changed."""

    value: T
    changes: Changes


class Database:
    """An open library."""

    def __init__(self, paths: LibraryPaths, driver: Driver, clock: Clock, busy_seconds: float) -> None:
        self.paths = paths
        self.driver = driver
        self.clock = clock
        self.index_is_new = False
        """Whether index.db had to be made anew, so that every book must be indexed again."""
        self.library = Writer(
            connections.library_writer(driver, paths.library_db, busy_seconds=busy_seconds), "library-writer"
        )
        self.index = Writer(connections.index_writer(driver, paths.index_db, busy_seconds=busy_seconds), "index-writer")
        self._readers: Engine = connections.readers(driver, paths.library_db, paths.index_db, busy_seconds=busy_seconds)

    @classmethod
    def open(
        cls,
        paths: LibraryPaths,
        *,
        clock: Clock = utc_now,
        start_afresh: bool = False,
        check: bool = False,
        busy_seconds: float = connections.BUSY_SECONDS,
        driver: Driver | None = None,
        library_schema: migrations.FileSchema = LIBRARY_SCHEMA,
        index_schema: migrations.FileSchema = INDEX_SCHEMA,
    ) -> Database:
        """Open a library, making it where there is none.

        Raises SurroundingsError: store.newer (the file is left alone), store.damaged (the file is put aside under
        another name; ``start_afresh`` begins an empty library beside it), store.read-only, store.disk-full,
        store.busy. ``check`` reads every page first, which takes a second for a hundred megabytes.
        """
        chosen = driver or choose_driver()
        opening = Opening(paths, chosen, clock, busy_seconds)
        try:
            opening.prepare_library(library_schema, start_afresh=start_afresh, check=check)
            index_is_new = opening.prepare_index(index_schema)
        except (OSError, chosen.module.Error) as error:
            raise readable(error) from error
        database = cls(paths, chosen, clock, busy_seconds)
        database.index_is_new = index_is_new
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of library.db, and index.db under the name ``idx``."""
        with explained(), self._readers.connect() as connection:
            yield connection

    def write(self, work: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs) -> Written[T]:
        """Run ``work(unit, …)`` in a transaction of library.db; it is on the disk when this returns."""
        return self.library.run(self._in_unit(work, *args, **kwargs))

    def submit_write(
        self, work: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[Written[T]]:
        """Put a background write to library.db in line."""
        return self.library.submit(self._in_unit(work, *args, **kwargs))

    def data_version(self) -> int:
        """Return a number that changes when another process has written to library.db."""

        def version(raw: Any) -> int:
            return int(raw.execute("PRAGMA data_version").fetchone()[0])

        return self.library.outside_transaction(version)

    def close(self) -> None:
        """Finish what is in line and close the files."""
        self.index.close()
        self.library.close()
        self._readers.dispose()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _in_unit(
        self, work: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> Callable[[Connection], Written[T]]:
        def run(connection: Connection) -> Written[T]:
            unit = UnitOfWork(connection, self.clock)
            value = work(unit, *args, **kwargs)
            return Written(value, unit.finish())

        return run


def interrupt(connection: Connection) -> None:
    """Stop the query that another thread runs on this connection; it raises there."""
    raw = connection.connection.driver_connection
    if raw is not None:
        raw.interrupt()
