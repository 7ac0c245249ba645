"""Colours as numbers: parse, mix, and walk along the lightness that the eye sees (OKLab)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from alexandria_desktop.base.errors import Code, ReaderError

_HEX = re.compile(r"#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


@dataclass(frozen=True, slots=True)
class Rgb:
    """An sRGB colour, each channel from 0 to 255."""

    red: int
    green: int
    blue: int

    def __str__(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    def css(self, alpha: float = 1.0) -> str:
        """Return the colour as CSS, with ``alpha`` from 0 (clear) to 1 (solid)."""
        if alpha >= 1:
            return str(self)
        return f"rgb({self.red} {self.green} {self.blue} / {alpha:.3g})"


def parse(text: str) -> Rgb:
    """Read ``#rgb`` or ``#rrggbb``; anything else is THEME_INVALID."""
    value = text.strip()
    if not _HEX.fullmatch(value):
        raise ReaderError(
            Code.THEME_INVALID,
            "A colour is written as # and six digits, for example #1c1b19.",
            detail=f"not a colour: {text[:40]!r}",
        )
    digits = value.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return Rgb(int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16))


def mix(top: Rgb, bottom: Rgb, *, amount: float) -> Rgb:
    """Return what is seen when ``top`` covers ``bottom`` with the opacity ``amount``."""

    def channel(over: int, under: int) -> int:
        return round(over * amount + under * (1 - amount))

    return Rgb(
        channel(top.red, bottom.red),
        channel(top.green, bottom.green),
        channel(top.blue, bottom.blue),
    )


def linear(channel: int) -> float:
    """Return an sRGB channel as linear light, from 0 to 1 (WCAG 2.2, relative luminance)."""
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else math.pow((value + 0.055) / 1.055, 2.4)


def _encoded(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * math.pow(value, 1 / 2.4) - 0.055


@dataclass(frozen=True, slots=True)
class Oklab:
    """A colour by lightness (0 to 1) and two opponent axes; equal steps look equal."""

    lightness: float
    a: float
    b: float


def to_oklab(color: Rgb) -> Oklab:
    """Return the colour in OKLab."""
    red, green, blue = linear(color.red), linear(color.green), linear(color.blue)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return Oklab(
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def from_oklab(color: Oklab) -> Rgb:
    """Return the nearest sRGB colour, losing chroma where the screen cannot show it."""
    chroma = 1.0
    while chroma > 0:
        channels = _channels(Oklab(color.lightness, color.a * chroma, color.b * chroma))
        if all(-0.002 <= channel <= 1.002 for channel in channels):
            break
        chroma -= 0.05
    else:
        channels = _channels(Oklab(color.lightness, 0, 0))
    red, green, blue = (round(min(1, max(0, channel)) * 255) for channel in channels)
    return Rgb(red, green, blue)


def _channels(color: Oklab) -> tuple[float, float, float]:
    long = (color.lightness + 0.3963377774 * color.a + 0.2158037573 * color.b) ** 3
    medium = (color.lightness - 0.1055613458 * color.a - 0.0638541728 * color.b) ** 3
    short = (color.lightness - 0.0894841775 * color.a - 1.2914855480 * color.b) ** 3
    return (
        _encoded(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _encoded(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _encoded(-0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short),
    )
