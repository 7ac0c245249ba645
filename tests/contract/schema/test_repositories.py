"""The repositories do the same on SQLite and on Postgres."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import pytest
from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ProgramError, ReaderError
from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.store import books, collections, notes, outbox, positions, preferences, shelf, themes
from alexandria_desktop.store.book_rows import Arrival, Order
from alexandria_desktop.store.database import Database, Written
from alexandria_desktop.store.identity import ensure_identity, identity_of
from sync.schema.ids import uuid7
from tests.support.library import StillClock, edition, metadata, new_file, place
from tests.support.postgres import PostgresStore


class Store(Protocol):
    def write(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Written[Any]: ...
    def reading(self) -> AbstractContextManager[Connection]: ...


class Library:
    """A store with a reader in it."""

    def __init__(self, store: Store, clock: StillClock) -> None:
        self.store = store
        self.clock = clock
        self.reader: UUID = store.write(ensure_identity).value.user_id

    def do(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.clock.advance(seconds=1)
        return self.store.write(work, *args, **kwargs).value

    def see(self, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with self.store.reading() as connection:
            return work(connection, *args, **kwargs)

    def add(self, title: str, *authors: str, **more: Any) -> UUID:
        added = self.do(
            books.add_book, self.reader, metadata(title, *authors, **more), BookFormat.EPUB, new_file(title)
        )
        return UUID(int=added.id.int)

    def titles(self, **how: Any) -> list[str]:
        return [row.title for row in self.see(shelf.list_rows, self.reader, **how)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def library(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Library]:
    clock = StillClock()
    if request.param == "sqlite":
        with Database.open(LibraryPaths(tmp_path), clock=clock) as database:
            yield Library(database, clock)
        return
    cluster, template = request.getfixturevalue("cluster"), request.getfixturevalue("schema_template")
    with cluster.database(template) as engine:
        yield Library(PostgresStore(engine, clock), clock)


def test_the_reader_is_made_once(library: Library) -> None:
    first = library.see(identity_of)
    assert library.do(ensure_identity) == first
    assert first.user_id == library.reader


def test_a_book_comes_back_as_it_was_added(library: Library) -> None:
    known = replace(
        metadata("The Voyage", "Ann Author", "Bo Writer", series="Seas", index=1.5),
        published="1851-10",
        publisher="Harper",
        identifiers=(("isbn", "9780142437247"),),
        subjects=("Whales",),
        description="About a whale.",
    )
    added = library.do(
        books.add_book, library.reader, known, BookFormat.EPUB, new_file("voyage"), cover="c" * 64, page_count=7
    )
    details = library.see(books.get_book, library.reader, added.id)
    assert details.metadata == known
    assert details.isbn == "9780142437247"
    assert (details.row.cover, details.page_count, details.removed) == ("c" * 64, 7, False)
    assert (details.file.sha256, details.file.path) == (edition("voyage"), new_file("voyage").path)
    assert details.row.added_at == library.clock.now


def test_the_same_file_is_the_same_book(library: Library) -> None:
    first = library.add("Moby-Dick")
    again = library.do(books.add_book, library.reader, metadata("Whale"), BookFormat.EPUB, new_file("Moby-Dick"))
    assert (again.id, again.arrival) == (first, Arrival.DUPLICATE)
    assert library.titles() == ["Moby-Dick"]


def test_a_removed_book_can_be_brought_back(library: Library) -> None:
    book = library.add("Moby-Dick")
    library.do(books.remove_book, library.reader, book)
    assert library.titles() == []
    assert library.titles(removed=True) == ["Moby-Dick"]
    assert library.do(books.bring_back, library.reader, book) is True
    assert library.titles() == ["Moby-Dick"]
    assert library.do(books.bring_back, library.reader, book) is False


def test_a_removed_book_comes_back_when_its_file_is_added_again(library: Library) -> None:
    book = library.add("Moby-Dick")
    library.do(books.remove_book, library.reader, book)
    assert library.see(books.find_by_edition, library.reader, edition("Moby-Dick")) is None
    again = library.do(books.add_book, library.reader, metadata(), BookFormat.EPUB, new_file("Moby-Dick"))
    assert (again.id, again.arrival) == (book, Arrival.BROUGHT_BACK)
    assert library.see(books.find_by_edition, library.reader, edition("Moby-Dick")) == book


def test_a_shelf_is_sorted_as_people_sort(library: Library) -> None:
    for title in ("The Whale", "Épées", "Volume 10", "Volume 2", "A Tale"):
        library.add(title)
    assert library.titles() == ["Épées", "A Tale", "Volume 2", "Volume 10", "The Whale"]
    assert library.titles(descending=True) == ["The Whale", "Volume 10", "Volume 2", "A Tale", "Épées"]


def test_authors_are_sorted_by_surname(library: Library) -> None:
    library.add("One", "Zadie Austen")
    library.add("Two", "Ann Melville")
    library.add("Three", "Bo Carroll")
    assert library.titles(order=Order.AUTHOR) == ["One", "Three", "Two"]


def test_a_series_is_in_order_and_other_books_follow(library: Library) -> None:
    library.add("Alone")
    library.add("Second", series="Seas", index=2)
    library.add("Tenth", series="Seas", index=10)
    assert library.titles(order=Order.SERIES) == ["Second", "Tenth", "Alone"]
    assert library.titles(order=Order.SERIES, descending=True) == ["Tenth", "Second", "Alone"]


def test_what_was_opened_last_is_first_among_the_recent(library: Library) -> None:
    first, second = library.add("First"), library.add("Second")
    library.add("Never opened")
    library.do(positions.mark_opened, library.reader, second)
    library.do(positions.save_position, library.reader, first, place("First", progression=0.5))
    recent = library.see(shelf.recent_rows, library.reader)
    assert [(row.title, row.progress) for row in recent] == [("First", 50.0), ("Second", 0.0)]


def test_metadata_can_be_edited_and_the_order_follows(library: Library) -> None:
    book = library.add("Zebra")
    library.add("Middle")
    library.do(books.update_metadata, book, metadata("Antelope", "New Author"), tags=["animals"], genre="Nature")
    assert library.titles() == ["Antelope", "Middle"]
    details = library.see(books.get_book, library.reader, book)
    assert (details.tags, details.genre, details.row.authors) == (("animals",), "Nature", ("New Author",))


def test_a_book_is_found_by_a_part_of_its_title(library: Library) -> None:
    book = library.add("Moby-Dick")
    library.add("100% Wool")
    assert library.see(books.find_books, library.reader, "moby") == [book]
    assert library.see(books.find_books, library.reader, "%") != [book]


def test_a_book_that_is_not_there_has_a_code(library: Library) -> None:
    with pytest.raises(ReaderError) as raised:
        library.see(books.get_book, library.reader, uuid7())
    assert raised.value.code is Code.BOOK_UNKNOWN


def test_a_rating_outside_one_to_five_is_refused(library: Library) -> None:
    book = library.add("Moby-Dick")
    library.do(books.rate, library.reader, book, 5)
    with pytest.raises((ProgramError, Exception), match=r"fit|range"):
        library.do(books.rate, library.reader, book, 6)
    assert library.see(books.get_book, library.reader, book).row.rating == 5


def test_a_note_keeps_its_words_its_place_and_its_colour(library: Library) -> None:
    book = library.add("Moby-Dick")
    where = place("Moby-Dick", 10)
    made = library.do(
        notes.add_note,
        library.reader,
        book,
        type=notes.NoteType.HIGHLIGHT,
        text="begin here",
        locator=where,
        color="yellow",
        attributes={"tags": ["start"]},
    )
    assert library.see(notes.notes_of, library.reader, book) == [made]
    assert (made.locator, made.quote, made.color, made.placed) == (where, "Call me Ishmael", "yellow", True)
    assert made.attributes == {"tags": ["start"]}


def test_a_note_is_changed_only_where_it_is_asked(library: Library) -> None:
    book = library.add("Moby-Dick")
    made = library.do(notes.add_note, library.reader, book, text="one", color="green", locator=place("Moby-Dick"))
    changed = library.do(notes.edit_note, made.id, text="two")
    assert changed == replace(made, text="two", updated_at=library.clock.now)
    assert library.do(notes.edit_note, made.id, color=None).color is None


def test_a_deleted_note_can_be_brought_back(library: Library) -> None:
    book = library.add("Moby-Dick")
    made = library.do(notes.add_note, library.reader, book, text="one")
    library.do(notes.delete_note, made.id)
    assert library.see(notes.notes_of, library.reader, book) == []
    assert library.see(notes.get_note, made.id).deleted is True
    library.do(notes.undelete_note, made.id)
    assert [note.text for note in library.see(notes.notes_of, library.reader, book)] == ["one"]


def test_a_note_outlives_its_book(library: Library) -> None:
    book = library.add("Moby-Dick")
    library.do(notes.add_note, library.reader, book, text="mine", locator=place("Moby-Dick"))
    library.do(books.remove_book, library.reader, book)
    assert [note.text for note in library.see(notes.all_notes, library.reader)] == ["mine"]


def test_all_notes_come_latest_first(library: Library) -> None:
    book = library.add("Moby-Dick")
    for text in ("one", "two", "three"):
        library.do(notes.add_note, library.reader, book, text=text)
    assert [note.text for note in library.see(notes.all_notes, library.reader, limit=2)] == ["three", "two"]


def test_a_note_waits_in_the_tray_until_it_is_found_in_the_new_edition(library: Library) -> None:
    book = library.add("Moby-Dick")
    made = library.do(notes.add_note, library.reader, book, locator=place("Moby-Dick"))
    library.do(books.add_edition, book, BookFormat.EPUB, new_file("second"))
    assert [note.id for note in library.see(notes.needing_placement, library.reader, book)] == [made.id]
    assert library.see(notes.get_note, made.id).placed is False

    library.do(notes.set_placement, made.id, edition("second"), None, score=0.2)
    lost = library.see(notes.get_note, made.id)
    assert (lost.placed, lost.locator) == (False, made.locator)

    found = place("second", 99)
    library.do(notes.set_placement, made.id, edition("second"), found, score=0.98, method="quote")
    placed = library.see(notes.get_note, made.id)
    assert (placed.placed, placed.locator) == (True, found)
    assert library.see(notes.needing_placement, library.reader, book) == []


def test_a_note_that_was_put_on_other_words_is_at_home_there_and_looked_for_anew_elsewhere(library: Library) -> None:
    book = library.add("Moby-Dick")
    made = library.do(notes.add_note, library.reader, book, locator=place("Moby-Dick"))
    library.do(books.add_edition, book, BookFormat.EPUB, new_file("second"))
    library.do(notes.set_placement, made.id, edition("second"), None, score=0.2)
    moved = library.do(notes.move_note, made.id, place("second", 99))
    assert (moved.placed, moved.locator, moved.edition) == (True, place("second", 99), edition("second"))
    back = library.do(notes.move_note, made.id, place("Moby-Dick"))
    assert (back.placed, back.locator) == (False, made.locator)
    assert [note.id for note in library.see(notes.needing_placement, library.reader, book)] == [made.id]


def test_a_place_counts_in_the_edition_that_it_names_whatever_the_column_beside_it_says(library: Library) -> None:
    book = library.add("Moby-Dick")
    made = library.do(notes.add_note, library.reader, book, locator=place("second", 7))
    assert made.placed is False
    library.do(lambda unit: unit.update("user_notes", made.id, {"edition": edition("Moby-Dick")}))
    merged = library.see(notes.get_note, made.id)
    assert (merged.placed, merged.edition) == (False, edition("second"))
    assert [note.id for note in library.see(notes.needing_placement, library.reader, book)] == [made.id]


def test_a_note_that_was_not_found_is_looked_for_again_once_it_was_changed(library: Library) -> None:
    book = library.add("Moby-Dick")
    made = library.do(notes.add_note, library.reader, book, locator=place("Moby-Dick"))
    library.do(books.add_edition, book, BookFormat.EPUB, new_file("second"))
    library.do(notes.set_placement, made.id, edition("second"), None, score=0.2)
    assert library.see(notes.needing_placement, library.reader, book) == []
    library.do(notes.edit_note, made.id, locator=place("third", 7))  # as another device's hand comes by sync
    assert [note.id for note in library.see(notes.needing_placement, library.reader, book)] == [made.id]
    library.do(notes.set_placement, made.id, edition("second"), place("second", 7), score=1.0)
    assert library.see(notes.needing_placement, library.reader, book) == []


def test_a_book_keeps_every_edition_and_reads_the_last(library: Library) -> None:
    book = library.add("Moby-Dick")
    library.do(books.add_edition, book, BookFormat.EPUB, new_file("second"))
    files = library.see(books.book_files, book)
    assert [(file.sha256, file.is_current) for file in files] == [
        (edition("second"), True),
        (edition("Moby-Dick"), False),
    ]
    assert library.see(books.find_by_edition, library.reader, edition("second")) == book
    assert library.see(books.get_book, library.reader, book).row.edition == edition("second")


def test_reading_backwards_moves_the_place_but_not_the_furthest(library: Library) -> None:
    book = library.add("Moby-Dick")
    far, near = place("Moby-Dick", 500, progression=0.8), place("Moby-Dick", 5, progression=0.1)
    library.do(positions.save_position, library.reader, book, far)
    library.do(positions.save_position, library.reader, book, near)
    position = library.see(positions.position_of, library.reader, book)
    assert (position.locator, position.progress) == (near, 10.0)
    assert (position.furthest, position.furthest_progress) == (far, 80.0)
    assert position.at == library.clock.now


def test_a_sitting_counts_time_and_pages(library: Library) -> None:
    book = library.add("Moby-Dick")
    sitting = library.do(positions.start_session, library.reader, book, theme="paper")
    library.do(positions.note_session, sitting, seconds_read=90, pages_turned=4, progress=2.5, ended=True)


def test_collections_hold_books_until_they_are_taken_out(library: Library) -> None:
    book, other = library.add("Moby-Dick"), library.add("Typee")
    sea = library.do(collections.make_collection, library.reader, "Sea")
    for one in (book, other, book):
        library.do(collections.put_in, library.reader, sea, one)
    assert [(one.name, one.books) for one in library.see(collections.list_collections, library.reader)] == [("Sea", 2)]
    assert library.titles(collection=sea) == ["Moby-Dick", "Typee"]
    library.do(collections.take_out, sea, book)
    assert library.titles(collection=sea) == ["Typee"]
    assert library.see(collections.collections_of, library.reader, book) == frozenset()
    library.do(collections.put_in, library.reader, sea, book)
    library.do(books.remove_book, library.reader, other)
    assert library.titles(collection=sea) == ["Moby-Dick"]


def test_a_removed_collection_comes_back_with_its_books(library: Library) -> None:
    sea = library.do(collections.make_collection, library.reader, "Sea")
    library.do(collections.put_in, library.reader, sea, library.add("Moby-Dick"))
    library.do(collections.remove_collection, sea)
    assert library.see(collections.list_collections, library.reader) == []
    library.do(collections.bring_back_collection, sea)
    assert [one.books for one in library.see(collections.list_collections, library.reader)] == [1]


def test_settings_are_changed_one_by_one(library: Library) -> None:
    library.do(preferences.change_settings, library.reader, {"font": "serif", "size": 18})
    library.do(preferences.change_settings, library.reader, {"size": 20, "font": None})
    assert library.see(preferences.read_settings, library.reader) == {"size": 20}


def test_themes_are_kept_chosen_and_removed(library: Library) -> None:
    shipped = [themes.Environment("paper", "Paper"), themes.Environment("night", "Night", is_dark=True, position=1)]
    assert library.do(themes.keep_environments, shipped) == 2
    assert library.do(themes.keep_environments, shipped) == 0
    assert library.see(themes.list_environments) == shipped
    mine = library.do(themes.save_theme, library.reader, name="Mine", base_theme="paper", customizations={"size": 20})
    library.do(themes.save_theme, library.reader, name="Ours", base_theme="night", customizations={}, theme_id=mine)
    assert [(one.name, one.base_theme) for one in library.see(themes.list_themes, library.reader)] == [
        ("Ours", "night")
    ]
    assert library.see(themes.theme_choice, library.reader) == themes.ThemeChoice()
    choice = themes.ThemeChoice(theme_id=mine, dark_mode="dark", by_device={"laptop": "night"})
    library.do(themes.choose_theme, library.reader, choice)
    assert library.see(themes.theme_choice, library.reader) == choice
    library.do(themes.remove_theme, mine)
    assert library.see(themes.list_themes, library.reader) == []


def test_the_outbox_knows_what_a_field_was_before(library: Library) -> None:
    book = library.add("Moby-Dick")
    waiting = {entry.table: entry for entry in library.see(outbox.pending)}
    assert waiting["content_items"].operation == "insert"
    assert waiting["content_items"].row_id == book
    assert "users" not in waiting
    assert "local_files" not in waiting


def test_a_write_that_fails_leaves_nothing_behind(library: Library) -> None:
    book = library.add("Moby-Dick")
    before = library.see(outbox.count_pending)

    def fail(unit: Any) -> None:
        notes.add_note(unit, library.reader, book, text="half")
        raise KeyError("in the middle")

    with pytest.raises(KeyError):
        library.do(fail)
    assert library.see(notes.notes_of, library.reader, book) == []
    assert library.see(outbox.count_pending) == before
