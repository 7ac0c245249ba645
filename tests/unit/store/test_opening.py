"""A library is opened, refused or put aside, and never lost."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.store import books, connections, damage, integrity, notes, passages
from alexandria_desktop.store.backup import list_backups, make_backup, restore_backup
from alexandria_desktop.store.database import Database, interrupt
from alexandria_desktop.store.driver import Driver, choose_driver
from alexandria_desktop.store.faults import was_interrupted
from alexandria_desktop.store.identity import ensure_identity
from alexandria_desktop.store.text_index import find_notes, find_titles, refresh
from sync.schema.ids import uuid7
from tests.support.library import StillClock, metadata, new_file, put


def refused(paths: LibraryPaths, **how: bool) -> SurroundingsError:
    with pytest.raises(SurroundingsError) as raised:
        Database.open(paths, **how).close()
    return raised.value


def alter(file: Path, statement: str) -> None:
    raw = connections.connect(choose_driver(), file)
    raw.execute(statement)
    raw.close()


def overwrite(file: Path, at: int, data: bytes) -> None:
    with file.open("r+b") as stream:
        stream.seek(at)
        stream.write(data)


@pytest.fixture
def closed(paths: LibraryPaths, database: Database, reader: UUID, book: UUID) -> LibraryPaths:
    """A library with a note in it, closed again."""
    database.write(notes.add_note, reader, book, text="precious")
    database.close()
    return paths


def notes_in(paths: LibraryPaths) -> list[str]:
    with Database.open(paths) as database, database.reading() as connection:
        return list(connection.exec_driver_sql("select note_text from user_notes").scalars())


def test_what_was_written_is_there_after_reopening(closed: LibraryPaths) -> None:
    assert notes_in(closed) == ["precious"]


def test_a_library_that_is_up_to_date_opens_at_once(closed: LibraryPaths) -> None:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        database = Database.open(closed)
        times.append(time.perf_counter() - began)
        database.close()
    assert min(times) < 0.05


def test_a_newer_library_is_refused_and_left_alone(closed: LibraryPaths) -> None:
    alter(closed.library_db, "PRAGMA user_version = 99")
    before = closed.library_db.read_bytes()
    error = refused(closed)
    assert error.code is Code.STORE_NEWER
    assert "newer version" in error.message
    assert closed.library_db.read_bytes() == before


def test_a_newer_index_is_refused_and_left_alone(closed: LibraryPaths) -> None:
    alter(closed.index_db, "PRAGMA user_version = 99")
    assert refused(closed).code is Code.STORE_NEWER
    assert closed.index_db.exists()


@pytest.mark.parametrize("how", ["words", "cut", "head"])
def test_a_damaged_library_is_put_aside_whole(closed: LibraryPaths, how: str) -> None:
    if how == "words":
        closed.library_db.write_bytes(b"this is no database, but it is somebody's" * 200)
    elif how == "cut":
        os.truncate(closed.library_db, closed.library_db.stat().st_size // 2)
    else:
        overwrite(closed.library_db, 100, b"\xff" * 4000)
    before = closed.library_db.read_bytes()
    error = refused(closed)
    kept = damage.kept_damaged(closed.library_db)
    assert error.code is Code.STORE_DAMAGED
    assert [one.read_bytes() for one in kept] == [before]
    assert kept[0].name in error.message
    assert not closed.library_db.exists()


def test_damage_deep_inside_is_found_when_it_is_looked_for(closed: LibraryPaths) -> None:
    size = closed.library_db.stat().st_size
    for page in range(4096, size, 4096):
        overwrite(closed.library_db, page, b"\xff" * 16)
    assert refused(closed, check=True).code is Code.STORE_DAMAGED


def test_an_empty_library_never_stands_in_for_a_damaged_one(closed: LibraryPaths) -> None:
    closed.library_db.write_bytes(b"ruined" * 1000)
    refused(closed)
    assert refused(closed).code is Code.STORE_DAMAGED
    assert not closed.library_db.exists()
    with Database.open(closed, start_afresh=True) as database, database.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from user_notes").scalar() == 0
    assert len(damage.kept_damaged(closed.library_db)) == 1


def test_a_damaged_library_comes_back_from_the_backup_its_error_names(closed: LibraryPaths) -> None:
    make_backup(closed)
    closed.library_db.write_bytes(b"ruined" * 1000)
    error = refused(closed)
    (backup,) = list_backups(closed)
    assert str(backup) in error.message
    restore_backup(closed, backup)
    assert notes_in(closed) == ["precious"]


def test_a_library_that_is_gone_is_not_taken_for_a_new_one(closed: LibraryPaths) -> None:
    backup = make_backup(closed)
    closed.library_db.unlink()
    error = refused(closed)
    assert error.code is Code.STORE_DAMAGED
    assert str(backup.file) in error.message
    closed.library_db.touch()
    assert refused(closed).code is Code.STORE_DAMAGED
    restore_backup(closed, backup.file)
    assert notes_in(closed) == ["precious"]


def test_a_restored_library_can_be_written_while_it_is_read(closed: LibraryPaths, reader: UUID, book: UUID) -> None:
    restore_backup(closed, make_backup(closed).file)
    with Database.open(closed, busy_seconds=0.2) as database, database.reading() as connection:
        assert len(notes.all_notes(connection, reader)) == 1
        database.write(notes.add_note, reader, book, text="more")


def test_another_programs_database_is_not_touched(paths: LibraryPaths) -> None:
    paths.create()
    alter(paths.library_db, "CREATE TABLE theirs (id)")
    before = paths.library_db.read_bytes()
    assert refused(paths).code is Code.STORE_DAMAGED
    assert paths.library_db.read_bytes() == before


@pytest.mark.parametrize("how", ["gone", "damaged", "another's"])
def test_a_lost_index_is_made_anew_and_nothing_of_the_reader_goes(
    closed: LibraryPaths, tmp_path: Path, how: str
) -> None:
    if how == "gone":
        closed.index_db.unlink()
    elif how == "damaged":
        closed.index_db.write_bytes(b"ruined" * 1000)
    else:
        other = LibraryPaths(tmp_path / "other")
        Database.open(other).close()
        other.index_db.replace(closed.index_db)
    with Database.open(closed) as database:
        assert database.index_is_new
        with database.reading() as connection:
            assert passages.count_passages(connection) == 0
            assert connection.exec_driver_sql("select note_text from user_notes").scalars().all() == ["precious"]
    with Database.open(closed) as database:
        assert not database.index_is_new


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    error = refused(LibraryPaths(tmp_path / "file" / "library"))
    assert error.code is Code.STORE_READ_ONLY


def test_a_full_disk_is_said_so_and_nothing_is_half_done(database: Database, reader: UUID, book: UUID) -> None:
    def fill(raw: object) -> None:
        pages = raw.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        raw.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    database.write(notes.add_note, reader, book, text="before")
    database.library.outside_transaction(fill)
    with pytest.raises(SurroundingsError) as raised:
        database.write(notes.add_note, reader, book, text="too much " * 100_000)
    assert raised.value.code is Code.STORE_FULL
    with database.reading() as connection:
        assert [note.text for note in notes.all_notes(connection, reader)] == ["before"]


def test_a_query_can_be_interrupted_from_another_thread(database: Database) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    with database.reading() as connection:
        timer = threading.Timer(0.1, interrupt, [connection])
        timer.start()
        with pytest.raises(DBAPIError) as raised:
            connection.exec_driver_sql(endless).scalar()
        timer.join()
    assert was_interrupted(raised.value)


def test_a_python_whose_sqlite_loads_no_extensions_has_all_but_vectors(paths: LibraryPaths) -> None:
    plain = Driver(sqlite3, "sqlite3", False, sqlite3.sqlite_version_info)
    with Database.open(paths, driver=plain) as database:
        reader = database.write(ensure_identity).value.user_id
        book = database.write(books.add_book, reader, metadata(), BookFormat.EPUB, new_file("Moby-Dick")).value.id
        database.write(notes.add_note, reader, book, text="precious")
        put(database, book, "The whale swam")
        put(database, uuid7(), "白鲸在海里", language="zh")
        refresh(database, reader, str)
        with database.reading() as connection:
            assert len(find_titles(connection, "moby")) == 1
            assert len(find_notes(connection, "precious")) == 1
        assert "sqlite3" in integrity.check_store(database)[0].message
    assert notes_in(paths) == ["precious"]


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(SurroundingsError) as raised, database.reading() as connection:
        connection.exec_driver_sql("DELETE FROM user_notes")
    assert raised.value.code is Code.STORE_READ_ONLY


def test_the_index_is_whole_beside_the_library_for_a_reader(database: Database, clock: StillClock) -> None:
    with database.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from idx.content_embeddings").scalar() == 0
        assert connection.exec_driver_sql("select count(*) from content_similarities").scalar() == 0
