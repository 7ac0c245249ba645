"""A book whose sections this program writes itself, out of a format that has no documents of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Book, Resource, Section
from alexandria_desktop.ingest.xhtml import MEDIA_TYPE
from alexandria_desktop.text.plain import clean_line

MAX_FILE = 64 * 1024 * 1024
"""Formats that must be read whole are refused above this size."""


@dataclass(frozen=True, slots=True)
class Part:
    """One section before it is written: its title, and a function that writes its XHTML when it is asked for."""

    href: str
    title: str
    write: Callable[[], bytes]
    size: int = 0


class WrittenBook:
    """An opened book: parts written on demand and resources held by name."""

    def __init__(self, book: Book, parts: Sequence[Part], resources: Mapping[str, Resource] | None = None) -> None:
        self._book = book
        self._parts = parts
        self._resources = dict(resources or {})

    @property
    def book(self) -> Book:
        """The description of the book."""
        return self._book

    def section(self, index: int) -> Resource:
        """Write one section."""
        part = self._parts[index]
        return Resource(part.href, MEDIA_TYPE, part.write())

    def resource(self, href: str) -> Resource | None:
        """Return a section or a picture by name."""
        for index, part in enumerate(self._parts):
            if part.href == href:
                return self.section(index)
        return self._resources.get(href)

    def close(self) -> None:
        """Nothing is held open."""


def sections_of(parts: Sequence[Part]) -> tuple[Section, ...]:
    """Return the reading order of written parts."""
    return tuple(Section(index=index, href=part.href, size=part.size) for index, part in enumerate(parts))


def read_whole(path: Path) -> bytes:
    """Return a file's bytes; raises ReaderError where it is too large, missing or unreadable."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise ReaderError(Code.IMPORT_TOO_LARGE, f"The file is larger than {MAX_FILE // 1_048_576} MB.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReaderError(Code.IMPORT_MISSING, "The file is no longer there.", detail=str(path)) from error
    except OSError as error:
        raise ReaderError(Code.IMPORT_DAMAGED, "The file could not be read.", detail=str(error)) from error


def title_of_file(path: Path) -> str:
    """Return a title out of a file's name."""
    stem = path.name
    for suffix in (".fb2.zip", path.suffix):
        if suffix and stem.lower().endswith(suffix.lower()):
            stem = stem[: -len(suffix)]
            break
    spaced = stem if " " in stem else stem.replace("_", " ")
    return clean_line(spaced) or "Untitled"
