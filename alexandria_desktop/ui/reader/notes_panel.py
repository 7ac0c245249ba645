"""The notes on a book beside its pages: in the order of the book, what could not be placed in a tray at the end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

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
    QCheckBox,
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
from alexandria_desktop.ui.reader.waiting_notes import WaitingNotes
from alexandria_desktop.ui.widgets.button import make_icon_button
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.segmented import Segmented

WIDTH = 340
MINE, GIVEN = "mine", "given"
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


@dataclass(frozen=True, slots=True)
class _Part:
    """Some words of a line, at most so many lines of them."""

    text: str
    font: QFont
    lines: int
    tone: str = "text"


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
        for part in self._parts(note):
            height += _lay(part.text, part.font, width, part.lines)[1]
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
        for part in self._parts(note):
            painter.setPen(self._appearance.color(part.tone))
            layout, height = _lay(part.text, part.font, width, part.lines)
            for number in range(layout.lineCount()):
                layout.lineAt(number).draw(painter, QRectF(x, y, 0, 0).topLeft())
            y += height + 4
        painter.restore()

    def _parts(self, note: Note) -> Iterator[_Part]:
        small, course = self._appearance.font(TextSize.SMALL), str(note.attributes.get("course", ""))
        if note.quote:
            yield _Part(note.quote, page_font(TextSize.LARGE), _QUOTE_LINES, "muted" if note.text else "text")
        if note.text or not (note.quote or course):
            yield _Part(readable(note.text) or "Bookmark", self._appearance.font(), _NOTE_LINES)
        if has_two_versions(note.text):
            yield _Part(WORDS, small, 1, "warning")
        if not note.placed:
            yield _Part(
                "Your edition does not have these words." if course else "Waits for its place", small, 1, "warning"
            )
        if course:
            yield _Part(course, small, 1, "muted")


def _place(note: Note) -> tuple[bool, float, datetime]:
    """Order by place in the book; what could not be placed comes last."""
    return not note.placed, note.locator.progression if note.locator else -1.0, note.created_at


def _list(appearance: Appearance, model: NotesModel, name: str) -> QListView:
    view = QListView()
    view.setAccessibleName(name)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setStyleSheet("QListView { background: transparent; border: 0; }")
    view.setModel(model)
    view.setItemDelegate(NoteLine(appearance, view))
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setMouseTracking(True)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    return view


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
    give_wanted = Signal()
    """Notes are to be given to a course."""
    layers_toggled = Signal()
    """What teachers marked is to be shown on the page, or no more."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "side")
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
        self._can_give = False
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        row.addWidget(self._count)
        self.give = make_icon_button(appearance.icon("course"), "Give notes to a course")
        self.give.clicked.connect(self.give_wanted)
        self.give.hide()
        row.addWidget(self.give)
        column.addLayout(row)
        self.whose = Segmented([(MINE, "Mine"), (GIVEN, "From teachers")], name="Whose notes")
        self.whose.chosen.connect(self._on_whose)
        self.whose.hide()
        column.addWidget(self.whose, alignment=Qt.AlignmentFlag.AlignHCenter)
        self.on_page = QCheckBox("Show them on the page")
        self.on_page.setChecked(True)
        self.on_page.setContentsMargins(8, 0, 8, 0)
        self.on_page.toggled.connect(self.layers_toggled)
        self.on_page.hide()
        column.addWidget(self.on_page)
        self.waiting = WaitingNotes()
        column.addWidget(self.waiting)
        self.model, self.layers_model = NotesModel(self), NotesModel(self)
        self.view = _list(appearance, self.model, "Notes on this book")
        self.view.clicked.connect(self._on_clicked)
        self.view.doubleClicked.connect(self._on_double)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.layers_view = _list(appearance, self.layers_model, "Notes on this book from teachers")
        self.layers_view.clicked.connect(lambda index: self.chosen.emit(self.layers_model.notes[index.row()]))
        empty = EmptyState(
            appearance,
            icon="highlight",
            sentence="Select words on a page and choose an ink, or press H. Notes gather here.",
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(self.view)
        self._stack.addWidget(self.layers_view)
        column.addWidget(self._stack, 1)
        appearance.changed.connect(self.view.viewport().update)
        self.hide()

    def set_notes(self, notes: Sequence[Note]) -> None:
        """Show these, in the order of the book; what could not be placed comes last."""
        ordered = sorted(notes, key=_place)
        before = self.view.currentIndex().data(Qt.ItemDataRole.UserRole) if self.view.currentIndex().isValid() else None
        self.model.set_notes(ordered)
        row = next((row for row, one in enumerate(ordered) if before is not None and one.id == before.id), None)
        if row is not None:
            self.view.setCurrentIndex(self.model.index(row, 0))
        self.waiting.set_number(sum(1 for note in ordered if not note.placed))
        self.waiting.set_note(ordered[row] if row is not None else None)
        self._show_whose()

    @property
    def shows_layers_on_page(self) -> bool:
        """Whether what teachers marked is to be shown on the page."""
        return self.on_page.isChecked()

    def set_layers(self, notes: Sequence[Note]) -> None:
        """Show what teachers say of the book, in a list of its own; without any, nothing is said of teachers."""
        self.layers_model.set_notes(sorted(notes, key=_place))
        self.whose.setVisible(bool(notes))
        if not notes:
            self.whose.choose(MINE)
        self._show_whose()

    def set_can_give(self, *, can_give: bool) -> None:
        """Offer to give notes to a course; who has none is not asked."""
        self._can_give = can_give
        self._show_whose()

    def show_layer_note(self, note: Note) -> None:
        """Show a teacher's note in the list."""
        self.whose.choose(GIVEN)
        self._show_whose()
        for row, one in enumerate(self.layers_model.notes):
            if one.id == note.id:
                self.layers_view.setCurrentIndex(self.layers_model.index(row, 0))

    def current(self) -> Note | None:
        """Return the note that is chosen in the list that is shown."""
        view = self.layers_view if self._shows_layers() else self.view
        index = view.currentIndex()
        return index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None

    def _shows_layers(self) -> bool:
        return bool(self.layers_model.notes) and self.whose.choice() == GIVEN

    def _on_whose(self, _: str) -> None:
        self._show_whose()

    def _show_whose(self) -> None:
        given = self._shows_layers()
        self.on_page.setVisible(given)
        has_any = any(note.locator is not None for note in self.model.notes)
        self.give.setVisible(self._can_give and has_any and not given)
        number = len(self.layers_model.notes if given else self.model.notes)
        self._count.setText(str(number) if number else "")
        self._stack.setCurrentIndex(2 if given else 1 if self.model.notes else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there, E edits, Delete deletes, Esc leaves."""
        note = self.current()
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif note is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(note)
        elif self._shows_layers():
            super().keyPressEvent(event)  # a teacher's words are not changed here
        elif note is not None and key in (Qt.Key.Key_E, Qt.Key.Key_F2):
            self.edited.emit(note)
        elif note is not None and key == Qt.Key.Key_Delete:
            self.deleted.emit(note)
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.notes[index.row()])

    def _on_current(self, index: QModelIndex) -> None:
        self.waiting.set_note(self.model.notes[index.row()] if index.isValid() else None)

    def _on_double(self, index: QModelIndex) -> None:
        self.edited.emit(self.model.notes[index.row()])
