"""The list of books: columns, sorted by their headings."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from alexandria_desktop.store.book_rows import BookRow, Order
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.commands import Area, command_for
from alexandria_desktop.ui.shelf.book_cell import LINE, MARK, paint_cover, paint_progress
from alexandria_desktop.ui.shelf.book_model import ORDERS, BookModel, Column, Index, books_as_mime, cell_text, rows_in
from alexandria_desktop.ui.shelf.cover_cache import CoverCache
from alexandria_desktop.ui.shelf.dragged import dragged_picture
from alexandria_desktop.ui.shelf.lines import Lines
from alexandria_desktop.ui.shelf.stars import paint_stars

ROW = 48
COVER = QSize(24, 36)
_SHARES = {
    Column.TITLE: 34,
    Column.AUTHORS: 22,
    Column.SERIES: 16,
    Column.PROGRESS: 11,
    Column.ADDED: 11,
    Column.FORMAT: 7,
    Column.RATING: 9,
}
"""Widths in percent of the room."""
_FROM = {Column.SERIES: 820, Column.ADDED: 700, Column.RATING: 960, Column.FORMAT: 560, Column.PROGRESS: 480}
"""The width of the list from which a column is shown."""
_MARGIN = 8
SIDE = 16
"""What the page keeps free beside the list, so that lines stand where cells of the grid stand."""


class BookTable(QTreeView):
    """Books one to a line."""

    commanded = Signal(str)
    """A key asked for a command of the library."""
    sorted_by = Signal(object)
    """(Order): a heading was pressed."""

    def __init__(self, appearance: Appearance, covers: CoverCache, model: BookModel) -> None:
        super().__init__()
        self._appearance = appearance
        self._covers = covers
        self._books = model
        self.setAccessibleName("Books")
        self.setModel(model)
        self.setItemDelegate(_Line(appearance, covers, self))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = self.header()
        header.setSectionsClickable(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(40)
        header.sectionClicked.connect(self._on_heading)
        covers.arrived.connect(self._on_cover)
        appearance.changed.connect(self.viewport().update)

    def show_order(self, order: Order, *, descending: bool) -> None:
        """Mark the heading by which the shelf is sorted."""
        column = next((column for column, by in ORDERS.items() if by is order), None)
        self.header().setSortIndicatorShown(column is not None)
        if column is not None:
            direction = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
            self.header().setSortIndicator(int(column), direction)

    def books_selected(self) -> list[BookRow]:
        """Return the chosen books in the order shown."""
        return [self._books.book(number) for number in rows_in(self.selectionModel().selection())]

    def choose(self, books: Sequence[UUID], current: UUID | None) -> None:
        """Choose these books where they are shown, and put the keyboard on one."""
        last = len(Column) - 1
        selection = QItemSelection()
        for book in books:
            place = self._books.place_of(book)
            if place is not None:
                selection.select(self._books.index(place, 0), self._books.index(place, last))
        model = self.selectionModel()
        place = self._books.place_of(current) if current is not None else None
        if place is not None:
            model.setCurrentIndex(self._books.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room among the columns that fit."""
        super().resizeEvent(event)
        self._share()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the list, and ask for the covers of the lines in view."""
        super().paintEvent(event)
        top = self.indexAt(QPoint(0, 0)).row()
        if top >= 0:
            shown = range(top, min(len(self._books.rows), top + self.viewport().height() // ROW + 4))
            self._covers.want([self._books.book(number) for number in shown], COVER, self.devicePixelRatioF())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give commands, move, or look a title up as it is typed."""
        command = command_for(event, Area.LIBRARY)
        if command is not None:
            self.commanded.emit(command.id)
            return
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._books.rows:
            number = 0 if event.key() == Qt.Key.Key_Home else len(self._books.rows) - 1
            self.setCurrentIndex(self._books.index(number, 0))
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Leave the double click to whoever listens to ``doubleClicked``."""
        super().mouseDoubleClickEvent(event)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Drag the chosen books."""
        books = self.books_selected()
        if not books:
            return
        drag = QDrag(self)
        drag.setMimeData(books_as_mime([book.id for book in books]))
        cover = self._covers.cover(books[0])
        drag.setPixmap(dragged_picture(cover, len(books), self._appearance, self.devicePixelRatioF()))
        drag.setHotSpot(QPoint(-8, -8))
        drag.exec(Qt.DropAction.CopyAction)

    def _share(self) -> None:
        width = self.viewport().width() - SIDE
        shown = [column for column in Column if width >= _FROM.get(column, 0)]
        total = sum(_SHARES[column] for column in shown)
        left = width
        for column in Column:
            self.setColumnHidden(int(column), column not in shown)
        for column in reversed(shown):
            share = left if column is Column.TITLE else width * _SHARES[column] // total
            self.setColumnWidth(int(column), share)
            left -= share

    def _on_heading(self, section: int) -> None:
        order = ORDERS.get(Column(section))
        if order is not None:
            self.sorted_by.emit(order)

    def _on_cover(self, book: UUID) -> None:
        place = self._books.place_of(book)
        if place is not None:
            self.viewport().update(self.visualRect(self._books.index(place, 0)))


