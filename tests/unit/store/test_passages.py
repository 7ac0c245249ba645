"""Passages go in and out a book at a time, and their words with them."""

from __future__ import annotations

from uuid import UUID

import pytest

from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.store import books, integrity, passages
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.passages import Script, script_of
from sync.schema.ids import uuid7
from tests.support.library import metadata, new_file, put


def find(database: Database, words: str, table: str = passages.SPACED_TABLE) -> list[int]:
    with database.reading() as connection:
        rows = connection.exec_driver_sql(
            f"SELECT rowid FROM idx.{table} WHERE {table} MATCH ? ORDER BY rank", (words,)
        )
        return [row[0] for row in rows]


def test_a_passage_is_found_by_the_stem_of_its_words(database: Database) -> None:
    ids = put(database, uuid7(), "Call me Ishmael", "The whales were swimming")
    assert find(database, "whale AND swim") == [ids[1]]
    assert find(database, "heading: loomings") == list(ids)


def test_accents_are_no_hindrance(database: Database) -> None:
    ids = put(database, uuid7(), "L'épée était là", language="fr")
    assert find(database, "epee") == list(ids)


def test_a_passage_comes_back_with_its_place(database: Database) -> None:
    book = uuid7()
    ids = put(database, book, "one", "two")
    with database.reading() as connection:
        found = passages.get_passages(connection, [ids[1], ids[0]])
        assert [one.passage.text for one in found] == ["two", "one"]
        assert found == list(reversed(passages.passages_of(connection, book)))
    assert (found[0].content_id, found[0].chapter, found[0].passage.start) == (book, "I", 100)


def test_ids_of_a_book_lie_together_and_are_not_another_books(database: Database) -> None:
    first, second = uuid7(), uuid7()
    one, two = put(database, first, "a", "b"), put(database, second, "c")
    assert set(one).isdisjoint(two)
    with database.reading() as connection:
        assert passages.ids_of_book(connection, first) == one
        assert passages.ids_of_book(connection, uuid7()) == range(0)


def test_putting_a_book_in_again_replaces_it(database: Database) -> None:
    book = uuid7()
    put(database, book, "whale", "ship")
    put(database, book, "ship")
    assert find(database, "whale") == []
    assert len(find(database, "ship")) == 1


@pytest.mark.parametrize(
    ("language", "text", "table", "words"),
    [
        ("en", "the whale", passages.SPACED_TABLE, "whale"),
        ("zh", "白鲸在海里", passages.PAIRS_TABLE, '"鲸在"'),
        ("th", "วาฬสีขาว", passages.TRIGRAMS_TABLE, '"สีขาว"'),
    ],
)
def test_a_book_taken_out_leaves_no_words_behind(
    database: Database, language: str, text: str, table: str, words: str
) -> None:
    book = uuid7()
    ids = put(database, book, text, language=language)
    assert find(database, words, table) == list(ids)
    assert database.index.run(passages.delete_book, book) == ids
    assert find(database, words, table) == []
    assert [check for check in integrity.check_store(database) if not check.ok] == []


def test_a_book_without_words_counts_as_indexed(database: Database, reader: UUID, book: UUID) -> None:
    assert put(database, book) == range(1, 1)
    with database.reading() as connection:
        assert passages.books_to_index(connection, reader, text_version=1) == []
    assert database.index.run(passages.delete_book, book) == range(1, 1)


def test_what_is_not_indexed_or_in_an_old_edition_is_listed(database: Database, reader: UUID, book: UUID) -> None:
    def listed(version: int = 1) -> list[UUID]:
        with database.reading() as connection:
            return passages.books_to_index(connection, reader, text_version=version)

    assert listed() == [book]
    put(database, book, "words")
    assert listed() == []
    assert listed(version=2) == [book]
    database.write(books.add_edition, book, BookFormat.EPUB, new_file("second"))
    assert listed() == [book]


def test_a_removed_book_is_listed_to_be_taken_out(database: Database, reader: UUID, book: UUID) -> None:
    put(database, book, "words")
    database.write(books.remove_book, reader, book)
    with database.reading() as connection:
        assert passages.books_to_forget(connection, reader) == [book]
        assert passages.books_to_index(connection, reader, text_version=1) == []


@pytest.mark.parametrize(
    ("language", "script"),
    [
        ("zh-hant", Script.PAIRS),
        ("JA", Script.PAIRS),
        ("th", Script.TRIGRAMS),
        ("en-gb", Script.SPACED),
        (None, Script.SPACED),
    ],
)
def test_a_language_tells_how_it_is_cut(language: str | None, script: Script) -> None:
    assert script_of(language) is script


def test_more_books_do_not_hide_one(database: Database, reader: UUID, book: UUID) -> None:
    other = database.write(books.add_book, reader, metadata("Typee"), BookFormat.EPUB, new_file("Typee")).value.id
    put(database, other, "words", name="Typee")
    with database.reading() as connection:
        assert passages.books_to_index(connection, reader, text_version=1) == [book]
