"""What can be said of a library without opening it: its files are looked at, and nothing of them is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import psutil

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.doctor.program import Program
from alexandria_desktop.store.driver import choose_driver, connect_to_look
from alexandria_desktop.store.homes import ACCOUNT_SERVER, HOME_FOLDER

PROGRAMS = "programs"
"""Under this name a library keeps which installations of the program used it."""


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """Counts and kinds; no title, no word of the reader's."""

    is_there: bool = False
    size: int = 0
    version: int | None = None
    books: int | None = None
    notes: int | None = None
    languages: tuple[str, ...] = ()
    home: str = "none"
    programs: tuple[Program, ...] = field(default=())


def facts_of(paths: LibraryPaths) -> LibraryFacts:
    """Return what can be seen; a library that cannot be read has its size only."""
    try:
        size = paths.library_db.stat().st_size
    except OSError:
        return LibraryFacts()
    driver = choose_driver()
    try:
        raw = connect_to_look(driver, paths.library_db)
    except driver.module.Error:
        return LibraryFacts(is_there=True, size=size)
    try:
        state = dict(raw.execute("SELECT key, value FROM local_state").fetchall())
        return LibraryFacts(
            is_there=True,
            size=size,
            version=int(_one(raw, "PRAGMA user_version")),
            books=int(_one(raw, "SELECT count(*) FROM user_libraries WHERE deleted_at IS NULL")),
            notes=int(_one(raw, "SELECT count(*) FROM user_notes WHERE deleted_at IS NULL")),
            languages=tuple(
                str(row[0]) for row in raw.execute("SELECT DISTINCT language FROM books WHERE language IS NOT NULL")
            ),
            home=_home(state),
            programs=programs_in(state.get(PROGRAMS)),
        )
    except (driver.module.Error, ValueError, TypeError):
        return LibraryFacts(is_there=True, size=size)
    finally:
        raw.close()


def programs_in(kept: object) -> tuple[Program, ...]:
    """Return the installations that a library remembers; none where that makes no sense."""
    try:
        found = orjson.loads(kept) if isinstance(kept, str | bytes) else kept
        if not isinstance(found, list):
            return ()
        return tuple(Program(str(one["version"]), str(one["place"]), str(one["last"])) for one in found)
    except (ValueError, TypeError, KeyError):
        return ()


def filesystem_of(place: Path) -> str:
    """Return the kind of file system that a place is on; empty where nobody says."""
    try:
        parts = psutil.disk_partitions(all=True)
    except OSError:
        return ""
    path = str(place.resolve())
    best = ""
    kind = ""
    for part in parts:
        point = part.mountpoint.rstrip("/\\") or part.mountpoint
        inside = path == point or path.startswith(point if point.endswith(("/", "\\")) else f"{point}/")
        if (inside or path.lower().startswith(point.lower() + "\\")) and len(point) >= len(best):
            best, kind = point, "a share" if "remote" in part.opts.split(",") else part.fstype
    return kind


def _home(state: dict[str, Any]) -> str:
    empty = (None, "null", '""')
    if state.get(HOME_FOLDER) not in empty:
        return "folder"
    return "server" if state.get(ACCOUNT_SERVER) not in empty else "none"


def _one(raw: Any, statement: str) -> Any:
    return raw.execute(statement).fetchone()[0]
