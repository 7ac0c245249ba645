"""The books of a shelf as Qt's views want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from uuid import UUID

from PySide6.QtCore import (
    QAbstractTableModel,
    QByteArray,
    QItemSelection,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from alexandria_desktop.store.book_rows import BookRow, Order
from alexandria_desktop.ui.shelf.wording import authors_line, day, format_name, percent, series_line, spoken, tip

MIME = "application/x-alexandria-books"
Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """What a list of books shows of each."""

    TITLE = 0
    AUTHORS = 1
    SERIES = 2
    PROGRESS = 3
    ADDED = 4
    FORMAT = 5
    RATING = 6


HEADINGS = ("Title", "Authors", "Series", "Progress", "Added", "Format", "Rating")
ORDERS: dict[Column, Order] = {
    Column.TITLE: Order.TITLE,
    Column.AUTHORS: Order.AUTHOR,
    Column.SERIES: Order.SERIES,
    Column.PROGRESS: Order.PROGRESS,
    Column.ADDED: Order.ADDED,
    Column.RATING: Order.RATING,
}
"""The columns by which a shelf can be sorted."""


_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)


class BookModel(QAbstractTableModel):
    """Books in the order in which they are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[BookRow] = []
        self._places: dict[UUID, int] | None = None

    @property
    def rows(self) -> Sequence[BookRow]:
        """The books."""
        return self._rows

    def show(self, rows: Sequence[BookRow]) -> None:
        """Show these; the selection survives where the same books stand in the same order."""
        same = len(rows) == len(self._rows) and all(
            one.id == other.id for one, other in zip(rows, self._rows, strict=True)
        )
        if same and rows:
            self._rows = list(rows)
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(Column) - 1))
            return
        self.beginResetModel()
        self._rows = list(rows)
        self._places = None
        self.endResetModel()

    def book(self, row: int) -> BookRow:
        """Return the book of a row."""
        return self._rows[row]

    def place_of(self, book: UUID) -> int | None:
        """Return the row of a book, or None where it is not shown."""
        if self._places is None:
            self._places = {row.id: number for number, row in enumerate(self._rows)}
        return self._places.get(book)

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many books there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a book's words in a column, the book itself, or what is read out."""
        book = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(book, Column(index.column()))
        if role == Qt.ItemDataRole.UserRole:
            return book
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(book) if index.column() == Column.TITLE else cell_text(book, Column(index.column()))
        return tip(book) if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the heading of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a book: chosen, dragged."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        """Return the kind of what is dragged."""
        return [MIME]

    def mimeData(self, indexes: Iterable[QModelIndex]) -> QMimeData:
        """Return the ids of books for a drop."""
        numbers = sorted({index.row() for index in indexes})
        return books_as_mime([self._rows[number].id for number in numbers])


def cell_text(book: BookRow, column: Column) -> str:
    """Return what a column says of a book."""
    match column:
        case Column.TITLE:
            return book.title
        case Column.AUTHORS:
            return authors_line(book)
        case Column.SERIES:
            return series_line(book)
        case Column.PROGRESS:
            return percent(book.progress)
        case Column.ADDED:
            return day(book.added_at)
        case Column.FORMAT:
            return format_name(book.format)
    return f"{book.rating} of 5 stars" if book.rating else ""


def rows_in(selection: QItemSelection, within: range | None = None) -> list[int]:
    """Return the rows of a selection in order; only those ``within`` a range, where there is one."""
    numbers: set[int] = set()
    for part in selection.toList():
        first, last = part.top(), part.bottom()
        if within is not None:
            first, last = max(first, within.start), min(last, within.stop - 1)
        numbers.update(range(first, last + 1))
    return sorted(numbers)


def books_as_mime(books: Sequence[UUID]) -> QMimeData:
    """Return books for a drag."""
    data = QMimeData()
    data.setData(MIME, QByteArray(b"".join(book.bytes for book in books)))
    return data


def books_from_mime(data: QMimeData) -> list[UUID]:
    """Return the books of a drop."""
    raw = bytes(data.data(MIME).data())
    return [UUID(bytes=raw[start : start + 16]) for start in range(0, len(raw) - 15, 16)]
