"""One thread writes; what a person did goes first; a result means that it is on the disk."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ProgramError, SurroundingsError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store import connections, notes
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.driver import choose_driver

INSERT = "INSERT INTO local_state (key, value) VALUES (?, '1')"


def put(connection: Connection, key: str) -> str:
    connection.exec_driver_sql(INSERT, (key,))
    return key


def keys(paths: LibraryPaths) -> set[str]:
    """Read with a connection of one's own: it sees only what is committed."""
    raw = connections.connect(choose_driver(), paths.library_db)
    try:
        return {row[0] for row in raw.execute("SELECT key FROM local_state WHERE value = '1'")}
    finally:
        raw.close()


def hold(database: Database) -> threading.Event:
    """Keep the writer busy until the returned event is set."""
    started, gate = threading.Event(), threading.Event()

    def wait(connection: Connection) -> None:
        started.set()
        gate.wait(10)

    database.library.submit(wait)
    assert started.wait(10)
    return gate


def test_a_result_is_given_only_after_the_commit(database: Database) -> None:
    assert database.library.run(put, "one") == "one"
    assert keys(database.paths) == {"one"}
    database.library.submit(put, "two").result()
    assert keys(database.paths) == {"one", "two"}


def test_what_a_person_did_goes_ahead_of_background_work(database: Database) -> None:
    gate, order = hold(database), []

    def note(connection: Connection, name: str) -> None:
        order.append(name)

    waiting = [database.library.submit(note, f"background {number}") for number in range(3)]
    urgent = database.library.submit_urgent(note, "person")
    person = threading.Thread(target=database.library.run, args=(note, "another person"))
    person.start()
    while database.library.waiting < 5:
        time.sleep(0.001)
    gate.set()
    person.join()
    for future in (*waiting, urgent):
        future.result()
    assert order == ["person", "another person", "background 0", "background 1", "background 2"]


def test_a_write_holds_the_library_from_its_first_look(database: Database) -> None:
    def look(connection: Connection) -> None:
        other = connections.connect(choose_driver(), database.paths.library_db, busy_seconds=0)
        try:
            with pytest.raises(database.driver.module.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        finally:
            other.close()

    database.library.run(look)


def test_one_failure_among_background_work_harms_nobody_else(database: Database) -> None:
    gate = hold(database)

    def fail(connection: Connection) -> None:
        put(connection, "half")
        raise KeyError("mine alone")

    good, bad, also_good = (
        database.library.submit(put, "first"),
        database.library.submit(fail),
        database.library.submit(put, "last"),
    )
    gate.set()
    assert (good.result(), also_good.result()) == ("first", "last")
    with pytest.raises(KeyError):
        bad.result()
    assert keys(database.paths) == {"first", "last"}


def test_work_that_was_called_off_is_not_done(database: Database) -> None:
    gate = hold(database)
    unwanted = database.library.submit(put, "unwanted")
    assert unwanted.cancel()
    gate.set()
    database.library.run(put, "wanted")
    assert keys(database.paths) == {"wanted"}


def test_closing_finishes_what_is_in_line(paths: LibraryPaths) -> None:
    database = Database.open(paths)
    futures = [database.library.submit(put, str(number)) for number in range(50)]
    database.close()
    assert all(future.done() for future in futures)
    assert len(keys(paths)) == 50
    with pytest.raises(ProgramError):
        database.library.submit(put, "late")


def test_a_write_inside_a_write_is_refused_instead_of_waiting_for_itself(database: Database) -> None:
    def nested(connection: Connection) -> None:
        database.library.run(put, "inner")

    with pytest.raises(ProgramError) as raised:
        database.library.run(nested)
    assert raised.value.code is Code.PROGRAM


def test_another_process_that_holds_the_library_is_waited_for_and_then_named(paths: LibraryPaths) -> None:
    with Database.open(paths, busy_seconds=0.2) as database:
        other = connections.connect(choose_driver(), paths.library_db)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(SurroundingsError) as raised:
            database.library.run(put, "blocked")
        assert raised.value.code is Code.STORE_BUSY
        other.execute("COMMIT")
        other.close()
        assert database.library.run(put, "free") == "free"


def test_the_data_version_tells_of_other_processes_alone(database: Database, reader: UUID, book: UUID) -> None:
    before = database.data_version()
    database.write(notes.add_note, reader, book, text="ours")
    assert database.data_version() == before
    other = connections.connect(choose_driver(), database.paths.library_db)
    other.execute(INSERT, ("theirs",))
    other.close()
    assert database.data_version() != before


def test_notes_do_not_wait_for_the_index(database: Database, reader: UUID, book: UUID) -> None:
    gate = threading.Event()
    indexing = database.index.submit(lambda _: gate.wait(10))
    assert database.write(notes.add_note, reader, book, text="now").value.text == "now"
    assert not indexing.done()
    gate.set()
    indexing.result()


def test_a_library_survives_being_moved_while_closed(paths: LibraryPaths, tmp_path: Path) -> None:
    with Database.open(paths) as database:
        database.library.run(put, "one")
    moved = LibraryPaths(paths.root.rename(tmp_path / "moved"))
    with Database.open(moved) as database:
        assert not database.index_is_new
    assert keys(moved) == {"one"}
