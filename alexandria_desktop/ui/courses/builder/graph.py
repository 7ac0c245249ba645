"""Which lessons come before which, drawn in rows from top to bottom: a line from each to those that wait for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from alexandria_desktop.teach.authoring.prerequisites import levels
from alexandria_desktop.teach.document import LessonDocument
from alexandria_desktop.ui.appearance.appearance import Appearance

_BOX, _WIDEST, _GAP, _BETWEEN, _MARGIN = 34, 220, 12, 26, 6
_ARROW = 4.0


class LessonGraph(QWidget):
    """The lessons of a course as boxes; the arrow keys go from one to the next, Enter opens it."""

    chosen = Signal(str)
    """The id of a lesson that is to be opened."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._titles: dict[str, str] = {}
        self._required: dict[str, tuple[str, ...]] = {}
        self._rows: list[list[str]] = []
        self._current = ""
        self._under = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("What comes before what")
        appearance.changed.connect(self.update)

    def show_lessons(self, lessons: Sequence[LessonDocument]) -> None:
        """Show these; where none waits for another, there is nothing to draw and this hides."""
        there = {one.id for one in lessons}
        self._titles = {one.id: one.title or "Without a title" for one in lessons}
        self._required = {one.id: tuple(first for first in one.prerequisites if first in there) for one in lessons}
        steps = levels(self._required)
        self._rows = [[] for _ in range(max(steps.values(), default=-1) + 1)]
        for one in lessons:
            self._rows[steps[one.id]].append(one.id)
        if self._current not in there:
            self._current = lessons[0].id if lessons else ""
        self.setAccessibleDescription(self.words())
        self.setVisible(any(self._required.values()))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def words(self) -> str:
        """Return in words what is drawn."""
        return ". ".join(
            f"{self._titles[one]} comes after {', '.join(self._titles[before] for before in first)}"
            for one, first in self._required.items()
            if first
        )

    def sizeHint(self) -> QSize:
        """Return the room that all rows take."""
        rows = len(self._rows)
        return QSize(_WIDEST, 2 * _MARGIN + rows * _BOX + max(0, rows - 1) * _BETWEEN)

    def boxes(self) -> Mapping[str, QRectF]:
        """Return where each lesson is drawn."""
        found = {}
        for number, row in enumerate(self._rows):
            width = min(_WIDEST, (self.width() - 2 * _MARGIN - (len(row) - 1) * _GAP) / max(1, len(row)))
            left = (self.width() - len(row) * width - (len(row) - 1) * _GAP) / 2
            top = _MARGIN + number * (_BOX + _BETWEEN)
            for place, one in enumerate(row):
                found[one] = QRectF(left + place * (width + _GAP), top, width, _BOX)
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the lines, and the lessons over them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        boxes, color = self.boxes(), self._appearance.color
        for start, end, is_lit in self._lines(boxes):
            self._draw_line(painter, start, end, is_lit=is_lit)
        metrics = self.fontMetrics()
        for one, box in boxes.items():
            has_keyboard = one == self._current and self.hasFocus()
            painter.setPen(QPen(color("focus" if has_keyboard else "hairline"), 2 if has_keyboard else 1))
            painter.setBrush(color("hover" if one == self._under else "surface"))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.setPen(color("text"))
            inner = box.adjusted(10, 0, -10, 0)
            words = metrics.elidedText(self._titles[one], Qt.TextElideMode.ElideRight, int(inner.width()))
            painter.drawText(inner, Qt.AlignmentFlag.AlignCenter.value, words)

    def _lines(self, boxes: Mapping[str, QRectF]) -> Iterator[tuple[QPointF, QPointF, bool]]:
        lit = self._under or (self._current if self.hasFocus() else "")
        for one, first in self._required.items():
            for place, before in enumerate(sorted(first, key=lambda known: boxes[known].x()), 1):
                box, other = boxes[one], boxes[before]
                end = QPointF(box.left() + box.width() * place / (len(first) + 1), box.top())
                yield QPointF(other.center().x(), other.bottom()), end, lit in (one, before)

    def _draw_line(self, painter: QPainter, start: QPointF, end: QPointF, *, is_lit: bool) -> None:
        color = self._appearance.color("accent" if is_lit else "faint")
        bend = (end.y() - start.y()) / 2
        path = QPainterPath(start)
        path.cubicTo(QPointF(start.x(), start.y() + bend), QPointF(end.x(), end.y() - bend), end)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 2 if is_lit else 1.2))
        painter.drawPath(path)
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        head = (end, end + QPointF(-_ARROW, -2 * _ARROW), end + QPointF(_ARROW, -2 * _ARROW))
        painter.drawPolygon(QPolygonF(head))

    # --- choosing -------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows go to the lesson above, below or beside; Enter opens it."""
        steps = {
            Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1),
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers():
            self._step(*step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._current:
            self.chosen.emit(self._current)
        else:
            super().keyPressEvent(event)

    def _step(self, down: int, right: int) -> None:
        row = next((number for number, row in enumerate(self._rows) if self._current in row), 0)
        place = self._rows[row].index(self._current) if self._rows else 0
        row = max(0, min(row + down, len(self._rows) - 1))
        self._current = self._rows[row][max(0, min(place + right, len(self._rows[row]) - 1))]
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the lines of the lesson under the mouse, and say its whole title."""
        self._under = self._at(event.position())
        if self._under:
            QToolTip.showText(event.globalPosition().toPoint(), self._titles[self._under], self)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open the lesson under the mouse."""
        one = self._at(event.position())
        if one:
            self._current = one
            self.chosen.emit(one)

    def leaveEvent(self, event: QEvent) -> None:
        """Light nothing."""
        self._under = ""
        self.update()
        super().leaveEvent(event)

    def _at(self, point: QPointF) -> str:
        return next((one for one, box in self.boxes().items() if box.contains(point)), "")
