"""The page of all notes: filtered as one types, opened at their words, deleted with a way back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListView, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.notes import Note
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.notes_list import NotePainter, NotesModel, grouped
from alexandria_desktop.ui.shelf.states import Wrong, waiting
from alexandria_desktop.ui.shelf.toolbar import HEIGHT, SCROLL_BAR
from alexandria_desktop.ui.shelf.wording import counted
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.button import make_icon_button
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.menu import Menu
from alexandria_desktop.ui.widgets.search_field import SearchField


@dataclass(frozen=True, slots=True)
class _Read:
    notes: list[Note]
    books: dict[UUID, BookRow]


class NotesPage(QWidget):
    """All notes of all books."""

    sidebar_wanted = Signal()
    counted = Signal(int)
    """How many notes there are."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._read = _Read([], {})
        self._task: Task | None = None
        appearance = context.appearance
        self.model = NotesModel(self)
        self.view = _NotesView(self.model)
        self.view.setItemDelegate(NotePainter(appearance, self.view))
        self.view.clicked.connect(self._on_clicked)
        self.view.opened.connect(self._open)
        self.view.deleted.connect(self.delete)
        self.view.filter_wanted.connect(self.focus_filter)
        self.view.customContextMenuRequested.connect(self._on_menu)
        appearance.changed.connect(self.view.viewport().update)
        self.field = SearchField(appearance, hint="Filter notes")
        self.field.setMaximumWidth(280)
        self.field.searched.connect(self._show)
        self.field.left.connect(self.take_focus)
        self.sidebar = make_icon_button(appearance.icon("sidebar"), "Show the sidebar")
        self.sidebar.clicked.connect(self.sidebar_wanted)
        self.sidebar.hide()
        self._empty = EmptyState(
            appearance,
            icon="notes",
            title="No notes yet",
            sentence="Select words on a page and choose an ink, or press H. What you mark in any book gathers here.",
        )
        self._none = EmptyState(appearance, icon="filter", sentence="No note holds these words.", action="Clear")
        self._none.activated.connect(self.field.clear)
        self._wrong = Wrong(appearance)
        self._wrong.activated.connect(self.refresh)
        self._stack = QStackedWidget()
        for state in (self.view, self._empty, self._none, self._wrong, waiting(appearance)):
            self._stack.addWidget(state)
        self._stack.setCurrentIndex(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self._stack, 1)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setFixedHeight(HEIGHT)
        title = QLabel("Notes")
        title.setFont(self._context.appearance.font(TextSize.HEADING, MEDIUM))
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 0, 24 + SCROLL_BAR, 0)
        row.setSpacing(8)
        row.addWidget(self.sidebar)
        row.addWidget(title)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.field, 2)
        return bar

    def refresh(self) -> None:
        """Read the notes again."""
        if self._task is not None:
            self._task.cancel()
        library = self._context.library
        self._task = self._context.tasks.run(lambda: _look_up(library), self._on_read, self._on_failed, priority=3)

    def take_focus(self) -> None:
        """Put the keyboard on the notes."""
        (self.view if self.model.lines else self.field).setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_filter(self) -> None:
        """Put the keyboard in the filter."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def delete(self, note: Note) -> None:
        """Delete a note; Undo brings it back."""
        notebook, navigator, tasks = self._context.library.notes, self._context.navigator, self._context.tasks

        def undo() -> None:
            tasks.run(lambda: notebook.bring_back(note.id), self._again, navigator.report)

        def done(_: object) -> None:
            navigator.say("Deleted the note." if note.text else "Deleted the highlight.", undo=undo)
            self.refresh()

        tasks.run(lambda: notebook.delete(note.id), done, navigator.report)

    def _again(self, _: object) -> None:
        self.refresh()

    def _on_read(self, read: _Read) -> None:
        self._task = None
        self._read = read
        self.counted.emit(len(read.notes))
        self._show(self.field.text().strip())

    def _on_failed(self, error: AlexandriaError) -> None:
        self._task = None
        self._wrong.show_error(error)
        self._stack.setCurrentWidget(self._wrong)

    def _show(self, words: str) -> None:
        notes = self._read.notes
        place, row = self.view.verticalScrollBar().value(), self.view.currentIndex().row()
        lines = grouped(notes, self._read.books, words)
        self.model.show(lines)
        shown = sum(1 for line in lines if line.note is not None)
        self._count.setText(f"{shown:,} of {len(notes):,}" if words else f"{len(notes):,}" if notes else "")
        self._count.setAccessibleName(counted(shown, "note", "notes"))
        self._stack.setCurrentWidget(self.view if lines else self._none if notes else self._empty)
        self.view.stay_at(row)
        self.view.verticalScrollBar().setValue(0 if words else place)

    def _note(self, index: QModelIndex) -> Note | None:
        return self.model.lines[index.row()].note if index.isValid() else None

    def _on_clicked(self, index: QModelIndex) -> None:
        note = self._note(index)
        if note is not None:
            self._open(note)

    def _open(self, note: Note) -> None:
        # Words that this edition does not have have no place in it: the book opens where the reader was.
        self._context.navigator.open_book(note.content_id, note.locator if note.placed else None)

    def _on_menu(self, at: QPoint) -> None:
        note = self._note(self.view.indexAt(at))
        if note is None:
            return
        menu = Menu(parent=self)
        menu.addAction("Open the book here", lambda: self._open(note))
        menu.addAction("Delete", lambda: self.delete(note))
        menu.popup(self.view.viewport().mapToGlobal(at))


class _NotesView(QListView):
    opened = Signal(object)
    deleted = Signal(object)
    filter_wanted = Signal()

    def __init__(self, model: NotesModel) -> None:
        super().__init__()
        self._notes = model
        self.setAccessibleName("Notes")
        self.setModel(model)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        # Thousands of notes are measured a few at a time, while the first can be read.
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(60)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def stay_at(self, row: int) -> None:
        """Put the keyboard on the note that stands at this row now, or the one before it."""
        for number in range(min(row, len(self._notes.lines) - 1), -1, -1):
            if self._notes.lines[number].note is not None:
                self.setCurrentIndex(self._notes.index(number))
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete deletes, a slash filters; the arrows pass headings by."""
        index = self.currentIndex()
        note = self._notes.lines[index.row()].note if index.isValid() else None
        key = event.key()
        if note is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(note)
        elif note is not None and key == Qt.Key.Key_Delete:
            self.deleted.emit(note)
        elif key == Qt.Key.Key_Slash:
            self.filter_wanted.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(index.row(), -1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure anew in another width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def _step(self, row: int, step: int) -> None:
        number = row + step
        while 0 <= number < len(self._notes.lines):
            if self._notes.lines[number].note is not None:
                self.setCurrentIndex(self._notes.index(number))
                return
            number += step
        if step < 0:
            self.scrollToTop()


def _look_up(library: Library) -> _Read:
    books = {row.id: row for row in [*library.shelf.removed(), *library.shelf.books()]}
    return _Read(library.notes.all(), books)
