"""What a store of bytes does, whether it is a folder or a bucket.

Bytes arrive under a passing name; only what was read to its end and whose hash is known is published, in one step,
under that hash. A store knows nothing about people: who may read what is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import uuid4

PARTS = "uploads"
"""Where bytes lie until they are published."""

_HASH = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[0-9a-f]{32}")


class StoreError(Exception):
    """The store does not do its work; the reader can do nothing, its keeper can."""

    status = 503
    code = "store_unavailable"
    sentence = "The place where files are kept does not answer."


class StoreFullError(StoreError):
    """The store has no room left."""

    status = 507
    code = "store_full"
    sentence = "There is no room left where files are kept."


class BytesMissingError(StoreError):
    """The store does not have these bytes."""

    code = "bytes_missing"
    sentence = "These bytes are not where they should be."


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes that lie safely under a passing name."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Stored:
    """One thing in the store: a hash or a passing name, and when it came."""

    name: str
    size: int
    changed_at: datetime


class BlobStore(Protocol):
    """A store of bytes; every method raises StoreError where it cannot do its work."""

    async def write(self, pieces: AsyncIterable[bytes]) -> Written:
        """Keep a stream under a new passing name, durably; what does not end well leaves nothing behind."""
        ...

    def read_part(self, name: str) -> AsyncIterator[bytes]:
        """Yield what lies under a passing name; raises BytesMissingError."""
        ...

    async def publish(self, written: Written) -> None:
        """Move bytes from their passing name to that of their hash; harmless if they are there already."""
        ...

    async def discard(self, names: Iterable[str]) -> None:
        """Remove what lies under passing names; nothing there is no fault."""
        ...

    def read(self, sha256: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """Yield the published bytes from ``start`` up to ``stop``; raises BytesMissingError before the first piece."""
        ...

    async def size(self, sha256: str) -> int | None:
        """Return the length of published bytes, or None where there are none."""
        ...

    async def delete(self, sha256: str) -> None:
        """Remove published bytes; nothing there is no fault."""
        ...

    def blobs(self) -> AsyncIterator[Stored]:
        """Yield everything that is published, in no order."""
        ...

    def parts(self) -> AsyncIterator[Stored]:
        """Yield everything that lies under a passing name, in no order."""
        ...

    async def check(self) -> None:
        """Raise StoreError where the store cannot be used."""
        ...


def is_hash(words: str) -> bool:
    """Whether this is a SHA-256 as it is written here: 64 small hexadecimal digits."""
    return _HASH.fullmatch(words) is not None


def blob_key(sha256: str) -> str:
    """Return where the bytes of a hash lie: ``ab/cd/<sha256>``."""
    if not is_hash(sha256):
        raise ValueError("not a SHA-256 in small hexadecimal digits")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def part_key(name: str) -> str:
    """Return where the bytes of a passing name lie."""
    if not _NAME.fullmatch(name):
        raise ValueError("not a passing name")
    return f"{PARTS}/{name}"


def new_name() -> str:
    """Return a passing name that nothing has."""
    return uuid4().hex


async def in_blocks(pieces: AsyncIterable[bytes], size: int) -> AsyncIterator[bytes]:
    """Yield the same bytes in blocks of one size, the last of which may be shorter; never an empty one."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        while len(held) >= size:
            yield bytes(memoryview(held)[:size])
            del held[:size]
    if held:
        yield bytes(held)
