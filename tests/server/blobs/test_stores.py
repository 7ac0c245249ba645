"""What every store does, a folder and a bucket alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from sync.server.blobs.opening import open_store
from sync.server.blobs.storage import BlobStore, BytesMissingError, StoreError
from sync.server.settings import Settings, SettingsError
from tests.server.blobs.conftest import bucket_client, hash_of

pytestmark = pytest.mark.anyio

BIG = bytes(range(256)) * 4096 * 20  # 20 MiB: several blocks of each kind


async def pieces(words: bytes, size: int = 65536) -> AsyncIterator[bytes]:
    for at in range(0, len(words), size):
        yield words[at : at + size]


async def broken(words: bytes) -> AsyncIterator[bytes]:
    async for piece in pieces(words):
        yield piece
    raise KeyError("the sender is gone")


async def read(store: BlobStore, sha256: str, start: int, stop: int) -> bytes:
    return b"".join([piece async for piece in store.read(sha256, start, stop)])


async def keep(store: BlobStore, words: bytes) -> str:
    written = await store.write(pieces(words))
    await store.publish(written)
    return written.sha256


@pytest.mark.parametrize("words", [b"", b"a", BIG], ids=["nothing", "a byte", "20 MiB"])
async def test_what_is_published_is_what_was_written(store: BlobStore, words: bytes) -> None:
    written = await store.write(pieces(words))
    assert (written.size, written.sha256) == (len(words), hash_of(words))
    assert await store.size(written.sha256) is None
    await store.publish(written)
    assert await store.size(written.sha256) == len(words)
    assert await read(store, written.sha256, 0, len(words)) == words
    assert [part async for part in store.parts()] == []
    assert [(blob.name, blob.size) async for blob in store.blobs()] == [(written.sha256, len(words))]


async def test_any_range_can_be_read(store: BlobStore) -> None:
    sha256 = await keep(store, BIG)
    for start, stop in ((0, 1), (1, 1), (4 * 1024**2 - 1, 8 * 1024**2 + 1), (len(BIG) - 3, len(BIG))):
        assert await read(store, sha256, start, stop) == BIG[start:stop]


async def test_a_stream_that_breaks_leaves_nothing(store: BlobStore) -> None:
    for words in (b"little", BIG):
        with pytest.raises(KeyError, match="the sender is gone"):
            await store.write(broken(words))
    assert [part async for part in store.parts()] == []
    assert [blob async for blob in store.blobs()] == []


async def test_a_write_that_is_dropped_leaves_nothing(store: BlobStore) -> None:
    begun = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"x" * 3 * 1024**2
        begun.set()
        await asyncio.Event().wait()

    writing = asyncio.ensure_future(store.write(endless()))
    await begun.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert [part async for part in store.parts()] == []


async def test_the_same_bytes_twice_are_kept_once(store: BlobStore) -> None:
    first, second = await asyncio.gather(store.write(pieces(BIG)), store.write(pieces(BIG)))
    await asyncio.gather(store.publish(first), store.publish(second))
    assert [blob.name async for blob in store.blobs()] == [hash_of(BIG)]
    assert [part async for part in store.parts()] == []


async def test_parts_are_read_back_and_discarded(store: BlobStore) -> None:
    written = await store.write(pieces(BIG))
    assert b"".join([piece async for piece in store.read_part(written.name)]) == BIG
    await store.discard([written.name, "0" * 32])
    with pytest.raises(BytesMissingError):
        await anext(store.read_part(written.name))


async def test_what_is_deleted_is_gone_and_may_be_deleted_again(store: BlobStore) -> None:
    sha256 = await keep(store, b"words")
    await store.delete(sha256)
    await store.delete(sha256)
    assert await store.size(sha256) is None
    with pytest.raises(BytesMissingError):
        await anext(store.read(sha256, 0, 5))


@pytest.mark.parametrize("words", ["../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n", ""])
async def test_no_path_is_made_of_what_is_no_hash(store: BlobStore, words: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        await store.size(words)
    with pytest.raises(ValueError, match="not a passing name"):
        await store.discard([words])


async def test_a_store_that_works_says_so(store: BlobStore) -> None:
    await store.check()


async def test_files_in_a_folder_are_their_owners_alone(tmp_path: Path) -> None:
    store = open_store(Settings(blob_store=str(tmp_path / "deep" / "blobs")))
    sha256 = await keep(store, b"words")
    kept = tmp_path / "deep" / "blobs" / sha256[:2] / sha256[2:4] / sha256
    assert kept.read_bytes() == b"words"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert all(folder.stat().st_mode & 0o777 == 0o700 for folder in (kept.parent, kept.parent.parent))


async def test_a_bucket_that_is_not_there_is_a_fault_of_the_store(bucket: dict[str, Any]) -> None:
    store = open_store(Settings(**bucket | {"blob_store": "s3://nowhere"}))
    with pytest.raises(StoreError):
        await store.write(pieces(b"words"))
    with pytest.raises(StoreError):
        await store.check()


async def test_a_broken_stream_leaves_no_unfinished_upload_in_the_bucket(
    bucket: dict[str, Any], s3_address: str
) -> None:
    with pytest.raises(KeyError):
        await open_store(Settings(**bucket)).write(broken(BIG))
    name = bucket["blob_store"].split("/")[2]
    assert "Uploads" not in bucket_client(s3_address).list_multipart_uploads(Bucket=name)


def test_a_server_without_a_place_for_files_says_so() -> None:
    for place in ("", "s3://"):
        with pytest.raises(SettingsError):
            open_store(Settings(blob_store=place))
