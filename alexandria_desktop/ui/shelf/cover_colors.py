"""The colours of covers made of type: one of twelve hues by the book's id, fitted to the theme."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from alexandria_desktop.theme.color import Oklab, from_oklab, mix, parse, to_oklab
from alexandria_desktop.theme.contrast import nearest_passing
from alexandria_desktop.theme.model import Kind, Theme

_HUES = (22, 46, 72, 105, 140, 165, 195, 228, 255, 282, 318, 352)
"""Degrees on the wheel of OKLCH, spaced so that neighbours can be told apart."""

_FULL = 0.06
"""The chroma of an accent from which a theme counts as coloured; greyer themes get greyer covers."""


@dataclass(frozen=True, slots=True)
class CoverLook:
    """What a cover takes from the theme; plain values, fit for any thread."""

    surface: str
    text: str
    dark: bool
    chroma: float
    """0 for a theme without colours, 1 for one that has them."""
    brightness: float
    """How bright pictures are shown."""


@dataclass(frozen=True, slots=True)
class CoverColors:
    """The colours of one cover made of type."""

    ground: str
    shade: str
    """A step darker: the spine, a band."""
    ink: str
    quiet: str
    """Rules and frames."""


def look_of(theme: Theme) -> CoverLook:
    """Return what covers take from a theme."""
    accent = to_oklab(parse(theme.tokens.accent))
    return CoverLook(
        surface=theme.tokens.surface,
        text=theme.tokens.text,
        dark=theme.kind is Kind.DARK,
        chroma=min(1.0, math.hypot(accent.a, accent.b) / _FULL),
        brightness=theme.light.image_brightness,
    )


def design_of(book: UUID) -> tuple[int, int]:
    """Return the hue and the composition of a book's cover, always the same for the same book."""
    number = book.int & 0xFFFF_FFFF
    return number % len(_HUES), number // len(_HUES) % 4


@lru_cache(maxsize=512)
def cover_colors(hue: int, *, pale: bool, look: CoverLook) -> CoverColors:
    """Return the colours of a hue: ``pale`` like paper, otherwise deep like cloth."""
    pale = pale and not look.dark
    if look.dark:
        lightness, chroma = 0.37, 0.055
    else:
        lightness, chroma = (0.9, 0.035) if pale else (0.47, 0.075)
    angle = math.radians(_HUES[hue])

    def shade(at: float, amount: float = 1.0) -> str:
        strength = chroma * amount * look.chroma
        color = from_oklab(Oklab(at, strength * math.cos(angle), strength * math.sin(angle)))
        # Paper takes more of the theme's own tint than cloth does.
        return str(mix(parse(look.surface), color, amount=0.3 if pale else 0.1))

    ground = shade(lightness)
    wanted = shade(0.36, 1.8) if pale else shade(0.95, 0.35)
    ink = nearest_passing(wanted, ground, minimum=5.5)
    return CoverColors(
        ground=ground,
        shade=shade(lightness - (0.05 if pale else 0.07)),
        ink=ink,
        quiet=str(mix(parse(ink), parse(ground), amount=0.45)),
    )
