"""A calibre library comes in with what calibre knows of its books, and stays as it is."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.elsewhere.calibre import files_of
from alexandria_desktop.library.importing import Status
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.calibre import read_calibre
from tests.support.calibre import Shelved, make_calibre
from tests.support.data import shared_data
from tests.support.epubs import novel

EMMA = Shelved(
    "Emma", ("Jane Austen", "Editor| An"), tags=("Novel", "Regency"), series="The Novels", series_index=4.0,
    languages=("deu",), half_stars=9, pubdate="1815-12-23 00:00:00+00:00", comments="<p>A <b>matchmaker</b>.</p>",
    isbn="9780141439587", formats=("TXT", "EPUB"),
)  # fmt: skip
NAMELESS = Shelved("Unknown")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def sight(folder: Path) -> dict[str, tuple[str, float]]:
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(one): (hashlib.sha256(one.read_bytes()).hexdigest(), one.stat().st_mtime) for one in files}


def test_calibres_word_is_laid_over_what_the_file_says(library: Library, tmp_path: Path) -> None:
    (outcome,) = library.bring_in([make_calibre(tmp_path / "Calibre", EMMA)]).outcomes
    assert outcome.book_id is not None
    known = library.shelf.details(outcome.book_id)
    assert (known.row.title, known.row.authors) == ("Emma", ("Jane Austen", "Editor, An"))
    assert (known.row.series, known.row.series_index, known.row.language) == ("The Novels", 4.0, "de")
    assert (known.row.format, known.row.rating) == ("epub", 5)
    assert set(known.tags) >= {"Novel", "Regency"}
    assert known.metadata.published == "1815-12-23"
    assert known.metadata.description == "A matchmaker."
    assert ("isbn", "9780141439587") in known.metadata.identifiers


def test_what_calibre_does_not_know_is_taken_from_the_file(library: Library, tmp_path: Path) -> None:
    (outcome,) = library.bring_in([make_calibre(tmp_path / "Calibre", NAMELESS)]).outcomes
    assert outcome.book_id is not None
    known = library.shelf.details(outcome.book_id)
    assert (known.row.title, known.row.authors) == ("untitled", ("nobody",))
    assert (known.row.rating, known.metadata.published) == (None, None)


def test_nothing_of_calibres_is_written_to_and_nothing_left_beside_it(library: Library, tmp_path: Path) -> None:
    folder = make_calibre(tmp_path / "Calibre", EMMA, NAMELESS)
    before = sight(folder)
    library.bring_in([folder])
    assert sight(folder) == before


def test_a_second_time_all_are_here_and_the_readers_own_words_stay(library: Library, tmp_path: Path) -> None:
    folder = make_calibre(tmp_path / "Calibre", EMMA)
    book = library.bring_in([folder]).outcomes[0].book_id
    assert book is not None
    library.shelf.rename(book, title="My Emma", authors=["J. A."])
    (again,) = library.bring_in([folder]).outcomes
    assert again.status is Status.DUPLICATE
    assert library.shelf.details(book).row.title == "My Emma"


def test_what_came_in_and_copies_of_it_are_not_offered_again(library: Library, home: Path) -> None:
    folder = make_calibre(home / "Calibre Library", EMMA, NAMELESS)
    copy = home / "Books" / "copy.epub"
    copy.parent.mkdir()
    copy.write_bytes(next(folder.rglob("Emma*/*.epub")).read_bytes())
    assert [one.count for one in library.look_around()] == [2, 1]
    library.bring_in([next(folder.rglob("Emma*/*.epub"))])
    assert [(one.path, one.count) for one in library.look_around()] == [(folder, 1), (copy.parent, 1)]
    library.bring_in([folder, copy])
    assert library.look_around() == []


def test_one_file_out_of_a_calibre_library_is_described_too(library: Library, tmp_path: Path) -> None:
    make_calibre(tmp_path / "Calibre", EMMA)
    (outcome,) = library.bring_in([tmp_path / "Calibre" / "Jane Austen" / "Emma (1)" / "the file.epub"]).outcomes
    assert outcome.book_id is not None
    assert library.shelf.details(outcome.book_id).row.title == "Emma"


def test_a_calibre_library_within_a_folder_is_seen_as_one(library: Library, tmp_path: Path) -> None:
    make_calibre(tmp_path / "documents" / "Calibre", EMMA)
    novel(tmp_path / "documents" / "one.epub", seed=50, title="One")
    library.bring_in([tmp_path / "documents"])
    assert {(row.title, row.format) for row in library.shelf.books()} == {("Emma", "epub"), ("One", "epub")}


def test_a_folder_of_books_beside_is_brought_in_as_ever(library: Library, tmp_path: Path) -> None:
    novel(tmp_path / "more" / "one.epub", seed=50, title="One")
    brought = library.bring_in([make_calibre(tmp_path / "Calibre", EMMA), tmp_path / "more"])
    assert [one.status for one in brought.outcomes] == [Status.IMPORTED, Status.IMPORTED]
    assert {row.title for row in library.shelf.books()} == {"Emma", "One"}


def test_a_database_that_names_files_outside_its_folder_is_not_followed(tmp_path: Path) -> None:
    folder = make_calibre(tmp_path / "Calibre", EMMA)
    novel(tmp_path / "secret" / "the file.epub")
    with sqlite3.connect(folder / "metadata.db") as connection:
        connection.execute("UPDATE books SET path = '../secret'")
    connection.close()
    assert files_of(folder) == []


def test_a_damaged_database_is_one_sentence(library: Library, tmp_path: Path) -> None:
    folder = make_calibre(tmp_path / "Calibre", EMMA)
    (folder / "metadata.db").write_bytes(b"SQLite format 3\0" + b"?" * 5000)
    with pytest.raises(ReaderError) as raised:
        library.bring_in([folder])
    assert raised.value.code is Code.IMPORT_DAMAGED


@pytest.mark.data
def test_a_library_after_calibres_own_tables_is_read() -> None:
    books = read_calibre(shared_data() / "calibre")
    known = {book.title: book for book in books}
    assert known["Moby Dick"].authors == ("Herman Melville",)
    assert known["Moby Dick"].published is None
    assert known["The Adventures of Sherlock Holmes"].series_index == 3.0
