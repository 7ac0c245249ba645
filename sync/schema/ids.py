"""Row ids: UUIDv7 made on the device, and UUIDv5 for rows that two devices must name alike.

UUIDv7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then 74 random bits; here the twelve bits after the
version count within one millisecond, so ids made by one process sort in the order they were made.
"""

from __future__ import annotations

import os
import threading
import time
import uuid

NAMESPACE = uuid.UUID("6f2c1f0e-58b0-5d8a-9c6f-0a1e7d0a5b11")
"""The namespace of this product's natural keys; never changes."""

_lock = threading.Lock()
_last_millisecond = 0
_counter = 0


def uuid7() -> uuid.UUID:
    """Return a new time-ordered id."""
    global _last_millisecond, _counter
    with _lock:
        millisecond = time.time_ns() // 1_000_000
        if millisecond > _last_millisecond:
            _last_millisecond = millisecond
            _counter = int.from_bytes(os.urandom(2), "big") & 0x7FF
        else:  # the same millisecond, or a clock set back: go on counting from the last id
            _counter += 1
            if _counter > 0xFFF:
                _last_millisecond += 1
                _counter = 0
        stamp, count = _last_millisecond, _counter
    value = (stamp & 0xFFFF_FFFF_FFFF) << 80
    value |= 0x7 << 76
    value |= count << 64
    value |= 0b10 << 62
    value |= int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    return uuid.UUID(int=value)


def natural_id(kind: str, *parts: object) -> uuid.UUID:
    """Return the id that every device derives alike from what never changes, for example (user, file hash)."""
    return uuid.uuid5(NAMESPACE, "\x1f".join((kind, *map(str, parts))))
