"""Which writing systems can be shown here: with our own fonts, the system's, or only as empty boxes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alexandria_desktop.theme.fonts import faces_of


@dataclass(frozen=True, slots=True)
class Script:
    """A writing system beyond Latin, Greek and Cyrillic, which our own faces all have."""

    name: str
    languages: tuple[str, ...]
    families: tuple[str, ...]
    """Keys of our families that have it."""
    files: tuple[str, ...]
    """Beginnings of the names of well-known fonts that have it, in lower case."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What shows a script: ``own``, ``system`` or, when nothing does, an empty string."""

    script: Script
    shown_by: str

    @property
    def is_tofu(self) -> bool:
        """Whether its letters would be empty boxes."""
        return not self.shown_by


_HAN = ("notosanscjk", "notoserifcjk", "sourcehan", "droidsansfallback", "wqy", "arphic", "unifont")
SCRIPTS = (
    Script("Chinese", ("zh",), ("cjk",), (*_HAN, "msyh", "simsun", "simhei", "pingfang", "stheiti", "songti", "uming")),
    Script("Japanese", ("ja",), ("cjk",), (*_HAN, "yugoth", "meiryo", "msgothic", "hiragino", "ipa", "takao", "vl-g")),
    Script("Korean", ("ko",), ("cjk",), (*_HAN, "malgun", "batang", "gulim", "applesdgothic", "nanum", "unbatang")),
    Script("Arabic", ("ar", "fa", "ur"), ("arabic",), ("notosansarabic", "notonaskh", "amiri", "geeza", "tahoma")),
    Script("Hebrew", ("he", "yi"), ("hebrew",), ("notosanshebrew", "notoserifhebrew", "david", "arialhb")),
    Script("Thai", ("th",), ("thai",), ("notosansthai", "notoserifthai", "thonburi", "tahoma", "garuda", "loma")),
    Script("Devanagari", ("hi", "mr", "ne", "sa"), (), ("notosansdevanagari", "nirmala", "mangal", "kohinoor")),
)


@cache
def coverage() -> tuple[Coverage, ...]:
    """Return for each script what shows it; looks at the disk once."""
    return tuple(Coverage(script, _shown_by(script)) for script in SCRIPTS)


def shows(language: str) -> bool:
    """Return whether a book in ``language`` (as in its metadata, for example ``zh-Hant``) can be read here."""
    primary = language.casefold().replace("_", "-").partition("-")[0]
    return not any(item.is_tofu for item in coverage() if primary in item.script.languages)


def missing_sentence() -> str:
    """Return one sentence about the scripts that would be empty boxes, or nothing."""
    names = [item.script.name for item in coverage() if item.is_tofu]
    if not names:
        return ""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"No font here shows {listed}; books in these scripts would show empty boxes until one is installed."


def _shown_by(script: Script) -> str:
    if any(faces_of(key) for key in script.families):
        return "own"
    if any(name.startswith(script.files) for name in _installed_files()):
        return "system"
    return "system" if _fontconfig_has(script.languages[0]) else ""


@cache
def _installed_files() -> frozenset[str]:
    """Return the names of installed font files, in lower case and without spaces."""
    names = (path.name for folder in _folders() for path in folder.rglob("*") if path.suffix.lower() in _FONTS)
    return frozenset(name.casefold().replace(" ", "") for name in names)


_FONTS = frozenset({".ttf", ".otf", ".ttc", ".otc"})


def _folders() -> Iterable[Path]:
    home = Path.home()
    if sys.platform == "win32":
        windows = Path(os.environ.get("WINDIR", r"C:\Windows"))
        places = [windows / "Fonts", home / "AppData/Local/Microsoft/Windows/Fonts"]
    elif sys.platform == "darwin":
        places = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    else:
        shared = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
        places = [*shared, home / ".local/share/fonts", home / ".fonts"]
    return (place for place in places if place.is_dir())


def _fontconfig_has(language: str) -> bool:
    """Ask fontconfig, which knows fonts by what is in them; False where it is not."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    try:
        answer = subprocess.run(
            [program, f":lang={language}", "family"], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return bool(answer.stdout.strip())
