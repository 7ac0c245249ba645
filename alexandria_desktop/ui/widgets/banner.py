"""What went wrong, in the place where it did: a sentence, the code, and a way to try again."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button


class Severity(StrEnum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"
    SUCCESS = "success"
    NOTE = "note"


_ICONS = {
    Severity.ERROR: ("error", "danger"),
    Severity.WARNING: ("warning", "warning"),
    Severity.SUCCESS: ("done", "success"),
    Severity.NOTE: ("info", "muted"),
}


class Banner(QFrame):
    """A line across the top of a pane; it stays until it is closed or the trouble is over."""

    retried = Signal()
    closed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._severity = Severity.ERROR
        self._icon = QLabel()
        self._sentence = QLabel()
        self._sentence.setTextFormat(Qt.TextFormat.PlainText)
        self._sentence.setWordWrap(True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._code = QLabel()
        self._code.setProperty("tone", "muted")
        self._code.setFont(appearance.font(TextSize.SMALL))
        self.retry = make_button("Try again", kind=ButtonKind.PLAIN)
        self.retry.clicked.connect(self._on_retry)
        self.close_button = make_icon_button(appearance.icon("close", "muted"), "Close this message")
        self.close_button.clicked.connect(self._on_close)
        self._lay_out()
        self.hide()
        appearance.changed.connect(self._paint_icon)

    def show_error(self, error: AlexandriaError, *, can_retry: bool = True) -> None:
        """Show an error's sentence and code."""
        self.say(error.message, severity=Severity.ERROR, code=str(error.code), action="Try again" if can_retry else "")

    def say(self, sentence: str, *, severity: Severity = Severity.NOTE, code: str = "", action: str = "") -> None:
        """Show a sentence; ``action`` is the verb on the button, or none."""
        self._severity = severity
        self._sentence.setText(sentence)
        self._code.setText(code)
        self._code.setVisible(bool(code))
        self.retry.setText(action)
        self.retry.setVisible(bool(action))
        self.setAccessibleName(sentence)
        self.setProperty("severity", str(severity))
        self.style().unpolish(self)
        self.style().polish(self)
        self._paint_icon()
        self.show()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._sentence)
        words.addWidget(self._code)
        row.addLayout(words, 1)
        row.addWidget(self.retry)
        row.addWidget(self.close_button)

    def _paint_icon(self) -> None:
        name, token = _ICONS[self._severity]
        self._icon.setPixmap(self._appearance.icon(name, token).pixmap(QSize(20, 20), self.devicePixelRatioF()))

    def _on_retry(self) -> None:
        self.hide()
        self.retried.emit()

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()
