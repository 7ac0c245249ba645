"""Titles and notes are found by their words, soon after they change and after index.db was lost."""

from __future__ import annotations

from uuid import UUID

import pytest

from alexandria_desktop.store import books, notes
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.text_index import find_notes, find_titles, refresh
from tests.support.library import StillClock, metadata, place


def titles(database: Database, reader: UUID, words: str) -> list[UUID]:
    refresh(database, reader, str)
    with database.reading() as connection:
        return [hit.id for hit in find_titles(connection, words)]


def found_notes(database: Database, reader: UUID, words: str) -> list[UUID]:
    refresh(database, reader, str)
    with database.reading() as connection:
        return [hit.id for hit in find_notes(connection, words)]


@pytest.mark.parametrize("words", ["moby", "mob*", "melville", "authors: herman"])
def test_a_book_is_found_by_title_and_author(database: Database, reader: UUID, book: UUID, words: str) -> None:
    assert titles(database, reader, words) == [book]


def test_a_new_title_takes_the_place_of_the_old(
    database: Database, reader: UUID, book: UUID, clock: StillClock
) -> None:
    titles(database, reader, "moby")
    clock.advance(seconds=1)
    database.write(books.update_metadata, book, metadata("Typee"))
    assert titles(database, reader, "moby") == []
    assert titles(database, reader, "typee") == [book]


def test_a_removed_book_is_not_found_until_it_is_back(database: Database, reader: UUID, book: UUID) -> None:
    titles(database, reader, "moby")
    database.write(books.remove_book, reader, book)
    assert titles(database, reader, "moby") == []
    database.write(books.bring_back, reader, book)
    assert titles(database, reader, "moby") == [book]


def test_a_note_is_found_by_its_words_and_by_what_it_marks(
    database: Database, reader: UUID, book: UUID, clock: StillClock
) -> None:
    note = database.write(notes.add_note, reader, book, text="obsession", locator=place("Moby-Dick")).value
    assert found_notes(database, reader, "ishmael") == [note.id]
    clock.advance(seconds=1)
    database.write(notes.edit_note, note.id, text="revenge")
    assert found_notes(database, reader, "obsession") == []
    assert found_notes(database, reader, "revenge") == [note.id]
    database.write(notes.delete_note, note.id)
    assert found_notes(database, reader, "revenge") == []


def test_nothing_is_done_where_nothing_changed(database: Database, reader: UUID, book: UUID) -> None:
    assert refresh(database, reader, str).titles == 1
    assert refresh(database, reader, str).titles == 0


def test_a_lost_index_finds_the_notes_again(database: Database, reader: UUID, book: UUID) -> None:
    note = database.write(notes.add_note, reader, book, text="obsession").value
    found_notes(database, reader, "obsession")
    database.close()
    database.paths.index_db.unlink()
    with Database.open(database.paths) as again:
        assert found_notes(again, reader, "obsession") == [note.id]
