"""A list of things under headings, as of notes under their books: what every such list has."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.shelf.book_model import Index

MEASURE = 760
"""Pixels of the widest line of words."""
LEFT = 24
"""Pixels before the words of a heading."""


class Line(Protocol):
    """A line of such a list: a heading, or a thing."""

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading, which cannot be chosen."""

    @property
    def read_out(self) -> str:
        """Its words for a screen reader."""


L = TypeVar("L", bound=Line)


class GroupedModel(QAbstractListModel, Generic[L]):
    """Headings and things."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[L] = []

    def show(self, lines: list[L]) -> None:
        """Show these."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a line, or its words for a screen reader."""
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        return line.read_out if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that things can be chosen, headings not."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return flags if self.lines[index.row()].is_heading else flags | Qt.ItemFlag.ItemIsSelectable

    def thing(self, index: Index) -> L | None:
        """Return the line at an index if it is a thing."""
        line = self.lines[index.row()] if index.isValid() and index.row() < len(self.lines) else None
        return None if line is None or line.is_heading else line


class GroupedView(QListView, Generic[L]):
    """Shows headings and things; everything can be done by key."""

    opened = Signal(object)
    """(line)"""
    deleted = Signal(object)
    """(line)"""
    filter_wanted = Signal()

    def __init__(self, model: GroupedModel[L], name: str) -> None:
        super().__init__()
        self._model = model
        self.setAccessibleName(name)
        self.setModel(model)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.clicked.connect(self._on_clicked)

    def thing(self) -> L | None:
        """Return the thing that the keyboard is on."""
        return self._model.thing(self.currentIndex())

    def stay_at(self, row: int) -> None:
        """Put the keyboard on the thing that stands at this row now, or the one before it."""
        for number in range(min(row, len(self._model.lines) - 1), -1, -1):
            if self._go(number):
                return

    def go_to_first(self) -> None:
        """Put the keyboard on the first thing."""
        any(self._go(number) for number in range(len(self._model.lines)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete deletes, a slash filters; the arrows pass headings by."""
        thing, key = self.thing(), event.key()
        if thing is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(thing)
        elif thing is not None and key == Qt.Key.Key_Delete:
            self.deleted.emit(thing)
        elif key == Qt.Key.Key_Slash:
            self.filter_wanted.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure anew in another width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def _on_clicked(self, index: QModelIndex) -> None:
        thing = self._model.thing(index)
        if thing is not None:
            self.opened.emit(thing)

    def _step(self, step: int) -> None:
        number = self.currentIndex().row() + step
        while 0 <= number < len(self._model.lines):
            if self._go(number):
                return
            number += step
        if step < 0:
            self.scrollToTop()

    def _go(self, row: int) -> bool:
        if self._model.lines[row].is_heading:
            return False
        self.setCurrentIndex(self._model.index(row))
        return True


class GroupedPainter(QStyledItemDelegate, Generic[L]):
    """Paints headings, and things on a card that shows what is chosen."""

    heading = 56
    """Pixels of a heading."""
    pad = 12
    """Pixels between a card and what is in it."""
    indent = 28
    """Pixels before the words of a thing."""

    def __init__(self, appearance: Appearance, view: QListView) -> None:
        super().__init__(view)
        self._appearance = appearance
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room for a heading or a thing."""
        line: L = index.data(Qt.ItemDataRole.UserRole)
        width = self._view.viewport().width()
        return QSize(width, self.heading if line.is_heading else self.height_of(line, self.measure(width)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line of the list."""
        line: L = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if line.is_heading:
            self.paint_heading(painter, option.rect, line)
        else:
            self.paint_thing(painter, self._paint_card(painter, option), line)
        painter.restore()

    def height_of(self, line: L, width: int) -> int:
        """Return the pixels that a thing needs in a width."""
        raise NotImplementedError

    def paint_heading(self, painter: QPainter, area: QRect, line: L) -> None:
        """Paint a heading."""
        raise NotImplementedError

    def paint_thing(self, painter: QPainter, card: QRect, line: L) -> None:
        """Paint a thing on its card."""
        raise NotImplementedError

    def measure(self, width: int) -> int:
        """Return the width of a thing's words in a list of a width."""
        return max(160, min(MEASURE, width - 2 * LEFT) - self.indent)

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem) -> QRect:
        card: QRect = option.rect.adjusted(LEFT - self.pad, 2, -LEFT + self.pad, -2)
        card.setWidth(min(card.width(), MEASURE + 2 * self.pad))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(card, 8, 8)
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(self._appearance.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(card).adjusted(1, 1, -1, -1), 8, 8)
        return card


def side(*, right_to_left: bool) -> Qt.AlignmentFlag:
    """Return where words of a direction begin."""
    return Qt.AlignmentFlag.AlignRight if right_to_left else Qt.AlignmentFlag.AlignLeft
