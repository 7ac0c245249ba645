"""A quiet card beside a part of the window that it speaks of, and a ring around that part."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.shadow import cast_shadow

_WIDTH = 304
_SIDE = 16
_INNER = _WIDTH - 2 * _SIDE - 2
_GAP = 12


class Ring(QWidget):
    """Drawn around a part of the window; the mouse goes through it."""

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        appearance.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ring, and a breath of its colour within."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._appearance.color("accent")
        painter.setPen(QPen(color, 2))
        wash = QColor(color)
        wash.setAlpha(14)
        painter.setBrush(wash)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)


class Callout(QFrame):
    """A heading, a sentence or two, how far it is, and two buttons."""

    went_on = Signal()
    skipped = Signal()

    def __init__(self, appearance: Appearance, room: QWidget) -> None:
        super().__init__(room)
        self._room = room
        self.ring = Ring(appearance, room)
        self.setProperty("panel", "raised")
        self.setFixedWidth(_WIDTH)
        cast_shadow(self)
        self.heading = QLabel()
        self.heading.setFont(appearance.font(TextSize.LARGE, MEDIUM))
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setFixedWidth(_INNER)
        self.count = QLabel()
        self.count.setFont(appearance.font(TextSize.SMALL))
        self.count.setProperty("tone", "muted")
        self.skip = make_button("Skip", kind=ButtonKind.QUIET)
        self.skip.clicked.connect(lambda: self.skipped.emit())
        self.next = make_button("Next", kind=ButtonKind.PRIMARY)
        self.next.clicked.connect(lambda: self.went_on.emit())
        for button in (self.skip, self.next):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it was
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.skip)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(_SIDE, 12, _SIDE, 12)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.words)
        column.addSpacing(4)
        column.addLayout(foot)
        self.hide()

    def speak(self, heading: str, words: str, *, count: str, last: bool) -> None:
        """Say something else, also to those who listen."""
        self.heading.setText(heading)
        self.words.setText(words)
        self.words.ensurePolished()
        self.words.setFixedHeight(self.words.heightForWidth(_INNER))
        self.count.setText(count)
        self.skip.setVisible(not last)
        self.next.setText("Done" if last else "Next")
        self.setAccessibleName(f"{heading}. {words}")
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"{heading}. {words}"))

    def point_at(self, part: QRect) -> None:
        """Stand beside a part of the room: below a low one, at the foot of a tall one, to its left."""
        self.ring.setGeometry(part)
        self.ring.show()
        self.ring.raise_()
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.adjustSize()
        room = self._room.rect()
        if part.height() > room.height() // 2:
            at = QPoint(part.left() - self.width() - _GAP, part.bottom() - self.height() - 2 * _GAP)
        else:
            at = QPoint(part.center().x() - self.width() // 2, part.bottom() + _GAP)
        x = max(_GAP, min(at.x(), room.width() - self.width() - _GAP))
        y = max(_GAP, min(at.y(), room.height() - self.height() - _GAP))
        self.move(x, y)
        self.show()
        self.raise_()

    def leave(self) -> None:
        """Go, ring and all."""
        self.ring.hide()
        self.hide()
