"""Courses that were asked for and did not come yet, or will not: a line for each, above the list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexandria_desktop.library.joining import State, Wish
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.widgets.banner import Banner, Severity


class Wishes(QWidget):
    """A line for each wish that waits or was refused."""

    put_aside = Signal(object)
    """(Wish)"""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.lines: list[Banner] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 0, 24, 8)
        self._column.setSpacing(6)
        self.hide()

    def show_wishes(self, wishes: Sequence[Wish]) -> None:
        """Show what is open of these."""
        for line in self.lines:
            line.deleteLater()
            self._column.removeWidget(line)
        self.lines = []
        for wish in wishes:
            if wish.state is not State.GRANTED:
                self.lines.append(self._line(wish))
        self.setVisible(bool(self.lines))

    def _line(self, wish: Wish) -> Banner:
        line = Banner(self._appearance)
        if wish.state is State.REFUSED:
            line.say(f"{wish.code}: {wish.sentence}" if wish.code else wish.sentence, severity=Severity.WARNING)
        else:
            line.say(f"{wish.code or 'A course'} is asked for when your server is next reached.")
        line.close_button.setToolTip("Put it aside")
        line.closed.connect(partial(self.put_aside.emit, wish))
        self._column.addWidget(line)
        return line
