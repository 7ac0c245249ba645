"""The contrast guard: every pair of a theme that is read together, judged, with a sentence where it fails."""

from __future__ import annotations

from alexandria_desktop.theme.contrast import Contrast, judge
from alexandria_desktop.theme.model import Theme

_PAIRS = (
    ("Text", "text", "surface"),
    ("Secondary text", "muted", "surface"),
    ("Links", "accent", "surface"),
    ("Text on panels", "text", "raised"),
    ("Words on buttons", "accent_text", "accent"),
    ("Selected text", "text", "selection"),
)


def warnings(theme: Theme) -> tuple[Contrast, ...]:
    """Return what is hard to read in the theme, the worst first; empty when all is well."""
    judged = (
        judge(getattr(theme.tokens, ink), getattr(theme.tokens, ground), what=what) for what, ink, ground in _PAIRS
    )
    return tuple(sorted((item for item in judged if item.warning), key=lambda item: item.ratio))
