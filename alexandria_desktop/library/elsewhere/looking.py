"""Look around this computer for books, so that nobody has to say where they are.

Only names and sizes are read, and of calibre's own settings where its library is. The look is bounded in time and in
entries, follows no link, stays on the disk that it began on, and never goes to a disk of another computer. A disk that
does not answer is left after some seconds.
"""

from __future__ import annotations

import json
import os
import re
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

import platformdirs

from alexandria_desktop.library.elsewhere.patience import Patience
from alexandria_desktop.library.elsewhere.volumes import Volume, is_remote, volume_of, volumes

SECONDS = 4.0
READER_SECONDS = 1.5
"""The longest that one disk is looked at for clippings."""
GRACE = 1.5
"""Seconds after the end of its time in which a disk may still answer."""
MOST_ENTRIES = 40_000
MOST_FILES = 5_000
DEEPEST = 6

BOOK_NAMES = (".epub", ".azw3", ".azw", ".mobi", ".fb2", ".fb2.zip", ".fbz", ".cbz")
"""What is a book and nothing else. A text or a web page in a folder of documents seldom is one."""
_NOT_ENTERED = frozenset({"node_modules", "site-packages", "__pycache__", "appdata", "$recycle.bin"})
_CLIPPINGS = re.compile(r"(my clippings|clippings|recortes|ritagli|coupures|knipsels)\b.*\.txt\Z", re.I)
_CALIBRE_FOLDER = re.compile(r"\(\d+\)\Z")
_SETTINGS_SIZE = 1 << 20


class Kind(StrEnum):
    """What was found."""

    BOOKS = "books"
    PDFS = "pdfs"
    CALIBRE = "calibre"
    CLIPPINGS = "clippings"


@dataclass(frozen=True, slots=True)
class Found:
    """Something that could be brought in."""

    kind: Kind
    path: Path
    """The folder, the calibre library, or the file of clippings."""
    count: int = 0
    """How many books; 0 where only reading would tell."""
    files: tuple[Path, ...] = ()
    """The books themselves, for a folder."""
    is_all: bool = True
    """Whether the whole of it was seen."""


@dataclass(slots=True)
class _Look:
    """How much may still be looked at."""

    ends: float
    cancel: threading.Event | None
    entries: int = MOST_ENTRIES
    known: frozenset[str] = frozenset()
    calibre: dict[Path, Found] = field(default_factory=dict)
    clippings: dict[Path, Found] = field(default_factory=dict)
    folders: list[Found] = field(default_factory=list)

    @property
    def is_cancelled(self) -> bool:
        return self.cancel is not None and self.cancel.is_set()

    @property
    def is_over(self) -> bool:
        return self.is_cancelled or self.entries <= 0 or time.monotonic() > self.ends


@dataclass(frozen=True, slots=True)
class _Disks:
    """The disks, and which of them are asked."""

    mounted: Sequence[Volume]
    patience: Patience
    grace: float

    def ask(self, place: Path, question: Callable[[Path, _Look], None], look: _Look, seconds: float) -> None:
        """Add what a question finds at a place to the look; nothing where the disk is far away or does not answer."""
        if not self._may_ask(place) or not self._may_ask(lies := _behind_link(place)):
            return
        began = time.monotonic()
        # A thread that comes back late must not meddle with what is done by then: it has a look of its own.
        part = replace(
            look,
            ends=min(look.ends, began + seconds),
            calibre=dict(look.calibre),
            clippings=dict(look.clippings),
            folders=[],
        )
        answered = self.patience.ask(
            lies,
            partial(question, place, part),
            seconds=max(0.0, part.ends - began) + self.grace,
            is_served=self._is_served(lies),
            is_cancelled=lambda: look.is_cancelled,
        )
        if answered:
            look.entries, look.calibre, look.clippings = part.entries, part.calibre, part.clippings
            look.folders += part.folders
        else:
            look.ends += time.monotonic() - began  # the other disks have their time all the same

    def _may_ask(self, place: Path) -> bool:
        return not is_remote(place, self.mounted) and self.patience.may_ask(place, is_served=self._is_served(place))

    def _is_served(self, place: Path) -> bool:
        disk = volume_of(place, self.mounted)
        return disk is not None and disk.is_served


def usual_places() -> list[Path]:
    """Return the folders where books are put, by the names that the system has for them."""
    home = Path.home()
    named = [home / name for name in ("Books", "eBooks", "Calibre Library")]
    told = [platformdirs.user_documents_dir(), platformdirs.user_downloads_dir(), platformdirs.user_desktop_dir()]
    places = [*named, *(Path(one) for one in told)]
    return [one for one in dict.fromkeys(places) if one != home]


def calibre_settings() -> Path:
    """Return where calibre keeps its settings."""
    named = os.environ.get("CALIBRE_CONFIG_DIRECTORY")
    if named:
        return Path(named) / "global.py.json"
    home = Path.home()
    if sys.platform == "darwin":
        folder = home / "Library" / "Preferences" / "calibre"
    elif sys.platform == "win32":
        folder = Path(os.environ.get("APPDATA", home / "AppData" / "Roaming")) / "calibre"
    else:
        folder = Path(os.environ.get("XDG_CONFIG_HOME", home / ".config")) / "calibre"
    return folder / "global.py.json"