class _Line(QStyledItemDelegate):
    """Paints one column of a line."""

    def __init__(self, appearance: Appearance, covers: CoverCache, view: QWidget) -> None:
        super().__init__(view)
        self._appearance = appearance
        self._covers = covers
        self._title = Lines(appearance.font(TextSize.BODY, MEDIUM), most=1, height=20)
        self._words = Lines(appearance.font(), most=1, height=20)

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of a line."""
        return QSize(option.rect.width(), ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a book's title with its cover, or another column."""
        book: BookRow = index.data(Qt.ItemDataRole.UserRole)
        column = Column(index.column())
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option, area, column)
        inner = QRectF(area).adjusted(8, 0, -8, 0)
        if column is Column.TITLE:
            self._paint_title(painter, area, book)
        elif column is Column.PROGRESS:
            self._paint_progress(painter, inner, book)
        elif column is Column.RATING:
            paint_stars(painter, inner, book.rating or 0, self._appearance.color("muted"), step=13.0)
        else:
            painter.setPen(self._appearance.color("muted"))
            text = self._words.set(cell_text(book, column), int(inner.width()))
            self._words.draw(painter, QRectF(inner.left(), inner.center().y() - 10, inner.width(), 20), text)
        painter.restore()

    def _paint_title(self, painter: QPainter, area: QRect, book: BookRow) -> None:
        box = QRect(area.left() + _MARGIN, area.center().y() - COVER.height() // 2 + 1, COVER.width(), COVER.height())
        picture = self._covers.cover(book)
        paint_cover(painter, box, picture, self._covers, book, radius=2, centred=True)
        painter.setPen(self._appearance.color("text"))
        words = QRectF(box.right() + 13, area.center().y() - 9, area.right() - box.right() - 21, 20)
        if not book.is_here:
            words.setWidth(words.width() - MARK - 8)
            cloud = QRect(int(words.right()) + 8, area.center().y() - MARK // 2 + 1, MARK, MARK)
            self._appearance.icon("cloud", "muted").paint(painter, cloud)
        self._title.draw(painter, words, self._title.set(book.title, int(words.width())))

    def _paint_progress(self, painter: QPainter, inner: QRectF, book: BookRow) -> None:
        if book.progress <= 0:
            return
        width = min(64.0, inner.width() - 44)
        if width >= 24:
            line = QRectF(inner.left(), inner.center().y() - LINE / 2, width, LINE)
            paint_progress(painter, line, book.progress, self._appearance)
        else:
            width = -8
        painter.setPen(self._appearance.color("muted"))
        text = self._words.set(cell_text(book, Column.PROGRESS), 60)
        self._words.draw(painter, QRectF(inner.left() + width + 8, inner.center().y() - 10, 60, 20), text)

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, column: Column) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            painter.fillRect(area, self._appearance.color("accent_soft" if chosen else "hover"))
        left = _MARGIN + COVER.width() + 12 if column is Column.TITLE else 0
        painter.fillRect(area.adjusted(left, area.height() - 1, 0, 0), self._appearance.color("hairline"))
        view = option.widget
        if isinstance(view, QTreeView) and view.hasFocus() and view.currentIndex().row() == _row_of(view, area):
            color = self._appearance.color("focus")
            painter.fillRect(QRect(area.left(), area.top(), area.width(), 2), color)
            painter.fillRect(QRect(area.left(), area.bottom() - 1, area.width(), 2), color)
            if column is Column.TITLE:
                painter.fillRect(QRect(area.left(), area.top(), 2, area.height()), color)
            if area.right() + 1 >= view.header().length():
                painter.fillRect(QRect(area.right() - 1, area.top(), 2, area.height()), color)


def _row_of(view: QTreeView, area: QRect) -> int:
    return view.indexAt(area.center()).row()
