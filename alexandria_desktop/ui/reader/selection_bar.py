"""The small bar at a selection: five inks, a note, copy, find."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.ink_button import InkButton
from alexandria_desktop.ui.widgets.shadow import cast_shadow

_GAP = 8


class SelectionBar(QFrame):
    """Floats beside the selected words."""

    inked = Signal(int)
    """The number of the ink, 1 to 5."""
    asked = Signal(str)
    """``note``, ``copy``, ``find``; over a highlight ``remove``; where a question asks for words ``answer``."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setProperty("panel", "raised")
        self.setAccessibleName("What to do with the selected words")
        cast_shadow(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        self.inks = [InkButton(appearance, number) for number in range(1, 6)]
        for ink in self.inks:
            ink.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            ink.clicked.connect(self._on_ink)
            row.addWidget(ink)
        row.addSpacing(4)
        names = (
            ("note", "Write a note"),
            ("copy", "Copy"),
            ("find", "Find in this book"),
            ("delete", "Remove highlight"),
        )
        self.answer = make_button("Answer with this", kind=ButtonKind.PRIMARY)
        self.answer.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.answer.clicked.connect(lambda: self.asked.emit("answer"))
        self.answer.hide()
        row.addWidget(self.answer)
        self._buttons = {}
        for name, words in names:
            button = make_icon_button(appearance.icon(name), words)
            button.setObjectName("remove" if name == "delete" else name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self._on_button)
            self._buttons[name] = button
            row.addWidget(button)
        self.hide()

    def show_at(self, rect: QRectF, *, over_highlight: bool = False) -> None:
        """Stand above the words, or below where there is no room."""
        for name in ("copy", "find"):
            self._buttons[name].setVisible(not over_highlight)
        self._buttons["delete"].setVisible(over_highlight)
        self.adjustSize()
        room = self._room.rect()
        x = rect.center().x() - self.width() / 2
        y = rect.top() - self.height() - _GAP
        if y < _GAP:
            y = min(rect.bottom() + _GAP, room.height() - self.height() - _GAP)
        self.move(QPoint(round(max(_GAP, min(x, room.width() - self.width() - _GAP))), round(y)))
        self.show()
        self.raise_()

    def _on_ink(self) -> None:
        sender = self.sender()
        if isinstance(sender, InkButton):
            self.inked.emit(sender.ink)

    def _on_button(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.asked.emit(sender.objectName())
