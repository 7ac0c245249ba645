"""The reader's notes on PDF pages: which rectangles each covers, which one is under a point."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from alexandria_desktop.pdf.model import PageWords, Rect
from alexandria_desktop.ui.reader.pdf_painting import Mark, MarkKind
from alexandria_desktop.ui.reader.pdf_selection import rects_of
from alexandria_desktop.ui.reader.surface import LAYER, Ink
from sync.places.locator import PdfTarget

_SLACK = 1.5
"""Points around a highlight in which a click still means it."""


@dataclass(frozen=True, slots=True)
class PageInk:
    """What a note covers on one page."""

    note_id: str
    number: int
    rects: tuple[Rect, ...]


class PdfInks:
    """Notes by page. Those that came without rectangles get them from the words of the page."""

    def __init__(self, known_words: Callable[[int], PageWords | None]) -> None:
        self._known_words = known_words
        self._drawn: dict[int, list[PageInk]] = {}
        self._wordy: dict[int, list[tuple[Ink, PdfTarget]]] = {}

    def set_notes(self, inks: Sequence[Ink]) -> None:
        """Take these notes instead of those before."""
        self._drawn, self._wordy = {}, {}
        for ink in inks:
            target = ink.note.locator.target if ink.note.locator is not None else None
            if not isinstance(target, PdfTarget) or not ink.note.placed:
                continue
            if target.quads:
                for page in dict.fromkeys(page for page, _ in target.quads):
                    rects = tuple(rect for other, rect in target.quads if other == page)
                    self._drawn.setdefault(page, []).append(PageInk(str(ink.note.id), ink.number, rects))
            else:
                last = target.end_page if target.end_page is not None else target.page
                for page in range(target.page, last + 1):
                    self._wordy.setdefault(page, []).append((ink, target))

    def of_page(self, page: int) -> Iterator[PageInk]:
        """Yield what notes cover on a page, as far as it is known."""
        words = self._known_words(page) if page in self._wordy else None
        if words is not None:
            for ink, target in self._wordy.pop(page):
                start = target.start if page == target.page else 0
                last = target.end_page if target.end_page is not None else target.page
                rects = rects_of(words, start, target.end if page == last else len(words.text))
                if rects:
                    self._drawn.setdefault(page, []).append(PageInk(str(ink.note.id), ink.number, rects))
        yield from self._drawn.get(page, ())

    def marks(self, page: int) -> Iterator[Mark]:
        """Yield the marks to paint on a page."""
        for ink in self.of_page(page):
            yield Mark(ink.rects, MarkKind.LAYER if ink.number == LAYER else MarkKind(ink.number))

    def note_at(self, page: int, x: float, y: float) -> str | None:
        """Return the note under a point of a page; the smallest where several overlap."""
        under = [
            ink
            for ink in self.of_page(page)
            if any(
                rect[0] - _SLACK <= x <= rect[2] + _SLACK and rect[1] - _SLACK <= y <= rect[3] + _SLACK
                for rect in ink.rects
            )
        ]
        return min(under, key=_area).note_id if under else None


def _area(ink: PageInk) -> float:
    return sum((rect[2] - rect[0]) * (rect[3] - rect[1]) for rect in ink.rects)
