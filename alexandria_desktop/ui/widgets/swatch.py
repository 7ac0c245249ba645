"""A theme to choose: a small page in its colours, with its name below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from alexandria_desktop.theme.contrast import covered
from alexandria_desktop.theme.inks import legible_strength
from alexandria_desktop.theme.model import Environment, Theme
from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import TextSize, page_font

_WIDTH, _HEIGHT = 88, 60
_LABEL = 22
_RADIUS = 8


class Swatch(QAbstractButton):
    """A checkable picture of a theme; one of a group holds."""

    def __init__(self, appearance: Appearance, theme: Theme | Environment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._appearance = appearance
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setText(theme.name)
        self.setAccessibleName(f"Theme {theme.name}")
        environment = theme if isinstance(theme, Environment) else theme.environment
        self.setToolTip(environment.description)
        self._ink_strength = environment.light.ink_strength
        self.setFont(appearance.font(TextSize.SMALL))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        appearance.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the size of the page and the name."""
        return QSize(_WIDTH + 8, _HEIGHT + _LABEL + 8)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be chosen."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Step back."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the page, the ring and the name."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        page = QRectF(4, 4, _WIDTH, _HEIGHT)
        self._paint_page(painter, page)
        self._paint_ring(painter, page)
        painter.setPen(self._appearance.color("text" if self.isChecked() else "muted"))
        painter.setFont(self.font())
        name = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, _WIDTH + 4)
        painter.drawText(QRectF(0, page.bottom() + 4, self.width(), _LABEL), Qt.AlignmentFlag.AlignCenter, name)

    def _paint_page(self, painter: QPainter, page: QRectF) -> None:
        tokens = self.theme.tokens
        outline = QPainterPath()
        outline.addRoundedRect(page, _RADIUS, _RADIUS)
        painter.fillPath(outline, QColor(tokens.surface))
        painter.setFont(page_font(24, 500, key=self._family()))
        painter.setPen(QColor(tokens.text))
        painter.drawText(page.adjusted(12, 0, 0, -2), int(Qt.AlignmentFlag.AlignVCenter), "Aa")
        self._paint_lines(painter, page)

    def _paint_lines(self, painter: QPainter, page: QRectF) -> None:
        """Paint three lines of a page: an accent, text, a highlight."""
        tokens = self.theme.tokens
        strength = legible_strength(tokens.ink_1, tokens, wanted=self._ink_strength)
        painter.setPen(Qt.PenStyle.NoPen)
        lines = (
            (tokens.accent, 24.0, 3.0),
            (tokens.muted, 18.0, 3.0),
            (covered(tokens.ink_1, tokens.surface, strength=min(1.0, strength * 1.4)), 24.0, 8.0),
        )
        top = page.center().y() - 13
        for color, width, height in lines:
            painter.setBrush(QColor(color))
            painter.drawRoundedRect(QRectF(page.right() - 36, top, width, height), 1.5, 1.5)
            top += 9

    def _paint_ring(self, painter: QPainter, page: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.isChecked() or self.hasFocus():
            color = self._appearance.color("focus" if self.hasFocus() else "accent")
            painter.setPen(QPen(color, 2))
            painter.drawRoundedRect(page.adjusted(-3, -3, 3, 3), _RADIUS + 3, _RADIUS + 3)
        shade = self._appearance.color("faint" if self.underMouse() else "hairline")
        painter.setPen(QPen(shade, 1))
        painter.drawRoundedRect(page.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def _family(self) -> str:
        key = self.theme.typography.family
        return "literata" if ":" in key else key
