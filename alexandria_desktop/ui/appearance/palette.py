"""Qt's palette from a theme: every role is set, for no desktop's own scheme may show through."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from alexandria_desktop.theme.color import mix, parse
from alexandria_desktop.theme.window import WindowTokens

_Role = QPalette.ColorRole
_Group = QPalette.ColorGroup


def make_palette(tokens: WindowTokens) -> QPalette:
    """Return the palette of a theme, for Fusion."""
    base = tokens.base
    colors = {
        _Role.Window: base.surface,
        _Role.WindowText: base.text,
        _Role.Base: base.surface,
        _Role.AlternateBase: tokens.sidebar,
        _Role.Text: base.text,
        _Role.PlaceholderText: base.muted,
        _Role.Button: base.raised,
        _Role.ButtonText: base.text,
        _Role.BrightText: base.danger,
        _Role.ToolTipBase: base.text,
        _Role.ToolTipText: base.surface,
        _Role.Highlight: base.selection,
        _Role.HighlightedText: base.text,
        _Role.Accent: base.accent,
        _Role.Link: base.accent,
        _Role.LinkVisited: base.accent,
        **_bevels(tokens),
    }
    palette = QPalette()
    for role, color in colors.items():
        palette.setColor(role, QColor(color))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.HighlightedText):
        palette.setColor(_Group.Disabled, role, QColor(tokens.disabled))
    palette.setColor(_Group.Disabled, _Role.Highlight, QColor(tokens.hover))
    return palette


def _bevels(tokens: WindowTokens) -> dict[QPalette.ColorRole, str]:
    """The shades from which Fusion draws frames and arrows."""
    text, surface = parse(tokens.base.text), parse(tokens.base.surface)

    def shade(amount: float) -> str:
        return str(mix(text, surface, amount=amount))

    return {
        _Role.Light: tokens.base.raised,
        _Role.Midlight: shade(0.06),
        _Role.Mid: shade(0.2),
        _Role.Dark: shade(0.3),
        _Role.Shadow: shade(0.5),
    }
