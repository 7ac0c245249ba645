"""A field to look for something: an icon, a hint, a way to empty it, and a little patience while one types."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from alexandria_desktop.ui.appearance import Appearance

_PATIENCE_MS = 90


class SearchField(QLineEdit):
    """Emits ``searched`` when typing rests, at once on Return, and with nothing when it is emptied."""

    searched = Signal(str)
    left = Signal()
    """Escape was pressed in an empty field."""

    def __init__(self, appearance: Appearance, *, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = ""
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.addAction(appearance.icon("find", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction(appearance.icon("clear", "muted"), "Clear", self)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self._rest = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._rest.timeout.connect(self._tell)
        self.textChanged.connect(self._on_text)
        self.returnPressed.connect(self._tell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties the field first, and leaves it when it is empty."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
            return
        super().keyPressEvent(event)

    def _on_text(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if text:
            self._rest.start()
        else:
            self._tell()

    def _tell(self) -> None:
        self._rest.stop()
        words = self.text().strip()
        if words != self._told:
            self._told = words
            self.searched.emit(words)
