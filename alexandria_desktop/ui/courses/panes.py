"""Panes of a course: a column of a comfortable width in the middle, which scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from alexandria_desktop.ui.courses.words import MEASURE


def scrolled(inner: QWidget) -> QScrollArea:
    """Return a pane that scrolls a widget in the middle."""
    inner.setMaximumWidth(MEASURE)
    around = QWidget()
    row = QHBoxLayout(around)
    row.setContentsMargins(24, 0, 24, 0)
    row.addStretch(1)
    row.addWidget(inner, 100)
    row.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(around)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
