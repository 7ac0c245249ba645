"""A highlight ink to choose: a round drop of its colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from alexandria_desktop.theme.model import INK_NAMES
from alexandria_desktop.ui.appearance import Appearance


class InkButton(QAbstractButton):
    """One of the five inks, by number from 1; checkable where one of them holds."""

    def __init__(self, appearance: Appearance, ink: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ink = ink
        self.name = INK_NAMES[ink - 1]
        self._appearance = appearance
        self.setAccessibleName(f"Highlight in {self.name}")
        self.setToolTip(self.name.capitalize())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        appearance.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size that a finger can hit."""
        return QSize(28, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the drop, and a ring where it holds or has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(self.width() / 2, self.height() / 2)
        if self.hasFocus() or self.isChecked():
            painter.setPen(QPen(self._appearance.color("focus" if self.hasFocus() else "text"), 2))
            painter.drawEllipse(centre, 12, 12)
        painter.setPen(QPen(self._appearance.color("hairline"), 1))
        painter.setBrush(self._appearance.color(f"ink_{self.ink}"))
        painter.drawEllipse(centre, 9, 9)
