"""Find in the open book: a field, how many there are, next and previous."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.reader.surface import FindState
from alexandria_desktop.ui.widgets.button import make_icon_button

PAUSE = 180
"""Milliseconds after the last key before the search begins."""


class FindBar(QFrame):
    """A line over the page."""

    searched = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "bar")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.setSpacing(8)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find in this book")
        self.field.setAccessibleName("Find in this book")
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(420)
        self.field.textEdited.connect(self._on_edited)
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._on_pause)
        row.addWidget(self.field, 1)
        row.addWidget(self._count)
        row.addStretch(1)
        for icon, words, step in (("up", "Previous", -1), ("down", "Next", 1)):
            button = make_icon_button(appearance.icon(icon), words)
            button.setProperty("step", step)
            button.clicked.connect(self._on_step)
            row.addWidget(button)
        close = make_icon_button(appearance.icon("close"), "Close the search")
        close.clicked.connect(self.closed)
        row.addWidget(close)
        self.hide()

    def open_with(self, words: str = "") -> None:
        """Show the line; with words, or with those that were looked for last, look for them at once."""
        was_closed = self.isHidden()
        self.show()
        if words:
            self.field.setText(words)
        if words or (was_closed and self.field.text().strip()):
            self._timer.stop()
            self._on_pause()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_state(self, state: FindState) -> None:
        """Show how the search is going."""
        if not self.field.text().strip():
            self._count.setText("")
        elif state.count == 0:
            self._count.setText("Not in this book" if state.is_done else "Looking…")
        else:
            of = f"{state.current + 1} of " if state.current >= 0 else ""
            self._count.setText(f"{of}{state.count:,}{'' if state.is_done else ' so far'}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, Shift+Enter back, Esc closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._flush()
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Look for nothing any more."""
        self._timer.stop()
        super().hideEvent(event)

    def _flush(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self._on_pause()

    def _on_edited(self, _words: str) -> None:
        self._timer.start()

    def _on_pause(self) -> None:
        self.searched.emit(self.field.text().strip())

    def _on_step(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.stepped.emit(int(sender.property("step")))
