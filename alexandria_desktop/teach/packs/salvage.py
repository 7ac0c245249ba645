"""What is there of a pack that was cut off: its list of contents stands first, so each part can be looked for.

The list at the end of the zip is what is missing. Members are stored one after the other, so the sizes in the manifest
say where each lies; what is not where it should be, or has another hash, is not there.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.teach.packs.manifest import (
    COURSE,
    LARGEST_MANIFEST,
    MANIFEST,
    SIGNATURE,
    Manifest,
    Part,
    manifest_of,
)
from alexandria_desktop.teach.packs.signing import is_signed_by

_HEADER = struct.Struct("<4s5H3I2H")
_MEMBER, _AFTER = b"PK\x03\x04", b"PK\x07\x08"
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Remains:
    """What is there of a cut-off pack."""

    manifest: Manifest
    whole: tuple[Part, ...]
    size: int
    """Bytes that are there of the parts, of whole ones and of the one that was cut."""

    @property
    def sentence(self) -> str:
        """What to tell the reader."""
        books = [one for one in self.manifest.books if any(part.name == one.part for part in self.whole)]
        has_course = any(part.name == COURSE for part in self.whole)
        of_books = f" and {len(books)} of {len(self.manifest.books)} books" if self.manifest.books else ""
        there = f"the course itself{of_books}" if has_course else "only its list of contents"
        return (
            f"The pack of “{self.manifest.title}” was cut off while it was copied. {_size(self.size)} of "
            f"{_size(self.manifest.size)} are here: {there}. Copy it again; saving it to the same place goes on from "
            "there."
        )


def tell_what_is_there(path: Path) -> Remains | None:
    """Return what is there of a pack without its end; None for what never was one, or is not signed."""
    try:
        with path.open("rb") as stream:
            return _remains(stream)
    except (OSError, ReaderError, struct.error):
        return None


def _remains(stream: BinaryIO) -> Remains | None:
    said, signature = _first(stream, MANIFEST, LARGEST_MANIFEST), _first(stream, SIGNATURE, 64)
    if said is None or signature is None:
        return None
    manifest = manifest_of(said)
    if not is_signed_by(manifest.key, said, signature):
        return None
    whole: list[Part] = []
    size = 0
    for part in manifest.parts:
        if _header(stream) != part.name:
            break
        found, there = hashlib.sha256(), 0
        while there < part.size and (piece := stream.read(min(_PIECE, part.size - there))):
            found.update(piece)
            there += len(piece)
        size += there
        if there < part.size or found.hexdigest() != part.sha256:
            break
        whole.append(part)
        _pass_descriptor(stream)
    return Remains(manifest, tuple(whole), size)


def _first(stream: BinaryIO, name: str, most: int) -> bytes | None:
    """Return a member whose size is written only after it."""
    if _header(stream) != name:
        return None
    begin = stream.tell()
    data = stream.read(most + 64)
    at = data.find(_AFTER)
    while at >= 0:
        if data[at + 8 : at + 12] == struct.pack("<I", at):
            stream.seek(begin + at)
            _pass_descriptor(stream)
            return data[:at]
        at = data.find(_AFTER, at + 1)
    return None


def _header(stream: BinaryIO) -> str | None:
    """Pass over a member's header and return its name."""
    head = stream.read(_HEADER.size)
    if len(head) < _HEADER.size:
        return None
    mark, *_, name_length, extra_length = _HEADER.unpack(head)
    if mark != _MEMBER:
        return None
    name = stream.read(name_length)
    stream.read(extra_length)
    return name.decode("utf-8", "replace")


def _pass_descriptor(stream: BinaryIO) -> None:
    """Pass over what follows a member: mark, check sum, and its size twice, in eight bytes each for a huge one."""
    begin = stream.tell()
    for length in (16, 24):
        stream.seek(begin + length)
        if stream.read(2) in (b"PK", b""):
            break
    stream.seek(begin + length)


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{size / 1_000:.1f} KB"
