"""What is seen under the pointer while books are dragged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize

_COVER = QSize(48, 72)
_ROOM = 12


def dragged_picture(cover: QPixmap | None, count: int, appearance: Appearance, ratio: float) -> QPixmap:
    """Return the first cover, made small, with the number of books on its corner when they are several."""
    size = _COVER + QSize(_ROOM, _ROOM)
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    box = QRectF(0, _ROOM, _COVER.width(), _COVER.height())
    if cover is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(appearance.color("faint"))
        painter.drawRoundedRect(box, 3, 3)
    else:
        fitted = cover.deviceIndependentSize().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawPixmap(QRectF(box.topLeft(), fitted), cover, QRectF(cover.rect()))
    if count > 1:
        _badge(painter, QRectF(_COVER.width() - 14, 0, 26, 20), count, appearance)
    painter.end()
    return picture


def _badge(painter: QPainter, area: QRectF, count: int, appearance: Appearance) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(appearance.color("accent"))
    painter.drawRoundedRect(area, 10, 10)
    painter.setPen(appearance.color("accent_text"))
    painter.setFont(appearance.font(TextSize.SMALL, MEDIUM))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(count) if count < 1000 else "999+")
