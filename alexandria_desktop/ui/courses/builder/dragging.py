"""Dragging in the builder: what is dragged, the handle of a block, a pane that scrolls while one drags at its edge."""

from __future__ import annotations

import json
from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QToolButton, QWidget

from alexandria_desktop.teach.authoring.lines import new_id
from alexandria_desktop.teach.blocks import Block, block_from_json
from alexandria_desktop.ui.appearance.appearance import Appearance

MIME = "application/x-alexandria-lesson-block"
"""A block of a book, which is put in."""
MOVED = "application/x-alexandria-moved-block"
"""The id of a block of the lesson, which is moved."""
EDGE = 56
"""Pixels from the top and the bottom of a pane within which it scrolls."""
_FASTEST = 18
"""Pixels that it scrolls at a tick, at the very edge."""
_TICK = 16
_WIDEST = 320


def block_of(mime: QMimeData) -> Block | None:
    """Return the block that is dragged, with an id of its own, None where it is none."""
    if not mime.hasFormat(MIME):
        return None
    data = json.loads(bytes(mime.data(MIME).data()))
    return block_from_json({**data, "id": new_id(), "order": ""})


def moved_of(mime: QMimeData) -> str:
    """Return the id of the block of the lesson that is dragged, or nothing."""
    return bytes(mime.data(MOVED).data()).decode() if mime.hasFormat(MOVED) else ""


def is_ours(mime: QMimeData) -> bool:
    """Whether a block is dragged, and not words."""
    return mime.hasFormat(MIME) or mime.hasFormat(MOVED)


class Handle(QToolButton):
    """What a block is dragged by."""

    pulled = Signal(str)
    """(block id): a drag begins."""

    def __init__(self, appearance: Appearance, part: QWidget, block_id: str) -> None:
        super().__init__()
        self._part, self._block_id = part, block_id
        self._pressed: QPoint | None = None
        self.setIcon(appearance.icon("drag", "muted"))
        self.setAccessibleName("Drag to move")
        self.setToolTip("Drag to move; Alt with the arrow keys moves it too")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Note where a drag would begin."""
        self._pressed = event.position().toPoint() if event.button() is Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Begin no drag any more."""
        self._pressed = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin a drag once the mouse has gone far enough."""
        at = event.position().toPoint()
        if self._pressed is None or (at - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed = None
        mime = QMimeData()
        mime.setData(MOVED, self._block_id.encode())
        drag = QDrag(self)
        drag.setMimeData(mime)
        picture = self._part.grab()
        drag.setPixmap(picture.scaledToWidth(min(_WIDEST, picture.width()), Qt.TransformationMode.SmoothTransformation))
        drag.setHotSpot(QPoint(12, 12))
        self.pulled.emit(self._block_id)
        drag.exec(Qt.DropAction.MoveAction)


class EdgeScroll:
    """Scrolls the pane that a widget is in while something is dragged near the pane's edge."""

    def __init__(self, inside: QWidget, scrolled: Callable[[QPoint], None]) -> None:
        self._inside = inside
        self._scrolled = scrolled
        self._at = QPoint()
        self._speed = 0
        self._timer = QTimer(inside, interval=_TICK)
        self._timer.timeout.connect(self._tick)

    def follow(self, point: QPoint) -> None:
        """Take where the mouse is, in the widget."""
        area = self._area()
        if area is None:
            return
        self._at = self._inside.mapTo(area.viewport(), point)
        height, y = area.viewport().height(), self._at.y()
        near = EDGE - min(y, height - y)
        self._speed = max(1, _FASTEST * near // EDGE) * (-1 if y < height / 2 else 1) if near > 0 else 0
        if self._speed and not self._timer.isActive():
            self._timer.start()
        elif not self._speed:
            self._timer.stop()

    def stop(self) -> None:
        """Scroll no more."""
        self._timer.stop()

    def _tick(self) -> None:
        area = self._area()
        if area is not None:
            area.verticalScrollBar().setValue(area.verticalScrollBar().value() + self._speed)
            self._scrolled(self._inside.mapFrom(area.viewport(), self._at))

    def _area(self) -> QScrollArea | None:
        parent = self._inside.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        return parent
