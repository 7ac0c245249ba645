"""The window's style sheet: one template in ``resources/themes``, filled with a theme's tokens."""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache
from pathlib import Path

from alexandria_desktop.base.resources import resource
from alexandria_desktop.theme.color import mix, parse
from alexandria_desktop.theme.contrast import nearest_passing
from alexandria_desktop.theme.model import Kind
from alexandria_desktop.theme.window import WindowTokens

_TOKEN = re.compile(r"@([a-z_]+\w*)")


def style_sheet(tokens: WindowTokens, glyphs: Path) -> str:
    """Return the style sheet of a theme; ``glyphs`` is the folder with its small marks."""
    values = {**asdict(tokens.base), **_shades(tokens), "glyphs": glyphs.as_posix()}
    return _TOKEN.sub(lambda match: values[match.group(1)], _template())


@cache
def _template() -> str:
    return resource("themes/window.qss").read_text(encoding="utf-8")


def _shades(tokens: WindowTokens) -> dict[str, str]:
    own = {name: value for name, value in asdict(tokens).items() if name not in ("base", "kind")}
    text, surface = parse(tokens.base.text), parse(tokens.base.surface)
    light = tokens.kind is Kind.LIGHT
    return {
        **own,
        "line": str(mix(text, surface, amount=0.2)),
        "field": tokens.base.raised if light else str(mix(text, surface, amount=0.04)),
        "toast_action": nearest_passing(tokens.base.accent, tokens.base.text),
        "toast_hover": str(mix(surface, text, amount=0.16)),
    }
