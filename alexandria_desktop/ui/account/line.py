"""The quiet line at the foot of the sidebar: how keeping in step stands. It keeps its place whatever it says."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton

from alexandria_desktop.ui.appearance.appearance import Appearance

_HEIGHT = 34


class AccountLine(QPushButton):
    """Looks like a line of the sidebar, in the grey of what is said in passing; opens the account."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._words = ""
        self._icon_name = "account"
        self.setProperty("kind", "quiet")
        self.setCheckable(True)
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName("Account")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        appearance.changed.connect(self.update)

    @property
    def words(self) -> str:
        """What the line says."""
        return self._words

    def say(self, words: str, icon: str) -> None:
        """Say how things stand; nothing moves."""
        if (words, icon) == (self._words, self._icon_name):
            return
        self._words, self._icon_name = words, icon
        self.setAccessibleName(f"Account: {words}")
        self.setToolTip(words if self._is_cut() else "")
        self.update()

    def nextCheckState(self) -> None:
        """A press opens the account; whoever shows it marks the line."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and ring as any button does, then icon and words where the lines above have theirs."""
        super().paintEvent(event)
        if not self._words:
            return
        painter = QPainter(self)
        here = self.isChecked()
        icon = self._appearance.icon(self._icon_name, "accent" if here else "muted")
        icon.paint(painter, QRect(10, (self.height() - 18) // 2, 18, 18))
        painter.setFont(self._appearance.font())
        painter.setPen(self._appearance.color("text" if here else "muted"))
        area = self._room()
        words = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _room(self) -> QRect:
        return self.rect().adjusted(38, 0, -8, 0)

    def _is_cut(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self._words) > self._room().width()
