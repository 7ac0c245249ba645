"""The families that come with the program: what each is for, and which package carries its files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a family is for; readers choose among all but ``SCRIPT``, which only fills in letters."""

    SERIF = "serif"
    SANS = "sans"
    LEGIBLE = "legible"
    MONO = "mono"
    SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class FontFile:
    """One file of a family; the weight is as CSS has it: one, or the two ends of a variable font."""

    name: str
    style: str = "normal"
    weight: str = "400"


@dataclass(frozen=True, slots=True)
class FontFamily:
    """One family of typefaces."""

    key: str
    name: str
    role: Role
    package: str
    average: float
    """The mean advance of running English text at weight 400, in ems."""
    files: tuple[FontFile, ...]
    unicode_range: str = ""


def _variable(stem: str, weight: str, *, italic: bool = True, axes: str = "wght") -> tuple[FontFile, ...]:
    upright = FontFile(f"{stem}[{axes}].ttf", weight=weight)
    return (upright, FontFile(f"{stem}-Italic[{axes}].ttf", "italic", weight)) if italic else (upright,)


_ATKINSON = (
    FontFile("AtkinsonHyperlegible-Regular.ttf"),
    FontFile("AtkinsonHyperlegible-Italic.ttf", "italic"),
    FontFile("AtkinsonHyperlegible-Bold.ttf", weight="700"),
    FontFile("AtkinsonHyperlegible-BoldItalic.ttf", "italic", "700"),
)

_FIRA = (
    FontFile("FiraSans-Regular.ttf"),
    FontFile("FiraSans-Italic.ttf", "italic"),
    FontFile("FiraSans-Medium.ttf", weight="500"),
    FontFile("FiraSans-SemiBold.ttf", weight="600"),
    FontFile("FiraSans-Bold.ttf", weight="700"),
    FontFile("FiraSans-BoldItalic.ttf", "italic", "700"),
)

_ARABIC = "U+0600-06FF, U+0750-077F, U+0870-08FF, U+FB50-FDFF, U+FE70-FEFF"
_HEBREW = "U+0590-05FF, U+FB1D-FB4F"
_THAI = "U+0E00-0E7F"
_CJK = "U+1100-11FF, U+2E80-9FFF, U+A960-A97F, U+AC00-D7FF, U+F900-FAFF, U+FE30-FE4F, U+FF00-FFEF, U+20000-3FFFF"

_ALL = (
    FontFamily(
        "literata", "Literata", Role.SERIF, "fontpkg_literata", 0.471,
        _variable("Literata", "200 900", axes="opsz,wght"),
    ),
    FontFamily(
        "source-serif", "Source Serif 4", Role.SERIF, "fontpkg_source_serif_4", 0.443,
        _variable("SourceSerif4", "200 900", axes="opsz,wght"),
    ),
    FontFamily(
        "source-sans", "Source Sans 3", Role.SANS, "fontpkg_source_sans_3", 0.411, _variable("SourceSans3", "200 900")
    ),
    FontFamily("fira-sans", "Fira Sans", Role.SANS, "fontpkg_fira_sans", 0.462, _FIRA),
    FontFamily("atkinson", "Atkinson Hyperlegible", Role.LEGIBLE, "fontpkg_atkinson_hyperlegible", 0.435, _ATKINSON),
    FontFamily(
        "lexend", "Lexend", Role.LEGIBLE, "fontpkg_lexend", 0.483, _variable("Lexend", "100 900", italic=False)
    ),
    FontFamily(
        "source-code", "Source Code Pro", Role.MONO, "fontpkg_source_code_pro", 0.6,
        _variable("SourceCodePro", "200 900"),
    ),
    FontFamily(
        "arabic", "Noto Sans Arabic", Role.SCRIPT, "fontpkg_noto_sans_arabic", 0.467,
        _variable("NotoSansArabic", "100 900", italic=False, axes="wdth,wght"), _ARABIC,
    ),
    FontFamily(
        "hebrew", "Frank Ruhl Libre", Role.SCRIPT, "fontpkg_frank_ruhl_libre", 0.432,
        _variable("FrankRuhlLibre", "300 900", italic=False), _HEBREW,
    ),
    FontFamily(
        "thai", "Noto Sans Thai", Role.SCRIPT, "fontpkg_noto_sans_thai", 0.467,
        _variable("NotoSansThai", "100 900", italic=False, axes="wdth,wght"), _THAI,
    ),
    FontFamily(
        "cjk", "Noto Sans CJK JP", Role.SCRIPT, "noto_cjk_sans_otc", 1.0, (FontFile("NotoSansCJK-Regular.ttc"),), _CJK
    ),
)  # fmt: skip

FAMILIES: dict[str, FontFamily] = {family.key: family for family in _ALL}
