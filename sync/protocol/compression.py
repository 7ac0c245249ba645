"""Bodies made smaller on the wire: zstd where both ends have it, else gzip, and opened again within a bound."""

from __future__ import annotations

import gzip
import re
import zlib

import zstandard

ENCODINGS = ("zstd", "gzip")
"""What a server takes and gives, the best first."""
WORTH_COMPRESSING = 1024
"""Bytes below which compressing costs more than it saves."""

_GZIP_FRAME = 31
_QUALITY_ZERO = re.compile(r";\s*q=0(\.0*)?\s*$")


class BodyTooLargeError(Exception):
    """What was compressed is longer than it may be."""


class BodyDamagedError(Exception):
    """What was compressed cannot be opened, is cut, or something follows it."""


def accepted_encodings(header: str) -> frozenset[str]:
    """Return the encodings that an Accept-Encoding header names and does not rule out."""
    parts = (part.strip().lower() for part in header.split(","))
    return frozenset(part.partition(";")[0].strip() for part in parts if not _QUALITY_ZERO.search(part))


def compressed(body: bytes, accepted: frozenset[str], *, zstd_level: int = 1, gzip_level: int = 1) -> tuple[bytes, str]:
    """Return a body as it is sent and the name of its encoding; no name where it is sent as it is."""
    if len(body) >= WORTH_COMPRESSING:
        if "zstd" in accepted:
            return zstandard.compress(body, zstd_level), "zstd"
        if "gzip" in accepted:
            return gzip.compress(body, gzip_level, mtime=0), "gzip"
    return body, ""


def expanded(body: bytes, encoding: str, limit: int) -> bytes:
    """Return a body as it was before it was compressed; never takes room for more than ``limit`` bytes.

    Raises BodyTooLargeError or BodyDamagedError.
    """
    return _from_zstd(body, limit) if encoding == "zstd" else _from_gzip(body, limit)


def _from_zstd(body: bytes, limit: int) -> bytes:
    try:
        size = zstandard.get_frame_parameters(body).content_size
        if size == zstandard.CONTENTSIZE_UNKNOWN:
            # Without it, only opening the frame would tell whether it fits.
            raise BodyDamagedError("The frame does not say how long its content is.")
        if size > limit:
            raise BodyTooLargeError
        return zstandard.ZstdDecompressor().decompress(body, allow_extra_data=False)
    except zstandard.ZstdError as fault:
        raise BodyDamagedError("This is no whole zstd frame.") from fault


def _from_gzip(body: bytes, limit: int) -> bytes:
    opened = zlib.decompressobj(_GZIP_FRAME)
    try:
        found = opened.decompress(body, limit + 1)
    except zlib.error as fault:
        raise BodyDamagedError("This is no gzip.") from fault
    if len(found) > limit:
        raise BodyTooLargeError
    if not opened.eof or opened.unused_data:
        raise BodyDamagedError("The gzip is cut, or something follows it.")
    return found
