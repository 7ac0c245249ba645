"""The numbers of an assessment's questions: which is shown, which are answered, and the way to each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QToolButton, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, REGULAR, TextSize
from alexandria_desktop.ui.widgets.flow import FlowLayout


class Steps(QWidget):
    """A row of numbers."""

    chosen = Signal(int)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._buttons: list[QToolButton] = []
        self._answered: list[bool] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.idClicked.connect(self.chosen)
        self._flow = FlowLayout(self, gap=4)

    def show_steps(self, answered: Sequence[bool]) -> None:
        """Show as many numbers as there are questions."""
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for button in self._buttons:
            self._group.removeButton(button)
        self._buttons = []
        self._answered = list(answered)
        for number in range(len(answered)):
            button = QToolButton(self)
            button.setCheckable(True)
            button.setFixedSize(32, 32)
            self._group.addButton(button, number)
            self._buttons.append(button)
            self._flow.addWidget(button)
            button.show()
            self._name(number)

    def show_current(self, number: int) -> None:
        """Mark the number of the question that is shown."""
        self._buttons[number].setChecked(True)

    def show_answered(self, number: int, *, answered: bool) -> None:
        """Mark a question as answered or not."""
        self._answered[number] = answered
        self._name(number)

    def unanswered(self) -> int:
        """Return how many questions have no answer."""
        return self._answered.count(False)

    def _name(self, number: int) -> None:
        button, answered = self._buttons[number], self._answered[number]
        button.setText(str(number + 1))
        button.setFont(self._appearance.font(TextSize.BODY, MEDIUM if answered else REGULAR))
        button.setProperty("tone", "" if answered else "muted")
        button.setProperty("answered", answered)
        button.style().unpolish(button)
        button.style().polish(button)
        words = "answered" if answered else "not answered"
        button.setAccessibleName(f"Question {number + 1}, {words}")
        button.setToolTip(f"Question {number + 1}, {words}")
