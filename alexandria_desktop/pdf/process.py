"""The program's end of the worker process: start it, exchange one request, end it."""

from __future__ import annotations

import multiprocessing
import time
import weakref
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from alexandria_desktop.base.errors import Code, ProgramError, SurroundingsError
from alexandria_desktop.pdf.codec import dump, error_from_json, load
from alexandria_desktop.pdf.entry import run

SMALL = 256 * 1024
"""Bytes up to which a pipe is as fast as shared memory."""
_START_SECONDS = 60.0


class WorkerGoneError(Exception):
    """The worker died or had to be ended; the request that ran is lost."""


class WorkerProcess:
    """One worker. Not for two threads at once."""

    def __init__(self, *, memory_limit: int) -> None:
        # spawn, never fork: the program has threads and a window, of which a copy would inherit locks and sockets
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe(duplex=True)
        self._process = context.Process(target=run, args=(theirs, memory_limit), name="alexandria-pdf", daemon=True)
        self._process.start()
        theirs.close()
        self._segment: SharedMemory | None = None
        self._release: Callable[[], object] = lambda: None
        self._greeted = False

    @property
    def pid(self) -> int | None:
        """The worker's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the worker runs."""
        return self._process.is_alive()

    def exchange(self, request: Mapping[str, Any], *, seconds: float, expected_bytes: int = 0) -> tuple[Any, bytes]:
        """Send a request and return the answer and its bytes.

        Raises what the worker answered, or WorkerGoneError where it died or took longer than ``seconds``.
        """
        message = dict(request)
        if expected_bytes > SMALL:
            segment = self._segment_for(expected_bytes)
            message |= {"segment": segment.name, "segment_size": segment.size}
        try:
            if not self._greeted:
                self._say({"verb": "hello"}, _START_SECONDS)
                self._greeted = True
            answer = self._say(message, seconds)
            if "error" in answer:
                raise error_from_json(answer["error"])
            return answer["value"], self._payload(answer, seconds)
        except (EOFError, OSError) as error:
            raise WorkerGoneError(repr(error)) from error

    def stop(self) -> None:
        """End the worker and give back its shared memory."""
        self._connection.close()
        self._process.join(0.5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()
        self._release()
        self._segment = None

    def _say(self, message: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        self._connection.send_bytes(dump(message))
        return load(_receive(self._connection, seconds))

    def _payload(self, answer: Mapping[str, Any], seconds: float) -> bytes:
        size = int(answer["size"])
        if not size:
            return b""
        if answer["shared"]:
            view = self._segment.buf if self._segment else None
            if view is None or size > len(view):
                raise ProgramError(Code.PROGRAM, "The PDF engine gave a wrong answer.")
            return bytes(view[:size])
        return _receive(self._connection, seconds)

    def _segment_for(self, size: int) -> SharedMemory:
        if self._segment is None or self._segment.size < size:
            self._release()
            self._segment = SharedMemory(create=True, size=1 << (size - 1).bit_length())
            self._release = weakref.finalize(self, _release, self._segment)  # also when the program ends without us
        return self._segment


def _receive(connection: Connection, seconds: float) -> bytes:
    if not connection.poll(seconds):
        raise WorkerGoneError(f"no answer within {seconds:.0f} s at {time.monotonic():.0f}")
    return connection.recv_bytes()


def _release(segment: SharedMemory) -> None:
    segment.close()
    segment.unlink()


def lost(detail: str) -> SurroundingsError:
    """Return the error for a request whose worker is gone."""
    return SurroundingsError(
        Code.PDF_WORKER,
        "The PDF engine stopped while it worked on this page; it has been started again.",
        detail=detail,
    )
