"""The page of all notes: filtered as one types, opened at their words, deleted with a way back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.notes import Note
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.grouped_list import GroupedModel, GroupedView
from alexandria_desktop.ui.shelf.list_page import ListPage
from alexandria_desktop.ui.shelf.notes_list import NoteLine, NotePainter, grouped
from alexandria_desktop.ui.shelf.states import waiting
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.menu import Menu


@dataclass(frozen=True, slots=True)
class _Read:
    notes: list[Note]
    books: dict[UUID, BookRow]


class NotesPage(ListPage):
    """All notes of all books."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        appearance = context.appearance
        self.model: GroupedModel[NoteLine] = GroupedModel()
        self.view = _NotesView(self.model, "Notes")
        empty = EmptyState(
            appearance,
            icon="notes",
            title="No notes yet",
            sentence="Select words on a page and choose an ink, or press H. What you mark in any book gathers here.",
        )
        super().__init__(
            context,
            self.view,
            title="Notes",
            names=("note", "notes"),
            empty=empty,
            busy=waiting(appearance),
            parent=parent,
        )
        self._read = _Read([], {})
        self.view.setItemDelegate(NotePainter(appearance, self.view))
        self.view.opened.connect(self._on_opened)
        self.view.deleted.connect(self._on_deleted)
        self.view.filter_wanted.connect(self.focus_filter)
        self.view.customContextMenuRequested.connect(self._on_menu)
        appearance.changed.connect(self.view.viewport().update)

    def refresh(self) -> None:
        """Read the notes again."""
        library = self._context.library
        self.begin_reading(
            self._context.tasks.run(lambda: _look_up(library), self._on_read, self.show_wrong, priority=3)
        )

    def take_focus(self) -> None:
        """Put the keyboard on the notes."""
        (self.view if self.model.lines else self.field).setFocus(Qt.FocusReason.OtherFocusReason)

    def delete(self, note: Note) -> None:
        """Delete a note; Undo brings it back."""
        notebook = self._context.library.notes
        words = "Deleted the note." if note.text else "Deleted the highlight."
        self.remove_with_a_way_back(lambda: notebook.delete(note.id), lambda: notebook.bring_back(note.id), words)

    def show_words(self, words: str) -> None:
        """Show only the notes that hold some words."""
        place, row = self.view.verticalScrollBar().value(), self.view.currentIndex().row()
        lines = grouped(self._read.notes, self._read.books, words)
        self.model.show(lines)
        self.show_count(sum(1 for line in lines if not line.is_heading), len(self._read.notes), words)
        self.view.stay_at(row)
        self.view.verticalScrollBar().setValue(0 if words else place)

    def _on_read(self, read: _Read) -> None:
        self._read = read
        self.show_read(len(read.notes))

    def _on_opened(self, line: NoteLine) -> None:
        if line.note is not None:
            self._open(line.note)

    def _on_deleted(self, line: NoteLine) -> None:
        if line.note is not None:
            self.delete(line.note)

    def _open(self, note: Note) -> None:
        # Words that this edition does not have have no place in it: the book opens where the reader was.
        self._context.navigator.open_book(note.content_id, note.locator if note.placed else None)

    def _on_menu(self, at: QPoint) -> None:
        line = self.model.thing(self.view.indexAt(at))
        note = line.note if line is not None else None
        if note is None:
            return
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction("Open the book here", lambda: self._open(note))
        menu.addAction("Delete", lambda: self.delete(note))
        menu.popup(self.view.viewport().mapToGlobal(at))


class _NotesView(GroupedView[NoteLine]):
    def __init__(self, model: GroupedModel[NoteLine], name: str) -> None:
        super().__init__(model, name)
        # Thousands of notes are measured a few at a time, while the first can be read.
        self.setLayoutMode(GroupedView.LayoutMode.Batched)
        self.setBatchSize(60)


def _look_up(library: Library) -> _Read:
    books = {row.id: row for row in [*library.shelf.removed(), *library.shelf.books()]}
    return _Read(library.notes.all(), books)
