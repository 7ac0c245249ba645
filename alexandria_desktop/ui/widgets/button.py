"""Buttons by what they are for: primary, plain, quiet, danger, link; with a word, an icon or both."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from alexandria_desktop.ui.appearance.icons import TOOLBAR_SIZE


class ButtonKind(StrEnum):
    """How loud a button is; a screen has one primary button at most."""

    PRIMARY = "primary"
    PLAIN = "plain"
    QUIET = "quiet"
    DANGER = "danger"
    LINK = "link"


def make_button(
    words: str, *, kind: ButtonKind = ButtonKind.PLAIN, icon: QIcon | None = None, parent: QWidget | None = None
) -> QPushButton:
    """Return a button with a verb on it."""
    button = QPushButton(words, parent)
    button.setProperty("kind", str(kind))
    button.setAutoDefault(False)
    if kind is ButtonKind.LINK:
        button.setCursor(Qt.CursorShape.PointingHandCursor)
    if icon is not None:
        button.setIcon(icon)
        button.setIconSize(QSize(16, 16))
    return button


def make_icon_button(icon: QIcon, name: str, *, words: bool = False, parent: QWidget | None = None) -> QToolButton:
    """Return a toolbar button; ``name`` is read out and shown as its tip, and stands beside the icon if ``words``."""
    button = QToolButton(parent)
    button.setIcon(icon)
    button.setIconSize(QSize(TOOLBAR_SIZE, TOOLBAR_SIZE))
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if words:
        button.setText(name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    else:
        button.setToolTip(name)
    return button
