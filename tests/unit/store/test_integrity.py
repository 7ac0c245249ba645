"""The doctor's list names what is wrong and nothing else."""

from __future__ import annotations

from uuid import UUID

import pytest

from alexandria_desktop.store import integrity, passages
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.driver import CANDIDATES, choose_driver
from tests.support.library import new_file, put


def complaints(database: Database) -> dict[str, str]:
    return {check.name: check.message for check in integrity.check_store(database) if not check.ok}


@pytest.fixture
def healthy(database: Database, book: UUID) -> Database:
    kept = database.paths.root / new_file("Moby-Dick").path
    kept.write_bytes(b"a book")
    put(database, book, "words")
    return database


def test_a_healthy_library_has_no_complaints(healthy: Database) -> None:
    assert complaints(healthy) == {}
    assert any(check.name == "sqlite" and "SQLite" in check.message for check in integrity.check_store(healthy))


def test_a_missing_file_is_named(healthy: Database) -> None:
    (healthy.paths.root / new_file("Moby-Dick").path).unlink()
    assert new_file("Moby-Dick").path in complaints(healthy)["files"]


def test_a_note_on_nothing_is_noticed(healthy: Database, reader: UUID) -> None:
    def orphan(connection: object) -> None:
        statement = "INSERT INTO user_notes (user_id, content_id, note_text) VALUES (?, randomblob(16), 'lost')"
        connection.exec_driver_sql(statement, (reader.bytes,))  # type: ignore[attr-defined]

    healthy.library.run(orphan)
    assert complaints(healthy).keys() == {"note rows"}


def test_an_index_with_a_book_too_many_is_noticed(healthy: Database) -> None:
    healthy.library.run(lambda connection: connection.exec_driver_sql("DELETE FROM user_libraries"))
    assert complaints(healthy).keys() == {"index agrees"}


def test_full_text_that_lost_its_passages_is_noticed_and_rebuilt(healthy: Database) -> None:
    healthy.index.run(lambda connection: connection.exec_driver_sql("UPDATE passages SET text = 'other'"))
    assert complaints(healthy).keys() == {"full text"}
    integrity.rebuild_full_text(healthy)
    assert complaints(healthy) == {}


def test_an_index_thrown_away_is_made_anew_at_the_next_opening(healthy: Database, reader: UUID, book: UUID) -> None:
    healthy.close()
    integrity.forget_index(healthy.paths)
    with Database.open(healthy.paths) as again, again.reading() as connection:
        assert again.index_is_new
        assert passages.books_to_index(connection, reader, text_version=1) == [book]


def test_the_driver_says_what_it_is() -> None:
    driver = choose_driver()
    assert driver.name in {name.split(".")[0] for name in CANDIDATES}
    assert driver.can_load_extensions == hasattr(driver.module.connect(":memory:"), "enable_load_extension")
