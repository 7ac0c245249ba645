"""Find in the open book: section by section off the Qt thread, hits told as they come."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.read.open_book import OpenBook
from alexandria_desktop.text.canonical import collapse
from alexandria_desktop.text.fold import fold
from alexandria_desktop.ui.reader.surface import FindState
from alexandria_desktop.ui.tasks import Task, Tasks

MOST = 2_000
_AROUND = 40


@dataclass(frozen=True, slots=True)
class BookHit:
    """A place where the words stand."""

    section: int
    start: int
    end: int
    line: str


class BookFinder(QObject):
    """A search in one book."""

    changed = Signal(object)
    """A FindState."""

    def __init__(self, tasks: Tasks, book: OpenBook) -> None:
        super().__init__()
        self._tasks = tasks
        self._book = book
        self._pattern: re.Pattern[str] | None = None
        self._hits: list[BookHit] = []
        self._current = -1
        self._task: Task | None = None
        self._round = 0

    def look_for(self, words: str, *, near: int) -> None:
        """Begin a search, ending the one before; empty words only end it."""
        del near
        self.stop()
        self._hits, self._current = [], -1
        needle = fold(collapse(words).strip())
        self._pattern = re.compile(re.escape(needle)) if needle else None
        self.changed.emit(FindState(0, -1, is_done=self._pattern is None))
        if self._pattern is not None:
            self._look_in(0, self._round)

    def stop(self) -> None:
        """End the search; what was found stays."""
        self._round += 1
        if self._task is not None:
            self._task.cancel()

    def step(self, direction: int, section: int, offset: int) -> BookHit | None:
        """Return the next or previous hit, from the lit one or from a place."""
        if not self._hits:
            return None
        if self._current >= 0:
            index = (self._current + direction) % len(self._hits)
        else:
            after = [index for index, hit in enumerate(self._hits) if (hit.section, hit.start) >= (section, offset)]
            index = (after[0] if after else 0) if direction > 0 else ((after[0] if after else len(self._hits)) - 1)
        return self.choose(index % len(self._hits))

    def choose(self, index: int) -> BookHit | None:
        """Make a hit the lit one."""
        if not 0 <= index < len(self._hits):
            return None
        self._current = index
        self._tell(is_done=self._task is None)
        return self._hits[index]

    def hits_of(self, section: int, start: int, end: int) -> list[list[int]]:
        """Return the hits on a page, in the page's own offsets."""
        return [
            [max(0, hit.start - start), min(end, hit.end) - start]
            for hit in self._hits
            if hit.section == section and hit.end > start and hit.start < end
        ]

    def _look_in(self, section: int, turn: int) -> None:
        if turn != self._round:
            return
        if section >= len(self._book.book.sections) or len(self._hits) >= MOST:
            self._task = None
            self._tell(is_done=True)
            return
        pattern = self._pattern
        assert pattern is not None
        last = min(section + 8, len(self._book.book.sections))

        def search() -> list[BookHit]:
            return [hit for one in range(section, last) for hit in self._hits_in(one, pattern)]

        def arrived(hits: list[BookHit]) -> None:
            if turn == self._round:
                self._hits += hits
                self._tell(is_done=False)
                self._look_in(last, turn)

        def failed(_error: AlexandriaError) -> None:
            self._look_in(last, turn)

        self._task = self._tasks.run(search, arrived, failed)

    def _hits_in(self, section: int, pattern: re.Pattern[str]) -> list[BookHit]:
        text = self._book.plain_text(section)
        hits = []
        for match in pattern.finditer(fold(text)):
            start, end = match.span()
            low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
            hits.append(BookHit(section, start, end, " ".join(text[low:high].split())))
        return hits

    def _tell(self, *, is_done: bool) -> None:
        titles = tuple((self._title(hit.section), hit.line) for hit in self._hits[:500])
        self.changed.emit(FindState(len(self._hits), self._current, is_done, titles))

    def _title(self, section: int) -> str:
        named = [entry.title for entry in self._book.book.toc if self._book.section_of_href(entry.href) == section]
        return named[0] if named else ""
