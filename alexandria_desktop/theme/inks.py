"""Highlights that never hide their words: how strong an ink may lie on a page."""

from __future__ import annotations

from alexandria_desktop.theme.color import parse
from alexandria_desktop.theme.contrast import covered, ratio
from alexandria_desktop.theme.model import Tokens

_ONCE, _TWICE = 5.5, 4.7
"""Above AA, since another ink, a little lighter, may lie on top."""
_STEP = 0.01
_LEAST = 0.06


def legible_strength(ink: str, tokens: Tokens, *, wanted: float) -> float:
    """Return the greatest opacity up to ``wanted`` at which text stays legible on the ink, laid once and twice.

    Where the text is itself below AA on the bare surface nothing helps, and the least opacity is returned.
    """
    strength = wanted
    while strength > _LEAST:
        once = covered(ink, tokens.surface, strength=strength)
        twice = covered(ink, once, strength=strength)
        if ratio(tokens.text, once) >= _ONCE and ratio(tokens.text, twice) >= _TWICE:
            return round(strength, 2)
        strength -= _STEP
    return _LEAST


def ink_css(ink: str, tokens: Tokens, *, wanted: float) -> str:
    """Return the ink as a translucent CSS colour that keeps the text legible."""
    return parse(ink).css(legible_strength(ink, tokens, wanted=wanted))
