"""Copies of library.db: made whole while others write, checked before they are trusted, put back on request."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from alexandria_desktop.base.clock import Clock, utc_now
from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import connections, damage, migrations
from alexandria_desktop.store.driver import choose_driver
from alexandria_desktop.store.faults import explain
from alexandria_desktop.store.library_schema import LIBRARY_SCHEMA

DAYS, WEEKS = 7, 4
_PREFIX, _STAMP = "library-", "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class BackupContents:
    """What a backup holds."""

    file: Path
    version: int
    books: int
    notes: int


def make_backup(paths: LibraryPaths, *, clock: Clock = utc_now, target: Path | None = None) -> BackupContents:
    """Copy library.db, into ``backups`` or where ``target`` says; others may go on reading and writing."""
    driver = choose_driver()
    file = target or _unused(paths.backups / f"{_PREFIX}{clock():{_STAMP}}.db")
    try:
        raw = connections.connect(driver, paths.library_db)
        try:
            copy_into(raw, file)
        finally:
            raw.close()
    except driver.module.Error as error:
        raise explain(error) or error from error
    contents = read_backup(file)
    if target is None:
        rotate(paths.backups)
    return contents


def copy_into(raw: Any, file: Path) -> None:
    """Write a whole and compact copy of a raw connection's database; it appears under its name only when done."""
    file.parent.mkdir(parents=True, exist_ok=True)
    growing = file.with_name(file.name + ".part")
    growing.unlink(missing_ok=True)
    try:
        raw.execute("VACUUM INTO ?", (str(growing),))
        _settle(growing)
        growing.replace(file)
    finally:
        growing.unlink(missing_ok=True)


def read_backup(file: Path) -> BackupContents:
    """Check a backup and return what is in it; raises ReaderError(backup.invalid) or store.newer."""
    driver = choose_driver()
    if not file.is_file():
        raise ReaderError(Code.BACKUP_INVALID, f"There is no backup at {file}.")
    if damage.looks_damaged(file):
        raise _invalid(file, "not a database")
    raw = connections.connect(driver, file)
    try:
        migrations.refuse_newer(migrations.version_of(raw), LIBRARY_SCHEMA, file)
        verdict = raw.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise _invalid(file, verdict)
        version = migrations.version_of(raw)
        if version == 0:
            raise _invalid(file, "no version")
        books = raw.execute("SELECT count(*) FROM user_libraries WHERE deleted_at IS NULL").fetchone()[0]
        notes = raw.execute("SELECT count(*) FROM user_notes WHERE deleted_at IS NULL").fetchone()[0]
        return BackupContents(file, version, books, notes)
    except driver.module.DatabaseError as error:
        raise _invalid(file, str(error)) from error
    finally:
        raw.close()


def list_backups(paths: LibraryPaths) -> list[Path]:
    """Return the backups of a library, the newest last."""
    return sorted(paths.backups.glob(f"{_PREFIX}*.db"))


def restore_backup(paths: LibraryPaths, file: Path, *, clock: Clock = utc_now) -> Path | None:
    """Put a backup in the place of library.db; returns where the library of before was kept.

    Nobody may have the library open. index.db needs nothing: what it lacks or has too much shows when it is compared.
    """
    read_backup(file)
    paths.create()
    growing = paths.library_db.with_name("library.db.part")
    shutil.copyfile(file, growing)
    _settle(growing)
    kept = None
    if paths.library_db.exists():
        _insist_on_being_alone(paths.library_db)
        kept = damage.set_aside(paths.library_db, clock(), why="before-restore")
    for companion in damage.COMPANIONS:
        paths.library_db.with_name(paths.library_db.name + companion).unlink(missing_ok=True)
    growing.replace(paths.library_db)
    _settle(paths.library_db)
    return kept


def rotate(backups: Path, *, days: int = DAYS, weeks: int = WEEKS) -> list[Path]:
    """Remove old backups: of each of the last days and weeks that have any, the newest stays. Returns what went."""
    dated = [(stamp, path) for path in backups.glob(f"{_PREFIX}*.db") if (stamp := _stamp_of(path)) is not None]
    newest_first = sorted(dated, reverse=True)
    kept: set[Path] = set()
    for count, period in ((days, "%Y%m%d"), (weeks, "%G%V")):
        newest_of: dict[str, Path] = {}
        for stamp, path in newest_first:
            newest_of.setdefault(stamp.strftime(period), path)
        kept.update(list(newest_of.values())[:count])
    # Of today every one stays: the reader may have made them before something risky.
    today = newest_first[0][0].date() if newest_first else None
    gone = [path for stamp, path in dated if path not in kept and stamp.date() != today]
    for path in gone:
        path.unlink()
    return gone


def _stamp_of(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.stem.removeprefix(_PREFIX)[:15], _STAMP)
    except ValueError:
        return None


def _insist_on_being_alone(library: Path) -> None:
    """Raise where somebody else has the library open: leaving the log's mode is only granted to the last one."""
    driver = choose_driver()
    raw = connections.connect(driver, library, busy_seconds=1.0)
    try:
        raw.execute("PRAGMA journal_mode=DELETE").fetchone()
    except driver.module.OperationalError as error:
        raise SurroundingsError(
            Code.STORE_BUSY,
            "The library is open in another window. Close it, then restore the backup.",
            detail=str(error),
        ) from error
    except driver.module.DatabaseError:
        return  # a damaged library is put aside as it is
    finally:
        raw.close()


def _unused(file: Path) -> Path:
    candidate, count = file, 1
    while candidate.exists():
        count += 1
        candidate = file.with_stem(f"{file.stem}-{count}")
    return candidate


def _settle(file: Path) -> None:
    """See to it that a file and its name are on the disk."""
    with file.open("rb+") as stream:
        os.fsync(stream.fileno())
    if os.name == "posix":
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _invalid(file: Path, detail: str) -> ReaderError:
    return ReaderError(Code.BACKUP_INVALID, f"{file.name} is not a backup of a library.", detail=f"{file}: {detail}")
