"""Worker processes for reading files: bounded in memory and time, replaced when they die, so that no file ends us."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import queue
import sys
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

from alexandria_desktop.base.errors import AlexandriaError, Code, ReaderError, SurroundingsError

if TYPE_CHECKING:
    from alexandria_desktop.library.prepare import Prepared

_log = logging.getLogger(__name__)

SECONDS = 120.0
"""How long one file may take."""

MEMORY = 4 * 1024**3
"""Bytes of address space of a worker, where the system can bound it; resident memory stays far below."""


class Worker:
    """One process that reads one file at a time."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    @property
    def is_running(self) -> bool:
        """Whether its process waits for a file."""
        return self._process is not None and self._process.is_alive()

    @property
    def pid(self) -> int | None:
        """The process's id, once it runs."""
        return self._process.pid if self._process is not None else None

    def prepare(self, path: Path, edition: str) -> Prepared:
        """Read a file in the process; raises what reading raised, or says that the process died or took too long."""
        pipe = self._start()
        try:
            pipe.send((str(path.absolute()), edition))  # it may have been started in another folder
            if not pipe.poll(self._seconds):
                self.stop()
                raise ReaderError(
                    Code.IMPORT_TIMEOUT, f"Reading this file took longer than {self._seconds:.0f} seconds."
                )
            outcome = pipe.recv()
        except (EOFError, OSError) as error:
            self.stop()
            raise SurroundingsError(
                Code.IMPORT_CRASHED, "The reader of this file stopped unexpectedly; the file may be damaged."
            ) from error
        if isinstance(outcome, AlexandriaError):
            _log.info("%s: %s %s", outcome.code, outcome.message, outcome.detail)
            raise outcome
        prepared: Prepared = outcome
        return prepared

    def stop(self) -> None:
        """End the process."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.kill()
            self._process.join(5)
            self._process = None

    def _start(self) -> Connection:
        if self._process is not None and self._process.is_alive() and self._pipe is not None:
            return self._pipe
        self.stop()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), name="alexandria-import", daemon=True)
        with _one_thread_each():
            self._process.start()
        theirs.close()
        self._pipe = ours
        return ours


_spare: list[Worker] = []
"""Running workers of libraries that were closed, for the next one: it knows nothing of the library it reads for."""
_spares = threading.Lock()


class WorkerPool:
    """A few workers, handed out to whoever has a file to read."""

    def __init__(self, count: int | None = None) -> None:
        self.count = count or max(1, min(4, (os.cpu_count() or 2)))
        self._free: queue.LifoQueue[Worker] = queue.LifoQueue()
        with _spares:
            running = [_spare.pop() for _ in range(min(self.count, len(_spare)))]
        self._all = [Worker() for _ in range(self.count - len(running))] + running
        for worker in self._all:
            self._free.put(worker)

    def prepare(self, path: Path, edition: str) -> Prepared:
        """Read a file in whichever worker is free."""
        worker = self._free.get()
        try:
            return worker.prepare(path, edition)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        """Leave the workers that wait for a file to the next library of this program, and end the others."""
        idle: list[Worker] = []
        with contextlib.suppress(queue.Empty):
            while True:
                idle.append(self._free.get_nowait())
        # Who comes too late, or closes once more, has to do with none that is another's by now.
        former, self._all = self._all, [Worker() for _ in range(self.count)]
        for worker in self._all:
            self._free.put(worker)
        for worker in former:
            with _spares:
                is_kept = worker in idle and worker.is_running and len(_spare) < self.count
                if is_kept:
                    _spare.append(worker)
            if not is_kept:
                worker.stop()


_environment = threading.Lock()


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let a worker's libraries use one thread: there is a worker for each core already."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS", "TOKENIZERS_PARALLELISM")
    with _environment:
        before = {name: os.environ.get(name) for name in names}
        os.environ.update(dict.fromkeys(names[:3], "1"), TOKENIZERS_PARALLELISM="false")
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _serve(pipe: Connection) -> None:
    """The worker's life: a path comes in, a Prepared or an error goes out."""
    _bound_memory()
    from alexandria_desktop.library.prepare import prepare

    while True:
        try:
            path, edition = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            pipe.send(prepare(Path(path), edition))
        except AlexandriaError as error:
            pipe.send(error)
        except MemoryError:
            pipe.send(ReaderError(Code.IMPORT_TOO_LARGE, "This book needs more memory than a book may."))
        except Exception as error:  # noqa: BLE001  a process entry: any parser's fault becomes one file's fault
            pipe.send(ReaderError(Code.IMPORT_DAMAGED, "This file could not be read.", detail=repr(error)))


def _bound_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
