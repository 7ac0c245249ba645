"""The look of a reading page: one constant style sheet, and the variables that make it a theme.

Everything that a reader can change is a variable on ``:root``; another theme is another set of values, set by the
page's script without a new style sheet. The rules lie in two cascade layers, so the sheet must come before the
book's own styles: then what we only suggest gives way to the book, and what we insist on wins.
"""

from __future__ import annotations

from functools import cache

from alexandria_desktop.base.resources import resource
from alexandria_desktop.theme.color import mix, parse
from alexandria_desktop.theme.fonts import CODE_FAMILY, average_width, family_stack, font_face_css
from alexandria_desktop.theme.inks import ink_css
from alexandria_desktop.theme.model import BOOKS_OWN, Kind, Theme, Typography

FONT_BASE = "alexandria-book://fonts"

HIGHLIGHTS = ("ink-1", "ink-2", "ink-3", "ink-4", "ink-5", "search", "found", "speech")
"""The names of the CSS highlights that the page's script registers."""

_LEAVE = "initial"
"""The value that makes ``var(--x, revert-layer)`` fall back to what the book says."""

_LINES = ("", "solid", "dotted", "dashed", "double")
"""How the inks differ without their hues: for e-ink, high contrast and eyes that see few colours."""


def page_css(theme: Theme, *, fonts: str = FONT_BASE) -> str:
    """Return the whole style sheet of a page: fonts, the theme's variables, the rules."""
    return f"{font_face_css(fonts)}\n{variables_css(theme)}\n{page_rules()}"


def variables_css(theme: Theme) -> str:
    """Return the theme as one ``:root`` rule."""
    lines = "".join(f"  {name}: {value};\n" for name, value in page_variables(theme).items())
    return f":root {{\n{lines}}}\n"


def page_variables(theme: Theme) -> dict[str, str]:
    """Return every variable of the page by its CSS name; setting them on ``:root`` is the whole change of theme."""
    return _colors(theme) | _highlights(theme) | _own_colors(theme) | _pictures(theme) | _type(theme.typography)


@cache
def page_rules() -> str:
    """Return the rules that are the same in every theme."""
    return resource("themes/page.css").read_text(encoding="utf-8")


def measure_in_pixels(typography: Typography) -> float:
    """Return the longest line in pixels, from characters and the mean width of the face's letters."""
    letter = average_width(typography.family) + typography.letter_spacing + typography.word_spacing / 6
    return typography.measure * letter * typography.size


def _colors(theme: Theme) -> dict[str, str]:
    names = ("surface", "raised", "text", "muted", "faint", "hairline", "accent", "accent_text", "selection", "focus")
    colors = {f"--{name.replace('_', '-')}": str(getattr(theme.tokens, name)) for name in names}
    tint = mix(parse(theme.tokens.text), parse(theme.tokens.surface), amount=0.05)
    return {"--scheme": str(theme.kind), **colors, "--tint": str(tint)}


def _highlights(theme: Theme) -> dict[str, str]:
    tokens, wanted = theme.tokens, theme.light.ink_strength
    inks = {f"--ink-{number}": ink_css(ink, tokens, wanted=wanted) for number, ink in enumerate(tokens.inks, 1)}
    lines = {
        f"--ink-{number}-line": f"underline {line} 2px {ink}" if theme.light.ink_lines and line else "none"
        for number, (ink, line) in enumerate(zip(tokens.inks, _LINES, strict=True), 1)
    }
    return {
        **inks,
        **lines,
        "--search": ink_css(tokens.accent, tokens, wanted=0.25),
        "--found": tokens.accent,
        "--found-text": tokens.accent_text,
        "--speech": ink_css(tokens.accent, tokens, wanted=0.18),
    }


_INSISTED = {
    "--own-color": "inherit",
    "--own-background": "none",
    "--own-border": "var(--hairline)",
    "--own-line": "var(--faint)",
    "--own-shadow": "none",
    "--own-link": "var(--accent)",
    "--own-muted": "var(--muted)",
    "--own-tint": "var(--tint)",
}


def _own_colors(theme: Theme) -> dict[str, str]:
    """What is done to the book's own colours: in a dark theme always, in a light one unless the reader wants them."""
    if theme.typography.publisher_colors and theme.kind is Kind.LIGHT:
        return dict.fromkeys(_INSISTED, _LEAVE)
    return dict(_INSISTED)


def _pictures(theme: Theme) -> dict[str, str]:
    light = theme.light
    dark_plate = light.image_plate if theme.kind is Kind.DARK else ""
    return {
        "--image-filter": "none" if light.image_brightness >= 1 else f"brightness({light.image_brightness:g})",
        "--image-plate": dark_plate or _LEAVE,
        "--image-line": "#1d1c1a" if dark_plate else _LEAVE,
    }


def _type(typography: Typography) -> dict[str, str]:
    return {
        "--page-family": _LEAVE if typography.publisher_font else family_stack(typography.family),
        "--default-family": family_stack(typography.family),
        "--code-family": family_stack(CODE_FAMILY),
        "--size": f"{typography.size}px",
        "--line-height": f"{typography.line_height:g}",
        "--weight": str(typography.weight),
        "--measure": f"{measure_in_pixels(typography):.0f}px",
        "--margin-x": f"{typography.margin_x}px",
        "--margin-y": f"{typography.margin_y}px",
        "--columns": str(typography.columns or "auto"),
        "--align": "justify" if typography.justify else "start",
        "--hyphens": "auto" if typography.hyphenate else "manual",
        "--indent": _ems_or_own(typography.paragraph_indent),
        "--paragraph-spacing": _ems_or_own(typography.paragraph_spacing),
        "--letter-spacing": _spacing(typography.letter_spacing),
        "--word-spacing": _spacing(typography.word_spacing),
    }


def _ems_or_own(value: float) -> str:
    return _LEAVE if value == BOOKS_OWN else f"{value:g}em"


def _spacing(value: float) -> str:
    # Nothing asked for: a book that spaces its capitals keeps doing so.
    return f"{value:g}em" if value else _LEAVE
