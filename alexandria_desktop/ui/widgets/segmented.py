"""A choice of a few, side by side, of which one holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget


class Segmented(QFrame):
    """Two to five words or icons in one bar; the arrow keys move the choice."""

    chosen = Signal(str)
    """The key of the new choice; only when a person made it."""

    def __init__(self, choices: Sequence[tuple[str, str]], *, name: str, parent: QWidget | None = None) -> None:
        """Take (key, words) for each choice, and the name that is read out for the whole."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._keys = [key for key, _ in choices]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, (_, words) in enumerate(choices):
            button = QPushButton(words)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setAccessibleName(f"{name}: {words}")
            self._group.addButton(button, number)
            row.addWidget(button)
        self._group.idClicked.connect(self._on_clicked)
        self.choose(self._keys[0])

    def choose(self, key: str) -> None:
        """Set the choice without a signal."""
        index = self._keys.index(key)
        for number in range(len(self._keys)):
            button = self._button(number)
            button.setChecked(number == index)
            # One stop for the Tab key; the arrows do the rest.
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if number == index else Qt.FocusPolicy.ClickFocus)

    def choice(self) -> str:
        """Return the key of the choice that holds."""
        return self._keys[self._group.checkedId()]

    def set_icon(self, key: str, icon: QIcon, *, alone: bool = False) -> None:
        """Put an icon on a choice; ``alone`` hides its words, which stay as its tip."""
        button = self._button(self._keys.index(key))
        button.setIcon(icon)
        button.setIconSize(QSize(16, 16))
        if alone:
            button.setToolTip(button.text())
            button.setText("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the choice with the arrow keys."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            step = -step
        index = max(0, min(len(self._keys) - 1, self._group.checkedId() + step))
        if index != self._group.checkedId():
            self.choose(self._keys[index])
            self._button(index).setFocus(Qt.FocusReason.TabFocusReason)
            self.chosen.emit(self._keys[index])

    def _button(self, index: int) -> QPushButton:
        button = self._group.button(index)
        assert isinstance(button, QPushButton)
        return button

    def _on_clicked(self, index: int) -> None:
        self.choose(self._keys[index])
        self.chosen.emit(self._keys[index])
