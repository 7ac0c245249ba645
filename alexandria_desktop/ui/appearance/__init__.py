"""How the window looks: palette, style sheet, fonts and icons, all drawn from one theme."""

from alexandria_desktop.ui.appearance.appearance import Appearance

__all__ = ["Appearance"]
