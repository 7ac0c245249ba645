"""Conditions and ranges of a download, as RFC 9110 words them; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_RANGE = re.compile(r"bytes\s*=\s*(\d{0,20})\s*-\s*(\d{0,20})\s*", re.IGNORECASE)


class Unsatisfiable(Exception):  # noqa: N818 - an answer, not a fault
    """The range lies outside the bytes."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from ``start`` up to ``stop``."""

    start: int
    stop: int


def etag_of(sha256: str) -> str:
    """Return the strong tag of bytes: their hash."""
    return f'"{sha256}"'


def is_unchanged(headers: Mapping[str, str], etag: str) -> bool:
    """Whether If-None-Match names what the caller would get."""
    given = headers.get("if-none-match")
    if given is None:
        return False
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return etag in tags or given.strip() == "*"


def asked_span(headers: Mapping[str, str], etag: str, size: int) -> Span | None:
    """Return the one range that is asked for, or None for all bytes; raises Unsatisfiable.

    Several ranges, another unit and a range for other bytes (If-Range) all mean: everything.
    """
    found = _RANGE.fullmatch(headers.get("range", "").strip())
    if found is None or headers.get("if-range", etag).strip() != etag:
        return None
    first, last = found[1], found[2]
    if not first and not last:
        return None
    if not first:
        span = Span(max(size - int(last), 0), size)
    elif last and int(last) < int(first):
        return None
    else:
        span = Span(int(first), min(int(last) + 1, size) if last else size)
    if span.start >= span.stop:
        raise Unsatisfiable
    return span
