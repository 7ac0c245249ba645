"""The way through the book: a thin line with the chapters on it, to click, drag or move by keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance

_SIDE = 10


class ProgressBar(QWidget):
    """Shows and sets the part of the book that has been read."""

    sought = Signal(float)
    """The part of the book to go to; when the mouse is let go or a key was pressed."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._value = 0.0
        self._dragged: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Progress through the book")
        appearance.changed.connect(self.update)

    def set_value(self, value: float) -> None:
        """Show a part of the book, 0 to 1."""
        self._value = value
        self.setAccessibleDescription(f"{value * 100:.0f} percent")
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size that a finger can hit."""
        return QSize(240, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line and the place."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, left, width = self.height() / 2, _SIDE, self.width() - 2 * _SIDE
        value = self._value if self._dragged is None else self._dragged
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.color("hairline"))
        painter.drawRoundedRect(QRectF(left, middle - 1.5, width, 3), 1.5, 1.5)
        painter.setBrush(self._appearance.color("accent"))
        painter.drawRoundedRect(QRectF(left, middle - 1.5, width * value, 3), 1.5, 1.5)
        painter.setPen(QPen(self._appearance.color("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self._appearance.color("accent"))
        painter.drawEllipse(QPointF(left + width * value, middle), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        self._drag_to(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag on."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(event)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Go there."""
        if self._dragged is not None:
            value, self._dragged = self._dragged, None
            self.set_value(value)
            self.sought.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by a hundredth with the arrow keys."""
        steps = {Qt.Key.Key_Left: -0.01, Qt.Key.Key_Right: 0.01, Qt.Key.Key_Home: -1.0, Qt.Key.Key_End: 1.0}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.set_value(max(0.0, min(1.0, self._value + step)))
        self.sought.emit(self._value)

    def _drag_to(self, event: QMouseEvent) -> None:
        width = max(1, self.width() - 2 * _SIDE)
        self._dragged = max(0.0, min(1.0, (event.position().x() - _SIDE) / width))
        self.update()
