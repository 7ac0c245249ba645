"""A book as every part of the program sees it, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class BookFormat(StrEnum):
    """The kinds of file that can be read."""

    EPUB = "epub"
    PDF = "pdf"
    TEXT = "txt"
    MARKDOWN = "md"
    HTML = "html"
    FB2 = "fb2"
    CBZ = "cbz"
    MOBI = "mobi"

    @property
    def is_paged(self) -> bool:
        """Whether the file has fixed pages that the PDF worker draws."""
        return self is BookFormat.PDF


class Direction(StrEnum):
    """Which way pages turn."""

    LTR = "ltr"
    RTL = "rtl"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says of itself; plain text, never markup."""

    title: str
    authors: tuple[str, ...] = ()
    language: str | None = None
    """BCP 47, lower-case primary tag, for example ``en`` or ``pt-br``."""
    publisher: str | None = None
    published: str | None = None
    """ISO date as far as known: ``1851``, ``1851-10`` or ``1851-10-18``."""
    description: str | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    """(scheme, value), for example ``("isbn", "9780142437247")``."""
    subjects: tuple[str, ...] = ()
    series: str | None = None
    series_index: float | None = None
    rights: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One document of the reading order: a spine item, a PDF page, a picture."""

    index: int
    href: str
    """The path inside the book, decoded, for example ``text/chapter-1.xhtml``; ``page/0`` for the first PDF page."""
    media_type: str = "application/xhtml+xml"
    linear: bool = True
    size: int = 0
    """Bytes of the document as stored; 0 where unknown."""
    label: str | None = None
    """A PDF's own page label, for example ``xiv``."""
    cfi: str | None = None
    """The package's part of a CFI, for example ``/6/8[chapter-2]!``; EPUB only."""


@dataclass(frozen=True, slots=True)
class TocEntry:
    """One line of the contents; the tree is flat, in order, with a depth, so that no file can nest it too deep."""

    title: str
    href: str
    """Section href with an optional ``#fragment``; empty for a heading that leads nowhere."""
    level: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """A parsed book: its words about itself, its reading order and its contents."""

    format: BookFormat
    edition: str
    """SHA-256 of the file, in hex."""
    metadata: Metadata
    sections: tuple[Section, ...]
    toc: tuple[TocEntry, ...] = ()
    cover_href: str | None = None
    direction: Direction = Direction.LTR
    fixed_layout: bool = False
    start_href: str | None = None
    """Where reading begins, if the book says so."""
    page_list: tuple[tuple[str, str], ...] = ()
    """(printed page label, href with fragment)."""
    warnings: tuple[str, ...] = field(default=(), compare=False)
    """Faults that were worked around, a sentence each."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One file inside a book."""

    href: str
    media_type: str
    data: bytes


class BookSource(Protocol):
    """An opened book file: described at once, its parts read when asked for. Safe to use from one thread at a time."""

    @property
    def book(self) -> Book:
        """The description of the book."""

    def section(self, index: int) -> Resource:
        """Return a section's document as stored: XHTML, HTML or SVG. Raises ReaderError when it cannot be read."""

    def resource(self, href: str) -> Resource | None:
        """Return a file of the book, or None where it has none of that name."""

    def close(self) -> None:
        """Let go of the file."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Some whole sentences of a section, the unit of search; never crosses a heading."""

    section: int
    """Index of the section."""
    start: int
    end: int
    """Code points of the section's canonical text, end exclusive."""
    text: str
    heading: str | None = None
    """The nearest heading above it."""
    chunk_type: str = "paragraph"
    """``paragraph``, ``heading``, ``summary``, ``question`` or ``answer``, as the schema has it."""
