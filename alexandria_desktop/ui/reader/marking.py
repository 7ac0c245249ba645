"""Marking what is read: highlights, notes and bookmarks, each on the disk before the screen says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QCursor, QGuiApplication

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.store.notes import Note, NoteType
from alexandria_desktop.theme.model import INK_NAMES
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.reader.surface import LAYER, Ink, Selection
from sync.places.locator import Locator

if TYPE_CHECKING:
    from alexandria_desktop.library.layers import Layer
    from alexandria_desktop.ui.reader.screen import ReaderScreen

_SAID = 40


class Marking:
    """What the reader's screen does with selected words and with notes."""

    def __init__(self, context: Context, reader: ReaderScreen) -> None:
        self._context = context
        self._reader = reader
        self._notes: tuple[Note, ...] = ()
        self._layers: tuple[Note, ...] = ()
        """What teachers marked: shown, and never changed."""
        self._chosen: Note | None = None
        self._selection: Selection | None = None
        self._asked = self._shown = 0
        """How often the notes were read, and which of the readings is shown: an older one never takes its place."""
        self._unsaved: dict[UUID, str] = {}
        """Words of notes on their way to the disk."""
        self._seen: dict[UUID, str] = {}
        """The words that a note had when those that were typed after them were begun."""
        self._marked_at: QRect | None = None
        """Where the words stood that were marked last."""
        reader.notes_panel.chosen.connect(self._on_note_chosen)
        reader.notes_panel.edited.connect(self._edit)
        reader.notes_panel.deleted.connect(self.delete_note)
        reader.notes_panel.layers_toggled.connect(self._paint)
        reader.notes_panel.give_wanted.connect(self.give)
        reader.notes_panel.waiting.sought.connect(self._seek)
        reader.notes_panel.waiting.put.connect(self._put)
        reader.selection_bar.inked.connect(self._on_inked)
        reader.selection_bar.asked.connect(self._on_selection_asked)
        reader.editor.written.connect(self._on_written)
        reader.editor.inked.connect(self._on_recoloured)
        reader.editor.deleted.connect(self.delete_note)

    def forget_chosen(self) -> None:
        """Choose no note."""
        self._chosen = None

    def refresh_notes(self) -> None:
        """Read the notes of the book again and paint them."""
        book_id = self._reader.book_id
        if book_id is None:
            return
        notebook = self._context.library.notes
        self._asked += 1
        asked = self._asked

        def arrived(notes: list[Note]) -> None:
            if book_id == self._reader.book_id and self._reader.surface is not None and asked > self._shown:
                self._shown = asked
                self._notes = tuple(notes)
                self._reader.notes_panel.set_notes(notes)
                self._reader.top.set_notes(len(notes))
                self._paint()

        self._context.tasks.run(lambda: notebook.of_book(book_id), arrived, self._context.navigator.report)

    def refresh_layers(self) -> None:
        """Read what teachers say of the book again, and paint it under the reader's own notes."""
        book_id, library = self._reader.book_id, self._context.library
        if book_id is None:
            return

        def read() -> tuple[list[Layer], bool]:
            return library.layers_of(book_id), library.count_courses() > 0

        def arrived(found: tuple[list[Layer], bool]) -> None:
            layers, has_courses = found
            self._reader.notes_panel.set_can_give(can_give=has_courses)
            notes = tuple(note for layer in layers for note in layer.notes)
            if book_id == self._reader.book_id and notes != self._layers:
                self._layers = notes
                self._reader.notes_panel.set_layers(notes)
                self._paint()

        self._context.tasks.run(read, arrived, self._context.navigator.report, priority=-1)

    def forget_layers(self) -> None:
        """Show nothing of teachers: another book is opened."""
        self._layers = ()
        self._reader.notes_panel.set_layers(())

    def _paint(self) -> None:
        if self._reader.surface is not None:
            given = self._layers if self._reader.notes_panel.shows_layers_on_page else ()
            inks = [Ink(note, LAYER) for note in given if note.locator is not None and note.placed]
            inks += [_ink(note) for note in self._notes if note.locator is not None and note.color]
            self._reader.surface.set_notes(inks)

    def give(self) -> None:
        """Choose notes of the reader's own to give to the students of a course."""
        from alexandria_desktop.ui.courses.give_dialog import GiveDialog

        if self._reader.book_id is not None:
            dialog = GiveDialog(self._context, self._reader.book_id, self._notes, self._reader.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def highlight(self, ink: int = 1) -> None:
        """Highlight the selected words in an ink."""
        self._mark(INK_NAMES[ink - 1])

    def write_note(self) -> None:
        """Highlight the selected words and open a note on them; with nothing selected, the chosen note."""
        if self._selection is None:
            if self._chosen is not None:
                self._edit(self._chosen)
            return
        self._mark(INK_NAMES[0], then=self._edit)

    def bookmark(self) -> None:
        """Keep this place as a bookmark."""
        place = self._reader.surface.place() if self._reader.surface is not None else None
        book_id = self._reader.book_id
        if place is None or book_id is None:
            return
        notebook = self._context.library.notes

        def done(note: Note) -> None:
            self.refresh_notes()
            self._context.navigator.say("Bookmarked.", lambda: self._undo_add(note))

        self._context.tasks.run(
            lambda: notebook.add(book_id, place(), color=None, kind=NoteType.BOOKMARK),
            done,
            self._context.navigator.report,
        )

    def _with_words(self, use: Callable[[Locator], None]) -> None:
        if self._reader.surface is not None:
            self._reader.surface.with_selection(use)

    def _mark(self, color: str, then: Callable[[Note], None] | None = None) -> None:
        book_id = self._reader.book_id  # the words are of this one, whatever is open when they are known
        if book_id is not None:
            self._with_words(lambda locator: self._add(book_id, locator, color, then))

    def _add(self, book_id: UUID, locator: Locator, color: str, then: Callable[[Note], None] | None) -> None:
        notebook = self._context.library.notes

        def added(note: Note) -> None:
            if book_id != self._reader.book_id:
                return
            self.drop_selection()
            self._chosen = note
            self.refresh_notes()
            if then is not None:
                then(note)

        self._context.tasks.run_in_order(
            lambda: notebook.add(book_id, locator, color=color), added, self._context.navigator.report
        )

    def _edit(self, note: Note) -> None:
        known = next((one for one in self._notes if one.id == note.id), note)
        beside = QRect(
            self._reader.page.rect().center() - QPoint(150, 60), self._reader.page.rect().center() + QPoint(150, -30)
        )
        unsaved = self._unsaved.get(known.id)
        if unsaved is None:
            self._seen[known.id] = known.text
        self._reader.editor.open_note(known, self._marked_at or beside, unsaved=unsaved)

    def _on_written(self, note: Note, words: str) -> None:
        notebook = self._context.library.notes
        self._unsaved[note.id] = words

        def write() -> Note:
            found = notebook.write(note.id, words, seen=self._seen.get(note.id, note.text))
            self._seen[note.id] = words
            return found

        def saved(found: Note) -> None:
            if self._unsaved.get(note.id) == words:
                del self._unsaved[note.id]
                if found.text != words and self._reader.editor.show_merged(found):
                    self._seen[note.id] = found.text
            self._notes = tuple(found if one.id == found.id else one for one in self._notes)
            self._shown = self._asked  # what was read before does not know of it
            self._reader.editor.show_saved()
            self.refresh_notes()

        def failed(error: AlexandriaError) -> None:
            self._reader.editor.show_unsaved(note)
            self._context.navigator.report(error)

        self._context.tasks.run_in_order(write, saved, failed)

    def _on_recoloured(self, note: Note, color: str) -> None:
        notebook = self._context.library.notes
        self._context.tasks.run_in_order(
            lambda: notebook.edit(note.id, color=color), self._refreshed, self._context.navigator.report
        )

    def _refreshed(self, _value: object = None) -> None:
        self.refresh_notes()

    def delete_note(self, note: Note) -> None:
        """Delete a note; the toast undoes it."""
        notebook, editor = self._context.library.notes, self._reader.editor
        if editor.note is not None and editor.note.id == note.id:
            editor.close_editor()

        def gone(_none: None) -> None:
            self._chosen = None
            self.refresh_notes()
            self._context.navigator.say("Note deleted.", lambda: self._bring_back(note))

        self._context.tasks.run_in_order(lambda: notebook.delete(note.id), gone, self._context.navigator.report)

    def _bring_back(self, note: Note) -> None:
        notebook = self._context.library.notes
        self._context.tasks.run_in_order(
            lambda: notebook.bring_back(note.id), self._refreshed, self._context.navigator.report
        )

    def _undo_add(self, note: Note) -> None:
        notebook = self._context.library.notes
        self._context.tasks.run_in_order(
            lambda: notebook.delete(note.id), self._refreshed, self._context.navigator.report
        )

    def on_selected(self, selection: Selection | None) -> None:
        """Offer what can be done with words that were selected."""
        self._selection = selection
        self._reader.notes_panel.waiting.set_selection(has_selection=selection is not None)
        if selection is None:
            self._reader.selection_bar.hide()
            return
        self._chosen = None
        self._marked_at = selection.rect.toRect()
        self._reader.selection_bar.show_at(selection.rect)

    def drop_selection(self) -> None:
        """Select nothing."""
        self._selection = None
        self._reader.notes_panel.waiting.set_selection(has_selection=False)
        self._reader.selection_bar.hide()
        if self._reader.surface is not None:
            self._reader.surface.clear_selection()

    def _on_inked(self, ink: int) -> None:
        if self._chosen is not None and self._selection is None:
            self._on_recoloured(self._chosen, INK_NAMES[ink - 1])
            self._reader.selection_bar.hide()
        else:
            self.highlight(ink)

    def _on_selection_asked(self, what: str) -> None:
        if what == "note":
            self._reader.selection_bar.hide()
            self.write_note()
        elif what == "copy":
            self.copy()
        elif what == "find":
            self._with_words(lambda locator: self._find_quote(locator))
        elif what == "answer":
            self._with_words(self._reader.answer)
        elif what == "remove" and self._chosen is not None:
            self._reader.selection_bar.hide()
            self.delete_note(self._chosen)

    def _seek(self, note: Note) -> None:
        """Look for the words of a note that waits for its place."""
        self._reader.find_bar.open_with(note.quote[:120])

    def _put(self, note: Note) -> None:
        """Put a note that waits for its place on the selected words; the toast takes it back."""
        self._with_words(lambda locator: self._move(note, locator, f"Put on “{_shortened(locator)}”."))

    def _move(self, note: Note, locator: Locator, said: str) -> None:
        notebook, before = self._context.library.notes, note.locator

        def moved(found: Note) -> None:
            self.drop_selection()
            self._chosen = found
            self.refresh_notes()
            undo = (lambda: self._move(found, before, "The note waits again.")) if before is not None else None
            self._context.navigator.say(said, undo)

        self._context.tasks.run_in_order(lambda: notebook.move(note.id, locator), moved, self._context.navigator.report)

    def _find_quote(self, locator: Locator) -> None:
        if locator.quote is not None:
            self.drop_selection()
            self._reader.find_bar.open_with(locator.quote.exact[:120])

    def copy(self) -> None:
        """Copy the selected words."""

        def copy(locator: Locator) -> None:
            if locator.quote is not None:
                QGuiApplication.clipboard().setText(locator.quote.exact)
                self._context.navigator.say("Copied.")

        self._with_words(copy)

    def on_note_clicked(self, note_id: str) -> None:
        """Open the note under the mouse, or offer its inks."""
        given = next((one for one in self._layers if str(one.id) == note_id), None)
        if given is not None:
            self._reader.show_layer_note(given)
            return
        note = next((one for one in self._notes if str(one.id) == note_id), None)
        if note is None:
            return
        self._chosen = note
        self._selection = None
        at = self._reader.page.mapFromGlobal(QCursor.pos())
        self._marked_at = QRect(at - QPoint(1, 12), at + QPoint(1, 12))
        if note.text:
            self._edit(note)
        else:
            self._reader.selection_bar.show_at(self._marked_at.toRectF(), over_highlight=True)

    def _on_note_chosen(self, note: Note) -> None:
        self._chosen = note
        self._marked_at = None
        if self._reader.surface is not None and note.locator is not None and note.placed:
            self._reader.surface.show_locator(note.locator, light=True)


def _shortened(locator: Locator) -> str:
    """Return the first words of a place, for a line at the foot of the window."""
    words = locator.quote.exact if locator.quote is not None else ""
    return words if len(words) <= _SAID else f"{words[:_SAID].rsplit(' ', 1)[0]}…"


def _ink(note: Note) -> Ink:
    number = INK_NAMES.index(note.color) + 1 if note.color in INK_NAMES else 1
    return Ink(note, number)
