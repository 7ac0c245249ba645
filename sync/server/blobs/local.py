"""A store in a folder: written beside, synced, and renamed into place."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TypeVar

from sync.server.blobs.storage import (
    PARTS,
    BytesMissingError,
    Stored,
    StoreError,
    StoreFullError,
    Written,
    blob_key,
    in_blocks,
    is_hash,
    new_name,
    part_key,
)

BLOCK = 1024**2
"""What is written or read in one go."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_T = TypeVar("_T")


class LocalStore:
    """Files in a folder that only this account may read; several gateways may share the folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def write(self, pieces: AsyncIterable[bytes]) -> Written:
        """Keep a stream under a new passing name."""
        name = new_name()
        writing = await _in_thread(lambda: _Writing(self._folder / part_key(name)))
        try:
            async for block in in_blocks(pieces, BLOCK):
                await _in_thread(writing.add, block)
            await _in_thread(writing.finish)
        except BaseException:  # also when the request is dropped
            writing.abandon()
            raise
        return Written(name, writing.size, writing.digest.hexdigest())

    def read_part(self, name: str) -> AsyncIterator[bytes]:
        """Yield what lies under a passing name."""
        return _read(self._folder / part_key(name), 0, None)

    async def publish(self, written: Written) -> None:
        """Rename a part to its hash."""
        await _in_thread(_move, self._folder / part_key(written.name), self._folder / blob_key(written.sha256))

    async def discard(self, names: Iterable[str]) -> None:
        """Remove parts."""
        for name in names:
            await _in_thread(_remove, self._folder / part_key(name))

    def read(self, sha256: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """Yield published bytes."""
        return _read(self._folder / blob_key(sha256), start, stop)

    async def size(self, sha256: str) -> int | None:
        """Return the length of published bytes."""
        try:
            return (await _in_thread((self._folder / blob_key(sha256)).stat)).st_size
        except BytesMissingError:
            return None

    async def delete(self, sha256: str) -> None:
        """Remove published bytes."""
        await _in_thread(_remove, self._folder / blob_key(sha256))

    async def blobs(self) -> AsyncIterator[Stored]:
        """Yield everything that is published."""
        found = (path for path in self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*") if is_hash(path.name))
        async for stored in _described(found):
            yield stored

    async def parts(self) -> AsyncIterator[Stored]:
        """Yield everything that is not published."""
        async for stored in _described((self._folder / PARTS).glob("*")):
            yield stored

    async def check(self) -> None:
        """Raise StoreError where the folder cannot be written to."""
        await _in_thread(_make_folder, self._folder / PARTS)
        if not os.access(self._folder / PARTS, os.W_OK | os.X_OK):
            raise StoreError("the folder cannot be written to")


class _Writing:
    """A file that comes into being; used by one thread after another."""

    def __init__(self, path: Path) -> None:
        _make_folder(path.parent)
        self._path = path
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)
        self._lock = Lock()
        self.size = 0
        self.digest = hashlib.sha256()

    def add(self, block: bytes) -> None:
        with self._lock:
            if self._file.closed:
                return  # abandoned while this waited for a thread
            rest = memoryview(block)
            while rest:
                rest = rest[self._file.write(rest) :]
            self.digest.update(block)
            self.size += len(block)

    def finish(self) -> None:
        with self._lock:
            os.fsync(self._file.fileno())
            self._file.close()
            _sync_folder(self._path.parent)

    def abandon(self) -> None:
        # A thread may still be writing: a dropped request does not stop it.
        with self._lock:
            self._file.close()
            self._path.unlink(missing_ok=True)


async def _in_thread(work: Callable[..., _T], *args: object) -> _T:
    def guarded() -> _T:
        with _faults():
            return work(*args)

    return await asyncio.to_thread(guarded)


@contextmanager
def _faults() -> Iterator[None]:
    """Say what a fault of the file system means here."""
    try:
        yield
    except FileNotFoundError as fault:
        raise BytesMissingError from fault
    except OSError as fault:
        raise (StoreFullError if fault.errno in _FULL else StoreError) from fault


async def _read(path: Path, start: int, stop: int | None) -> AsyncIterator[bytes]:
    file = await _in_thread(lambda: path.open("rb", buffering=0))
    try:
        left = stop - start if stop is not None else None
        await _in_thread(file.seek, start)
        while left != 0:
            block = await _in_thread(file.read, BLOCK if left is None else min(BLOCK, left))
            if not block:
                if left is not None:
                    raise BytesMissingError("the file is shorter than it should be")
                return
            left = None if left is None else left - len(block)
            yield block
    finally:
        file.close()


async def _described(found: Iterator[Path]) -> AsyncIterator[Stored]:
    while batch := await _in_thread(lambda: [_describe(path) for path in islice(found, 1000)]):
        for stored in batch:
            if stored is not None:
                yield stored


def _describe(path: Path) -> Stored | None:
    try:
        known = path.stat()
    except FileNotFoundError:
        return None  # gone since it was listed
    return Stored(path.name, known.st_size, datetime.fromtimestamp(known.st_mtime, UTC))


def _move(source: Path, target: Path) -> None:
    _make_folder(target.parent)
    source.replace(target)
    _sync_folder(target.parent)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _make_folder(folder: Path) -> None:
    """Make a folder that only this account may enter, and make sure that it is still there after a power cut."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be synced there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
