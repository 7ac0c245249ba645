"""Where the pages of a PDF lie: a long scroll or one page at a time, worked out from their sizes alone."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from alexandria_desktop.pdf.model import PageInfo, Rect

POINT = 96 / 72
"""Pixels of a point at 100 %."""

GAP = 12
"""Pixels between two pages, and above the first."""

EDGE = 16
"""Least pixels beside a page that is fitted."""

WIDEST_FIT = 1.6
"""A page is fitted to the window's width up to this zoom: beyond it lines are too large to be read with ease."""

STEPS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0)
_SMALLEST = 0.02


class Fit(StrEnum):
    """What decides the zoom."""

    WIDTH = "width"
    PAGE = "page"
    FACTOR = "factor"


@dataclass(frozen=True, slots=True)
class Zoom:
    """How large pages are shown; ``factor`` (1.0 is 100 %) counts where nothing is fitted."""

    fit: Fit = Fit.WIDTH
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """A height on a page: ``fraction`` of the page lies above it."""

    page: int
    fraction: float = 0.0

    def progression(self, pages: int) -> float:
        """Return the part of the document that lies above."""
        return min(1.0, (self.page + min(1.0, max(0.0, self.fraction))) / max(1, pages))

    @staticmethod
    def at(progression: float, pages: int) -> Place:
        """Return the place before which a part of the document lies."""
        whole = min(1.0, max(0.0, progression)) * pages
        page = min(pages - 1, int(whole + 1e-9))
        return Place(page, max(0.0, whole - page))


class PageLayout:
    """The rectangles of pages, in pixels of the window, for one zoom and one size of the window."""

    def __init__(
        self, pages: Sequence[PageInfo], width: int, height: int, zoom: Zoom, *, only: int | None = None
    ) -> None:
        self.pages = pages
        self.only = only
        self._width, self._height = max(1, width), max(1, height)
        self._zoom = zoom
        usual = Counter(round(page.width) for page in pages).most_common(1)[0][0]
        room = max(1, self._width - 2 * EDGE)
        self._base = min(room / max(1, usual), WIDEST_FIT * POINT) if zoom.fit is not Fit.FACTOR else 0.0
        shown = range(len(pages)) if only is None else range(only, only + 1)
        self.first = shown.start
        sizes = [self.size(page) for page in shown]
        ends = list(accumulate((size[1] + GAP for size in sizes), initial=float(GAP)))
        self.content_height = ends[-1]
        lift = max(0.0, (self._height - self.content_height) / 2)
        self._tops = [end + lift for end in ends[:-1]]
        self.content_width = max(float(self._width), max(size[0] for size in sizes) + 2 * EDGE)
        self.content_height = max(self.content_height, float(self._height))

    def scale(self, page: int) -> float:
        """Return the pixels of a point of a page."""
        info = self.pages[page]
        if self._zoom.fit is Fit.FACTOR:
            return max(_SMALLEST, self._zoom.factor * POINT)
        scale = min(self._base, (self._width - 2 * EDGE) / max(1.0, info.width))
        if self._zoom.fit is Fit.PAGE:
            scale = min(scale, (self._height - 2 * GAP) / max(1.0, info.height))
        return max(_SMALLEST, scale)

    def size(self, page: int) -> tuple[float, float]:
        """Return the width and height of a page in pixels."""
        scale, info = self.scale(page), self.pages[page]
        return info.width * scale, info.height * scale

    def rect(self, page: int) -> Rect:
        """Return where a page lies in the content; only for a page that is laid out."""
        width, height = self.size(page)
        left, top = (self.content_width - width) / 2, self._tops[page - self.first]
        return (left, top, left + width, top + height)

    def has(self, page: int) -> bool:
        """Whether a page is laid out: every one in a long scroll, else the one."""
        return 0 <= page - self.first < len(self._tops)

    def page_at(self, y: float) -> int:
        """Return the page at a height, or the one above where it falls between two."""
        return self.first + max(0, bisect_right(self._tops, y) - 1)

    def pages_between(self, top: float, bottom: float) -> range:
        """Return the pages that can be seen between two heights."""
        return range(self.page_at(top), self.page_at(bottom) + 1)

    def place_at(self, y: float) -> Place:
        """Return the place at a height; what lies between two pages belongs to the lower one."""
        page = self.page_at(y)
        _, top, _, bottom = self.rect(page)
        if y >= bottom and self.has(page + 1):
            return Place(page + 1)
        return Place(page, min(1.0, max(0.0, (y - top) / max(1e-6, bottom - top))))

    def y_of(self, place: Place) -> float:
        """Return the height of a place."""
        _, top, _, bottom = self.rect(place.page)
        return top + place.fraction * (bottom - top)


def step_from(factor: float, direction: int) -> float:
    """Return the next zoom step above or below a factor."""
    if direction > 0:
        return next((step for step in STEPS if step > factor * 1.005), STEPS[-1])
    return next((step for step in reversed(STEPS) if step < factor * 0.995), STEPS[0])


def to_display(info: PageInfo, rect: Rect) -> Rect:
    """Turn a rectangle of the page unturned into one of the page as shown, in points."""
    x0, y0 = _mapped(info, rect[0], rect[1])
    x1, y1 = _mapped(info, rect[2], rect[3])
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def from_display(info: PageInfo, x: float, y: float) -> tuple[float, float]:
    """Turn a point of the page as shown into one of the page unturned."""
    a, b, c, d, e, f = info.to_display
    determinant = a * d - b * c
    if not determinant:
        return x, y
    x, y = x - e, y - f
    return (d * x - c * y) / determinant, (a * y - b * x) / determinant


def _mapped(info: PageInfo, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = info.to_display
    return a * x + c * y + e, b * x + d * y + f
