"""One round at a time: of all the processes that have a library open, one speaks to its server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.store.opening import readable
from sync.client.engine import Cancelled

PATIENCE = 30.0
"""Seconds. A first round may take longer; then the other process does what this one wanted."""

_A_LOOK = 0.2


@contextmanager
def alone(file: Path, *, is_cancelled: Callable[[], bool], patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock inside the block. Raises Cancelled, or SurroundingsError(sync.busy) after ``patience`` seconds.

    Raises SurroundingsError(store.…) where the library's folder is gone.
    """
    lock = FileLock(file)
    waited = 0.0
    while True:
        if is_cancelled():
            raise Cancelled
        try:
            file.parent.stat()  # where a disk was pulled out the lock would make the folder anew
            lock.acquire(timeout=_A_LOOK)
            break
        except Timeout:
            waited += _A_LOOK
            if waited >= patience:
                raise SurroundingsError(
                    Code.SYNC_BUSY, "Another window or command is keeping this library in step just now."
                ) from None
        except OSError as fault:
            raise readable(fault) from fault
    try:
        yield
    finally:
        lock.release()
