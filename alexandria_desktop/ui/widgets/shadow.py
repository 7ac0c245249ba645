"""The two shadows of the window: of what lies just over a page, and of what stands far before everything."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsDropShadowEffect, QWidget


def cast_shadow(widget: QWidget, *, far: bool = False) -> None:
    """Have a widget cast a shadow: a card or bar a small one, a sheet over the whole window a wide one."""
    blur, down, strength = (48, 12, 90) if far else (24, 4, 70)
    shadow = QGraphicsDropShadowEffect(widget)
    shadow.setBlurRadius(blur)
    shadow.setOffset(0, down)
    shadow.setColor(QColor(0, 0, 0, strength))
    widget.setGraphicsEffect(shadow)
