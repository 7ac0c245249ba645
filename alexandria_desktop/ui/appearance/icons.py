"""Icons drawn as letters of one icon font, in the theme's colours at the moment they are painted.

QtAwesome carries the font; its own loader would read seven fonts and cost 180 ms at the start, so the one file and
its map are read here (a few milliseconds, when the first icon is painted).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.ui.appearance.icon_names import DRAWINGS

Shade = Callable[[str], QColor]
"""The colour of a token now."""

TOOLBAR_SIZE = 18


class TokenIcon(QIconEngine):
    """Paints one drawing in the colour of a token, so that a change of theme needs no new icons."""

    def __init__(self, letter: str, token: str, shade: Shade) -> None:
        super().__init__()
        self._letter = letter
        self._token = token
        self._shade = shade

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        """Paint the drawing as large as the rectangle lets it be."""
        token = "disabled" if mode == QIcon.Mode.Disabled else self._token
        font = QFont(_family())
        font.setPixelSize(max(1, min(rect.width(), rect.height())))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        painter.setFont(font)
        painter.setPen(self._shade(token))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the drawing as a picture."""
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return picture

    def clone(self) -> QIconEngine:
        """Return an engine for a copied icon."""
        return TokenIcon(self._letter, self._token, self._shade)


def make_icon(name: str, token: str, shade: Shade) -> QIcon:
    """Return the icon for a meaning; a name that is not in ``DRAWINGS`` is our own mistake."""
    drawing = DRAWINGS.get(name)
    letter = _letters().get(drawing) if drawing else None
    if letter is None:
        raise ProgramError(Code.RESOURCE_MISSING, "An icon of the program is missing.", detail=name)
    return QIcon(TokenIcon(letter, token, shade))


def drawing_names() -> frozenset[str]:
    """Return every drawing that the font has."""
    return frozenset(_letters())


@cache
def _font_folder() -> Path:
    spec = find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise ProgramError(Code.RESOURCE_MISSING, "The program's icons are missing. Install it again.")
    return Path(spec.origin).parent / "fonts"


def _only(pattern: str) -> Path:
    found = sorted(_font_folder().glob(pattern))
    if not found:
        raise ProgramError(Code.RESOURCE_MISSING, "The program's icons are missing. Install it again.", detail=pattern)
    return found[-1]


@cache
def _family() -> str:
    number = QFontDatabase.addApplicationFont(str(_only("phosphor-[0-9]*.ttf")))
    return QFontDatabase.applicationFontFamilies(number)[0]


@cache
def _letters() -> dict[str, str]:
    data = json.loads(_only("phosphor-charmap-*.json").read_text(encoding="utf-8"))
    return {name: chr(int(point, 16)) for name, point in data.items()}
