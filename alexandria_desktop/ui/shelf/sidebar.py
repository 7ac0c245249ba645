"""The sidebar: places, collections and series; books are dropped on a collection to put them in it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.store.collections import Collection
from alexandria_desktop.ui.account.line import AccountLine
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.commands import command
from alexandria_desktop.ui.shelf.book_model import Index
from alexandria_desktop.ui.shelf.lines import Lines
from alexandria_desktop.ui.shelf.places import ACCOUNT, ALL_BOOKS, Place, PlaceKind
from alexandria_desktop.ui.shelf.sidebar_model import LineKind, SidebarLine, SidebarModel
from alexandria_desktop.ui.widgets.menu import Menu

WIDTH = 232
_LINE, _HEADING = 34, 40


class Sidebar(QFrame):
    """A column at the left of the library."""

    chosen = Signal(object)
    """(Place): a line was chosen."""
    collection_wanted = Signal()
    """The line that begins a collection was chosen."""
    files_chosen = Signal(object, bool)
    """(Collection, whether its files are always to be on this computer)"""
    collection_removed = Signal(object)
    """(Collection)"""
    finder_wanted = Signal()
    commanded = Signal(str)
    """The id of a command of the line at its foot."""
    left = Signal()
    """Escape or Right: back to the books."""

    def __init__(self, appearance: Appearance, model: SidebarModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "sidebar")
        self._appearance = appearance
        self._model = model
        self._place = ALL_BOOKS
        self.files_here: frozenset[UUID] | None = None
        """The collections whose files are always on this computer; None without an account."""
        self.finder = _FinderButton(appearance)
        self.finder.clicked.connect(self.finder_wanted)
        self.view = _SidebarView(appearance, model)
        self.view.clicked.connect(self._on_clicked)
        self.view.installEventFilter(self)
        self.view.asked.connect(self._on_menu)
        model.modelReset.connect(self._show_place)
        model.dataChanged.connect(self._show_place)
        self.account = AccountLine(appearance)
        self.account.clicked.connect(self._on_account)
        self.account.customContextMenuRequested.connect(self._on_account_menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 14, 8, 8)
        column.setSpacing(12)
        column.addWidget(self.finder)
        column.addWidget(self.view, 1)
        column.addWidget(self.account)
        self._show_place()

    def show_place(self, place: Place) -> None:
        """Mark where one is."""
        self._place = place
        self.account.setChecked(place == ACCOUNT)
        self._show_place()

    def name_collection(self, place: Place) -> None:
        """Let the name of a collection be typed in its line."""
        number = self._model.line_of(place)
        if number >= 0:
            index = self._model.index(number)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
            self.view.edit(index)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Choose, rename and remove by keys."""
        if watched is self.view and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        line = self._line(self.view.currentIndex())
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(line)
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Right):
            self.left.emit()
        elif key == Qt.Key.Key_F2 and self._collection(line) is not None:
            self.view.edit(self.view.currentIndex())
        elif key == Qt.Key.Key_Delete and self._collection(line) is not None:
            self.collection_removed.emit(self._collection(line))
        else:
            return False
        return True

    def _step(self, step: int) -> None:
        """Go to the next line that leads somewhere; places open as one passes them."""
        number = self.view.currentIndex().row() + step
        while 0 <= number < len(self._model.lines):
            line = self._model.lines[number]
            if line.kind is not LineKind.HEADING or line.icon:
                self.view.setCurrentIndex(self._model.index(number))
                if line.kind is LineKind.PLACE:
                    self._choose(line)
                return
            number += step

    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(self._line(index))

    def _choose(self, line: SidebarLine | None) -> None:
        if line is None:
            return
        if line.kind is LineKind.NEW:
            self.collection_wanted.emit()
        elif line.kind is LineKind.HEADING and line.icon:
            self._model.fold_series(is_open=not self._model.series_open)
        elif line.place is not None:
            self._place = line.place
            self.chosen.emit(line.place)

    def _on_menu(self, index: QModelIndex, at: QPoint) -> None:
        line = self._line(index)
        collection = self._collection(line)
        if collection is None:
            return
        menu = Menu(parent=self)
        menu.addAction("Rename", lambda: self.view.edit(index))
        if self.files_here is not None:
            always = menu.addAction("Always keep its files here")
            always.setCheckable(True)
            always.setChecked(collection.id in self.files_here)
            always.triggered.connect(partial(self.files_chosen.emit, collection))
        menu.addAction("Remove the collection", lambda: self.collection_removed.emit(collection))
        menu.popup(at)

    def _on_account(self) -> None:
        self.commanded.emit("account")

    def _on_account_menu(self, at: QPoint) -> None:
        menu = Menu(parent=self)
        for one in ("sync", "account", "differences"):
            menu.addAction(command(one).words, partial(self.commanded.emit, one))
        menu.popup(self.account.mapToGlobal(at))

    def _line(self, index: QModelIndex) -> SidebarLine | None:
        return self._model.lines[index.row()] if index.isValid() else None

    def _collection(self, line: SidebarLine | None) -> Collection | None:
        if line is None or line.place is None or line.place.kind is not PlaceKind.COLLECTION:
            return None
        return self._model.collection(line.place.collection)

    def _show_place(self) -> None:
        number = self._model.line_of(self._place)
        if number >= 0 and self.view.state() != QAbstractItemView.State.EditingState:
            self.view.setCurrentIndex(self._model.index(number))
        self.view.place = self._place
        self.view.viewport().update()


