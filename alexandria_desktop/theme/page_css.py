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

HIGHLIGHTS = ("ink-1", "ink-2", "ink-3", "ink-4", "ink-5", "ink-6", "search", "found", "speech")
"""The names of the CSS highlights that the page's script registers; ink 6 is what a teacher marked."""

_PLATE_LINE = "#1d1c1a"
"""What drawings that take the colour of the text are drawn in on a plate."""

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
    return _colors(theme) | _highlights(theme) | _choices(theme) | _pictures(theme) | _type(theme.typography)


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


def _choices(theme: Theme) -> dict[str, str]:
    """Who decides: the flags that the rules ask."""
    typography = theme.typography
    # In the dark a book's own colours would be black on black; there the theme always decides.
    own_colors = typography.publisher_colors and theme.kind is Kind.LIGHT
    spaced = bool(typography.letter_spacing or typography.word_spacing)
    return {
        "--colors": "book" if own_colors else "theme",
        "--fonts": "book" if typography.publisher_font else "theme",
        "--indents": "book" if typography.paragraph_indent == BOOKS_OWN else "reader",
        "--gaps": "book" if typography.paragraph_spacing == BOOKS_OWN else "reader",
        # Nothing asked for: a book that spaces its capitals keeps doing so.
        "--spaces": "reader" if spaced else "book",
    }


def _pictures(theme: Theme) -> dict[str, str]:
    light = theme.light
    plate = light.image_plate if theme.kind is Kind.DARK else ""
    return {
        "--image-filter": "none" if light.image_brightness >= 1 else f"brightness({light.image_brightness:g})",
        "--plates": "on" if plate else "off",
        "--plate": plate or "none",
        "--plate-line": _PLATE_LINE,
    }


def _type(typography: Typography) -> dict[str, str]:
    return {
        "--page-family": family_stack(typography.family),
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
        "--indent": f"{max(0.0, typography.paragraph_indent):g}em",
        "--paragraph-spacing": f"{max(0.0, typography.paragraph_spacing):g}em",
        "--letter-spacing": f"{typography.letter_spacing:g}em",
        "--word-spacing": f"{typography.word_spacing:g}em",
    }
