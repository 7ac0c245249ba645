"""Packs of vectors: what is written is read, and bytes of somebody else are believed in nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
import orjson
import pytest
import zstandard

from sync.protocol import packs
from sync.protocol.packs import NotAPack, Pack


def made(count: int = 3, dimension: int = 8) -> tuple[np.ndarray, Pack]:  # type: ignore[type-arg]
    vectors = np.random.default_rng(7).normal(size=(count, dimension)).astype(np.float32)
    scales, small = packs.quantised(vectors)
    ids = tuple(UUID(int=number) for number in range(count))
    return vectors, Pack(UUID(int=99), "a-model", "t" * 64, ids, np.arange(count, dtype=np.uint32), scales, small)


def test_what_is_written_is_read() -> None:
    vectors, pack = made()
    found = packs.read(packs.written(pack))
    assert (found.content_id, found.model, found.text, found.ids) == (pack.content_id, "a-model", "t" * 64, pack.ids)
    assert found.places.tolist() == [0, 1, 2]
    assert np.abs(found.floats() - vectors).max() <= np.abs(vectors).max() / 127 / 2 + 1e-6


def test_a_vector_of_nothing_stays_nothing() -> None:
    scales, small = packs.quantised(np.zeros((1, 4), np.float32))
    assert (scales.tolist(), small.tolist()) == ([1.0], [[0, 0, 0, 0]])


def test_a_vector_of_next_to_nothing_has_no_scale_of_nothing() -> None:
    scales, small = packs.quantised(np.full((1, 4), 1e-45, np.float32))
    assert (scales.tolist(), small.tolist()) == ([1.0], [[0, 0, 0, 0]])


def test_the_same_pack_is_the_same_bytes() -> None:
    assert packs.written(made()[1]) == packs.written(made()[1])


def test_cut_bytes_and_changed_ones_are_refused() -> None:
    content = packs.written(made()[1])
    for length in range(len(content)):
        with pytest.raises(NotAPack):
            packs.read(content[:length])
    plain = zstandard.ZstdDecompressor().decompress(content)
    for changed in (plain[:-1], plain + b"x", b"Y" + plain[1:], plain[:8] + b"\xff\xff\xff\xff" + plain[12:], b""):
        with pytest.raises(NotAPack):
            packs.read(zstandard.ZstdCompressor().compress(changed))


def test_a_single_byte_that_changed_on_the_way_is_noticed() -> None:
    content = packs.written(made()[1])
    for place in range(len(content)):
        with pytest.raises(NotAPack):
            packs.read(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])


@pytest.mark.parametrize(
    "change",
    [{"ids": (UUID(int=1),) * 3}, {"places": np.zeros(3, np.uint32)}]
    + [{"scales": np.array([1, scale, 1], np.float32)} for scale in (np.nan, np.inf, -np.inf, 3e38)],
    ids=["a passage twice", "a place twice", "no number", "endless", "endless below", "too large"],
)
def test_rows_that_no_server_writes_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(NotAPack):
        packs.read(packs.written(replace(made()[1], **change)))


def test_the_largest_pack_is_within_the_bound_also_where_nothing_got_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "MOST_PASSAGES", 3)
    random = np.random.default_rng(1)
    _, pack = made(3, 4096)
    noise = random.integers(-128, 128, (3, 4096), np.int8)
    full = replace(pack, vectors=noise, ids=tuple(UUID(bytes=random.bytes(16)) for _ in range(3)))
    content = packs.written(full)
    plain = zstandard.ZstdDecompressor().decompress(content)
    monkeypatch.setattr(packs, "_LONGEST_HEAD", int.from_bytes(plain[8:12], "little"))
    assert packs.read(content).ids == full.ids
    assert len(content) <= packs.longest(4096)


def test_a_pack_of_more_dimensions_than_one_s_model_has_is_not_opened() -> None:
    content = packs.written(made(3, 8)[1])
    with pytest.raises(NotAPack):
        packs.read(content, most_dimensions=7)
    bomb = zstandard.ZstdCompressor(level=1).compress(bytes(60 * 1024 * 1024))
    with pytest.raises(NotAPack, match="how long"):
        packs.read(bomb, most_dimensions=256)


@pytest.mark.parametrize(
    "claim", [{"count": 10**9}, {"count": -1}, {"dimension": 0}, {"count": True}, {"content_id": 3}]
)
def test_a_head_that_claims_too_much_is_refused(claim: dict[str, object]) -> None:
    head = {"content_id": str(UUID(int=1)), "model": "m", "text": "", "count": 1, "dimension": 4, **claim}
    written = orjson.dumps(head)
    plain = packs.MAGIC + len(written).to_bytes(4, "little") + written + bytes(28)
    with pytest.raises(NotAPack):
        packs.read(zstandard.ZstdCompressor().compress(plain))


def test_a_frame_that_would_fill_the_memory_is_not_opened() -> None:
    bomb = zstandard.ZstdCompressor(level=1).compress(bytes(600 * 1024 * 1024))
    with pytest.raises(NotAPack):
        packs.read(bomb)
