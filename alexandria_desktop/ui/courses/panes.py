"""Panes of a course: a bar at the head, a column of a comfortable width which scrolls, buttons at the foot."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QWidget

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.courses.words import MEASURE
from alexandria_desktop.ui.widgets.button import make_icon_button


class _Middle(QWidget):
    """As high as its wrapped lines need in the width that there is; Qt would ask for the height of narrow lines."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the width."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """Fit the height when something inside has changed."""
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            self.setMinimumHeight(max(1, layout.totalHeightForWidth(self.width())))


class Bar(QFrame):
    """The head of a screen of courses: the way back, a title, and what the screen puts at the end."""

    left = Signal()

    def __init__(self, appearance: Appearance, back: str, *at_end: QWidget, size: int = TextSize.LARGE) -> None:
        super().__init__()
        self.setFixedHeight(56)
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setFont(appearance.font(size, MEDIUM))
        button = make_icon_button(appearance.icon("back"), back)
        button.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 24, 0)
        row.setSpacing(12)
        row.addWidget(button)
        row.addWidget(self.title, 1)
        for part in at_end:
            row.addWidget(part)


def centred(inner: QWidget) -> QHBoxLayout:
    """Return a row with a widget in the middle, as wide as its ``maximumWidth`` lets it be."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(inner, 100)
    row.addStretch(1)
    return row


def scrolled(inner: QWidget) -> QScrollArea:
    """Return a pane that scrolls a widget in the middle."""
    inner.setMaximumWidth(MEASURE)
    around = _Middle()
    row = centred(inner)
    row.setContentsMargins(24, 0, 24, 0)
    around.setLayout(row)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(around)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def foot(*buttons: QWidget, beside: QWidget | None = None) -> QHBoxLayout:
    """Return a row of buttons at the end of a line, with words beside them."""
    row = QHBoxLayout()
    row.setSpacing(8)
    if beside is not None:
        row.addWidget(beside, 1)
    else:
        row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return row
