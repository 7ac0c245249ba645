"""A locked PDF asks for its password in its own place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

WIDTH = 380


class PasswordPrompt(QWidget):
    """A sentence, a field and a button."""

    given = Signal(str)
    """The password that was typed."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        heading = QLabel("This PDF is locked")
        heading.setFont(appearance.font(TextSize.HEADING, MEDIUM))
        self._sentence = QLabel("Give its password to read it. The password is not kept.")
        self._sentence.setProperty("tone", "muted")
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Password")
        self.field.setPlaceholderText("Password")
        self.field.returnPressed.connect(self._give)
        self.field.textEdited.connect(self._on_edited)
        self.button = make_button("Open", kind=ButtonKind.PRIMARY)
        self.button.setEnabled(False)
        self.button.clicked.connect(self._give)
        self._wrong = QLabel()
        self._wrong.setProperty("tone", "danger")
        self._lay_out(heading)

    def say_wrong(self) -> None:
        """Say that the password does not open the file, and let it be typed again."""
        self._wrong.setText("This password does not open the PDF.")
        self.field.setEnabled(True)
        self.field.selectAll()
        self.field.setFocus()
        self.button.setEnabled(bool(self.field.text()))

    @property
    def complaint(self) -> str:
        """What is wrong with the last password, or nothing."""
        return self._wrong.text()

    def _lay_out(self, heading: QLabel) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.button)
        inner = QWidget()
        inner.setFixedWidth(WIDTH)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addWidget(self._sentence)
        column.addSpacing(8)
        column.addLayout(row)
        column.addWidget(self._wrong)
        self._wrong.setMinimumHeight(self._wrong.fontMetrics().height() + 4)  # nothing moves when it speaks
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addWidget(inner, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)

    def _on_edited(self, words: str) -> None:
        self._wrong.clear()
        self.button.setEnabled(bool(words))

    def _give(self) -> None:
        if self.field.text() and self.button.isEnabled():
            self.button.setEnabled(False)
            self.field.setEnabled(False)
            self.given.emit(self.field.text())
