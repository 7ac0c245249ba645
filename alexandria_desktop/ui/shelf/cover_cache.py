"""Covers at the size they are shown: made off the Qt thread when they come into view, the latest kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QColor, QImage, QPixmap

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.cover_art import Wanted, draw_cover
from alexandria_desktop.ui.shelf.cover_colors import cover_colors, design_of, look_of
from alexandria_desktop.ui.shelf.wording import authors_line

BUDGET = 64 * 1024 * 1024
"""Bytes of pictures that are kept."""
AT_ONCE = 3
"""Covers that are made at the same time; the pool has a thread left for what the reader asked for."""

_Key = tuple[Wanted, str | None]


@dataclass(slots=True)
class _Kept:
    key: _Key
    picture: QPixmap
    cost: int


class CoverCache(QObject):
    """Hands out covers; one that is not there yet is told of by ``arrived``."""

    arrived = Signal(object)
    """(UUID): the book whose cover is here now."""

    def __init__(self, context: Context, *, budget: int = BUDGET, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shelf = context.library.shelf
        self._tasks = context.tasks
        self._budget = budget
        self._kept: OrderedDict[UUID, _Kept] = OrderedDict()
        self._cost = 0
        self._waiting: list[tuple[BookRow, _Key]] = []
        self._under_way: set[_Key] = set()
        self._stand_ins: set[UUID] = set()
        self._look = look_of(context.appearance.theme)
        context.appearance.changed.connect(self._on_theme)

    def cover(self, row: BookRow) -> QPixmap | None:
        """Return a book's cover, of whatever size it was wanted in last, or None where it is not there yet."""
        kept = self._kept.get(row.id)
        if kept is None:
            return None
        self._kept.move_to_end(row.id)
        return kept.picture

    def ground(self, row: BookRow) -> QColor:
        """Return the colour that stands in for a cover that is not there yet."""
        hue, composition = design_of(row.id)
        return QColor(cover_colors(hue, pale=composition in (1, 3), look=self._look).ground)

    def want(self, rows: Sequence[BookRow], box: QSize, ratio: float) -> None:
        """Make the covers of these books, the first one first; whatever waited before is forgotten."""
        self._waiting = []
        for row in rows:
            key = self._key(row, box, ratio)
            kept = self._kept.get(row.id)
            if (kept is None or kept.key != key) and key not in self._under_way:
                self._waiting.append((row, key))
        self._waiting.reverse()
        self._start()

    def look_again(self) -> None:
        """Make those anew that stand in for a picture that was not on the disk."""
        for book in self._stand_ins:
            kept = self._kept.pop(book, None)
            if kept is not None:
                self._cost -= kept.cost
                self.arrived.emit(book)
        self._stand_ins.clear()

    @property
    def is_idle(self) -> bool:
        """Whether every cover that was wanted is here."""
        return not self._waiting and not self._under_way

    @property
    def cost(self) -> int:
        """The bytes that are kept now."""
        return self._cost

    def _key(self, row: BookRow, box: QSize, ratio: float) -> _Key:
        authors = authors_line(row)
        return (Wanted(row.id, row.title, authors, box.width(), box.height(), ratio, self._look), row.cover)

    def _start(self) -> None:
        while self._waiting and len(self._under_way) < AT_ONCE:
            row, key = self._waiting.pop()
            self._under_way.add(key)
            self._tasks.run(self._work(row, key), self._receiver(row.id, key), self._forgetter(key), priority=-1)

    def _work(self, row: BookRow, key: _Key) -> Callable[[], tuple[QImage, bool]]:
        shelf = self._shelf

        def work() -> tuple[QImage, bool]:
            file = shelf.cover(row)
            return draw_cover(key[0], file), file is None and row.cover is not None

        return work

    def _receiver(self, book: UUID, key: _Key) -> Callable[[tuple[QImage, bool]], None]:
        def receive(made: tuple[QImage, bool]) -> None:
            image, stands_in = made
            self._under_way.discard(key)
            (self._stand_ins.add if stands_in else self._stand_ins.discard)(book)
            self._keep(book, key, image)
            self.arrived.emit(book)
            self._start()

        return receive

    def _forgetter(self, key: _Key) -> Callable[[AlexandriaError], None]:
        def forget(_error: AlexandriaError) -> None:
            # The stand-in stays; the thread bridge has logged why.
            self._under_way.discard(key)
            self._start()

        return forget

    def _keep(self, book: UUID, key: _Key, image: QImage) -> None:
        before = self._kept.pop(book, None)
        if before is not None:
            self._cost -= before.cost
        kept = _Kept(key, QPixmap.fromImage(image), image.sizeInBytes())
        self._kept[book] = kept
        self._cost += kept.cost
        while self._cost > self._budget and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._cost -= oldest.cost

    def _on_theme(self, theme: Theme) -> None:
        self._look = look_of(theme)
