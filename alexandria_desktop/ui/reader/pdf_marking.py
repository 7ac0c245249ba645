"""The selected words of an open PDF: begun by mouse or keyboard, grown over lines and pages, handed on as a locator."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from alexandria_desktop.pdf.document import PdfDocument
from alexandria_desktop.pdf.model import PageWords, Priority, Rect
from alexandria_desktop.ui.reader.pdf_answers import Answers, PageFacts
from alexandria_desktop.ui.reader.pdf_pages import to_display
from alexandria_desktop.ui.reader.pdf_places import PagePart, PdfPlaces
from alexandria_desktop.ui.reader.pdf_selection import (
    Caret,
    TextRange,
    Unit,
    caret_x,
    offset_at,
    rects_of,
    step,
    stretch_at,
)
from alexandria_desktop.ui.reader.pdf_view import PdfView
from sync.places.locator import Locator

_UNITS = {1: Unit.CHARACTER, 2: Unit.WORD, 3: Unit.LINE}


class PdfMarking(QObject):
    """What is selected."""

    changed = Signal()
    """It looks different."""
    settled = Signal()
    """It is as it will be, or gone."""

    def __init__(
        self, view: PdfView, words: PageFacts[PageWords], document: PdfDocument, places: PdfPlaces, answers: Answers
    ) -> None:
        super().__init__()
        self._view = view
        self._words = words
        self._document = document
        self._places = places
        self._answers = answers
        self._range: TextRange | None = None
        self._column: float | None = None
        self._stroke = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self._range is None or self._range.is_empty

    def rects(self, page: int) -> tuple[Rect, ...]:
        """Return what is selected of a page, as far as its words are known."""
        words = self._words.known(page)
        if self._range is None or words is None:
            return ()
        part = self._range.part(page, len(words.text))
        return rects_of(words, *part) if part else ()

    def rect_on_screen(self) -> QRectF | None:
        """Return where the selected words are on the screen; None where none are."""
        seen = QRectF(self._view.viewport().rect())
        found = QRectF()
        for page in self._view.visible_pages():
            for rect in self.rects(page):
                box = self._view.rect_on_screen(page, rect)
                if box is not None and box.intersects(seen):
                    found = found.united(box.intersected(seen))
        return None if found.isEmpty() else found

    def clear(self) -> None:
        """Select nothing."""
        self._stroke += 1
        if self._range is not None:
            self._range = None
            self.changed.emit()

    # --- mouse --------------------------------------------------------------------------------------------------

    def press(self, at: QPointF, clicks: int, *, extend: bool) -> None:
        """Begin at a point: letters, or from a second click words, from a third lines."""
        had = self._range
        self._stroke += 1
        self._column = None
        if extend and had is not None:
            self.drag(at)
            return
        self.clear()
        unit = _UNITS[clicks]

        def begin(page: int, words: PageWords, x: float, y: float) -> None:
            if not words.words:
                return
            stretch = self._stretch(page, words, offset_at(words, x, y), unit, x)
            self._range = TextRange(stretch, stretch, unit)
            self.changed.emit()

        self._with_point(at, begin)

    def drag(self, at: QPointF) -> None:
        """Select as far as a point."""

        def reach(page: int, words: PageWords, x: float, y: float) -> None:
            begun = self._range
            if begun is not None and words.words:
                self._range = begun.to(self._stretch(page, words, offset_at(words, x, y), begun.unit, x))
                self.changed.emit()

        self._with_point(at, reach)

    def _with_point(self, at: QPointF, use: Callable[[int, PageWords, float, float], None]) -> None:
        point = self._view.page_point(at)
        if point is None:
            return
        page, x, y = point
        stroke = self._stroke

        def arrived(words: PageWords) -> None:
            if stroke == self._stroke:
                use(page, words, x, y)

        self._words.ask(page, arrived)

    def _stretch(self, page: int, words: PageWords, offset: int, unit: Unit, x: float) -> tuple[Caret, Caret]:
        if unit is not Unit.CHARACTER and offset > 0 and x < caret_x(words, offset):
            offset -= 1  # the offset is the gap nearest to the point: the letter clicked on is before it
        start, end = stretch_at(words, offset, unit)
        return Caret(page, start), Caret(page, end)

    # --- keyboard -----------------------------------------------------------------------------------------------

    def extend(self, direction: str, granularity: str) -> None:
        """Grow or shrink by a letter, word or line; begin at the top of the screen where nothing is selected."""
        way = 1 if direction == "forward" else -1
        unit = Unit(granularity) if granularity in Unit.__members__.values() else Unit.WORD
        if self._range is None:
            page = self._view.place.page
            self._words.ask(page, lambda words: self._begin(page, words, way, unit))
        else:
            caret = self._range.moving
            self._words.ask(caret.page, lambda words: self._move(caret, words, way, unit))

    def _begin(self, page: int, words: PageWords, way: int, unit: Unit) -> None:
        place = self._view.place
        if not words.words:
            return
        info = self._places.info.pages[page]
        y = place.fraction * info.height if place.page == page else 0.0
        first = next((word for word in words.words if to_display(info, word.rect)[1] >= y), words.words[-1])
        caret = Caret(page, first.start)
        self._range = TextRange((caret, caret), (caret, caret))
        self._move(caret, words, way, unit)

    def _move(self, caret: Caret, words: PageWords, way: int, unit: Unit) -> None:
        if self._range is None or self._range.moving != caret:
            return
        if unit is not Unit.LINE:
            self._column = None
        elif self._column is None:
            self._column = caret_x(words, caret.offset)
        offset = step(words, caret.offset, way, unit, self._column)
        if offset is not None:
            self._put(Caret(caret.page, offset), words)
            return
        page = caret.page + way
        if 0 <= page < len(self._places.info.pages):
            self._words.ask(page, lambda other: self._enter(caret, page, other, way, unit))

    def _enter(self, caret: Caret, page: int, words: PageWords, way: int, unit: Unit) -> None:
        """Go over the edge of a page into the next."""
        if self._range is None or self._range.moving != caret:
            return
        edge = 0 if way > 0 else len(words.text)
        offset = step(words, edge, way, Unit.WORD if unit is Unit.WORD else Unit.CHARACTER) if words.text else edge
        self._put(Caret(page, edge if offset is None else offset), words)

    def _put(self, caret: Caret, words: PageWords) -> None:
        assert self._range is not None
        anchor = self._range.anchor
        self._range = TextRange(anchor, (caret, caret))
        around = rects_of(words, max(0, caret.offset - 1), caret.offset + 1)
        if around:
            self._view.reveal(caret.page, around[-1])
        self.changed.emit()
        self.settled.emit()

    # --- handing on ---------------------------------------------------------------------------------------------

    def with_locator(self, use: Callable[[Locator], None]) -> None:
        """Call ``use`` with the selected words, once their exact rectangles are known."""
        marked = self._range
        if marked is None or marked.is_empty:
            return
        pages = list(range(marked.start.page, marked.end.page + 1))
        parts: dict[int, PagePart | None] = {}

        def keep(page: int, part: PagePart | None) -> None:
            parts[page] = part
            if len(parts) == len(pages):
                found = [one for number in pages if (one := parts[number]) is not None]
                if found:
                    use(self._places.locator_of(found))

        for page in pages:
            self._ask_part(marked, page, keep)

    def _ask_part(self, marked: TextRange, page: int, keep: Callable[[int, PagePart | None], None]) -> None:
        def arrived(words: PageWords) -> None:
            stretch = marked.part(page, len(words.text))
            if stretch is None:
                keep(page, None)
                return
            start, end = stretch
            future = self._document.quads(page, start, end, priority=Priority.VISIBLE)

            def exact(quads: tuple[Rect, ...]) -> None:
                keep(page, PagePart(page, start, end, words, quads))

            def failed(_error: object) -> None:
                exact(rects_of(words, start, end))

            self._answers.listen(future, exact, failed)

        self._words.ask(page, arrived)
