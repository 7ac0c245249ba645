"""What one laptop writes the other has, and nothing is told twice or lost on the way."""

from __future__ import annotations

import pytest

from alexandria_desktop.store.sync_store import SyncStore
from sync.client.incoming import Arrivals, apply
from sync.protocol.lines import unframed
from tests.support.server import ServerDatabase
from tests.sync.conftest import NewLaptop
from tests.sync.faults import Wire
from tests.sync.laptops import Laptop

pytestmark = pytest.mark.postgres


def test_a_book_and_its_notes_reach_the_other_laptop(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    book = one.add_book()
    note = one.add_note(book, "Call me what you like.")
    report = one.sync()
    assert (report.rejected, report.conflicts) == (0, 0)
    assert one.waiting() == []
    other.sync()
    assert other.note(note) == "Call me what you like."
    assert [row["title"] for row in other.rows("content_items").values()] == ["Moby-Dick"]
    assert other.rows("user_notes")[note]["location_data"] == one.rows("user_notes")[note]["location_data"]


def test_a_round_with_nothing_new_changes_nothing(two: tuple[Laptop, Laptop]) -> None:
    one, _ = two
    one.add_note(one.add_book(), "Once.")
    one.sync()
    one.sync()
    again = one.sync()
    assert (again.sent, again.received, again.left, again.touched) == (0, 0, 0, {})


def test_a_removed_note_goes_from_the_other_laptop_and_stays_gone(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "Gone tomorrow.")
    one.sync()
    other.sync()
    other.remove("user_notes", note)
    other.sync()
    one.sync()
    assert one.note(note) is None
    one.sync()
    other.sync()
    assert other.note(note) is None


def test_page_and_batch_sizes_do_not_matter(new_laptop: NewLaptop) -> None:
    one, small, large = new_laptop(batch=3), new_laptop(page=2, batch=1), new_laptop()
    book = one.add_book()
    notes = {one.add_note(book, f"note {number}") for number in range(20)}
    one.sync()
    small.sync()
    large.sync()
    for name in ("content_items", "books", "content_files", "user_libraries", "user_notes"):
        assert small.rows(name) == large.rows(name) == one.rows(name), name
    assert set(small.rows("user_notes")) == notes


def test_a_field_that_only_one_laptop_changed_keeps_the_others(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "Text.")
    one.sync()
    other.sync()
    other.change("user_notes", note, color="green")
    one.change("user_notes", note, note_text="Better text.")
    other.sync()
    one.sync()
    other.sync()
    for laptop in two:
        row = laptop.rows("user_notes")[note]
        assert (row["note_text"], row["color"]) == ("Better text.", "green")
        assert laptop.conflicts() == []


def test_the_same_note_edited_on_both_keeps_both_texts(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "The whale is white.")
    one.sync()
    other.sync()
    one.change("user_notes", note, note_text="The whale is black.")
    other.change("user_notes", note, note_text="The whale is green.")
    one.sync()
    report = other.sync()
    one.sync()
    assert one.note(note) == other.note(note)
    assert "black" in str(one.note(note))
    assert "green" in str(one.note(note))
    assert report.conflicts == 1
    assert [(row["column_name"], row["both_kept"]) for row in other.conflicts()] == [("note_text", True)]


def test_an_edit_goes_before_a_removal_that_never_saw_it(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "Dear.")
    one.sync()
    other.sync()
    one.change("user_notes", note, note_text="Dearer.")
    other.remove("user_notes", note)
    one.sync()
    other.sync()
    one.sync()
    assert one.note(note) == other.note(note) == "Dearer."
    assert len(other.conflicts()) == 1


def test_a_removal_does_not_take_an_edit_of_a_laptop_that_was_away(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "Dear.")
    one.sync()
    other.sync()
    other.remove("user_notes", note)
    one.change("user_notes", note, note_text="Dearer.")
    other.sync()
    one.sync()
    other.sync()
    assert one.note(note) == other.note(note) == "Dearer."


def test_the_same_file_imported_on_both_is_one_book(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    assert one.add_book() == other.add_book()
    one.add_note(one.add_book(), "from one")
    other.add_note(other.add_book(), "from the other")
    one.sync()
    other.sync()
    one.sync()
    assert one.rows("user_notes") == other.rows("user_notes")
    assert len(one.rows("user_notes")) == 2
    assert len(one.rows("content_items")) == len(other.rows("content_items")) == 1
    assert one.waiting() == other.waiting() == []


def test_where_somebody_read_last_is_where_they_are_on_both(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    book = one.add_book()
    one.sync()
    other.sync()
    place = next(iter(one.rows("user_libraries")))
    one.change("user_libraries", place, current_position={"at": 1}, progress=80, position_at=one.clock.now,
               furthest_progress=80, furthest_position={"at": 1})  # fmt: skip
    other.clock.advance(hours=1)
    other.change("user_libraries", place, current_position={"at": 2}, progress=10, position_at=other.clock.now,
                 furthest_progress=10, furthest_position={"at": 2})  # fmt: skip
    other.sync()
    one.sync()
    other.sync()
    for laptop in two:
        row = laptop.rows("user_libraries")[place]
        assert row["content_id"] == book
        assert (row["current_position"], row["progress"]) == ({"at": 2}, 10), "the last act of reading"
        assert (row["furthest_position"], row["furthest_progress"]) == ({"at": 1}, 80), "the furthest that was read"
        assert laptop.conflicts() == []


def test_a_book_that_was_removed_here_and_read_on_there_stays_removed(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    one.add_book()
    one.sync()
    other.sync()
    place = next(iter(one.rows("user_libraries")))
    other.change("user_libraries", place, progress=10, position_at=other.clock.now, current_position={"at": 2})
    one.remove("user_libraries", place)
    other.sync()
    one.sync()
    other.sync()
    assert one.rows("user_libraries") == other.rows("user_libraries") == {}


def test_a_row_that_comes_late_does_not_go_over_a_newer_one(two: tuple[Laptop, Laptop]) -> None:
    # Two processes may keep one library in step: one has fetched a page when the other has gone on.
    one, other = two
    note = one.add_note(one.add_book(), "first")
    one.sync()
    pages: list[bytes] = []
    other.wrap = lambda endpoint: Wire(endpoint, iter(()), pages)
    other.sync()
    one.change("user_notes", note, note_text="second")
    one.sync()
    other.wrap = None
    other.sync()
    assert other.note(note) == "second"
    for page in pages:
        _, lines = unframed(page)
        SyncStore(other.database).write(lambda connection, found=list(lines): apply(connection, Arrivals(found)))
    assert other.note(note) == "second"


def test_a_row_of_the_same_natural_key_takes_the_place_of_the_one_here(
    two: tuple[Laptop, Laptop], server_database: ServerDatabase
) -> None:
    one, other = two
    book = one.add_book()
    one.sync()
    other.sync()
    place = next(iter(one.rows("user_libraries")))
    with server_database.as_superuser() as connection:
        # As another program would: the same book on the same shelf under an id of its own.
        connection.execute("delete from user_libraries where id = %s", (place,))
        connection.execute(
            "insert into user_libraries (user_id, content_id) values (%s, %s)", (one.account.user_id, book)
        )
    with one.database.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from user_libraries").scalar() == 1
    one.sync()
    other.sync()
    for laptop in two:
        (found,) = laptop.rows("user_libraries").values()
        assert (found["content_id"], found["id"] == place) == (book, False)