class _SidebarView(QListView):
    asked = Signal(QModelIndex, QPoint)

    def __init__(self, appearance: Appearance, model: SidebarModel) -> None:
        super().__init__()
        self.place = ALL_BOOKS
        self.setAccessibleName("Places in the library")
        self.setModel(model)
        self.setItemDelegate(_LinePainter(appearance, self))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setDropIndicatorShown(False)
        self.setAcceptDrops(True)
        appearance.changed.connect(self.viewport().update)

    def state(self) -> QAbstractItemView.State:
        """Return what the view is doing; open to the sidebar."""
        return super().state()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press on a heading moves nothing."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not index.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.clicked.emit(index)
            return
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of a line."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        at = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()) if by_key else event.globalPos()
        self.asked.emit(index, at)


class _LinePainter(QStyledItemDelegate):
    """Paints a line: icon, name, count; or a heading."""

    def __init__(self, appearance: Appearance, view: _SidebarView) -> None:
        super().__init__(view)
        self._appearance = appearance
        self._view = view
        self._name = Lines(appearance.font(), most=1, height=20)
        self._strong = Lines(appearance.font(TextSize.BODY, MEDIUM), most=1, height=20)
        self._small = Lines(appearance.font(TextSize.SMALL, MEDIUM), most=1, height=20)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of a line or a heading."""
        line: SidebarLine = index.data(Qt.ItemDataRole.UserRole)
        return QSize(option.rect.width(), _HEADING if line.kind is LineKind.HEADING else _LINE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line."""
        line: SidebarLine = index.data(Qt.ItemDataRole.UserRole)
        area: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if line.kind is LineKind.HEADING:
            self._paint_heading(painter, area, line)
        else:
            self._paint_line(painter, option, line)
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(self._appearance.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(area).adjusted(1, 2, -1, -2), 8, 8)
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index) -> QWidget:
        """Return a field over the name."""
        editor = QLineEdit(parent)
        editor.setAccessibleName("Name of the collection")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        """Lay the field over the line."""
        editor.setGeometry(option.rect.adjusted(32, 1, -2, -1))

    def _paint_heading(self, painter: QPainter, area: QRect, line: SidebarLine) -> None:
        painter.setPen(self._appearance.color("muted"))
        words = QRectF(area).adjusted(12, 14, -12, 0)
        self._small.draw(painter, words, self._small.set(line.name, int(words.width())))
        if line.icon:
            icon = self._appearance.icon(line.icon, "muted")
            icon.paint(painter, QRect(area.right() - 22, area.top() + 17, 14, 14))

    def _paint_line(self, painter: QPainter, option: QStyleOptionViewItem, line: SidebarLine) -> None:
        area: QRect = option.rect.adjusted(0, 1, 0, -1)
        here = line.place is not None and line.place == self._view.place
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if here or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.color("accent_soft" if here else "hover"))
            painter.drawRoundedRect(area, 8, 8)
        quiet = line.kind is LineKind.NEW
        icon = self._appearance.icon(line.icon, "accent" if here else "muted")
        icon.paint(painter, QRect(area.left() + 10, area.center().y() - 8, 18, 18))
        count = f"{line.count:,}" if line.count is not None else ""
        room = self._small.set(count, 80)
        taken = 8 + painter.fontMetrics().horizontalAdvance(count) if count else 0
        middle = area.center().y() - 9
        words = QRectF(area.left() + 38, middle, area.width() - 38 - 12 - taken, 20)
        painter.setPen(self._appearance.color("muted" if quiet else "text"))
        lines = self._strong if here else self._name
        lines.draw(painter, words, lines.set(line.name, int(words.width())))
        painter.setPen(self._appearance.color("muted"))
        self._small.draw(painter, QRectF(area.right() - 92, middle, 80, 20), room, align=Qt.AlignmentFlag.AlignRight)


class _FinderButton(QPushButton):
    """Looks like a field; opens the finder."""

    def __init__(self, appearance: Appearance) -> None:
        finder = command("finder")
        super().__init__()
        self._appearance = appearance
        self._keys = finder.shown_keys
        self.setAccessibleName(finder.words)
        self.setToolTip(finder.words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hint at the left, the keys at the right."""
        super().paintEvent(event)
        painter = QPainter(self)
        area = self.rect().adjusted(10, 0, -12, 0)
        icon = self._appearance.icon("find", "muted")
        icon.paint(painter, QRect(area.left(), area.center().y() - 7, 16, 16))
        painter.setFont(self._appearance.font())
        painter.setPen(self._appearance.color("muted"))
        words = area.adjusted(28, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, "Search")
        painter.setFont(self._appearance.font(TextSize.SMALL))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._keys)
