"""What the PDF worker is asked and what it answers: frozen values, all in PDF points from the top left of a page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

Rect = tuple[float, float, float, float]
"""x0, y0, x1, y1."""

Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e, f: (x, y) becomes (a·x + c·y + e, b·x + d·y + f)."""


class Priority(IntEnum):
    """Which request goes first."""

    VISIBLE = 0
    PREFETCH = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One page as it is shown: turned as the file says, before any zoom."""

    width: float
    height: float
    rotation: int = 0
    """0, 90, 180 or 270 degrees clockwise, as the file says."""
    to_display: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    """From the coordinates of words, links and locators (the page unturned) to those of the page as shown."""


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One line of the file's own contents."""

    title: str
    page: int | None
    """Index of the page it leads to; None where it leads nowhere in the file."""
    level: int = 0
    top: float | None = None
    """Where on the page, from its top, as shown."""


@dataclass(frozen=True, slots=True)
class PdfInfo:
    """What a PDF is and says of itself."""

    pages: tuple[PageInfo, ...]
    labels: tuple[str, ...]
    """The printed number of each page, ``""`` where the file gives none."""
    outline: tuple[OutlineEntry, ...]
    metadata: tuple[tuple[str, str], ...]
    """(``title``, ``author``, ``subject``, ``keywords``, ``creator``, ``producer``, ``created``, ``language``) and
    their values, plain text; dates in ISO form."""
    was_repaired: bool = False
    needed_password: bool = False

    def said(self, name: str) -> str | None:
        """Return one of the file's words about itself, or None."""
        return dict(self.metadata).get(name)


@dataclass(frozen=True, slots=True)
class PageColors:
    """Colours to draw a page in: what is black becomes ``ink``, what is white ``paper`` (0xRRGGBB)."""

    ink: int
    paper: int


@dataclass(frozen=True, slots=True)
class PageImage:
    """A drawn page or tile: rows of RGB from the top, three bytes a pixel, no padding."""

    width: int
    height: int
    x: int
    y: int
    """Where its left top lies, in pixels of the whole page at this zoom."""
    zoom: float
    """Pixels a point; smaller than asked for where the picture would have been too large."""
    data: bytes

    @property
    def stride(self) -> int:
        """Bytes from one row to the next."""
        return self.width * 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page, where it stands, and its place in the page's canonical text."""

    text: str
    start: int
    end: int
    """Code points of the page's text, end exclusive."""
    rect: Rect
    line: int
    """Counts the lines of the page, to select in reading order."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """The canonical text of a page and its words."""

    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A link on a page: to a page of this file, or to an address outside."""

    rect: Rect
    page: int | None = None
    top: float | None = None
    uri: str | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Words found on a page."""

    page: int
    start: int
    end: int
    before: str
    found: str
    after: str
