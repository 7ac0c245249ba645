"""The marks inside small controls (tick, dot, arrows), written as SVG in a theme's colours.

A Qt style sheet takes pictures from files only, and a picture has one colour; so each theme writes its own few files.
"""

from __future__ import annotations

from pathlib import Path

from alexandria_desktop.theme.window import WindowTokens

_STROKE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16"><path d="{path}" fill="none" '
    'stroke="{color}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
_FILL = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">'
    '<circle cx="8" cy="8" r="3.2" fill="{color}"/></svg>'
)
_CHECK, _DASH = "M3.6 8.4 L6.7 11.4 L12.4 4.9", "M4.2 8 H11.8"
_DOWN, _UP, _RIGHT = "M4 6.2 L8 10.2 L12 6.2", "M4 9.8 L8 5.8 L12 9.8", "M6.2 4 L10.2 8 L6.2 12"


def write_glyphs(tokens: WindowTokens, folder: Path) -> None:
    """Write the marks of a theme into ``folder``."""
    on_accent, quiet, accent = tokens.base.accent_text, tokens.base.muted, tokens.base.accent
    marks = {
        "check": _STROKE.format(path=_CHECK, color=on_accent),
        "dash": _STROKE.format(path=_DASH, color=on_accent),
        "dot": _FILL.format(color=on_accent),
        "tick": _STROKE.format(path=_CHECK, color=accent),
        "down": _STROKE.format(path=_DOWN, color=quiet),
        "up": _STROKE.format(path=_UP, color=quiet),
        "right": _STROKE.format(path=_RIGHT, color=quiet),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in marks.items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
