"""A pack: all vectors of an item by one model, as bytes.

``ALXVEC1`` and a line feed, the length of the head (four bytes), the head as JSON, then column after column over the
passages in their order: ids (16 bytes each), places (unsigned 32-bit), scales (32-bit floats) and vectors: a signed
byte for each dimension, which times its passage's scale is the value. Numbers are little-endian. All of it is one zstd
frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray

MAGIC = b"ALXVEC1\n"
MEDIA_TYPE = "application/vnd.alexandria.vectors"
MOST_PASSAGES = 100_000
MOST_DIMENSIONS = 4096
MOST_ITEMS = 1000
"""Items that one question of what is there may name."""
_LONGEST_HEAD = 4096
_LEVEL = 3
_LARGEST_SCALE = 1e30
"""What 127 of is a 32-bit float still."""


class NotAPack(ValueError):  # noqa: N818 - what it says of the bytes
    """These bytes are none, or more than is believed."""


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """The vectors of an item, row by row."""

    content_id: UUID
    model: str
    text: str
    """SHA-256 over the words of the passages: vectors of other words say nothing about these."""
    ids: tuple[UUID, ...]
    places: NDArray[np.uint32]
    """``chunk_index`` of each passage."""
    scales: NDArray[np.float32]
    vectors: NDArray[np.int8]
    """One row a passage."""

    def floats(self) -> NDArray[np.float32]:
        """Return the vectors as they were, but for what a byte cannot say."""
        return self.vectors.astype(np.float32) * self.scales[:, None]


def quantised(vectors: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.int8]]:
    """Return a scale for each row and the row in bytes; the largest value of a row is 127."""
    largest = np.abs(vectors).max(axis=1)
    scales = (largest / 127).astype(np.float32)
    scales[scales == 0] = 1
    return scales, np.rint(vectors / scales[:, None]).astype(np.int8)


def written(pack: Pack) -> bytes:
    """Return the bytes of a pack."""
    head = orjson.dumps(
        {
            "content_id": str(pack.content_id),
            "model": pack.model,
            "text": pack.text,
            "count": len(pack.ids),
            "dimension": int(pack.vectors.shape[1]),
        }
    )
    parts: Sequence[bytes] = (
        MAGIC,
        len(head).to_bytes(4, "little"),
        head,
        b"".join(one.bytes for one in pack.ids),
        pack.places.astype("<u4").tobytes(),
        pack.scales.astype("<f4").tobytes(),
        pack.vectors.tobytes(),
    )
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(b"".join(parts))


def read(content: bytes, *, most_dimensions: int = MOST_DIMENSIONS) -> Pack:
    """Return what bytes say. Raises NotAPack; opens no more than the largest pack takes."""
    plain = _opened(content, _longest_plain(most_dimensions))
    start = len(MAGIC) + 4
    if not plain.startswith(MAGIC) or len(plain) < start:
        raise NotAPack("the beginning is another")
    length = int.from_bytes(plain[len(MAGIC) : start], "little")
    if length > _LONGEST_HEAD:
        raise NotAPack("the head is too long")
    try:
        head = orjson.loads(plain[start : start + length])
        count, dimension = head["count"], head["dimension"]
        content_id, model, text = UUID(head["content_id"]), str(head["model"]), str(head["text"])
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise NotAPack("the head cannot be read") from fault
    if not (type(count) is type(dimension) is int and 0 < count <= MOST_PASSAGES and 0 < dimension <= most_dimensions):
        raise NotAPack("so many vectors are not believed")
    body = plain[start + length :]
    if len(body) != count * (16 + 4 + 4 + dimension):
        raise NotAPack("there are more or fewer bytes than the head says")
    ids = tuple(UUID(bytes=body[place : place + 16]) for place in range(0, count * 16, 16))
    places = np.frombuffer(body, "<u4", count, count * 16)
    scales = np.frombuffer(body, "<f4", count, count * 20)
    vectors = np.frombuffer(body, np.int8, count * dimension, count * 24).reshape(count, dimension)
    if not (np.abs(scales) <= _LARGEST_SCALE).all():
        raise NotAPack("a scale is no number, or too large")
    if len(set(ids)) < count or len(np.unique(places)) < count:
        raise NotAPack("a passage is there twice")
    return Pack(content_id, model, text, ids, places, scales, vectors)


def longest(dimension: int) -> int:
    """Return how many bytes the largest pack of a dimension takes, also where it did not get smaller."""
    plain = _longest_plain(dimension)
    return plain + plain // 128 + 1024


def _longest_plain(dimension: int) -> int:
    return len(MAGIC) + 4 + _LONGEST_HEAD + MOST_PASSAGES * (24 + dimension)


def _opened(content: bytes, most: int) -> bytes:
    try:
        size = zstandard.frame_content_size(content)
        if not 0 < size <= most:
            raise NotAPack("the frame does not say how long it is, or too much")
        return zstandard.ZstdDecompressor().decompress(content, max_output_size=size)
    except zstandard.ZstdError as fault:
        raise NotAPack("the frame is damaged") from fault
