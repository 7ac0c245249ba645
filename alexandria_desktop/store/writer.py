"""The one thread that writes to a database of this process.

What a person did (``run``) goes first; background work waits in line, and several short pieces of it share one commit
as long as nobody is waiting. A future is done only after its commit.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine

from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.store.faults import explain

P = ParamSpec("P")
T = TypeVar("T")

SHARED_COMMIT_SECONDS = 0.008
"""How long background work may go on in one transaction before it is committed and the line is looked at again."""

_URGENT, _BACKGROUND, _END = 0, 1, 2


@dataclass(order=True, slots=True)
class _Job:
    priority: int
    number: int
    work: Callable[[Any], Any] | None = field(compare=False)
    future: Future[Any] = field(compare=False)
    in_transaction: bool = field(compare=False, default=True)


class Writer:
    """Runs functions one after another on a connection inside a transaction of their own."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = 0
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many pieces of work are in line."""
        return self._jobs.qsize()

    def run(self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work(connection, …)`` ahead of background work and return its result once it is committed."""
        if threading.current_thread() is self._thread:
            raise ProgramError(Code.PROGRAM, "A write was started from inside another write.")
        return self._put(_URGENT, lambda connection: work(connection, *args, **kwargs)).result()

    def submit(self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Put background work in line; its future is done after its commit."""
        return self._put(_BACKGROUND, lambda connection: work(connection, *args, **kwargs))

    def submit_urgent(
        self, work: Callable[Concatenate[Connection, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> Future[T]:
        """Put what a person did in line, ahead of background work."""
        return self._put(_URGENT, lambda connection: work(connection, *args, **kwargs))

    def outside_transaction(self, work: Callable[[Any], T]) -> T:
        """Run what may not run inside a transaction, such as VACUUM INTO, on the driver's own connection."""
        return self._put(_URGENT, work, in_transaction=False).result()

    def run_unchecked(self, work: Callable[[Connection], T]) -> T:
        """Run ``work(connection)`` in a transaction in which references between rows are not checked.

        A page of rows from a server may hold a child whose parent comes with the next.
        """

        def unchecked(raw: Any) -> T:
            raw.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            finally:
                raw.execute("PRAGMA foreign_keys=ON")

        return self._put(_BACKGROUND, unchecked, in_transaction=False).result()

    def close(self) -> None:
        """Finish what is in line, then let go of the file."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(_Job(_END, 0, None, Future()))
        self._thread.join()
        self._engine.dispose()

    def _put(self, priority: int, work: Callable[[Any], T], *, in_transaction: bool = True) -> Future[T]:
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                raise ProgramError(Code.PROGRAM, "The library is closed.")
            self._numbers += 1
            self._jobs.put(_Job(priority, self._numbers, work, future, in_transaction))
        return future

    def _serve(self) -> None:
        while True:
            job = self._jobs.get()
            if job.work is None:
                return
            if not job.future.set_running_or_notify_cancel():
                continue
            if job.in_transaction:
                self._perform(job)
            else:
                self._perform_bare(job)

    def _perform(self, first: _Job) -> None:
        """Run a job in a transaction, and background work that waits behind it in the same one for a while."""
        done: list[tuple[_Job, Any]] = []
        job: _Job | None = first
        try:
            with self._engine.begin() as connection:
                began = time.monotonic()
                while job is not None:
                    self._perform_one(connection, job, done)
                    job = self._next_follower(began) if job.priority == _BACKGROUND else None
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            shared = [one for one, _ in done]
            if job is not None and job not in shared:
                shared.append(job)
            _fail(shared, error)
            return
        for one, result in done:
            one.future.set_result(result)

    def _perform_one(self, connection: Connection, job: _Job, done: list[tuple[_Job, Any]]) -> None:
        assert job.work is not None
        if job.priority == _URGENT:
            done.append((job, job.work(connection)))
            return
        savepoint = connection.begin_nested()
        try:
            result = job.work(connection)
            savepoint.commit()
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            # A full disk ends the whole transaction; then this raises again, and all who shared it learn of it.
            savepoint.rollback()
            _fail([job], error)
            return
        done.append((job, result))

    def _next_follower(self, began: float) -> _Job | None:
        """Return the next waiting background job, or None when it is time to commit."""
        while time.monotonic() - began < SHARED_COMMIT_SECONDS:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return None
            if job.priority != _BACKGROUND:
                self._jobs.put(job)
                return None
            if job.future.set_running_or_notify_cancel():
                return job
        return None

    def _perform_bare(self, job: _Job) -> None:
        assert job.work is not None
        try:
            with self._engine.connect() as connection:
                result = job.work(connection.connection.driver_connection)
        except BaseException as error:  # noqa: BLE001 - handed to whoever waits
            _fail([job], error)
            return
        job.future.set_result(result)


def _fail(jobs: list[_Job], error: BaseException) -> None:
    known = explain(error)
    if known is not None:
        known.__cause__ = error
    for job in jobs:
        if not job.future.done():
            job.future.set_exception(known or error)
