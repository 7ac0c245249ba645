"""A reader's changes: checked, clamped, worked into an environment, and kept as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.theme.color import parse
from alexandria_desktop.theme.contrast import luminance
from alexandria_desktop.theme.environments import environment
from alexandria_desktop.theme.families import FAMILIES, Role
from alexandria_desktop.theme.fonts import SYSTEM
from alexandria_desktop.theme.harmony import harmonise
from alexandria_desktop.theme.model import (
    BOOKS_OWN,
    TOKEN_NAMES,
    Customizations,
    Environment,
    Kind,
    Theme,
    Tokens,
    Typography,
)

Value = str | int | float | bool

# Names of installed families reach a style sheet; nothing that could end a string there may pass.
_SYSTEM_FAMILY = re.compile(r"[\w .&+\-]{1,60}")
_LAYOUT = ("measure", "margin_x", "margin_y", "columns")


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest value, the step of a slider, and how many decimals are kept."""

    least: float
    greatest: float
    step: float
    decimals: int = 0

    def clamp(self, value: float) -> int | float:
        """Return the nearest value within the range."""
        kept = min(self.greatest, max(self.least, value))
        return round(kept, self.decimals) if self.decimals else round(kept)


RANGES: dict[str, Range] = {
    "size": Range(10, 48, 1),
    "line_height": Range(1.0, 2.5, 0.05, 2),
    "weight": Range(200, 900, 50),
    "measure": Range(30, 120, 2),
    "margin_x": Range(0, 240, 8),
    "margin_y": Range(0, 160, 8),
    "columns": Range(0, 2, 1),
    "paragraph_indent": Range(0, 4, 0.1, 2),
    "paragraph_spacing": Range(0, 3, 0.1, 2),
    "letter_spacing": Range(-0.05, 0.3, 0.005, 3),
    "word_spacing": Range(-0.2, 1.0, 0.02, 3),
}
"""The ranges of typography's numbers, for sliders and for clamping alike."""


def built_in(environment_id: str) -> Theme:
    """Return a built-in environment as a theme; THEME_UNKNOWN when there is none of that id."""
    return make_theme(environment(environment_id))


def make_theme(
    base: Environment, customizations: Customizations | None = None, *, id: str = "", name: str = ""
) -> Theme:
    """Return the environment with the changes worked in; the id and name default to the environment's."""
    changes = _without_noise(base, customizations or Customizations())
    tokens = harmonise(replace(base.tokens, **changes.tokens), chosen=frozenset(changes.tokens))
    return Theme(
        id=id or base.id,
        name=name or base.name,
        environment=base,
        customizations=changes,
        kind=_kind(tokens) if changes.tokens else base.kind,
        tokens=tokens,
        typography=replace(base.typography, **changes.typography),  # type: ignore[arg-type]
    )


def changed(theme: Theme, **values: Value) -> Theme:
    """Return the theme with tokens or typography changed by name, as a panel does while a slider moves."""
    tokens = {name: value for name, value in values.items() if name in TOKEN_NAMES}
    rest = {name: value for name, value in values.items() if name not in TOKEN_NAMES}
    changes = Customizations(
        tokens=theme.customizations.tokens | {name: _color(value) for name, value in tokens.items()},
        typography=theme.customizations.typography | {name: _typographic(name, value) for name, value in rest.items()},
    )
    return make_theme(theme.environment, changes, id=theme.id, name=theme.name)


def reset(theme: Theme, *names: str) -> Theme:
    """Return the theme with the named changes taken back, or all of them when none is named."""
    changes = theme.customizations
    kept = Customizations(
        tokens={name: value for name, value in changes.tokens.items() if names and name not in names},
        typography={name: value for name, value in changes.typography.items() if names and name not in names},
    )
    return make_theme(theme.environment, kept, id=theme.id, name=theme.name)


def on_environment(theme: Theme, base: Environment) -> Theme:
    """Return another environment with the reader's typography kept: a swatch changes colours, never the type size."""
    kept = Customizations(typography=dict(theme.customizations.typography))
    return make_theme(base, kept)


def to_json(changes: Customizations) -> dict[str, dict[str, Value]]:
    """Return what ``user_themes.customizations`` holds: colours, typography and layout by name."""
    groups: dict[str, dict[str, Value]] = {
        "colors": dict(changes.tokens),
        "typography": {name: value for name, value in changes.typography.items() if name not in _LAYOUT},
        "layout": {name: value for name, value in changes.typography.items() if name in _LAYOUT},
    }
    return {name: group for name, group in groups.items() if group}


def from_json(data: Mapping[str, Any]) -> Customizations:
    """Read ``user_themes.customizations``; names of a later version are passed over, wrong values refused."""
    colors, typography, layout = (_group(data, name) for name in ("colors", "typography", "layout"))
    known = Typography.__dataclass_fields__
    return Customizations(
        tokens={name: _color(value) for name, value in colors.items() if name in TOKEN_NAMES},
        typography={name: _typographic(name, value) for name, value in (typography | layout).items() if name in known},
    )


def _group(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    group = data.get(name, {})
    if not isinstance(group, Mapping):
        raise _invalid(f"{name} is not an object")
    return dict(group)


def _color(value: object) -> str:
    if not isinstance(value, str):
        raise _invalid(f"not a colour: {value!r}")
    return str(parse(value))


def _typographic(name: str, value: object) -> Value:
    """Check one value of typography by its field's type, and clamp numbers into their range."""
    field = Typography.__dataclass_fields__.get(name)
    if field is None:
        raise _invalid(f"no such setting: {name}")
    if name == "family":
        return _family(value)
    if isinstance(field.default, bool):
        if not isinstance(value, bool):
            raise _invalid(f"{name} is {value!r}, not true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise _invalid(f"{name} is {value!r}, not a number")
    if name.startswith("paragraph_") and value == BOOKS_OWN:
        return BOOKS_OWN
    return RANGES[name].clamp(value)


def _family(value: object) -> str:
    if isinstance(value, str):
        if value in FAMILIES and FAMILIES[value].role is not Role.SCRIPT:
            return value
        if value.startswith(SYSTEM) and _SYSTEM_FAMILY.fullmatch(value.removeprefix(SYSTEM)):
            return value
    raise _invalid(f"not a typeface: {value!r}")


def _without_noise(base: Environment, changes: Customizations) -> Customizations:
    # A slider moved back to where it was is no change.
    return Customizations(
        tokens={name: value for name, value in changes.tokens.items() if value != getattr(base.tokens, name)},
        typography={
            name: value for name, value in changes.typography.items() if value != getattr(base.typography, name)
        },
    )


def _kind(tokens: Tokens) -> Kind:
    return Kind.DARK if luminance(parse(tokens.surface)) < luminance(parse(tokens.text)) else Kind.LIGHT


def _invalid(detail: str) -> ReaderError:
    return ReaderError(Code.THEME_INVALID, "This theme cannot be used: one of its settings is wrong.", detail=detail)
