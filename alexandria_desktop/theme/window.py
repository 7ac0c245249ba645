"""A theme's colours for the window: the tokens, and the shades that only controls need."""

from __future__ import annotations

from dataclasses import dataclass

from alexandria_desktop.theme.color import Rgb, mix, parse
from alexandria_desktop.theme.model import Kind, Theme, Tokens


@dataclass(frozen=True, slots=True)
class WindowTokens:
    """Colours of the window, each as ``#rrggbb``."""

    kind: Kind
    base: Tokens
    sidebar: str
    """A step beside the surface, for what frames it."""
    hover: str
    pressed: str
    track: str
    """The empty part of sliders and progress lines."""
    accent_hover: str
    accent_pressed: str
    accent_soft: str
    """The ground of what is chosen."""
    danger_soft: str
    warning_soft: str
    success_soft: str
    disabled: str
    """Words of what cannot be used now."""


def window_tokens(theme: Theme) -> WindowTokens:
    """Return the window's colours for a theme."""
    tokens = theme.tokens
    surface, text, accent = parse(tokens.surface), parse(tokens.text), parse(tokens.accent)

    def soft(color: str, amount: float = 0.13) -> str:
        return str(mix(parse(color), surface, amount=amount))

    return WindowTokens(
        kind=theme.kind,
        base=tokens,
        sidebar=_sidebar(surface, text, theme.kind),
        hover=soft(tokens.text, 0.06),
        pressed=soft(tokens.text, 0.11),
        track=soft(tokens.text, 0.15),
        accent_hover=str(mix(text, accent, amount=0.12)),
        accent_pressed=str(mix(text, accent, amount=0.22)),
        accent_soft=soft(tokens.accent, 0.14),
        danger_soft=soft(tokens.danger),
        warning_soft=soft(tokens.warning),
        success_soft=soft(tokens.success),
        disabled=soft(tokens.text, 0.42),
    )


def _sidebar(surface: Rgb, text: Rgb, kind: Kind) -> str:
    # Towards the text in light themes, towards black in dark ones: a frame is always the darker of the two.
    return str(mix(text if kind is Kind.LIGHT else Rgb(0, 0, 0), surface, amount=0.035 if kind is Kind.LIGHT else 0.16))
