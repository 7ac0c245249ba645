"""A store in a bucket of any S3-compatible service.

Nothing larger than a few blocks is ever in memory. Reads are made in ranges, so that a slow reader does not hold one
request to the service open until it times out.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from sync.server.blobs.storage import (
    PARTS,
    BytesMissingError,
    Stored,
    StoreError,
    Written,
    blob_key,
    in_blocks,
    is_hash,
    new_name,
    part_key,
)

BLOCK = 5 * 1024**2
"""One part of a multipart upload: the least that services take, and they take 10,000 of them."""
READ_BLOCK = 4 * 1024**2
AT_ONCE = 2
"""Blocks on their way to the service at a time."""
LARGEST_COPY = 5 * 1024**3
"""What services copy in one request."""


class ObjectStore:
    """Objects in a bucket, below a prefix."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    async def write(self, pieces: AsyncIterable[bytes]) -> Written:
        """Keep a stream under a new passing name."""
        name = new_name()
        reading = _Reading(in_blocks(pieces, BLOCK))
        with _faults(reading):
            await self._put(part_key(name), reading)
        return Written(name, reading.size, reading.digest.hexdigest())

    def read_part(self, name: str) -> AsyncIterator[bytes]:
        """Yield what lies under a passing name."""
        return self._read(part_key(name), 0, None)

    async def publish(self, written: Written) -> None:
        """Copy a part to its hash, inside the service, and drop the part."""
        source, target = part_key(written.name), blob_key(written.sha256)
        with _faults():
            if written.size > LARGEST_COPY:
                await self._put(target, _Reading(in_blocks(self._read(source, 0, written.size), BLOCK)))
            else:
                await obstore.copy_async(self._store, source, target, overwrite=True)
        await self._delete([source])

    async def discard(self, names: Iterable[str]) -> None:
        """Remove parts."""
        await self._delete([part_key(name) for name in names])

    def read(self, sha256: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """Yield published bytes."""
        return self._read(blob_key(sha256), start, stop)

    async def size(self, sha256: str) -> int | None:
        """Return the length of published bytes."""
        try:
            return await self._size(blob_key(sha256))
        except BytesMissingError:
            return None

    async def delete(self, sha256: str) -> None:
        """Remove published bytes."""
        await self._delete([blob_key(sha256)])

    async def blobs(self) -> AsyncIterator[Stored]:
        """Yield everything that is published."""
        async for stored in self._listed(None):
            if is_hash(stored.name):
                yield stored

    async def parts(self) -> AsyncIterator[Stored]:
        """Yield everything that is not published."""
        async for stored in self._listed(PARTS):
            yield stored

    async def check(self) -> None:
        """Raise StoreError where the bucket cannot be read."""
        with _faults():
            await obstore.list_with_delimiter_async(self._store, f"{PARTS}/none")

    async def _put(self, key: str, reading: _Reading) -> None:
        first, second = await reading.step(), await reading.step()
        if second is None:
            await obstore.put_async(self._store, key, first or b"", use_multipart=False)
        else:
            stream = reading.rest(first or b"", second)
            await obstore.put_async(self._store, key, stream, chunk_size=BLOCK, max_concurrency=AT_ONCE)

    async def _read(self, key: str, start: int, stop: int | None) -> AsyncIterator[bytes]:
        with _faults():
            end = await self._size(key) if stop is None else stop
            while start < end:
                upto = min(start + READ_BLOCK, end)
                block = bytes(await obstore.get_range_async(self._store, key, start=start, end=upto))
                if len(block) != upto - start:
                    raise BytesMissingError("the object is shorter than it should be")
                start = upto
                yield block

    async def _size(self, key: str) -> int:
        with _faults():
            return int((await obstore.head_async(self._store, key))["size"])

    async def _delete(self, keys: list[str]) -> None:
        if not keys:
            return
        with _faults():
            await obstore.delete_async(self._store, keys)

    async def _listed(self, prefix: str | None) -> AsyncIterator[Stored]:
        with _faults():
            async for batch in obstore.list(self._store, prefix):
                for found in batch:
                    changed: datetime = found["last_modified"]
                    yield Stored(str(found["path"]).rpartition("/")[2], int(found["size"]), changed)


class _Reading:
    """A stream that is counted and hashed as it goes by, and whose own fault is not lost on the way."""

    def __init__(self, blocks: AsyncIterator[bytes]) -> None:
        self._blocks = blocks
        self.size = 0
        self.digest = hashlib.sha256()
        self.fault: BaseException | None = None

    async def step(self) -> bytes | None:
        """Return the next block, or None at the end."""
        try:
            block = await anext(self._blocks, None)
        except BaseException as fault:
            self.fault = fault
            raise
        if block is not None:
            await asyncio.to_thread(self.digest.update, block)
            self.size += len(block)
        return block

    async def rest(self, *before: bytes) -> AsyncIterator[bytes]:
        """Yield blocks that were taken already, then the others."""
        for taken in before:
            yield taken
        while (block := await self.step()) is not None:
            yield block


@contextmanager
def _faults(reading: _Reading | None = None) -> Iterator[None]:
    """Say what a fault of the service means here; a fault of the stream that it was given stays what it is."""
    try:
        yield
    except (FileNotFoundError, BaseError) as fault:
        if reading is not None and reading.fault is not None:
            raise reading.fault from None
        raise (BytesMissingError if isinstance(fault, FileNotFoundError) else StoreError) from fault


def open_bucket(
    bucket: str, prefix: str, *, endpoint: str, region: str, access_key_id: str, secret_access_key: str
) -> ObjectStore:
    """Return the store of a bucket; without a key the surroundings' own are taken."""
    options: dict[str, Any] = {"region": region or "us-east-1"}
    if endpoint:
        options["endpoint"] = endpoint
    if access_key_id:
        options |= {"access_key_id": access_key_id, "secret_access_key": secret_access_key}
    client: Any = {"allow_http": endpoint.startswith("http:"), "timeout": "120s"}
    return ObjectStore(S3Store(bucket, prefix=prefix or None, client_options=client, **options))
