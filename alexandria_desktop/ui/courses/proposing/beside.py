"""What stands beside the list: a passage whole and why it is there, or a question with its sentence."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.panes import scrolled
from alexandria_desktop.ui.courses.proposing.lines import Decision, Kind, Line
from alexandria_desktop.ui.courses.words import plain_words, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

_DECIDABLE = frozenset({Kind.LESSON, Kind.PASSAGE, Kind.ITEM})


class Beside(QFrame):
    """The right of the list."""

    decided = Signal(object)
    """(Decision)"""
    opened = Signal()

    def __init__(self, look: Appearance) -> None:
        super().__init__()
        self._look = look
        self.setProperty("panel", "side")
        self._words = QWidget()
        self._column = QVBoxLayout(self._words)
        self._column.setContentsMargins(0, 16, 0, 16)
        self._column.setSpacing(6)
        self.take = make_button("Tick", kind=ButtonKind.PLAIN, icon=look.icon("done", "muted"))
        self.take.setToolTip("Tick it (A)")
        self.take.clicked.connect(lambda: self.decided.emit(Decision.TAKEN))
        self.throw = make_button("Throw away", kind=ButtonKind.QUIET)
        self.throw.setToolTip("Throw it away (Delete)")
        self.throw.clicked.connect(lambda: self.decided.emit(Decision.THROWN))
        self.open = make_button("Open in the book", kind=ButtonKind.QUIET, icon=look.icon("reading", "muted"))
        self.open.setToolTip("Open it in the book (Enter)")
        self.open.clicked.connect(self.opened)
        row = QHBoxLayout()
        row.setContentsMargins(20, 8, 20, 12)
        row.setSpacing(8)
        for one in (self.take, self.throw, self.open):
            row.addWidget(one)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scrolled(self._words), 1)
        column.addLayout(row)
        self.show_line(None)

    def show_line(self, line: Line | None) -> None:
        """Show a line whole."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for heading, words in line.more if line is not None else ():
            if heading:
                self._column.addWidget(small(self._look, heading))
            self._column.addWidget(plain_words(self._look, words))
            self._column.addSpacing(8)
        self._column.addStretch(1)
        can_decide = line is not None and line.kind in _DECIDABLE
        self.take.setVisible(can_decide)
        self.throw.setVisible(can_decide)
        self.open.setVisible(line is not None and line.place is not None)
