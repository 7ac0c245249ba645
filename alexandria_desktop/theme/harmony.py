"""When a reader chooses some colours, the others follow: nothing is left over from the theme before."""

from __future__ import annotations

from dataclasses import replace

from alexandria_desktop.theme.color import mix, parse
from alexandria_desktop.theme.contrast import AA, AA_LARGE, nearest_passing, ratio
from alexandria_desktop.theme.model import Tokens

_GROUND = frozenset({"surface", "text"})


def harmonise(tokens: Tokens, *, chosen: frozenset[str]) -> Tokens:
    """Return the tokens with those that were not chosen fitted to those that were; a choice itself is never altered."""
    fitted = tokens
    if chosen & _GROUND:
        fitted = _fit(fitted, chosen, **_greys(fitted))
        fitted = _fit(fitted, chosen, **_signals(fitted))
    if chosen & (_GROUND | {"accent"}):
        fitted = _fit(fitted, chosen, **_accents(fitted))
    return fitted


def _fit(tokens: Tokens, chosen: frozenset[str], **values: str) -> Tokens:
    return replace(tokens, **{name: value for name, value in values.items() if name not in chosen})


def _greys(tokens: Tokens) -> dict[str, str]:
    """The steps between surface and text."""

    def step(amount: float, least: float = 1) -> str:
        grey = str(mix(parse(tokens.text), parse(tokens.surface), amount=amount))
        return grey if least <= 1 else nearest_passing(grey, tokens.surface, minimum=least)

    return {
        "raised": step(0.035),
        "hairline": step(0.14),
        "faint": step(0.45, AA_LARGE + 0.2),
        "muted": step(0.68, AA + 0.4),
    }


def _signals(tokens: Tokens) -> dict[str, str]:
    """The colours that say something, moved just far enough to be read."""
    named = {"accent": tokens.accent, "danger": tokens.danger, "warning": tokens.warning, "success": tokens.success}
    return {name: nearest_passing(color, tokens.surface, minimum=AA + 0.4) for name, color in named.items()}


def _accents(tokens: Tokens) -> dict[str, str]:
    accent, surface = parse(tokens.accent), parse(tokens.surface)
    on_accent = max(("#ffffff", "#101010"), key=lambda text: ratio(text, tokens.accent))
    return {
        "accent_text": on_accent,
        "selection": str(mix(accent, surface, amount=0.26)),
        "focus": nearest_passing(tokens.accent, tokens.surface, minimum=AA_LARGE),
    }
