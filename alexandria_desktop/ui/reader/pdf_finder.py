"""Find in an open PDF: the worker looks through it, hits are told as they come, in the order of the pages."""

from __future__ import annotations

from bisect import bisect_left
from concurrent.futures import Future

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.pdf.document import PdfDocument
from alexandria_desktop.pdf.model import SearchHit
from alexandria_desktop.ui.reader.pdf_answers import Answer, Answers
from alexandria_desktop.ui.reader.pdf_places import PdfPlaces
from alexandria_desktop.ui.reader.surface import FindState

MOST = 10_000
SNIPPETS = 500
TELL_EVERY = 60
"""Milliseconds between two words about how the search is going."""


class PdfFinder(QObject):
    """A search in one PDF."""

    changed = Signal(object)
    """A FindState."""

    _came = Signal(object)

    def __init__(self, answers: Answers, document: PdfDocument, places: PdfPlaces) -> None:
        super().__init__()
        self._answers = answers
        self._document = document
        self._places = places
        self._round = 0
        self._answer: Answer | None = None
        self._hits: list[SearchHit] = []
        self._keys: list[tuple[int, int]] = []
        self._current: SearchHit | None = None
        self._is_done = True
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)
        self._pause = QTimer(self, singleShot=True, interval=TELL_EVERY)
        self._pause.timeout.connect(self._tell)

    @property
    def current(self) -> SearchHit | None:
        """The lit hit."""
        return self._current

    def look_for(self, words: str, *, near: int) -> None:
        """Begin a search from a page on, ending the one before; empty words only end it."""
        self.stop()
        self._hits, self._keys, self._current = [], [], None
        self._is_done = not words.strip()
        self._tell()
        if self._is_done:
            return
        turn = self._round

        def came(hits: tuple[SearchHit, ...]) -> None:
            self._came.emit((turn, hits))

        future: Future[int] = self._document.search(words, came, first_page=near)
        self._answer = self._answers.listen(future, self._on_end, self._on_failed)

    def stop(self) -> None:
        """End the search; what was found stays."""
        self._round += 1
        self._pause.stop()
        if self._answer is not None:
            self._answer.cancel()
            self._answer = None

    def hits_of(self, page: int) -> list[SearchHit]:
        """Return the hits on a page."""
        first, last = bisect_left(self._keys, (page, 0)), bisect_left(self._keys, (page + 1, 0))
        return self._hits[first:last]

    def step(self, direction: int, page: int, offset: int) -> SearchHit | None:
        """Return the next or previous hit, from the lit one or from a place, and light it."""
        if not self._hits:
            return None
        if self._current is not None:
            index = self._index(self._current) + direction
        else:
            index = bisect_left(self._keys, (page, offset)) - (0 if direction > 0 else 1)
        return self.choose(index % len(self._hits))

    def choose(self, index: int) -> SearchHit | None:
        """Light a hit."""
        if not 0 <= index < len(self._hits):
            return None
        self._current = self._hits[index]
        self._tell()
        return self._current

    @Slot(object)
    def _on_came(self, batch: tuple[int, tuple[SearchHit, ...]]) -> None:
        turn, hits = batch
        if turn != self._round:
            return
        at = bisect_left(self._keys, (hits[0].page, hits[0].start))  # a batch is a run of pages: it goes in whole
        self._hits[at:at] = hits
        self._keys[at:at] = [(hit.page, hit.start) for hit in hits]
        if len(self._hits) >= MOST:
            self.stop()
            self._finish()
        elif not self._pause.isActive():
            self._pause.start()

    def _on_end(self, _count: int) -> None:
        self._finish()

    def _on_failed(self, _error: AlexandriaError) -> None:
        self._finish()  # what was found before the worker stopped is still there

    def _finish(self) -> None:
        self._answer = None
        self._is_done = True
        self._pause.stop()
        self._tell()

    def _index(self, hit: SearchHit) -> int:
        return bisect_left(self._keys, (hit.page, hit.start))

    def _tell(self) -> None:
        snippets = tuple((self._places.short_label(hit.page), _line(hit)) for hit in self._hits[:SNIPPETS])
        current = self._index(self._current) if self._current is not None else -1
        self.changed.emit(FindState(len(self._hits), current, self._is_done, snippets))


def _line(hit: SearchHit) -> str:
    return " ".join(f"{hit.before}{hit.found}{hit.after}".split())
