"""An open PDF in its view: going to places and lighting them, links, hits, notes and the selection together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal

from alexandria_desktop.pdf.document import PdfDocument
from alexandria_desktop.pdf.model import Link, PageWords, Priority, Rect, SearchHit
from alexandria_desktop.ui.reader.pdf_answers import Answers, PageFacts
from alexandria_desktop.ui.reader.pdf_finder import PdfFinder
from alexandria_desktop.ui.reader.pdf_inks import PdfInks
from alexandria_desktop.ui.reader.pdf_marking import PdfMarking
from alexandria_desktop.ui.reader.pdf_pages import Place
from alexandria_desktop.ui.reader.pdf_painting import Mark, MarkKind
from alexandria_desktop.ui.reader.pdf_places import PdfPlaces, range_on
from alexandria_desktop.ui.reader.pdf_selection import rects_of, word_at
from alexandria_desktop.ui.reader.pdf_view import PdfView
from alexandria_desktop.ui.reader.surface import Ink
from sync.places.locator import Locator, PdfTarget

LIT_FOR = 4_000
"""Milliseconds that found words stay lit."""

LINK_LANDING = 0.04
"""How far down the screen the end of a link lands."""

MOST_BACK = 100


class OpenPdf(QObject):
    """What belongs to one open file."""

    jumped = Signal()

    def __init__(self, document: PdfDocument, edition: str, view: PdfView, answers: Answers) -> None:
        super().__init__()
        self._document = document
        self._view = view
        self.places = PdfPlaces(document.info, edition)
        self.words: PageFacts[PageWords] = PageFacts(
            answers, lambda page, priority: document.words(page, priority=priority), nothing=PageWords("", ())
        )
        self._links: PageFacts[tuple[Link, ...]] = PageFacts(
            answers, lambda page, priority: document.links(page, priority=priority), nothing=()
        )
        self.inks = PdfInks(self.words.known)
        self.finder = PdfFinder(answers, document, self.places)
        self.marking = PdfMarking(view, self.words, document, self.places, answers)
        self.marking.changed.connect(view.viewport().update)
        self.finder.changed.connect(self._on_found)
        self._hits: dict[int, tuple[Mark, ...]] = {}
        self.is_shown = False
        self._lit: dict[int, tuple[Rect, ...]] = {}
        self._back: list[Place] = []
        self._asked_for = 0
        self._lit_pause = QTimer(self, singleShot=True, interval=LIT_FOR)
        self._lit_pause.timeout.connect(self._unlight)

    def close(self) -> None:
        """Let the worker forget the file."""
        self.finder.stop()
        self._lit_pause.stop()
        self._document.close()

    # --- going somewhere ----------------------------------------------------------------------------------------

    def show(self, place: Place, at: float = 0.0) -> None:
        """Go to a place."""
        self._asked_for += 1
        self._view.show_place(place, at)
        self._lay_out()

    def show_locator(self, locator: Locator, *, light: bool) -> None:
        """Go to a place; with ``light`` to its words, which are lit."""
        self._asked_for += 1
        target = locator.target
        pages = len(self.places.info.pages)
        if not light or not isinstance(target, PdfTarget) or not 0 <= target.page < pages:
            self.show(self.places.restored(locator))
            return
        if target.quads and locator.edition == self.places.edition:
            self._light({page: _of_page(target, page) for page, _ in target.quads if 0 <= page < pages}, target.page)
            return
        asked = self._asked_for

        def arrived(words: PageWords) -> None:
            if asked != self._asked_for:
                return
            found = range_on(locator, words)
            if found is None:
                self.show(self.places.restored(locator))
            else:
                self._light({target.page: rects_of(words, *found)}, target.page)

        self.words.ask(target.page, arrived)

    def go_back(self) -> bool:
        """Return from a followed link; False where none was followed."""
        if not self._back:
            return False
        self.show(self._back.pop())
        return True

    def follow(self, link: Link) -> None:
        """Go where a link of the file leads."""
        if link.page is None:
            return
        self._back = [*self._back[-MOST_BACK:], self._view.place]
        place = self.places.place_at_top(link.page, link.top)
        self.show(place, LINK_LANDING if place.fraction else 0.0)
        self.jumped.emit()

    def _lay_out(self) -> None:
        if not self.is_shown:
            self.is_shown = True
            self._view.set_pages(self.places.info.pages)

    def _light(self, rects: dict[int, tuple[Rect, ...]], page: int) -> None:
        self._lit = rects
        self._lay_out()
        if rects.get(page):
            self._view.show_rect(page, rects[page][0])
        else:
            self._view.show_place(Place(page))
        self._view.viewport().update()
        self._lit_pause.start()

    def _unlight(self) -> None:
        self._lit = {}
        self._view.viewport().update()

    # --- hits ---------------------------------------------------------------------------------------------------

    def step_hit(self, direction: int) -> None:
        """Go to the next or previous hit."""
        place = self._view.place
        words = self.words.known(place.page)
        offset = 0
        if words is not None and place.fraction > 0:
            offset = self.places.offset_below(place, words)
        self._show_hit(self.finder.step(direction, place.page, offset))

    def choose_hit(self, index: int) -> None:
        """Go to one hit."""
        self._show_hit(self.finder.choose(index))

    def _show_hit(self, hit: SearchHit | None) -> None:
        if hit is None:
            return
        self._asked_for += 1
        asked = self._asked_for

        def arrived(words: PageWords) -> None:
            if asked == self._asked_for:
                rects = rects_of(words, hit.start, hit.end)
                if rects:
                    self._view.show_rect(hit.page, rects[0])
                else:
                    self._view.show_place(Place(hit.page))
                self._view.viewport().update()

        self.words.ask(hit.page, arrived)

    # --- what is on a page --------------------------------------------------------------------------------------

    def set_notes(self, inks: Sequence[Ink]) -> None:
        """Paint these notes."""
        self.inks.set_notes(inks)
        self._view.viewport().update()

    def marks(self, page: int) -> Iterator[Mark]:
        """Yield what is marked on a page, in the order in which it is painted."""
        yield from self.inks.marks(page)
        yield from self._hit_marks(page)
        if page in self._lit:
            yield Mark(self._lit[page], MarkKind.LIT)
        chosen = self.marking.rects(page)
        if chosen:
            yield Mark(chosen, MarkKind.SELECTION)

    def _hit_marks(self, page: int) -> tuple[Mark, ...]:
        known = self._hits.get(page)
        if known is not None:
            return known
        words = self.words.known(page)
        if words is None:
            return ()
        current = self.finder.current
        found: dict[MarkKind, list[Rect]] = {MarkKind.HIT: [], MarkKind.LIT: []}
        for hit in self.finder.hits_of(page):
            kind = MarkKind.LIT if hit is current else MarkKind.HIT
            found[kind] += rects_of(words, hit.start, hit.end)
        marks = tuple(Mark(tuple(rects), kind) for kind, rects in found.items() if rects)
        self._hits[page] = marks
        return marks

    def _on_found(self) -> None:
        self._hits.clear()
        self._view.viewport().update()

    def read_ahead(self) -> None:
        """Learn the words and links of the pages on the screen, once pages have been drawn."""
        for page in self._view.visible_pages():
            if self.words.known(page) is None:
                self.words.ask(page, self._on_words, priority=Priority.PREFETCH)
            if self._links.known(page) is None:
                self._links.ask(page, self._on_words, priority=Priority.PREFETCH)

    def _on_words(self, _value: object) -> None:
        self._view.viewport().update()

    def link_at(self, page: int, x: float, y: float) -> Link | None:
        """Return the link under a point of a page, as far as its links are known."""
        for link in self._links.known(page) or ():
            if link.rect[0] <= x <= link.rect[2] and link.rect[1] <= y <= link.rect[3]:
                return link
        return None

    def cursor_at(self, at: QPointF) -> Qt.CursorShape:
        """Return the shape of the mouse over a point of the screen."""
        point = self._view.page_point(at)
        if point is None:
            return Qt.CursorShape.ArrowCursor
        page, x, y = point
        if self.link_at(page, x, y) is not None or self.inks.note_at(page, x, y) is not None:
            return Qt.CursorShape.PointingHandCursor
        words = self.words.known(page)
        over_words = words is not None and word_at(words, x, y) is not None
        return Qt.CursorShape.IBeamCursor if over_words else Qt.CursorShape.ArrowCursor


def _of_page(target: PdfTarget, page: int) -> tuple[Rect, ...]:
    return tuple(rect for other, rect in target.quads if other == page)
