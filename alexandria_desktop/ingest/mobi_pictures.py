"""The pictures and fonts of a MOBI file, by their number."""

from __future__ import annotations

import zlib

from alexandria_desktop.book.model import Resource
from alexandria_desktop.ingest.mobi_palm import NONE, PalmDatabase
from alexandria_desktop.ingest.pictures import picture_type

FOLDER = "images"
_MAX_FONT = 32 * 1024 * 1024
_FONT_KEY_REACH = 1040
"""Bytes at the start of a font that are mixed with its key."""


class Pictures:
    """Records from the first picture on; books count them from 1."""

    def __init__(self, database: PalmDatabase, first: int) -> None:
        self._database = database
        self._first = first

    def href(self, number: int) -> str:
        """Return the name under which ``resource`` gives a record."""
        return f"{FOLDER}/{number:05d}"

    def exists(self, number: int) -> bool:
        """Tell whether a number is that of a picture."""
        return self._first != NONE and number > 0 and picture_type(self._record(number)) is not None

    def resource(self, href: str) -> Resource | None:
        """Return a picture or font, or None."""
        folder, _, name = href.rpartition("/")
        if folder != FOLDER or not name.isdecimal() or self._first == NONE:
            return None
        data = self._record(int(name))
        if data[:4] == b"FONT":
            font = _font(data)
            return Resource(href, "font/otf" if font[:4] == b"OTTO" else "font/ttf", font) if font else None
        media_type = picture_type(data)
        return Resource(href, media_type, data) if media_type else None

    def _record(self, number: int) -> bytes:
        return self._database.record(self._first + number - 1) if number > 0 else b""


def _font(record: bytes) -> bytes | None:
    """Return a font out of its record, where it may be packed and mixed with a key."""
    if len(record) < 24:
        return None
    flags, start, key_length, key_at = (int.from_bytes(record[at : at + 4], "big") for at in (8, 12, 16, 20))
    data = bytearray(record[start:])
    key = record[key_at : key_at + key_length]
    if flags & 2 and key:
        for position in range(min(_FONT_KEY_REACH, len(data))):
            data[position] ^= key[position % len(key)]
    if not flags & 1:
        return bytes(data)
    try:
        return zlib.decompressobj().decompress(bytes(data), _MAX_FONT)
    except zlib.error:
        return None
