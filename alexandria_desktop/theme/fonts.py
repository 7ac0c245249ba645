"""The typefaces that come with the program: where their files are, and how a page asks for them.

Each family is a small package of its own under the SIL Open Font License 1.1 (``resources/fonts/README.md``); the
files stay where that package put them. A page loads them from our own scheme under a name of ours, so that neither
a font that a book embeds nor one that is installed can stand in for them unseen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from alexandria_desktop.theme.families import FAMILIES, FontFamily

LICENCE = "OFL-1.1"
PAGE_PREFIX = "Alexandria "
SYSTEM = "system:"


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font file: a style of a family, with the weights that it spans."""

    key: str
    family: str
    style: str
    weight: str
    """As CSS has it: one weight, or the two ends of a variable font."""
    path: Path
    licence: str
    unicode_range: str = ""

    @property
    def file(self) -> str:
        """The name under which pages ask for it."""
        style = "" if self.style == "normal" else f"-{self.style}"
        weight = "" if " " in self.weight or self.weight == "400" else f"-{self.weight}"
        return f"{self.key}{style}{weight}{self.path.suffix.lower()}"

    @property
    def page_family(self) -> str:
        """The family's name in page CSS."""
        return PAGE_PREFIX + self.family


WINDOW_FAMILY = "fira-sans"
PAGE_FAMILY = "literata"
CODE_FAMILY = "source-code"

_GENERIC = {"serif": "serif", "sans": "sans-serif", "legible": "sans-serif", "mono": "monospace", "script": "serif"}


@cache
def font_files() -> tuple[FontFace, ...]:
    """Return every font file that is here; a family whose package is not installed is left out."""
    return tuple(face for family in FAMILIES.values() for face in _faces(family))


def faces_of(key: str) -> tuple[FontFace, ...]:
    """Return the files of one family; none when its package is not installed."""
    return tuple(face for face in font_files() if face.key == key)


def font_path(file: str) -> Path | None:
    """Return the file behind a name that a page asked for, or None; no other file can be named."""
    return next((face.path for face in font_files() if face.file == file), None)


def font_face_css(base_url: str) -> str:
    """Return the ``@font-face`` rules, for files served below ``base_url``."""
    return "".join(_rule(face, base_url.rstrip("/")) for face in font_files())


def family_stack(key: str) -> str:
    """Return the CSS font families for a typography key: the face, then the scripts it lacks, then the system's."""
    family = FAMILIES.get(key)
    if family is not None:
        first, generic = PAGE_PREFIX + family.name, _GENERIC[family.role]
    elif key.startswith(SYSTEM):
        first, generic = key.removeprefix(SYSTEM), "serif"
    else:
        first, generic = PAGE_PREFIX + FAMILIES[PAGE_FAMILY].name, "serif"
    scripts = (PAGE_PREFIX + item.name for item in FAMILIES.values() if item.role == "script")
    return f"{_quoted([first, *scripts])}, {generic}"


def average_width(key: str) -> float:
    """Return the mean width of a letter in ems; a guess for a family that is not ours."""
    family = FAMILIES.get(key)
    return family.average if family else 0.45


def _faces(family: FontFamily) -> Iterable[FontFace]:
    folder = _package_folder(family.package)
    if folder is None:
        return
    for source in family.files:
        path = next(
            (place for place in (folder / "files" / source.name, folder / source.name) if place.is_file()), None
        )
        if path is not None:
            yield FontFace(family.key, family.name, source.style, source.weight, path, LICENCE, family.unicode_range)


def _package_folder(package: str) -> Path | None:
    # The place is asked for without importing: the packages are carriers of files.
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def _rule(face: FontFace, base_url: str) -> str:
    kind = "collection" if face.path.suffix.lower() == ".ttc" else "truetype"
    reach = f"unicode-range: {face.unicode_range}; " if face.unicode_range else ""
    return (
        f'@font-face {{ font-family: "{face.page_family}"; font-style: {face.style}; font-weight: {face.weight}; '
        f'font-display: block; {reach}src: url("{base_url}/{quote(face.file)}") format("{kind}"); }}\n'
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