_OF_THIS_RUN = Patience()
"""A disk that hangs does so for the whole program, whichever library is open."""


def look_around(
    *,
    places: Sequence[Path] | None = None,
    settings: Path | None = None,
    mounted: Sequence[Volume] | None = None,
    known: Iterable[str] = (),
    cancel: threading.Event | None = None,
    seconds: float = SECONDS,
    patience: Patience = _OF_THIS_RUN,
    grace: float = GRACE,
) -> list[Found]:
    """Return what was found; ``known`` are files that are in the library already and not counted again."""
    disks = _Disks(volumes() if mounted is None else mounted, patience, grace)
    look = _Look(time.monotonic() + seconds, cancel, known=frozenset(known))
    # All disks first: which of them do not answer is known then before a folder or a library on one is looked at.
    for volume in disks.mounted:
        if not look.is_over:
            disks.ask(volume.path, _look_at_reader, look, READER_SECONDS)
    library = _calibre_by_settings(settings or calibre_settings())
    if library is not None and not look.is_over:
        disks.ask(library, _take_calibre, look, seconds)
    seen: list[Path] = []
    for place in usual_places() if places is None else places:
        if look.is_over or is_remote(place, disks.mounted) or any(one == place or one in place.parents for one in seen):
            continue
        seen.append(place)
        disks.ask(place, _look_through, look, seconds)
    calibre = sorted(look.calibre.values(), key=lambda one: -one.count)
    return [*calibre, *look.clippings.values(), *sorted(look.folders, key=lambda one: (one.kind, -one.count))]


def is_calibre_library(folder: Path) -> bool:
    """Whether a folder is a library of calibre's, by its database."""
    try:
        return (folder / "metadata.db").stat().st_size > 0
    except OSError:
        return False


def is_clippings(file: Path) -> bool:
    """Whether a file is one of clippings, by its name."""
    return bool(_CLIPPINGS.search(file.name))


def _behind_link(place: Path) -> Path:
    """Return where a folder lies that may be a link, by the link's own word; links of Windows stay as they are."""
    if os.name == "nt":
        return place
    try:
        return Path(os.path.normpath(place.parent / place.readlink()))
    except OSError:
        return place


def _calibre_by_settings(settings: Path) -> Path | None:
    try:
        if settings.stat().st_size > _SETTINGS_SIZE:
            return None
        kept = json.loads(settings.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    named = kept.get("library_path") if isinstance(kept, dict) else None
    return Path(named) if isinstance(named, str) and named and Path(named).is_absolute() else None


def _take_calibre(folder: Path, look: _Look) -> None:
    if folder in look.calibre or not is_calibre_library(folder):
        return
    count = 0
    for author in _entries(folder, look):
        if author.is_dir(follow_symlinks=False):
            count += sum(1 for book in _entries(Path(author.path), look) if _CALIBRE_FOLDER.search(book.name))
    inside = f"{folder}{os.sep}"
    here = len({Path(path).parent for path in look.known if path.startswith(inside)})
    if not count or count > here:
        look.calibre[folder] = Found(Kind.CALIBRE, folder, max(0, count - here), is_all=not look.is_over)


def _look_at_reader(root: Path, look: _Look) -> None:
    """Look for clippings where a Kindle keeps them; nothing else of a disk is looked at."""
    for entry in _entries(root / "documents", look):
        if is_clippings(Path(entry.name)) and entry.is_file(follow_symlinks=False):
            look.clippings[Path(entry.path)] = Found(Kind.CLIPPINGS, Path(entry.path))


def _look_through(place: Path, look: _Look) -> None:
    books: list[Path] = []
    pdfs: list[Path] = []
    try:
        disk = place.lstat().st_dev
    except OSError:
        return
    waiting = [(place, 0)]
    while waiting and not look.is_over and len(books) + len(pdfs) < MOST_FILES:
        folder, depth = waiting.pop()
        if is_calibre_library(folder):
            _take_calibre(folder, look)
            continue
        for entry in _entries(folder, look):
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST and _may_enter(entry, disk):
                    waiting.append((path, depth + 1))
            elif not entry.is_file(follow_symlinks=False) or str(path) in look.known:
                continue
            elif entry.name.lower().endswith(BOOK_NAMES):
                books.append(path)
            elif entry.name.lower().endswith(".pdf"):
                pdfs.append(path)
            elif is_clippings(path):
                look.clippings[path] = Found(Kind.CLIPPINGS, path)
    whole = not waiting and not look.is_over
    told = ((Kind.BOOKS, books), (Kind.PDFS, pdfs))
    look.folders += [Found(kind, place, len(files), tuple(sorted(files)), whole) for kind, files in told if files]


def _entries(folder: Path, look: _Look) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                look.entries -= 1
                if look.is_over:
                    return
                if not entry.name.startswith("."):
                    yield entry
    except OSError:
        return  # not there, or not ours to read


def _may_enter(entry: os.DirEntry[str], disk: int) -> bool:
    if entry.name.lower() in _NOT_ENTERED:
        return False
    try:
        about = os.lstat(entry.path)
    except OSError:
        return False
    junction = getattr(about, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)
    return about.st_dev == disk and not junction
