"""Can it be read? Contrast by WCAG 2.2, in a number, a verdict and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from alexandria_desktop.theme.color import Oklab, Rgb, from_oklab, linear, mix, parse, to_oklab

AA = 4.5
AA_LARGE = 3.0
AAA = 7.0
AAA_LARGE = 4.5
_STEPS = 200
"""How finely lightness is tried between black and white."""


class Verdict(StrEnum):
    """What WCAG calls a pair of colours; ``FAIL`` is below AA."""

    AAA = "AAA"
    AA = "AA"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Contrast:
    """The judgement on one pair: ratio from 1 to 21, verdict, and words when they are needed."""

    ratio: float
    verdict: Verdict
    warning: str
    suggestion: str


def luminance(color: Rgb) -> float:
    """Return the relative luminance, from 0 (black) to 1 (white)."""
    return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)


def ratio(one: Rgb | str, other: Rgb | str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21, in either order."""
    first, second = luminance(_rgb(one)), luminance(_rgb(other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


def verdict(value: float, *, large: bool = False) -> Verdict:
    """Return the WCAG level of a ratio; large text (24 px, or 19 px bold) may have less."""
    if value >= (AAA_LARGE if large else AAA):
        return Verdict.AAA
    return Verdict.AA if value >= (AA_LARGE if large else AA) else Verdict.FAIL


def judge(text: str, surface: str, *, what: str = "Text", large: bool = False) -> Contrast:
    """Judge ``text`` on ``surface``; below AA come a warning sentence and the nearest colour that passes."""
    value = ratio(text, surface)
    level = verdict(value, large=large)
    if level is not Verdict.FAIL:
        return Contrast(ratio=value, verdict=level, warning="", suggestion="")
    minimum = AA_LARGE if large else AA
    better = nearest_passing(text, surface, minimum=minimum)
    warning = (
        f"{what} cannot be read easily on this background: contrast {_shown(value)} to 1, "
        f"at least {minimum:g} is needed. {better} would pass."
    )
    return Contrast(ratio=value, verdict=level, warning=warning, suggestion=better)


def nearest_passing(color: str, against: str, *, minimum: float = AA) -> str:
    """Return the colour nearest to ``color``, of the same hue, whose ratio to ``against`` reaches ``minimum``.

    Black or white, whichever is the better, when nothing of that hue can pass.
    """
    ground = parse(against)
    if ratio(color, ground) >= minimum:
        return str(parse(color))
    wanted = to_oklab(parse(color))
    passing = [
        candidate
        for step in range(_STEPS + 1)
        if ratio(candidate := from_oklab(Oklab(step / _STEPS, wanted.a, wanted.b)), ground) >= minimum
    ]
    if not passing:
        black, white = Rgb(0, 0, 0), Rgb(255, 255, 255)
        return str(max(black, white, key=lambda extreme: ratio(extreme, ground)))
    return str(min(passing, key=lambda candidate: abs(to_oklab(candidate).lightness - wanted.lightness)))


def covered(ink: str, surface: str, *, strength: float) -> str:
    """Return the colour seen where a translucent ink lies on the surface."""
    return str(mix(parse(ink), parse(surface), amount=strength))


def _rgb(color: Rgb | str) -> Rgb:
    return parse(color) if isinstance(color, str) else color


def _shown(value: float) -> str:
    # 4.496 must not be shown as 4.5, which would contradict the sentence.
    return f"{int(value * 10) / 10:g}"
