"""The one object that knows the theme in use, dresses the program in it, and tells who wants to know."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from weakref import finalize

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.theme.environments import DEFAULT_LIGHT
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.theme.window import WindowTokens, window_tokens
from alexandria_desktop.ui.appearance.fonts import REGULAR, TextSize, load_window_fonts, window_font
from alexandria_desktop.ui.appearance.glyphs import write_glyphs
from alexandria_desktop.ui.appearance.icons import make_icon
from alexandria_desktop.ui.appearance.motion import CALM_MS, duration
from alexandria_desktop.ui.appearance.palette import make_palette
from alexandria_desktop.ui.appearance.stylesheet import style_sheet

_GROUND = """
[dressed="true"] {{ background: {}; }}
QScrollArea, QScrollArea > QWidget, QScrollArea > QWidget > QWidget {{ background: transparent; }}
"""
"""The ground of a part that is dressed by itself: beside a style sheet, Qt takes no palette of a part's own."""


class Appearance(QObject):
    """Holds the theme; widgets ask it for colours, fonts and icons, and repaint when ``changed`` says so."""

    changed = Signal(object)
    """The new ``Theme``."""

    def __init__(self, theme: Theme | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme or built_in(DEFAULT_LIGHT)
        self._tokens = window_tokens(self._theme)
        self._app: QApplication | None = None
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._folder = Path(tempfile.mkdtemp(prefix="alexandria-look-"))
        finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self.reduced_motion = False

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return self._theme

    @property
    def tokens(self) -> WindowTokens:
        """The window's colours."""
        return self._tokens

    def apply(self, app: QApplication) -> None:
        """Dress the program: Fusion, our fonts, the theme's palette and style sheet."""
        self._app = app
        app.setStyle("Fusion")
        load_window_fonts()
        app.setFont(window_font())
        self._dress()

    def use(self, theme: Theme) -> None:
        """Change to another theme."""
        same_window = window_tokens(theme) == self._tokens
        self._theme = theme
        self._tokens = window_tokens(theme)
        if not same_window:
            # A slider for the page's type must not redraw the whole window.
            self._dress()
        self.changed.emit(theme)

    def color(self, token: str) -> QColor:
        """Return the colour of a token of ``Tokens`` or ``WindowTokens``."""
        holder = self._tokens if hasattr(self._tokens, token) else self._tokens.base
        return QColor(str(getattr(holder, token)))

    def icon(self, name: str, token: str = "text") -> QIcon:
        """Return the icon for a meaning; it follows the theme by itself."""
        key = (name, token)
        if key not in self._icons:
            self._icons[key] = make_icon(name, token, self.color)
        return self._icons[key]

    def font(self, size: int = TextSize.BODY, weight: int = REGULAR) -> QFont:
        """Return the window's font."""
        return window_font(size, weight)

    def dress(self, part: QWidget) -> None:
        """Dress one part of the window in this theme, whatever the program's is."""
        part.setProperty("dressed", True)
        part.setStyleSheet(style_sheet(self._tokens, self._glyphs()) + _GROUND.format(self._tokens.base.surface))

    def duration(self, milliseconds: int = CALM_MS) -> int:
        """Return how long a movement takes, 0 where none is wanted."""
        return duration(milliseconds, reduced=self.reduced_motion)

    def _dress(self) -> None:
        if self._app is None:
            return
        self._app.setPalette(make_palette(self._tokens))
        self._app.setStyleSheet(style_sheet(self._tokens, self._glyphs()))

    def _glyphs(self) -> Path:
        """Return the folder with the theme's small marks, written when first wanted."""
        # Qt keeps pictures by path: each theme has a folder of its own.
        glyphs = self._folder / f"{self._tokens.base.accent_text}{self._tokens.base.muted}{self._tokens.base.accent}"
        glyphs = glyphs.with_name(glyphs.name.replace("#", ""))
        if not glyphs.is_dir():
            write_glyphs(self._tokens, glyphs)
        return glyphs
