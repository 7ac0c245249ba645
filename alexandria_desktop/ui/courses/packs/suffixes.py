"""Which files are packs of courses or answers to them, by their names."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alexandria_desktop.teach.packs.suffixes import ANSWERS, PACK


def is_of_courses(path: Path) -> bool:
    """Whether a file is a course pack or answers to one, by its name."""
    return path.suffix.lower() in (PACK, ANSWERS)


def sorted_out(paths: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Return the files of courses, and the others."""
    listed = list(paths)
    mine = [Path(one) for one in listed if is_of_courses(Path(one))]
    return mine, [one for one in listed if not is_of_courses(Path(one))]
