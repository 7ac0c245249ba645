"""Migrations are named, whole, and leave a copy of what was before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import connections, notes
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.driver import choose_driver
from alexandria_desktop.store.library_schema import LIBRARY_SCHEMA
from alexandria_desktop.store.migrations import Migration

NOW = LIBRARY_SCHEMA.version


def add_mood(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE user_notes ADD COLUMN mood TEXT DEFAULT 'calm'")


def rebuild_items(connection: Connection) -> None:
    made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'content_items'").scalar_one()
    connection.exec_driver_sql(made.replace("content_items", "made_anew", 1))
    connection.exec_driver_sql("INSERT INTO made_anew SELECT * FROM content_items")
    connection.exec_driver_sql("DROP TABLE content_items")
    connection.exec_driver_sql("ALTER TABLE made_anew RENAME TO content_items")


def fail(connection: Connection) -> None:
    add_mood(connection)
    raise KeyError("half way")


def orphan(connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE books SET content_id = randomblob(16)")


def query(file: Path, statement: str) -> list[tuple[object, ...]]:
    raw = connections.connect(choose_driver(), file)
    try:
        return list(raw.execute(statement).fetchall())
    finally:
        raw.close()


@pytest.fixture
def closed(paths: LibraryPaths, database: Database, reader: UUID, book: UUID) -> LibraryPaths:
    database.write(notes.add_note, reader, book, text="precious")
    database.close()
    return paths


def open_with(paths: LibraryPaths, *steps: Migration) -> None:
    Database.open(
        paths, library_schema=replace(LIBRARY_SCHEMA, migrations=(*LIBRARY_SCHEMA.migrations, *steps))
    ).close()


def test_each_step_is_taken_once_and_in_order(closed: LibraryPaths) -> None:
    steps = (Migration(NOW + 1, "add a mood", add_mood), Migration(NOW + 2, "rebuild items", rebuild_items))
    open_with(closed, *steps)
    open_with(closed, *steps)
    assert query(closed.library_db, "PRAGMA user_version") == [(NOW + 2,)]
    assert query(closed.library_db, "SELECT note_text, mood FROM user_notes") == [("precious", "calm")]


def test_a_rebuilt_table_keeps_its_children(closed: LibraryPaths) -> None:
    open_with(closed, Migration(NOW + 1, "rebuild items", rebuild_items))
    assert query(closed.library_db, "SELECT count(*) FROM books") == [(1,)]


def test_a_copy_of_the_library_is_kept_before_the_first_step(closed: LibraryPaths) -> None:
    open_with(closed, Migration(NOW + 1, "add a mood", add_mood))
    (copy,) = closed.backups.glob("*.db")
    assert f"before-update-of-version-{NOW}" in copy.name
    assert query(copy, "PRAGMA user_version") == [(NOW,)]
    assert query(copy, "SELECT note_text FROM user_notes") == [("precious",)]


def test_a_step_that_fails_leaves_the_library_as_it_was(closed: LibraryPaths) -> None:
    with pytest.raises(KeyError):
        open_with(closed, Migration(NOW + 1, "fail", fail))
    assert query(closed.library_db, "PRAGMA user_version") == [(NOW,)]
    assert "mood" not in {row[1] for row in query(closed.library_db, "PRAGMA table_info(user_notes)")}
    Database.open(closed).close()


def test_a_step_that_would_orphan_rows_is_taken_back(closed: LibraryPaths) -> None:
    with pytest.raises(SurroundingsError) as raised:
        open_with(closed, Migration(NOW + 1, "orphan", orphan))
    assert raised.value.code is Code.STORE_DAMAGED
    assert query(closed.library_db, "PRAGMA foreign_key_check") == []


def test_a_new_library_starts_at_the_last_version(paths: LibraryPaths) -> None:
    open_with(paths, Migration(NOW + 1, "never needed", fail))
    assert query(paths.library_db, "PRAGMA user_version") == [(NOW + 1,)]


def test_a_library_of_the_first_version_gets_what_later_ones_need(closed: LibraryPaths) -> None:
    raw = connections.connect(choose_driver(), closed.library_db)
    later = ("sync_conflicts", "sync_seen", "open_attempts", "attempt_journal", "course_versions", "taken_packs")
    for name in (*later, "carried_attempts"):
        raw.execute(f"DROP TABLE {name}")
    for column in ("deleted_at", "field_clocks"):
        raw.execute(f"ALTER TABLE attempt_grades DROP COLUMN {column}")
    raw.execute("PRAGMA user_version = 1")
    raw.commit()
    raw.close()
    Database.open(closed).close()
    assert query(closed.library_db, "SELECT count(*) FROM sync_conflicts") == [(0,)]
    assert query(closed.library_db, "SELECT count(*) FROM attempt_journal") == [(0,)]
    assert query(closed.library_db, "SELECT count(*) FROM taken_packs") == [(0,)]
    assert query(closed.library_db, "SELECT note_text FROM user_notes") == [("precious",)]
