"""Ask the PDF worker from any thread: every question gives a future; visible pages go before prefetching and search."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from alexandria_desktop.base.errors import AlexandriaError, Code, SurroundingsError
from alexandria_desktop.pdf.codec import info_from_json, path_to_text
from alexandria_desktop.pdf.document import PdfDocument
from alexandria_desktop.pdf.model import Priority
from alexandria_desktop.pdf.process import WorkerGoneError, WorkerProcess, lost

T = TypeVar("T")
MEMORY_LIMIT = 2 * 1024 * 1024 * 1024
SECONDS = 30.0
"""How long one request may take before the worker is ended and started again."""


@dataclass(order=True, slots=True)
class _Job:
    priority: int
    number: int
    request: Mapping[str, Any] = field(compare=False)
    finish: Callable[[Any, bytes], Mapping[str, Any] | None] = field(compare=False)
    """Takes the answer; returns the next request of the same job, or None when the future is done."""
    future: Future[Any] = field(compare=False)
    expected_bytes: int = field(compare=False, default=0)


class PdfClient:
    """One worker process, started with the first question and again after a crash. Safe from any thread.

    Futures are completed on the client's own thread. ``future.cancel()`` drops a question that waits; one that runs
    goes on in the worker, but its answer is dropped, and a search ends at its next page.
    """

    def __init__(self, *, memory_limit: int = MEMORY_LIMIT, seconds: float = SECONDS) -> None:
        self._memory_limit = memory_limit
        self._seconds = seconds
        self._jobs: list[_Job] = []
        self._numbers = itertools.count()
        self._wake = threading.Condition()
        self._is_closed = False
        self._worker: WorkerProcess | None = None
        self._running: str | None = None
        self._thread: threading.Thread | None = None

    def open(
        self, path: Path, *, password: str | None = None, priority: Priority = Priority.VISIBLE
    ) -> Future[PdfDocument]:
        """Open a PDF. The future fails with ReaderError(pdf.password) where a password is missing or wrong."""
        document = {"path": path_to_text(path), "password": password}

        def described(value: Any, _: bytes) -> PdfDocument:
            return PdfDocument(self, path, document, info_from_json(value))

        return self.ask({"verb": "describe", **document}, described, priority=priority)

    def compose(self, html: str, css: str, *, folder: Path, target: Path, title: str = "") -> Future[int]:
        """Set HTML into a new PDF, pictures from ``folder`` only; the future gives the number of pages."""
        request = {
            "verb": "compose", "html": html, "css": css, "title": title,
            "folder": path_to_text(folder), "target": path_to_text(target),
        }  # fmt: skip
        return self.ask(request, lambda value, _: int(value), priority=Priority.VISIBLE)

    def start(self) -> Future[str]:
        """Start the worker before it is needed; the future gives the engine's version."""
        return self.ask({"verb": "hello"}, lambda value, _: str(value), priority=Priority.PREFETCH)

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker, if one runs."""
        worker = self._worker
        return worker.pid if worker else None

    @property
    def running(self) -> str | None:
        """What the worker does now, as the verb of the request; None while it waits."""
        return self._running

    def ask(
        self,
        request: Mapping[str, Any],
        read: Callable[[Any, bytes], T],
        *,
        priority: Priority,
        expected_bytes: int = 0,
    ) -> Future[T]:
        """Queue one request; ``read`` turns its answer into the future's value."""
        future: Future[T] = Future()

        def finish(value: Any, data: bytes) -> None:
            _complete(future, read(value, data))

        self._queue(_Job(priority, next(self._numbers), request, finish, future, expected_bytes))
        return future

    def ask_in_slices(
        self,
        request: Mapping[str, Any],
        read: Callable[[Any], tuple[Mapping[str, Any] | None, T]],
        *,
        priority: Priority,
    ) -> Future[T]:
        """Queue a request that goes on in slices: ``read`` returns the next one, or None with the value at the end."""
        future: Future[T] = Future()

        def finish(value: Any, _: bytes) -> Mapping[str, Any] | None:
            following, result = read(value)
            if following is None:
                _complete(future, result)
            return following

        self._queue(_Job(priority, next(self._numbers), request, finish, future))
        return future

    def close(self) -> None:
        """Drop what waits, end the worker and wait for both."""
        with self._wake:
            self._is_closed = True
            waiting, self._jobs = self._jobs, []
            self._wake.notify()
        for job in waiting:
            job.future.cancel()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _queue(self, job: _Job) -> None:
        with self._wake:
            if self._is_closed:
                _fail(job.future, SurroundingsError(Code.PDF_WORKER, "The PDF engine has been closed."))
                return
            heapq.heappush(self._jobs, job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="pdf-client", daemon=True)
                self._thread.start()
            self._wake.notify()

    def _run(self) -> None:
        try:
            while (job := self._next()) is not None:
                self._do(job)
        finally:
            self._drop_worker()

    def _next(self) -> _Job | None:
        with self._wake:
            while True:
                if self._is_closed:
                    return None
                if self._jobs:
                    job = heapq.heappop(self._jobs)
                    if not job.future.cancelled():
                        return job
                else:
                    self._wake.wait()

    def _do(self, job: _Job) -> None:
        try:
            value, data = self._exchange(job)
            following = None if job.future.cancelled() else job.finish(value, data)
        except AlexandriaError as error:
            _fail(job.future, error)
            return
        except Exception as error:  # noqa: BLE001 - the thread bridge: the asker must hear of it, the thread must live
            _fail(job.future, error)
            return
        if following is not None:
            job.request, job.number = following, next(self._numbers)
            self._queue(job)

    def _exchange(self, job: _Job) -> tuple[Any, bytes]:
        try:
            if self._worker is not None and not self._worker.is_alive:
                self._drop_worker()  # it died while idle: nobody's request is lost
            if self._worker is None:
                self._worker = WorkerProcess(memory_limit=self._memory_limit)
            self._running = str(job.request["verb"])
            return self._worker.exchange(job.request, seconds=self._seconds, expected_bytes=job.expected_bytes)
        except (WorkerGoneError, OSError) as error:
            self._drop_worker()
            raise lost(str(error)) from error
        finally:
            self._running = None

    def _drop_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()


def _complete(future: Future[T], value: T) -> None:
    with suppress(InvalidStateError):  # cancelled meanwhile
        future.set_result(value)


def _fail(future: Future[Any], error: BaseException) -> None:
    with suppress(InvalidStateError):  # cancelled meanwhile
        future.set_exception(error)
