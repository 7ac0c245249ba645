"""Notes whose place in this edition is not known: how many, and for the one that is chosen, how to put it there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from alexandria_desktop.store.notes import Note
from alexandria_desktop.ui.widgets.button import make_button


class WaitingNotes(QFrame):
    """Stands above the list of notes while any of them waits."""

    sought = Signal(object)
    """(Note): look for its words in the book."""
    put = Signal(object)
    """(Note): put it on the words that are selected."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 0, 8, 8)
        column.setSpacing(8)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setProperty("tone", "warning")
        column.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.seek = make_button("Find its words")
        self.seek.clicked.connect(lambda: self.sought.emit(self._note))
        self.place = make_button("Put it on the selection")
        self.place.clicked.connect(lambda: self.put.emit(self._note))
        row.addWidget(self.seek)
        row.addWidget(self.place)
        row.addStretch(1)
        column.addLayout(row)
        self._note: Note | None = None
        self._waiting = 0
        self._has_selection = False
        self._say()

    def set_number(self, waiting: int) -> None:
        """Say how many wait; with none of them, nothing is shown."""
        self._waiting = waiting
        self._say()

    def set_note(self, note: Note | None) -> None:
        """Offer what can be done with the note that is chosen; one that has its place needs nothing."""
        self._note = note if note is not None and not note.placed and note.quote else None
        self._say()

    def set_selection(self, *, has_selection: bool) -> None:
        """Let it be put on the page once words are selected there."""
        self._has_selection = has_selection
        self._say()

    def _say(self) -> None:
        self.setVisible(self._waiting > 0)
        is_chosen = self._note is not None
        self.seek.setVisible(is_chosen)
        self.place.setVisible(is_chosen)
        self.place.setEnabled(is_chosen and self._has_selection)
        self.words.setText(self._sentence())

    def _sentence(self) -> str:
        if self._note is not None and self._has_selection:
            return "This note can be put on the words that you have selected."
        if self._note is not None:
            return "Select the words on the page where this note belongs."
        wait, their = ("One note waits", "its") if self._waiting == 1 else (f"{self._waiting} notes wait", "their")
        return (
            f"{wait} at the end of the list, for nothing tells where in this edition {their} words are. Choose one to"
            " put it in its place."
        )
