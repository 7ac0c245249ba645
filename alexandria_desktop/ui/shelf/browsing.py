"""What is looked at: the place, the order and the filter, and the books that follow from them.

Rows are read by tasks and kept in memory; places and filters that memory can answer are answered at once.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.book_rows import BookRow, Order
from alexandria_desktop.store.positions import FINISHED
from alexandria_desktop.store.sorting import title_key
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.filtering import Facets, ShelfFilter, facets_of, haystack, matching
from alexandria_desktop.ui.shelf.places import ALL_BOOKS, Place, PlaceKind
from alexandria_desktop.ui.tasks import Task

ORDER_SETTING, DESCENDING_SETTING = "shelf.order", "shelf.descending"
REST_MS = 250
"""The least time between two readings, while books stream in."""
RECENT = 6
FIRST = 96
"""How many books are read before all others, so that a big library is on the screen at once."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """What was read: every book in order, and those of the place that only the database knows."""

    books: tuple[BookRow, ...]
    place: Place
    in_place: tuple[BookRow, ...]
    recent: tuple[BookRow, ...]
    words: dict[UUID, str]
    is_whole: bool
    """False where only the first books were read."""


class Browsing(QObject):
    """Tells what is to be shown; knows nothing of how."""

    changed = Signal()
    """``rows`` are others."""
    read = Signal()
    """The library was read: counts, series and recent books may be others."""
    failed = Signal(object)
    """(AlexandriaError)"""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.place = ALL_BOOKS
        self.filter = ShelfFilter()
        self.order = Order.TITLE
        self.descending = False
        self.books: tuple[BookRow, ...] = ()
        """All books, in the chosen order."""
        self.in_place: tuple[BookRow, ...] = ()
        """The books of the place, unfiltered."""
        self.rows: list[BookRow] = []
        """The books to show."""
        self.recent: tuple[BookRow, ...] = ()
        """The books that are being read, the latest first."""
        self.is_read = False
        """Whether there is anything to show."""
        self.is_whole = False
        """Whether all books are here, not only the first ones."""
        self._words: dict[UUID, str] = {}
        self._task: Task | None = None
        self._again = False
        self._began = 0.0
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.refresh)

    def refresh(self) -> None:
        """Read the library again; what was asked for meanwhile is asked once more at the end."""
        self._rest.stop()
        if self._task is not None:
            self._again = True
            return
        library, place, order, descending = self._context.library, self.place, self.order, self.descending
        known, limit = self._words, None if self.is_read else FIRST
        self._began = time.monotonic()
        self._task = self._context.tasks.run(
            lambda: _read(library, place, order, known, descending=descending, limit=limit),
            self._on_read,
            self._on_failed,
            priority=4,
        )

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being read."""
        return self._task is None

    def refresh_soon(self) -> None:
        """Read the library again when the writes of now have rested."""
        if not self._rest.isActive():
            self._rest.start(REST_MS)

    def go(self, place: Place) -> None:
        """Look at another place, without a filter."""
        self.place = place
        self.filter = ShelfFilter()
        if not self.is_whole or place.kind in (PlaceKind.COLLECTION, PlaceKind.REMOVED):
            self._ask_again()
        else:
            self.in_place = _from_memory(self.books, place)
            self._apply()

    def sort(self, order: Order, *, descending: bool) -> None:
        """Sort by something else, and remember it."""
        if (order, descending) == (self.order, self.descending):
            return
        self.order, self.descending = order, descending
        library = self._context.library
        keep = {ORDER_SETTING: order.value, DESCENDING_SETTING: descending}
        self._context.tasks.run(lambda: library.set(keep), None, self.failed.emit)
        self._ask_again()

    def sort_as_kept(self, settings: dict[str, object]) -> None:
        """Take the order that was remembered, before the first reading."""
        kept = settings.get(ORDER_SETTING)
        if kept in {order.value for order in Order}:
            self.order = Order(str(kept))
            self.descending = bool(settings.get(DESCENDING_SETTING))

    def narrow(self, wanted: ShelfFilter) -> None:
        """Show only what a filter lets through."""
        if wanted != self.filter:
            self.filter = wanted
            self._apply()

    def type(self, words: str) -> None:
        """Filter by words as they are typed."""
        self.narrow(replace(self.filter, words=words))

    def facets(self) -> Facets:
        """Return what the place can be filtered by."""
        return facets_of(self.in_place)

    def reading_count(self) -> int:
        """Return how many books are being read."""
        return len(_from_memory(self.books, Place(PlaceKind.CONTINUE)))

    def series(self) -> list[tuple[str, int]]:
        """Return the series by name, with the number of books in each; one book alone is none."""
        counts: dict[str, int] = {}
        for row in self.books:
            if row.series:
                counts[row.series] = counts.get(row.series, 0) + 1
        found = [(name, count) for name, count in counts.items() if count > 1]
        return sorted(found, key=lambda pair: title_key(pair[0], None))

    def _ask_again(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.refresh()

    def _on_read(self, shelved: Shelved) -> None:
        self._task = None
        self.is_read = True
        self.is_whole = shelved.is_whole
        self.books, self.recent, self._words = shelved.books, shelved.recent, shelved.words
        if shelved.place == self.place:
            self.in_place = shelved.in_place
            self._apply()
        elif self.place.kind not in (PlaceKind.COLLECTION, PlaceKind.REMOVED):  # these are being read
            self.in_place = _from_memory(self.books, self.place)
            self._apply()
        if not shelved.is_whole:
            self.refresh()
            return
        self.read.emit()
        if self._again:
            self._again = False
            # A big library that takes long to read is read less often.
            took = (time.monotonic() - self._began) * 1000
            self._rest.start(max(REST_MS, round(took * 4)))

    def _on_failed(self, error: AlexandriaError) -> None:
        self._task = None
        self._again = False
        self.failed.emit(error)

    def _apply(self) -> None:
        if self.filter:
            words = [self._hay(row) for row in self.in_place]
            self.rows = matching(self.in_place, words, self.filter)
        else:
            self.rows = list(self.in_place)
        self.changed.emit()

    def _hay(self, row: BookRow) -> str:
        found = self._words.get(row.id)
        if found is None:
            found = self._words[row.id] = haystack(row)
        return found


def _read(
    library: Library, place: Place, order: Order, known: dict[UUID, str], *, descending: bool, limit: int | None
) -> Shelved:
    books = tuple(library.shelf.books(order=order, descending=descending, limit=limit))
    is_whole = limit is None or len(books) < limit
    match place.kind:
        case PlaceKind.COLLECTION:
            inside = tuple(library.shelf.books(order=order, descending=descending, collection=place.collection))
        case PlaceKind.REMOVED:
            inside = tuple(library.shelf.removed())
        case _:
            inside = _from_memory(books, place)
    recent = tuple(row for row in library.shelf.recent(8 * RECENT) if row.progress < FINISHED)[:RECENT]
    # The words of what was filtered by before; a title may have changed, so they are made anew.
    fresh = {row.id: haystack(row) for row in books} if known else {}
    return Shelved(books, place, inside, recent, fresh, is_whole)


def _from_memory(books: Sequence[BookRow], place: Place) -> tuple[BookRow, ...]:
    match place.kind:
        case PlaceKind.CONTINUE:
            begun = [row for row in books if row.last_opened is not None and row.progress < FINISHED]
            return tuple(sorted(begun, key=_opened, reverse=True))
        case PlaceKind.SERIES:
            inside = [row for row in books if row.series == place.series]
            return tuple(sorted(inside, key=_in_series))
        case PlaceKind.NOTES:
            return ()
    return tuple(books)


def _opened(row: BookRow) -> float:
    return row.last_opened.timestamp() if row.last_opened is not None else 0.0


def _in_series(row: BookRow) -> tuple[bool, float]:
    return (row.series_index is None, row.series_index or 0.0)
