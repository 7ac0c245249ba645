"""The notes on a book beside its pages: in the order of the book, what could not be placed in a tray at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.annotate.two_versions import WORDS, has_two_versions, readable
from alexandria_desktop.store.notes import Note
from alexandria_desktop.theme.model import INK_NAMES
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize, page_font
from alexandria_desktop.ui.widgets.empty_state import EmptyState

WIDTH = 340
_PAD, _INK, _QUOTE_LINES, _NOTE_LINES = 12, 4, 3, 4
_Index = QModelIndex | QPersistentModelIndex


class NotesModel(QAbstractListModel):
    """Notes in order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notes: tuple[Note, ...] = ()

    def set_notes(self, notes: Sequence[Note]) -> None:
        """Show these."""
        self.beginResetModel()
        self.notes = tuple(notes)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many there are."""
        return 0 if parent is not None and parent.isValid() else len(self.notes)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a note, or its words for a screen reader."""
        note = self.notes[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{note.quote}. {readable(note.text)}" if note.text else note.quote
        return note if role == Qt.ItemDataRole.UserRole else None


class NoteLine(QStyledItemDelegate):
    """Paints a note: its ink, its quote in the page's face, its words."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the room for at most three lines of quote and four of note."""
        note: Note = index.data(Qt.ItemDataRole.UserRole)
        width = max(120, option.rect.width() or WIDTH - 16) - 2 * _PAD - 8
        height = 2 * _PAD
        for text, font, lines in self._parts(note):
            height += _lay(text, font, width, lines)[1]
        return QSize(width, height + (4 if note.text and note.quote else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the note."""
        note: Note = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect.adjusted(4, 2, -4, -2)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(self._appearance.color("accent_soft"))
            painter.drawRoundedRect(rect, 8, 8)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(self._appearance.color("hover"))
            painter.drawRoundedRect(rect, 8, 8)
        if note.color in INK_NAMES:
            painter.setBrush(self._appearance.color(f"ink_{INK_NAMES.index(note.color) + 1}"))
            painter.drawRoundedRect(QRectF(rect.left() + 4, rect.top() + 10, _INK, rect.height() - 20), 2, 2)
        x, y, width = rect.left() + _PAD + 4, rect.top() + _PAD - 2, rect.width() - 2 * _PAD
        for part, (text, font, lines) in enumerate(self._parts(note)):
            is_quote = part == 0 and bool(note.quote)
            is_warning = text is WORDS
            tone = "warning" if is_warning else "muted" if is_quote and note.text else "text"
            painter.setPen(self._appearance.color(tone))
            layout, height = _lay(text, font, width, lines)
            for number in range(layout.lineCount()):
                layout.lineAt(number).draw(painter, QRectF(x, y, 0, 0).topLeft())
            y += height + 4
        painter.restore()

    def _parts(self, note: Note) -> Iterator[tuple[str, QFont, int]]:
        if note.quote:
            yield note.quote, page_font(TextSize.LARGE), _QUOTE_LINES
        if note.text or not note.quote:
            yield readable(note.text) or "Bookmark", self._appearance.font(), _NOTE_LINES
        if has_two_versions(note.text):
            yield WORDS, self._appearance.font(TextSize.SMALL), 1


def _lay(text: str, font: QFont, width: int, lines: int) -> tuple[QTextLayout, int]:
    """Lay text out in at most so many lines, the last one cut with an ellipsis."""
    metrics = QFontMetrics(font)
    flat = " ".join(text.split("\n")) if lines <= _QUOTE_LINES else text.replace("\n", "\u2028")
    layout = QTextLayout(flat, font)
    layout.setTextOption(QTextOption())
    layout.beginLayout()
    height = 0.0
    for number in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        line.setPosition(QRectF(0, height, 0, 0).topLeft())
        height += metrics.lineSpacing()
        rest_begins = line.textStart() + line.textLength()
        if number == lines - 1 and rest_begins < len(flat):
            layout.endLayout()
            shown = flat[: max(0, rest_begins - 2)].rstrip() + "…"
            return _lay(shown, font, width, lines)
    layout.endLayout()
    return layout, round(height)


class NotesPanel(QFrame):
    """A list to the right of the page."""

    chosen = Signal(object)
    """(Note): go to its words."""
    edited = Signal(object)
    """(Note): open its words."""
    deleted = Signal(object)
    """(Note)"""
    left = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "sidebar")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 16, 8, 8)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 0)
        heading = QLabel("Notes")
        heading.setFont(appearance.font(TextSize.HEADING, MEDIUM))
        row.addWidget(heading)
        row.addStretch(1)
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        row.addWidget(self._count)
        column.addLayout(row)
        self._tray = QLabel()
        self._tray.setWordWrap(True)
        self._tray.setProperty("tone", "warning")
        self._tray.setContentsMargins(8, 0, 8, 0)
        self._tray.hide()
        column.addWidget(self._tray)
        self.model = NotesModel(self)
        self.view = QListView()
        self.view.setAccessibleName("Notes on this book")
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setStyleSheet("QListView { background: transparent; border: 0; }")
        self.view.setModel(self.model)
        self.view.setItemDelegate(NoteLine(appearance, self.view))
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMouseTracking(True)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.clicked.connect(self._on_clicked)
        self.view.doubleClicked.connect(self._on_double)
        empty = EmptyState(
            appearance,
            icon="highlight",
            sentence="Select words on a page and choose an ink, or press H. Notes gather here.",
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(self.view)
        column.addWidget(self._stack, 1)
        appearance.changed.connect(self.view.viewport().update)
        self.hide()

    def set_notes(self, notes: Sequence[Note]) -> None:
        """Show these, in the order of the book; what could not be placed comes last."""
        ordered = sorted(
            notes,
            key=lambda note: (not note.placed, note.locator.progression if note.locator else -1.0, note.created_at),
        )
        self.model.set_notes(ordered)
        self._count.setText(str(len(ordered)) if ordered else "")
        lost = sum(1 for note in ordered if not note.placed)
        self._tray.setVisible(lost > 0)
        words = "One note was" if lost == 1 else f"{lost} notes were"
        self._tray.setText(
            f"{words} made on words that this edition does not have. They are kept, at the end of the list."
        )
        self._stack.setCurrentIndex(1 if ordered else 0)

    def current(self) -> Note | None:
        """Return the note that is chosen in the list."""
        index = self.view.currentIndex()
        return self.model.notes[index.row()] if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, E edits, Delete deletes, Esc leaves."""
        note = self.current()
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif note is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(note)
        elif note is not None and key in (Qt.Key.Key_E, Qt.Key.Key_F2):
            self.edited.emit(note)
        elif note is not None and key == Qt.Key.Key_Delete:
            self.deleted.emit(note)
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.notes[index.row()])

    def _on_double(self, index: QModelIndex) -> None:
        self.edited.emit(self.model.notes[index.row()])
