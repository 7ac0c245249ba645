"""The window's typefaces: registered with Qt, and asked for by size and weight."""

from __future__ import annotations

from enum import IntEnum
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from alexandria_desktop.theme.families import FAMILIES, Role
from alexandria_desktop.theme.fonts import PAGE_FAMILY, WINDOW_FAMILY, faces_of


class TextSize(IntEnum):
    """The six sizes of the window, in pixels; there are no others."""

    SMALL = 12
    BODY = 13
    LARGE = 15
    HEADING = 18
    TITLE = 24
    DISPLAY = 32


REGULAR, MEDIUM, SEMIBOLD = 400, 500, 600


def load_window_fonts() -> None:
    """Register the window's own face and the scripts that it lacks; quick, and done once."""
    ensure_family(WINDOW_FAMILY)
    for family in FAMILIES.values():
        # The big collections wait until something asks for them.
        if family.role is Role.SCRIPT and family.key != "cjk":
            ensure_family(family.key)


@cache
def ensure_family(key: str) -> bool:
    """Register one family with Qt; False when its files are not here."""
    added = [QFontDatabase.addApplicationFont(str(face.path)) for face in faces_of(key)]
    return bool(added) and all(number >= 0 for number in added)


def window_font(size: int = TextSize.BODY, weight: int = REGULAR) -> QFont:
    """Return the window's font."""
    return _font(_families(WINDOW_FAMILY), size, weight)


def page_font(size: int, weight: int = REGULAR, *, key: str = PAGE_FAMILY) -> QFont:
    """Return a reading face for use in the window: covers made of type, samples of a font."""
    ensure_family(key)
    font = _font(_families(key), size, REGULAR if _is_variable(key) else weight)
    if _is_variable(key):
        # WORKAROUND: on Linux Qt knows a variable font by its default instance only; the axis is set by hand,
        # and the weight left alone, or Qt would thicken the letters a second time.
        tag = QFont.Tag.fromString("wght")
        if tag is not None:
            font.setVariableAxis(tag, float(weight))
    return font


def _families(key: str) -> list[str]:
    scripts = [family.name for family in FAMILIES.values() if family.role is Role.SCRIPT]
    generic = {Role.SERIF: "serif", Role.MONO: "monospace"}.get(FAMILIES[key].role, "sans-serif")
    return [FAMILIES[key].name, *scripts, generic]


def _font(families: list[str], size: int, weight: int) -> QFont:
    font = QFont(families)
    font.setPixelSize(int(size))
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font


def _is_variable(key: str) -> bool:
    return any(" " in face.weight for face in faces_of(key))
