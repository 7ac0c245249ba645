"""Panes of a course: a column of a comfortable width in the middle, which scrolls."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from alexandria_desktop.ui.courses.words import MEASURE


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


def scrolled(inner: QWidget) -> QScrollArea:
    """Return a pane that scrolls a widget in the middle."""
    inner.setMaximumWidth(MEASURE)
    around = _Middle()
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
