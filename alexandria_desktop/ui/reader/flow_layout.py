"""From a theme's typography to what the page script lays out by."""

from __future__ import annotations

from typing import Any

from alexandria_desktop.theme.model import Theme
from alexandria_desktop.theme.page_css import measure_in_pixels


def layout_settings(theme: Theme, *, scrolled: bool, fixed: bool) -> dict[str, Any]:
    """Return the layout for ``Flow.configure`` in the page script."""
    typography = theme.typography
    return {
        "flow": "scrolled" if scrolled else "paged",
        "columns": typography.columns,
        "inline": typography.margin_x,
        "block": typography.margin_y,
        "measure": round(measure_in_pixels(typography)),
        "fixed": fixed,
    }
