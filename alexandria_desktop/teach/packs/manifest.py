"""What a pack says of itself: whose course it is, which issue of it, and every part with its size and hash.

The signature is over these bytes as they stand in the file, so they are kept as they were read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.archive import safe_name

VERSION = 1
MANIFEST, SIGNATURE, COURSE = "pack.json", "pack.sig", "course.json"
LARGEST_MANIFEST = 4 * 1024 * 1024
LARGEST_COURSE = 64 * 1024 * 1024
LARGEST_FILE = 200 * 1024 * 1024
"""Bytes of a picture or film of the course."""
LARGEST_BOOK = 2 * 1024 * 1024 * 1024
MOST_PARTS = 5_000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a pack."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBook:
    """A book that goes along."""

    sha256: str
    part: str
    """The part that holds its bytes."""
    name: str
    """What its file is called."""
    title: str
    authors: tuple[str, ...] = ()
    rights: str = ""
    """What the book says of its rights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a pack says of itself."""

    course_id: UUID
    title: str
    number: int
    """Greater in each later issue of the same course."""
    made_at: datetime
    author_id: UUID
    author: str
    """The name of who made the course; empty where they gave none."""
    key: bytes
    """The public half of the key that signs, 32 bytes."""
    items: Mapping[UUID, UUID]
    """The item of the course, of each lesson and of each assessment, by their own ids."""
    books: tuple[GivenBook, ...] = ()
    parts: tuple[Part, ...] = field(default=())

    @property
    def size(self) -> int:
        """The bytes of all parts."""
        return sum(part.size for part in self.parts)

    def to_bytes(self) -> bytes:
        """Return the bytes that are signed."""
        return orjson.dumps(
            {
                "format": "alexandria course pack",
                "v": VERSION,
                "course": str(self.course_id),
                "title": self.title,
                "number": self.number,
                "made_at": self.made_at.isoformat(),
                "author": {"id": str(self.author_id), "name": self.author},
                "key": self.key.hex(),
                "items": {str(one): str(item) for one, item in self.items.items()},
                "books": [
                    {
                        "sha256": book.sha256, "part": book.part, "name": book.name, "title": book.title,
                        "authors": list(book.authors), "rights": book.rights,
                    }
                    for book in self.books
                ],
                "parts": [{"name": part.name, "size": part.size, "sha256": part.sha256} for part in self.parts],
            },
            option=orjson.OPT_INDENT_2,
        )  # fmt: skip

    def holds_the_same(self, other: Manifest) -> bool:
        """Whether two manifests differ in nothing but when they were made."""
        mine, theirs = orjson.loads(self.to_bytes()), orjson.loads(other.to_bytes())
        for one in (mine, theirs):
            del one["number"], one["made_at"]
        return bool(mine == theirs)


def manifest_of(data: bytes) -> Manifest:
    """Read a manifest; raises ReaderError(course.pack-damaged or course.pack-newer)."""
    try:
        found = orjson.loads(data)
        if found["v"] != VERSION:
            if isinstance(found["v"], int) and found["v"] > VERSION:
                raise ReaderError(
                    Code.COURSE_PACK_NEWER, "A newer Alexandria made this course pack. Update the program to open it."
                )
            raise ValueError(f"version {found['v']!r}")
        manifest = _manifest(found)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(detail=repr(error)) from error
    _check(manifest)
    return manifest


def file_part(sha256: str) -> str:
    """Return the name of the part that holds a picture or film of the course."""
    return f"files/{sha256}"


def damaged(what: str = "What the pack says of itself cannot be read.", *, detail: str = "") -> ReaderError:
    """Return the error for a pack that cannot be read; ``what`` is a sentence."""
    return ReaderError(Code.COURSE_PACK_DAMAGED, f"The course pack is damaged. {what}", detail=detail)


def _manifest(found: Mapping[str, Any]) -> Manifest:
    made_at = datetime.fromisoformat(found["made_at"])
    if made_at.tzinfo is None:
        raise ValueError("a moment without a zone")
    return Manifest(
        course_id=UUID(found["course"]),
        title=_text(found["title"]),
        number=_count(found["number"]),
        made_at=made_at,
        author_id=UUID(found["author"]["id"]),
        author=_text(found["author"]["name"]),
        key=_hex(found["key"]),
        items={UUID(one): UUID(item) for one, item in found["items"].items()},
        books=tuple(_book(one) for one in found["books"]),
        parts=tuple(Part(_text(one["name"]), _count(one["size"]), _hex(one["sha256"]).hex()) for one in found["parts"]),
    )


def _book(one: Mapping[str, Any]) -> GivenBook:
    return GivenBook(
        sha256=_hex(one["sha256"]).hex(),
        part=_text(one["part"]),
        name=_text(one["name"]),
        title=_text(one["title"]),
        authors=tuple(_text(author) for author in one["authors"]),
        rights=_text(one["rights"]),
    )


def _check(manifest: Manifest) -> None:
    """Raise for a manifest that asks for more than a pack may hold, or for what does not hang together."""
    sizes = {part.name: part for part in manifest.parts}
    if len(manifest.parts) > MOST_PARTS or len(sizes) != len(manifest.parts):
        raise damaged("It lists too many parts, or one of them twice.")
    for part in manifest.parts:
        if safe_name(part.name) != part.name or part.name in (MANIFEST, SIGNATURE) or part.size > _most(part.name):
            raise damaged("It lists a part that no course pack has.", detail=f"{part.name} {part.size}")
    if COURSE not in sizes:
        raise damaged("It holds no course.")
    for book in manifest.books:
        held = sizes.get(book.part)
        if held is None or held.sha256 != book.sha256 or not book.part.startswith("books/"):
            raise damaged("It names a book that is not in it.", detail=book.part)


def _most(name: str) -> int:
    """Return how many bytes a part of this name may have; -1 for a name that no part has."""
    folder, _, file = name.rpartition("/")
    if name == COURSE:
        return LARGEST_COURSE
    return {"files": LARGEST_FILE, "books": LARGEST_BOOK}.get(folder, -1) if file else -1


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 2_000:
        raise TypeError("a short text was expected")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("a number was expected")
    return value


def _hex(value: object) -> bytes:
    found = bytes.fromhex(_text(value))
    if len(found) != 32:
        raise ValueError("32 bytes were expected")
    return found
