"""What the store tells of a book, to a shelf and to a page about the book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from alexandria_desktop.book.model import Metadata


class Order(StrEnum):
    """How a shelf is sorted."""

    TITLE = "title"
    AUTHOR = "author"
    ADDED = "added"
    OPENED = "opened"
    PROGRESS = "progress"
    SERIES = "series"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class BookRow:
    """One book on a shelf."""

    id: UUID
    title: str
    authors: tuple[str, ...]
    format: str
    language: str | None
    progress: float
    """Percent, 0 to 100."""
    added_at: datetime
    last_opened: datetime | None
    series: str | None
    series_index: float | None
    rating: int | None
    cover: str | None
    """SHA-256 of the cover picture."""
    edition: str | None
    """SHA-256 of the file."""
    is_here: bool = True
    """Whether this device has the file."""


@dataclass(frozen=True, slots=True)
class BookFile:
    """One edition of a book as a file."""

    sha256: str
    name: str
    size: int
    format: str
    is_current: bool
    path: str | None
    """Relative to the library's folder; None where this device does not have it."""
    source: str | None = None
    """The file that it was imported from."""


@dataclass(frozen=True, slots=True)
class BookDetails:
    """Everything about one book."""

    row: BookRow
    metadata: Metadata
    isbn: str | None
    genre: str | None
    tags: tuple[str, ...]
    page_count: int | None
    file: BookFile | None
    removed: bool

    @property
    def id(self) -> UUID:
        """The book's id."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that comes into the library."""

    edition: str
    """SHA-256 of the file, in hex."""
    path: str
    """Where it is kept, relative to the library's folder."""
    name: str
    size: int
    source: str | None = None
    """Where it was imported from."""


class Arrival(StrEnum):
    """What became of a book that was added."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    BROUGHT_BACK = "brought-back"


@dataclass(frozen=True, slots=True)
class Added:
    """The outcome of adding a book."""

    id: UUID
    arrival: Arrival
