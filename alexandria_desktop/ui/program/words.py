"""Headings and lines of the page about the program."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize


def heading(appearance: Appearance, words: str, size: TextSize = TextSize.LARGE) -> QLabel:
    """Return the heading of a part."""
    label = QLabel(words)
    label.setFont(appearance.font(size, MEDIUM))
    return label


def line(appearance: Appearance, words: str = "", *, tone: str = "", is_small: bool = False) -> QLabel:
    """Return words that wrap and can be copied, by mouse or by keys."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if tone:
        label.setProperty("tone", tone)
    if is_small:
        label.setFont(appearance.font(TextSize.SMALL))
    return label
