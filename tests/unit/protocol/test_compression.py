"""Bodies made smaller and opened again within a bound."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.compression import (
    ENCODINGS,
    BodyDamagedError,
    BodyTooLargeError,
    accepted_encodings,
    compressed,
    expanded,
)

MIB = 1024**2


@given(st.binary(max_size=5_000), st.sampled_from(ENCODINGS))
def test_what_was_compressed_is_opened_again(body: bytes, encoding: str) -> None:
    sent, name = compressed(body * 3, frozenset({encoding}))
    assert (expanded(sent, name, 15_000) if name else sent) == body * 3


@pytest.mark.parametrize(
    ("accepted", "name"),
    [("gzip, zstd", "zstd"), ("gzip", "gzip"), ("zstd;q=0, gzip;q=0.5", "gzip"), ("br", ""), ("", "")],
)
def test_the_best_that_the_other_side_reads_is_taken(accepted: str, name: str) -> None:
    assert compressed(b"x" * 5_000, accepted_encodings(accepted))[1] == name


def test_a_small_body_is_left_alone() -> None:
    assert compressed(b"x" * 100, frozenset(ENCODINGS)) == (b"x" * 100, "")


@pytest.mark.parametrize("pack", [zstandard.compress, gzip.compress], ids=ENCODINGS)
def test_a_bomb_is_refused_without_taking_the_room_for_it(pack) -> None:
    bomb = pack(bytes(200 * MIB))
    tracemalloc.start()
    with pytest.raises(BodyTooLargeError):
        expanded(bomb, "zstd" if pack is zstandard.compress else "gzip", MIB)
    assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    tracemalloc.stop()


def test_a_frame_that_keeps_its_length_to_itself_is_refused() -> None:
    stream = zstandard.ZstdCompressor().compressobj()
    bomb = stream.compress(bytes(50 * MIB)) + stream.flush()
    with pytest.raises(BodyDamagedError):
        expanded(bomb, "zstd", MIB)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_body_that_is_cut_or_has_more_behind_it_is_damaged(encoding: str) -> None:
    sent, _ = compressed(bytes(range(256)) * 20, frozenset({encoding}))
    for damaged in (sent[:-1], sent[: len(sent) // 2], sent[:3], b"", sent + sent, sent + b"x", b"no such thing"):
        with pytest.raises(BodyDamagedError):
            expanded(damaged, encoding, MIB)
