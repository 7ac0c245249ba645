"""What a theme is: colours by meaning, typography, and the environment that gives both."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum

INK_NAMES = ("yellow", "green", "blue", "pink", "purple")
"""The five highlight inks, in the order of the tokens ``ink-1`` to ``ink-5``; a note stores the name."""

BOOKS_OWN = -1.0
"""The value of a paragraph's indent or spacing that leaves both to the book."""


class Kind(StrEnum):
    """Whether a theme is read as light or as dark."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours by meaning, each as ``#rrggbb``; window and page use these and no others."""

    surface: str
    raised: str
    text: str
    muted: str
    faint: str
    hairline: str
    accent: str
    accent_text: str
    danger: str
    warning: str
    success: str
    selection: str
    focus: str
    ink_1: str
    ink_2: str
    ink_3: str
    ink_4: str
    ink_5: str

    @property
    def inks(self) -> tuple[str, str, str, str, str]:
        """The five highlight inks in order."""
        return (self.ink_1, self.ink_2, self.ink_3, self.ink_4, self.ink_5)


TOKEN_NAMES = tuple(item.name for item in fields(Tokens))


@dataclass(frozen=True, slots=True)
class Typography:
    """How a page is set; lengths in CSS pixels, ems or characters as each line says."""

    family: str = "literata"
    """A key of ``fonts.FAMILIES``, or ``system:`` and the name of an installed family."""
    size: int = 18
    """Pixels."""
    line_height: float = 1.55
    """A multiple of the size."""
    weight: int = 400
    measure: int = 66
    """The longest line, in characters."""
    margin_x: int = 48
    """The least space at the sides of a page, in pixels."""
    margin_y: int = 48
    """The space above and below a page, in pixels."""
    columns: int = 0
    """0 as many as fit, 1 or 2."""
    justify: bool = False
    """Ragged by default: not every system's page engine has the dictionaries to hyphenate with."""
    hyphenate: bool = True
    paragraph_indent: float = BOOKS_OWN
    """Ems, or ``BOOKS_OWN``."""
    paragraph_spacing: float = BOOKS_OWN
    """Ems, or ``BOOKS_OWN``."""
    letter_spacing: float = 0.0
    """Ems."""
    word_spacing: float = 0.0
    """Ems."""
    publisher_font: bool = False
    """Whether the book's own fonts win."""
    publisher_colors: bool = False
    """Whether the book's own colours win; heeded in light themes only."""


@dataclass(frozen=True, slots=True)
class PageLight:
    """How inks and pictures are lit on a page; part of an environment, not customised."""

    ink_strength: float = 0.4
    """The opacity of a highlight over the surface."""
    ink_lines: bool = False
    """Whether each ink also has a line of its own, where hues are too few to tell them apart."""
    image_brightness: float = 1.0
    image_plate: str = ""
    """The colour laid under pictures that let light through, or nothing."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A built-in reading environment: one finished design."""

    id: str
    name: str
    kind: Kind
    description: str
    tokens: Tokens
    typography: Typography
    light: PageLight
    order: int = 0


@dataclass(frozen=True, slots=True)
class Customizations:
    """What a reader changed, by field name; empty for a theme as it came."""

    tokens: dict[str, str] = field(default_factory=dict)
    typography: dict[str, str | int | float | bool] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.tokens or self.typography)


@dataclass(frozen=True, slots=True)
class Theme:
    """An environment with the reader's changes worked in; what pages and windows are drawn from."""

    id: str
    name: str
    environment: Environment
    customizations: Customizations
    kind: Kind
    tokens: Tokens
    typography: Typography

    @property
    def light(self) -> PageLight:
        """How inks and pictures are lit."""
        return self.environment.light
