"""The contents beside the page: every line of them, the one being read lit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.book.model import TocEntry
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize

WIDTH = 300
_INDENT = 16
_Index = QModelIndex | QPersistentModelIndex


class _Entries(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: Sequence[TocEntry] = ()

    def set_entries(self, entries: Sequence[TocEntry]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.title
        return entry.level if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not self.entries[index.row()].href:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)


class _Line(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        size = super().sizeHint(option, index)
        return QSize(size.width(), 32)

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        level = int(index.data(Qt.ItemDataRole.UserRole) or 0)
        option.rect.adjust(min(level, 6) * _INDENT, 0, 0, 0)
        option.textElideMode = Qt.TextElideMode.ElideRight
        option.state &= ~QStyle.StateFlag.State_HasFocus


class ContentsPanel(QFrame):
    """A list to the left of the page."""

    chosen = Signal(str)
    """The href of a line."""
    left = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "sidebar")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 8, 8)
        column.setSpacing(8)
        heading = QLabel("Contents")
        heading.setFont(appearance.font(TextSize.HEADING, MEDIUM))
        heading.setContentsMargins(8, 0, 8, 0)
        column.addWidget(heading)
        self._model = _Entries(self)
        self.view = QListView()
        self.view.setAccessibleName("Contents")
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setStyleSheet("QListView { background: transparent; border: 0; }")
        self.view.setModel(self._model)
        self.view.setItemDelegate(_Line(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.clicked.connect(self._on_chosen)
        self.view.activated.connect(self._on_chosen)
        column.addWidget(self.view, 1)
        self.hide()

    def set_entries(self, entries: Sequence[TocEntry]) -> None:
        """Show these lines."""
        self._model.set_entries(entries)

    def show_current(self, index: int) -> None:
        """Light the line that is being read."""
        if 0 <= index < self._model.rowCount() and not self.view.hasFocus():
            line = self._model.index(index)
            self.view.setCurrentIndex(line)
            self.view.scrollTo(line, QListView.ScrollHint.EnsureVisible)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)

    def _on_chosen(self, index: QModelIndex) -> None:
        href = self._model.entries[index.row()].href
        if href:
            self.chosen.emit(href)
