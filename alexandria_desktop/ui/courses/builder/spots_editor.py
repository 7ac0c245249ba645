"""The parts of a picture, drawn on it: a stroke makes one, a drag moves it, its corner makes it larger; keys do too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.authoring.lines import new_id
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.pictures import Picture
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.widgets.button import make_button, make_icon_button
from sync.assessing.rich_text import from_plain, to_plain

_LEAST = 0.03
"""Of the picture's side; a smaller stroke was a click."""
_STEP = 0.01
_CORNER = 12.0


class SpotCanvas(Picture):
    """The picture with its parts."""

    changed = Signal(object)
    """(tuple of Spot)"""
    chosen = Signal(int)
    """The part that the keyboard is on, or -1."""

    def __init__(self, appearance: Appearance, path: Path | None, block: b.HotspotBlock) -> None:
        super().__init__(path, block.media.alt)
        self._appearance = appearance
        self.spots: tuple[b.Spot, ...] = block.spots
        self.current = -1
        self._begun: QPointF | None = None
        self._grip = QPointF()
        self._is_sizing = False
        self._drawn: QRectF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleDescription(
            "Plus adds a part, Space goes to the next, the arrows move it, with Shift they size it, Delete removes it"
        )

    def choose(self, number: int) -> None:
        """Choose a part, or none."""
        self.current = number if 0 <= number < len(self.spots) else -1
        self.update()
        self.chosen.emit(self.current)

    def add(self, place: QRectF | None = None) -> None:
        """Make a part, in the middle unless a place is given in fractions of the picture, and choose it."""
        at = place or QRectF(0.4, 0.4, 0.2, 0.2)
        spot = b.Spot(id=new_id(), x=at.x(), y=at.y(), width=at.width(), height=at.height())
        self._tell((*self.spots, spot))
        self.choose(len(self.spots) - 1)

    def remove(self) -> None:
        """Take the chosen part away."""
        if self.current >= 0:
            self._tell(tuple(one for number, one in enumerate(self.spots) if number != self.current))
            self.choose(min(self.current, len(self.spots) - 1))

    def change(self, **facts: object) -> None:
        """Change the chosen part."""
        if self.current >= 0:
            spots = list(self.spots)
            spots[self.current] = replace(spots[self.current], **facts)  # type: ignore[arg-type]
            self._tell(tuple(spots))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture, the parts, and what is being drawn."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(self._appearance.color("accent"))
        for number, spot in enumerate(self.spots):
            self._paint(painter, ink, self.place(spot), str(number + 1), is_chosen=number == self.current)
        if self._drawn is not None:
            self._paint(painter, ink, self._drawn, "", is_chosen=True)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._appearance.color("focus"), 2))
            painter.drawRect(self.shown().adjusted(1, 1, -1, -1))

    def _paint(self, painter: QPainter, ink: QColor, place: QRectF, words: str, *, is_chosen: bool) -> None:
        soft = QColor(ink)
        soft.setAlpha(90 if is_chosen else 40)
        painter.setBrush(soft)
        painter.setPen(QPen(ink, 2.5 if is_chosen else 1.5))
        painter.drawRoundedRect(place, 6, 6)
        painter.setPen(self._appearance.color("accent_text"))
        painter.setBrush(ink)
        if words:
            plate = QRectF(place.topLeft(), place.topLeft() + QPointF(20, 20))
            painter.drawRoundedRect(plate, 6, 6)
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter.value, words)
        if is_chosen:
            painter.drawEllipse(place.bottomRight(), 5, 5)

    # --- mouse ----------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a part, of its corner, or begin a new one."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        point = event.position()
        under = [number for number, spot in enumerate(self.spots) if self.place(spot).contains(point)]
        at_corner = [
            number for number, spot in enumerate(self.spots)
            if (self.place(spot).bottomRight() - point).manhattanLength() <= _CORNER
        ]  # fmt: skip
        self._begun, self._is_sizing = point, bool(at_corner)
        self.choose((at_corner or under)[-1] if at_corner or under else -1)
        if self.current >= 0:
            self._grip = point - self.place(self.spots[self.current]).topLeft()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move, size or draw."""
        if self._begun is None:
            return
        whole, point = self.shown(), self._inside(event.position())
        if self.current < 0:
            self._drawn = QRectF(self._begun, point).normalized()
        elif self._is_sizing:
            spot = self.spots[self.current]
            width, height = point.x() / whole.width() - spot.x, point.y() / whole.height() - spot.y
            self._place_chosen(width=max(_LEAST, width), height=max(_LEAST, height))
        else:
            corner = point - self._grip
            self._place_chosen(x=corner.x() / whole.width(), y=corner.y() / whole.height())
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Make the part that was drawn."""
        drawn, self._drawn, was_held = self._drawn, None, self._begun is not None and self.current >= 0
        self._begun = None
        whole = self.shown()
        if drawn is not None and drawn.width() > _LEAST * whole.width() and drawn.height() > _LEAST * whole.height():
            self.add(QRectF(
                drawn.x() / whole.width(), drawn.y() / whole.height(),
                drawn.width() / whole.width(), drawn.height() / whole.height(),
            ))  # fmt: skip
        elif was_held:
            self.changed.emit(self.spots)
        self.update()

    # --- keys -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add, choose, move, size and remove parts."""
        steps = {
            Qt.Key.Key_Left: (-_STEP, 0.0), Qt.Key.Key_Right: (_STEP, 0.0),
            Qt.Key.Key_Up: (0.0, -_STEP), Qt.Key.Key_Down: (0.0, _STEP),
        }  # fmt: skip
        key, step = Qt.Key(event.key()), steps.get(Qt.Key(event.key()))
        if step is not None and self.current >= 0 and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            spot = self.spots[self.current]
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._place_chosen(width=spot.width + step[0], height=spot.height + step[1])
            else:
                self._place_chosen(x=spot.x + step[0], y=spot.y + step[1])
            self.changed.emit(self.spots)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Insert):
            self.add()
        elif key == Qt.Key.Key_Space and self.spots:
            self.choose((self.current + 1) % len(self.spots))
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.current >= 0:
            self.remove()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keyboard is here."""
        super().focusInEvent(event)
        self.update()

    def _place_chosen(self, **wanted: float) -> None:
        """Move or size the chosen part without telling; it stays within the picture."""
        spots = list(self.spots)
        spot = replace(spots[self.current], **wanted)  # type: ignore[arg-type]
        width, height = (max(_LEAST, min(one, 1.0)) for one in (spot.width, spot.height))
        x, y = max(0.0, min(spot.x, 1 - width)), max(0.0, min(spot.y, 1 - height))
        if "width" in wanted:  # the corner that is not held stays
            x, y = spot.x, spot.y
            width, height = min(width, 1 - x), min(height, 1 - y)
        spots[self.current] = replace(spot, x=x, y=y, width=width, height=height)
        self.spots = tuple(spots)
        self.update()

    def place(self, spot: b.Spot) -> QRectF:
        """Return where a part is drawn."""
        whole = self.shown()
        return QRectF(
            spot.x * whole.width(), spot.y * whole.height(), spot.width * whole.width(), spot.height * whole.height()
        )

    def _inside(self, point: QPointF) -> QPointF:
        whole = self.shown()
        return QPointF(max(0.0, min(point.x(), whole.width())), max(0.0, min(point.y(), whole.height())))

    def _tell(self, spots: Sequence[b.Spot]) -> None:
        self.spots = tuple(spots)
        self.update()
        self.changed.emit(self.spots)


class SpotsEditor(QWidget):
    """The picture, and what is said of the part that is chosen."""

    changed = Signal(object)
    """(tuple of Spot)"""

    def __init__(self, appearance: Appearance, path: Path | None, block: b.HotspotBlock) -> None:
        super().__init__()
        self.canvas = SpotCanvas(appearance, path, block)
        self.canvas.changed.connect(self.changed)
        self.canvas.chosen.connect(self._show)
        self.label, self.text = QLineEdit(), QLineEdit()
        for field, name in ((self.label, "Name of the part"), (self.text, "What is said of it")):
            field.setAccessibleName(name)
            field.setPlaceholderText(name)
        self.label.textEdited.connect(lambda typed: self.canvas.change(label=typed))
        self.text.textEdited.connect(lambda typed: self.canvas.change(text=from_plain(typed)))
        self._hint = small(appearance, "Draw over a part of the picture, or press Add a part.")
        add = make_button("Add a part", icon=appearance.icon("add", "muted"))
        add.clicked.connect(lambda: self.canvas.add())
        self._gone = make_icon_button(appearance.icon("delete", "muted"), "Take this part away")
        self._gone.clicked.connect(self.canvas.remove)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part, stretch in ((self.label, 1), (self.text, 2), (self._hint, 3)):
            row.addWidget(part, stretch)
        row.addWidget(self._gone)
        row.addWidget(add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.canvas)
        column.addLayout(row)
        self._show(-1)

    def _show(self, number: int) -> None:
        for part in (self.label, self.text, self._gone):
            part.setVisible(number >= 0)
        self._hint.setVisible(number < 0)
        if number >= 0:
            spot = self.canvas.spots[number]
            self.label.setText(spot.label)
            self.text.setText(to_plain(spot.text))
