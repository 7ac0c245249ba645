"""Between versions of the program: an older one leaves a newer library alone, a newer one copies before it changes."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ProgramError, SurroundingsError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import connections, notes
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.driver import choose_driver
from alexandria_desktop.store.library_schema import LIBRARY_SCHEMA
from alexandria_desktop.store.migrations import FileSchema, Migration
from tests.support.disks import fill

NOW = LIBRARY_SCHEMA.version


def newer(*, fails: bool = False) -> FileSchema:
    def add_mood(connection: Connection) -> None:
        connection.exec_driver_sql("ALTER TABLE user_notes ADD COLUMN mood TEXT DEFAULT 'calm'")
        if fails:
            connection.exec_driver_sql("INSERT INTO nowhere VALUES (1)")

    step = Migration(NOW + 1, "add a mood", add_mood)
    return replace(LIBRARY_SCHEMA, migrations=(*LIBRARY_SCHEMA.migrations, step))


def sums(root: Path, *, but: tuple[str, ...] = ()) -> dict[str, str]:
    return {
        str(file.relative_to(root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(root.rglob("*"))
        if file.is_file() and not file.name.endswith(but)
    }


@pytest.fixture
def closed(paths: LibraryPaths, database: Database, reader: UUID, book: UUID) -> LibraryPaths:
    database.write(notes.add_note, reader, book, text="precious")
    database.close()
    return paths


def refused(paths: LibraryPaths, schema: FileSchema = LIBRARY_SCHEMA) -> SurroundingsError:
    with pytest.raises(SurroundingsError) as raised:
        Database.open(paths, library_schema=schema).close()
    return raised.value


def notes_in(paths: LibraryPaths) -> list[str]:
    with Database.open(paths) as database, database.reading() as connection:
        return list(connection.exec_driver_sql("select note_text from user_notes").scalars())


def test_an_older_program_refuses_a_newer_library_and_not_one_byte_of_it_changes(closed: LibraryPaths) -> None:
    Database.open(closed, library_schema=newer()).close()
    before = sums(closed.root)
    error = refused(closed)
    assert error.code is Code.STORE_NEWER
    assert error.message.endswith("Update the program to open it.")
    assert sums(closed.root) == before


def test_a_newer_library_that_was_cut_off_keeps_its_log(closed: LibraryPaths, tmp_path: Path) -> None:
    """A power cut leaves a log beside the file, and the version may stand only in there."""
    Database.open(closed, library_schema=newer()).close()
    raw = connections.connect(choose_driver(), closed.library_db)
    raw.execute(f"PRAGMA user_version = {NOW}")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    raw.execute("PRAGMA wal_autocheckpoint = 0").fetchone()
    raw.execute(f"PRAGMA user_version = {NOW + 1}")
    cut = LibraryPaths(tmp_path / "cut off")
    shutil.copytree(closed.root, cut.root)  # as it lies on the disk while somebody writes
    raw.close()
    (cut.root / "library.db-shm").unlink()
    before = sums(cut.root, but=("-shm",))
    assert before["library.db-wal"]
    assert refused(cut).code is Code.STORE_NEWER
    assert sums(cut.root, but=("-shm",)) == before


def test_after_a_step_that_failed_the_program_of_before_opens_the_library(closed: LibraryPaths) -> None:
    with pytest.raises(ProgramError) as raised:
        Database.open(closed, library_schema=newer(fails=True)).close()
    assert raised.value.code is Code.STORE_NOT_UPDATED
    assert notes_in(closed) == ["precious"]
    (copy,) = closed.backups.glob("*before-update*.db")
    assert copy.stat().st_size > 0


def test_without_room_for_the_copy_nothing_is_brought_up_to_date(closed: LibraryPaths, small_disk: Path) -> None:
    there = LibraryPaths(small_disk / "library")
    for file in (closed.library_db, closed.index_db):
        there.root.mkdir(exist_ok=True)
        shutil.copyfile(file, there.root / file.name)
    there.create()
    fill(small_disk, leave=100_000)
    before = sums(there.root, but=("-shm", "-wal", ".lock"))
    error = refused(there, newer())
    assert error.code is Code.STORE_FULL
    assert "is as it was. Make room for 1 MB" in error.message
    assert sums(there.root, but=("-shm", "-wal", ".lock")) == before
    assert list(there.backups.iterdir()) == [], "no half of a copy is left"
    (small_disk / "filler").unlink()
    assert notes_in(there) == ["precious"], "the program of before opens it"
    Database.open(there, library_schema=newer()).close()
    assert len(list(there.backups.glob("*before-update*.db"))) == 1


def test_without_a_place_for_the_copy_nothing_is_brought_up_to_date(closed: LibraryPaths) -> None:
    shutil.rmtree(closed.backups)
    closed.backups.write_text("in the way")
    before = closed.library_db.read_bytes()
    error = refused(closed, newer())
    assert "there was no way to make one" in error.message
    assert closed.library_db.read_bytes() == before
