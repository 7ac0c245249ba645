"""Write a note: each pause in typing is committed, so that whatever ends the program loses a moment at most."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.annotate.two_versions import ADVICE, WORDS, has_two_versions
from alexandria_desktop.store.notes import Note
from alexandria_desktop.theme.model import INK_NAMES
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel
from alexandria_desktop.ui.widgets.ink_button import InkButton
from alexandria_desktop.ui.widgets.shadow import cast_shadow

PAUSE = 300
WIDTH, HEIGHT = 340, 220


class NoteEditor(QFrame):
    """A card over the page with the words of one note."""

    written = Signal(object, str)
    """(Note, its words): to be committed now."""
    inked = Signal(object, str)
    """(Note, the name of a colour)"""
    deleted = Signal(object)
    """(Note)"""
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self._note: Note | None = None
        self._committed: str | None = None
        """What was handed over last; None where it has to be handed over again."""
        self.setProperty("panel", "raised")
        self.setFixedSize(WIDTH, HEIGHT)
        cast_shadow(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        self._quote = ElidedLabel("")
        self._quote.setProperty("tone", "muted")
        column.addWidget(self._quote)
        self.text = _NoteText()
        self.text.setPlaceholderText("Your note")
        self.text.setAccessibleName("Your note")
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._on_typed)
        self.text.left.connect(self.close_editor)
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.setSpacing(2)
        self._inks = [InkButton(appearance, number) for number in range(1, 6)]
        for ink in self._inks:
            ink.setCheckable(True)
            ink.setAutoExclusive(True)
            ink.clicked.connect(self._on_ink)
            row.addWidget(ink)
        row.addStretch(1)
        self._state = QLabel()
        self._state.setProperty("tone", "muted")
        self._state.setFont(appearance.font(TextSize.SMALL))
        row.addWidget(self._state)
        delete = make_icon_button(appearance.icon("delete", "muted"), "Delete this note")
        delete.clicked.connect(self._on_delete)
        row.addWidget(delete)
        done = make_button("Done", kind=ButtonKind.QUIET)
        done.clicked.connect(self.close_editor)
        row.addWidget(done)
        column.addLayout(row)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self.commit)
        self.hide()

    @property
    def note(self) -> Note | None:
        """The note that is open."""
        return self._note

    def open_note(self, note: Note, beside: QRect, *, unsaved: str | None = None) -> None:
        """Show a note's words beside what they are about; ``unsaved`` are words on their way to the disk."""
        self.commit()
        self._note = note
        self._quote.setText(f"“{note.quote}”" if note.quote else "Note on the book")
        self._show_words(note.text if unsaved is None else unsaved)
        if unsaved is not None:
            self._committed = None
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)
        for ink in self._inks:
            ink.setChecked(INK_NAMES[ink.ink - 1] == note.color)
        self._say("Saved" if note.text else "")
        self._place(beside)
        self.show()
        self.raise_()
        self.text.setFocus()

    def commit(self) -> None:
        """Hand over what was typed since the last time."""
        self._timer.stop()
        words = self._words()
        if self._note is not None and words != self._committed:
            self._committed = words
            self.written.emit(self._note, words)

    def show_saved(self) -> None:
        """Say that what was typed is on the disk."""
        if not self._timer.isActive():
            self._say("Saved")

    def show_merged(self, note: Note) -> bool:
        """Show words that came from elsewhere with the reader's own; not while more is being typed."""
        if self._note is None or self._note.id != note.id or self._timer.isActive():
            return False
        at = self.text.textCursor().position() + len(note.text) - len(self._words())
        self._show_words(note.text)
        cursor = self.text.textCursor()
        cursor.setPosition(max(0, min(at, len(self._words()))))
        self.text.setTextCursor(cursor)
        return True

    def show_unsaved(self, note: Note) -> None:
        """Say that what was typed is not on the disk, and hand it over again with what is typed next."""
        if self._note is not None and self._note.id == note.id:
            self._committed = None
            self._say("Not saved")

    def _show_words(self, words: str) -> None:
        self.text.blockSignals(True)
        self.text.setPlainText(words)
        self.text.blockSignals(False)
        self._committed = self._words()

    def _words(self) -> str:
        """Return what is in the field, spaces that do not break included: the field's own answer has none."""
        return self.text.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")

    def _say(self, words: str) -> None:
        """Say how the note stands; what wants its writer goes before that it is saved."""
        is_double = has_two_versions(self.text.toPlainText())
        self._state.setText(WORDS if is_double else words)
        self._state.setToolTip(ADVICE if is_double else "")

    def close_editor(self) -> None:
        """Commit and close."""
        self.commit()
        self._note = None
        self.hide()
        self.closed.emit()

    def _place(self, beside: QRect) -> None:
        room = self._room.rect()
        x = max(12, min(beside.center().x() - WIDTH // 2, room.width() - WIDTH - 12))
        below = beside.bottom() + 12
        y = below if below + HEIGHT <= room.height() - 12 else max(12, beside.top() - HEIGHT - 12)
        self.move(QPoint(x, y))

    def _on_typed(self) -> None:
        self._state.setText("")
        self._timer.start()

    def _on_ink(self) -> None:
        sender = self.sender()
        if isinstance(sender, InkButton) and self._note is not None:
            self.inked.emit(self._note, sender.name)

    def _on_delete(self) -> None:
        note = self._note
        self.close_editor()  # Undo brings back the last words too
        if note is not None:
            self.deleted.emit(note)


class _NoteText(QPlainTextEdit):
    """Plain text; Esc or Ctrl+Enter leaves it."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape or (is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.left.emit()
            return
        super().keyPressEvent(event)
