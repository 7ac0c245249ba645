"""Backups are whole, checked, rotated and put back without losing what was there."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import connections, notes, passages
from alexandria_desktop.store.backup import list_backups, make_backup, read_backup, restore_backup, rotate
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.driver import choose_driver
from tests.support.library import StillClock


def texts(paths: LibraryPaths, reader: UUID) -> list[str]:
    with Database.open(paths) as database, database.reading() as connection:
        return sorted(note.text for note in notes.all_notes(connection, reader))


def test_a_backup_brings_back_what_was_there(
    database: Database, paths: LibraryPaths, clock: StillClock, reader: UUID, book: UUID
) -> None:
    database.write(notes.add_note, reader, book, text="kept")
    made = make_backup(paths, clock=clock)
    assert (made.books, made.notes) == (1, 1)
    database.write(notes.add_note, reader, book, text="later")
    database.close()
    before = restore_backup(paths, made.file, clock=clock)
    assert texts(paths, reader) == ["kept"]
    assert before is not None
    assert read_backup(before).notes == 2


def test_the_index_goes_on_serving_after_a_restore(
    database: Database, paths: LibraryPaths, clock: StillClock, reader: UUID, book: UUID
) -> None:
    made = make_backup(paths, clock=clock)
    database.close()
    restore_backup(paths, made.file, clock=clock)
    with Database.open(paths) as again, again.reading() as connection:
        assert not again.index_is_new
        assert passages.books_to_index(connection, reader, text_version=1) == [book]


def test_a_backup_while_others_write_is_whole(
    database: Database, paths: LibraryPaths, reader: UUID, book: UUID
) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            database.write(notes.add_note, reader, book, text="busy")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(3):
            make_backup(paths)
    finally:
        stop.set()
        thread.join()
    assert all(read_backup(file).books == 1 for file in list_backups(paths))


def test_an_open_library_is_not_replaced(database: Database, paths: LibraryPaths, reader: UUID, book: UUID) -> None:
    made = make_backup(paths)
    with pytest.raises(SurroundingsError) as raised:
        restore_backup(paths, made.file)
    assert raised.value.code is Code.STORE_BUSY
    assert database.write(notes.add_note, reader, book, text="still here").value.text == "still here"


@pytest.mark.parametrize("content", [b"", b"not a backup at all" * 100])
def test_what_is_no_backup_is_refused(paths: LibraryPaths, tmp_path: Path, content: bytes) -> None:
    Database.open(paths).close()
    file = tmp_path / "wrong.db"
    file.write_bytes(content)
    before = paths.library_db.read_bytes()
    with pytest.raises(ReaderError) as raised:
        restore_backup(paths, file)
    assert raised.value.code is Code.BACKUP_INVALID
    assert paths.library_db.read_bytes() == before


def test_a_backup_that_is_broken_inside_is_refused(database: Database, paths: LibraryPaths, book: UUID) -> None:
    file = make_backup(paths).file
    raw = connections.connect(choose_driver(), file)
    page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'content_items'").fetchone()[0]
    raw.close()
    with file.open("r+b") as stream:
        stream.seek((page - 1) * 4096)
        stream.write(b"\xff" * 64)
    with pytest.raises(ReaderError) as raised:
        read_backup(file)
    assert raised.value.code is Code.BACKUP_INVALID


def test_a_missing_backup_is_named(paths: LibraryPaths, tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match="nowhere"):
        restore_backup(paths, tmp_path / "nowhere.db")


def test_a_week_of_days_and_a_month_of_weeks_are_kept(tmp_path: Path) -> None:
    last = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)
    for days in range(60):
        for hour in (0, 1):
            stamp = last - timedelta(days=days, hours=hour)
            (tmp_path / f"library-{stamp:%Y%m%d-%H%M%S}.db").touch()
    (tmp_path / "library-by-hand.db").touch()
    rotate(tmp_path)
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert "library-by-hand.db" in kept
    assert kept[-2] == "library-20260331-120000.db"
    days = {name[8:16] for name in kept if name[8].isdigit()}
    assert len(days) == 7 + 2  # of the four weeks' newest days, two lie within the last seven days
