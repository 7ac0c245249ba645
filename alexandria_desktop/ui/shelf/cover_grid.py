"""The grid of covers: a view that lays out by arithmetic, with room at its top for what scrolls along."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDrag,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.commands import Area, command_for
from alexandria_desktop.ui.shelf.book_cell import BookCell, CellState
from alexandria_desktop.ui.shelf.book_model import BookModel, Index, books_as_mime, rows_in
from alexandria_desktop.ui.shelf.cover_cache import CoverCache
from alexandria_desktop.ui.shelf.dragged import dragged_picture
from alexandria_desktop.ui.shelf.grid_geometry import GridGeometry

_Move = QAbstractItemView.CursorAction


class CoverGrid(QListView):
    """Books by their covers. A list view, so that screen readers know it; its layout and painting are its own."""

    commanded = Signal(str)
    """A key asked for a command of the library."""
    left_upwards = Signal()
    """Up was pressed in the first row."""
    painted = Signal()
    """The books are on the screen."""

    def __init__(self, appearance: Appearance, covers: CoverCache, model: BookModel) -> None:
        super().__init__()
        self._appearance = appearance
        self._covers = covers
        self._books = model
        self._cell = BookCell(appearance, covers)
        self._header: QWidget | None = None
        self._geometry = GridGeometry(0, 0)
        self._hovered = -1
        self.setAccessibleName("Books")
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        covers.arrived.connect(self._on_cover)
        appearance.changed.connect(self.viewport().update)

    # --- what is shown ------------------------------------------------------------------------------------------

    def set_header(self, header: QWidget | None) -> None:
        """Put a widget above the first row, which scrolls with the books."""
        if self._header is not None and self._header is not header:
            self._header.hide()
        self._header = header
        if header is not None:
            header.setParent(self.viewport())
            header.show()
        self.lay_out()

    def lay_out(self) -> None:
        """Find every place anew: the width, the number of books or the header changed."""
        width = self.viewport().width()
        top = 16
        if self._header is not None:
            top = self._header.heightForWidth(width) if self._header.hasHeightForWidth() else self._header.height()
        self._geometry = GridGeometry(width, self._books.rowCount(), top)
        bar = self.verticalScrollBar()
        page = self.viewport().height()
        bar.setRange(0, max(0, self._geometry.height - page))
        bar.setPageStep(max(1, page - self._geometry.row_height // 2))
        bar.setSingleStep(48)
        self._place_header()
        self.viewport().update()

    def books_selected(self) -> list[BookRow]:
        """Return the chosen books in the order shown."""
        return [self._books.book(number) for number in rows_in(self.selectionModel().selection())]

    def choose(self, books: Sequence[UUID], current: UUID | None) -> None:
        """Choose these books where they are shown, and put the keyboard on one."""
        selection = QItemSelection()
        for book in books:
            place = self._books.place_of(book)
            if place is not None:
                index = self._books.index(place, 0)
                selection.select(index, index)
        model = self.selectionModel()
        place = self._books.place_of(current) if current is not None else None
        if place is not None:
            model.setCurrentIndex(self._books.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    # --- what Qt asks of a view ---------------------------------------------------------------------------------

    def visualRect(self, index: Index) -> QRect:
        """Return where a book is in the viewport."""
        return self._rect(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        """Return the book at a point of the viewport."""
        number = self._geometry.at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if number is None else self._books.index(number, 0)

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Bring a book into view."""
        if not index.isValid():
            return
        cell = self._geometry.cell(index.row())
        bar, page = self.verticalScrollBar(), self.viewport().height()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(cell.y + cell.height // 2 - page // 2)
        elif index.row() < self._geometry.columns and cell.y + cell.height <= page:
            bar.setValue(0)  # the first row shows what stands above it
        elif cell.y - 8 < bar.value() or hint == QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(cell.y - 8)
        elif cell.y + cell.height + 8 > bar.value() + page:
            bar.setValue(cell.y + cell.height + 8 - page)

    def moveCursor(self, action: _Move, _modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Return the book to which a key leads."""
        count = self._geometry.count
        if count == 0:
            return QModelIndex()
        index = self.currentIndex()
        if not index.isValid():
            return self._books.index(0, 0)
        return self._books.index(self._led_to(action, index.row()), 0)

    def horizontalOffset(self) -> int:
        """Return 0: nothing scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:
        """Return how far down the view is."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _index: Index) -> bool:
        """Return False: what is filtered away is not in the model."""
        return False

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Choose from the book at one end of a gesture to the one at the other, in reading order."""
        first, last = self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())
        selection = QItemSelection()
        if first.isValid() or last.isValid():
            numbers = [index.row() for index in (first, last) if index.isValid()]
            selection.select(self._books.index(min(numbers), 0), self._books.index(max(numbers), 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """Return what has to be painted anew when a choice changes."""
        shown = self._geometry.between(self.verticalOffset(), self.verticalOffset() + self.viewport().height())
        region = QRegion()
        for number in rows_in(selection, shown):
            region += self._rect(number)
        return region

    def doItemsLayout(self) -> None:
        """Lay out by arithmetic."""
        self.lay_out()

    def updateGeometries(self) -> None:
        """Keep the scroll bar right."""
        self.lay_out()

    def reset(self) -> None:
        """Begin anew with other books."""
        super().reset()
        self._hovered = -1
        self.lay_out()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Take the books."""
        super().setModel(model)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move what is painted already; only the new edge is painted."""
        self._hovered = -1
        self.viewport().scroll(dx, dy)
        self._place_header()

    # --- events -------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the same books in view in another width."""
        anchor = self._geometry.between(self.verticalOffset(), self.verticalOffset() + 1)
        was_at_top = self.verticalOffset() <= self._geometry.top
        self.lay_out()
        if not was_at_top and anchor and event.oldSize().width() != event.size().width():
            self.verticalScrollBar().setValue(self._geometry.cell(anchor.start).y)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the books that a region shows, and ask for the covers of those in view."""
        offset = self.verticalOffset()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selection = self.selectionModel()
        current = self.currentIndex().row() if self.hasFocus() else -1
        cover = QSize(self._geometry.cover_width, self._geometry.cover_height)
        dirty = event.rect()
        for number in self._geometry.between(dirty.top() + offset, dirty.bottom() + offset):
            cell = self._rect(number)
            if cell.intersects(dirty):
                chosen = selection.isSelected(self._books.index(number, 0))
                state = CellState(chosen, number == self._hovered, number == current)
                self._cell.paint(painter, cell, cover, self._books.book(number), state)
        painter.end()
        self._want_covers(offset, cover)
        if self._geometry.count:
            self.painted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give commands, move, or look a title up as it is typed."""
        command = command_for(event, Area.LIBRARY)
        if command is not None:
            self.commanded.emit(command.id)
            return
        if event.key() == Qt.Key.Key_Up and 0 <= self.currentIndex().row() < self._geometry.columns:
            self.left_upwards.emit()
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the book under the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def viewportEvent(self, event: QEvent) -> bool:
        """Let the light go when the pointer leaves."""
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """Drag the chosen books, with the first cover and their number under the pointer."""
        books = self.books_selected()
        if not books:
            return
        cover = self._covers.cover(books[0])
        drag = QDrag(self)
        drag.setMimeData(books_as_mime([book.id for book in books]))
        drag.setPixmap(dragged_picture(cover, len(books), self._appearance, self.devicePixelRatioF()))
        drag.setHotSpot(QPoint(-8, -8))
        drag.exec(Qt.DropAction.CopyAction)

    # --- inside -------------------------------------------------------------------------------------------------

    def _rect(self, number: int) -> QRect:
        cell = self._geometry.cell(number)
        return QRect(cell.x, cell.y - self.verticalOffset(), cell.width, cell.height)

    def _led_to(self, action: _Move, number: int) -> int:
        columns, last = self._geometry.columns, self._geometry.count - 1
        page = max(1, self.viewport().height() // self._geometry.row_height) * columns
        steps = {
            _Move.MoveLeft: -1,
            _Move.MoveRight: 1,
            _Move.MovePrevious: -1,
            _Move.MoveNext: 1,
            _Move.MoveUp: -columns,
            _Move.MoveDown: columns,
            _Move.MovePageUp: -page,
            _Move.MovePageDown: page,
        }
        if action == _Move.MoveHome:
            return 0
        if action == _Move.MoveEnd:
            return last
        wanted = number + steps[action]
        if action == _Move.MoveUp and wanted < 0:
            return number
        if action == _Move.MoveDown and wanted > last:
            return last if number // columns < last // columns else number
        return max(0, min(last, wanted))

    def _want_covers(self, offset: int, cover: QSize) -> None:
        height = self.viewport().height()
        shown = self._geometry.between(offset, offset + height)
        # A little more than is seen, so that a turn of the wheel finds covers.
        ahead = range(shown.stop, min(self._geometry.count, shown.stop + 2 * self._geometry.columns))
        rows = [self._books.book(number) for part in (shown, ahead) for number in part]
        self._covers.want(rows, cover, self.devicePixelRatioF())

    def _hover(self, number: int) -> None:
        if number != self._hovered:
            before, self._hovered = self._hovered, number
            for one in (before, number):
                if 0 <= one < self._geometry.count:
                    self.viewport().update(self._rect(one))

    def _on_cover(self, book: UUID) -> None:
        place = self._books.place_of(book)
        if place is not None:
            self.viewport().update(self._rect(place))

    def _place_header(self) -> None:
        if self._header is not None:
            self._header.setGeometry(0, -self.verticalOffset(), self.viewport().width(), self._geometry.top)
