"""Stars: painted in a list, and as a control that gives one to five of them or none."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance

MOST = 5


def star_path(center: QPointF, radius: float) -> QPainterPath:
    """Return a star with five points."""
    path = QPainterPath()
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.46
        angle = math.pi * (corner / 5 - 0.5)
        point = QPointF(center.x() + reach * math.cos(angle), center.y() + reach * math.sin(angle))
        if corner == 0:
            path.moveTo(point)
        else:
            path.lineTo(point)
    path.closeSubpath()
    return path


def paint_stars(painter: QPainter, area: QRectF, rating: int, color: QColor, *, step: float = 15.0) -> None:
    """Paint the given stars only, from the left."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    for number in range(rating):
        center = QPointF(area.left() + step * (number + 0.5), area.center().y())
        painter.drawPath(star_path(center, step * 0.42))


class Stars(QWidget):
    """One to five stars; the arrow keys and digits change them, a click on the same star takes them away."""

    rated = Signal(int)
    """The new number of stars, 0 for none; only when a person changed it."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._rating = 0
        self._hovered = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_rating(0)

    @property
    def rating(self) -> int:
        """The number of stars, 0 for none."""
        return self._rating

    def set_rating(self, rating: int | None) -> None:
        """Show so many stars."""
        self._rating = rating or 0
        words = f"{self._rating} of {MOST} stars" if self._rating else "No rating"
        self.setAccessibleName(f"Rating: {words}")
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for five stars and the ring."""
        return QSize(MOST * 24, 32)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change with the arrows, set with a digit, take away with Delete or 0."""
        key = event.key()
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1}
        if key in steps:
            self._rate(max(0, min(MOST, self._rating + steps[Qt.Key(key)])))
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_5:
            self._rate(key - Qt.Key.Key_0.value)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._rate(0)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would give."""
        self._hovered = self._at(event.position().x())
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Give the stars up to here."""
        chosen = self._at(event.position().x())
        self._rate(0 if chosen == self._rating else chosen)

    def leaveEvent(self, event: QEvent) -> None:
        """Show the rating again."""
        super().leaveEvent(event)
        self._hovered = 0
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint five stars, full or open."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(self._appearance.color("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        shown = self._hovered or self._rating
        for number in range(MOST):
            path = star_path(QPointF(24 * (number + 0.5), self.height() / 2 + 0.5), 9)
            full = number < shown
            painter.setPen(QPen(self._appearance.color("accent" if full else "faint"), 1.2))
            painter.setBrush(self._appearance.color("accent") if full else Qt.GlobalColor.transparent)
            painter.drawPath(path)

    def _at(self, x: float) -> int:
        return max(1, min(MOST, int(x // 24) + 1))

    def _rate(self, rating: int) -> None:
        if rating != self._rating:
            self.set_rating(rating)
            self.rated.emit(rating)
