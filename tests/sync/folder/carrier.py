"""What carries files between the folders of several computers: late, in any order, cut, doubled, under other names."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

CARRIER = os.environ.get("ALEXANDRIA_FOLDER_ON", "")
"""A folder on a stick, a share or the like, in which the tests put what devices share; the libraries stay here."""


@contextmanager
def room_for_folders(here: Path) -> Iterator[Path]:
    """Yield where shared folders lie: a new folder on the carrier, or the given one where none is named."""
    if not CARRIER:
        yield here
        return
    room = Path(tempfile.mkdtemp(prefix="folders", dir=CARRIER))
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


class How(StrEnum):
    """What becomes of a file on its way."""

    WHOLE = "whole"
    CUT = "cut"
    EMPTY = "empty"
    RENAMED = "renamed"
    TWICE = "twice"
    FORGOTTEN = "forgotten"


def lacking(source: Path, target: Path) -> list[Path]:
    """Return the files that the target lacks or has only a part of, by their place."""
    found = []
    for path in sorted(source.rglob("*")):
        place = path.relative_to(source)
        there = target / place
        is_kept = path.is_file() and not path.name.startswith(".") and " " not in path.name
        if is_kept and (not there.exists() or there.stat().st_size < path.stat().st_size):
            found.append(place)
    return found


def carry(source: Path, target: Path, place: Path, how: How) -> None:
    """Bring one file over."""
    content, there = (source / place).read_bytes(), target / place
    there.parent.mkdir(parents=True, exist_ok=True)
    beside = there.with_name(f"{there.stem} (conflicted copy 2){there.suffix}")
    match how:
        case How.WHOLE:
            there.write_bytes(content)
        case How.CUT | How.EMPTY:
            if not there.exists():
                there.write_bytes(content[: len(content) * 2 // 3] if how is How.CUT else b"")
        case How.RENAMED:
            beside.write_bytes(content)
        case How.TWICE:
            there.write_bytes(content)
            beside.write_bytes(content)


def carry_all(*folders: Path) -> None:
    """Bring every folder to what all have together."""
    for source in folders:
        for target in folders:
            for place in lacking(source, target):
                carry(source, target, place, How.WHOLE)


def begin_alike(first: Path, *others: Path) -> None:
    """Give others the folder as it was begun."""
    for other in others:
        copy(first, other)


def copy(source: Path, target: Path) -> None:
    """Copy a folder without rights and times, which some carriers refuse."""
    target.mkdir()
    for path in sorted(source.rglob("*")):
        there = target / path.relative_to(source)
        if path.is_dir():
            there.mkdir()
        else:
            shutil.copyfile(path, there)
