"""What the parts of the library share: the database, the paths, who writes, and who wants to hear of changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.database import Database, Written
from alexandria_desktop.store.identity import Identity
from alexandria_desktop.store.unit_of_work import UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")

Listener = Callable[[Changes], None]


class Core:
    """An open library's common ground."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self.database = database
        self.identity = identity
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    @property
    def paths(self) -> LibraryPaths:
        """Where the library keeps its things."""
        return self.database.paths

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection for looking."""
        with self.database.reading() as connection:
            yield connection

    def write(self, work: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Write, wait until it is on the disk, tell who listens, and return the result."""
        written = self.database.write(work, *args, **kwargs)
        self.tell(written.changes)
        return written.value

    def submit(
        self, work: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[Written[T]]:
        """Write in the background; who listens is told when it is on the disk."""
        future = self.database.submit_write(work, *args, **kwargs)
        future.add_done_callback(self._told_later)
        return future

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` after each write, on the thread that wrote; returns what ends it."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def tell(self, changes: Changes) -> None:
        """Tell who listens what was changed."""
        if not changes.tables:
            return
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener(changes)

    def _told_later(self, future: Future[Written[T]]) -> None:
        if not future.cancelled() and future.exception() is None:
            self.tell(future.result().changes)
