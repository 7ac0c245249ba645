"""Ids that are the same for the same things, and places as lessons hold them."""

from __future__ import annotations

import hashlib

from alexandria_desktop.teach.blocks import BookPlace
from alexandria_desktop.teach.compiling.sources import Source


def digest(*parts: object) -> str:
    """Return an id that is the same for the same things and tells nothing of them."""
    return hashlib.sha256("\x00".join(map(str, parts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def place_of(source: Source, section: int, start: int, end: int) -> BookPlace:
    """Return a stretch of a book as lessons hold it."""
    return BookPlace(
        locator=source.locate(section, start, end),
        book_id=source.id,
        book_title=source.title,
        book_author=source.author,
    )
