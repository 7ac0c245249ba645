"""Situations that other engines' suites name and that no other test of ours comes to."""

from __future__ import annotations

import pytest

from alexandria_desktop.store import notes
from sync.protocol.errors import Unreachable
from sync.protocol.lines import unframed
from tests.support.library import place
from tests.support.server import ServerDatabase
from tests.sync.conftest import NewLaptop
from tests.sync.faults import Fault, Wire
from tests.sync.invariants import did_something, refusals
from tests.sync.laptops import Laptop

pytestmark = pytest.mark.postgres


def test_what_is_made_removed_and_made_again_with_a_round_after_each_is_there_once(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    book = one.add_book()
    (shelf,) = one.rows("user_libraries")
    for laptop in two:
        laptop.sync()
    one.remove("user_libraries", shelf)
    for laptop in (one, other):
        laptop.sync()
    assert other.rows("user_libraries") == {}
    assert other.add_book() == book
    for laptop in (other, one):
        laptop.sync()
    for laptop in two:
        assert laptop.rows("user_libraries").keys() == {shelf}
        assert (laptop.waiting(), laptop.conflicts()) == ([], [])


def test_a_pull_that_was_cut_off_goes_on_after_the_page_that_came(new_laptop: NewLaptop) -> None:
    one, other = new_laptop(), new_laptop(page=6)
    book = one.add_book()
    for number in range(20):
        one.add_note(book, f"note {number}")
    one.sync()
    heard: list[bytes] = []
    other.wrap = lambda endpoint: Wire(endpoint, iter([Fault.NONE, Fault.NONE, Fault.LOST_ANSWER]), heard)
    with pytest.raises(Unreachable):
        other.sync()
    first = sum(len(rows) for rows in (other.rows("user_notes"), other.rows("content_items")))
    assert first
    other.wrap = lambda endpoint: Wire(endpoint, iter(()), heard)
    other.sync()
    assert len(other.rows("user_notes")) == 20
    told = [line for page in heard for line in unframed(page)[1] if line[:2] == ["row", "user_notes"]]
    assert len(told) == 20, "no page comes twice"


def test_a_device_that_the_server_has_forgotten_lists_anew_and_loses_nothing(
    two: tuple[Laptop, Laptop], server_database: ServerDatabase
) -> None:
    one, other = two
    book = one.add_book()
    kept, gone = one.add_note(book, "kept"), one.add_note(book, "gone")
    one.sync()
    other.sync()
    other.remove("user_notes", gone)
    other.sync()
    unsent = one.add_note(book, "not sent yet")
    with server_database.as_superuser() as connection:
        connection.execute("delete from sync.device where device_id = %s", (one.device_id,))
    assert one.sync().listed_anew
    other.sync()
    for laptop in two:
        assert [laptop.note(note) for note in (kept, gone, unsent)] == ["kept", None, "not sent yet"]


def test_what_is_put_into_a_collection_that_another_removes_does_not_stick(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    book = one.add_book()
    made = one.write(lambda unit: unit.insert("user_collections", {"user_id": one.account.user_id, "name": "Sea"}))
    for laptop in two:
        laptop.sync()
    one.remove("user_collections", made)
    member = {"user_id": other.account.user_id, "collection_id": made, "content_id": book}
    other.write(lambda unit: unit.insert("collection_items", member))
    for laptop in (one, other, one):
        laptop.sync()
    assert one.rows("user_collections") == other.rows("user_collections")
    assert one.rows("collection_items") == other.rows("collection_items")
    assert {state for laptop in two for state, _ in laptop.waiting()} <= {"rejected"}


def test_very_many_feeds_come_whole_and_then_cost_one_small_answer(
    new_laptop: NewLaptop, server_database: ServerDatabase
) -> None:
    one = new_laptop(page=400)
    with server_database.as_superuser() as connection:
        (creator,) = (
            connection.execute(
                "insert into users (email, name, role) values ('many@example.org', 'x', 'creator') returning id"
            ).fetchone()
            or ()
        )
        connection.execute(
            "with made as (insert into content_items (title, content_type, module_name, creator_id, visibility, status)"
            " select 'item ' || n, 'book', 'library', %s, 'public', 'published' from generate_series(1, 1000) n"
            " returning id) insert into user_libraries (user_id, content_id) select %s, id from made",
            (creator, one.account.user_id),
        )
    one.sync()
    assert len(one.rows("content_items")) == 1000
    heard: list[bytes] = []
    one.wrap = lambda endpoint: Wire(endpoint, iter(()), heard)
    assert not did_something(one.sync())
    assert [len(page) < 1000 for page in heard] == [True]
    with server_database.as_superuser() as connection:
        connection.execute("update content_items set title = 'changed' where title = 'item 500'")
    assert one.sync().received == 1


def test_more_than_a_batch_goes_in_several_and_comes_as_it_was(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    book = one.add_book()
    one.write(
        lambda unit: [
            notes.add_note(unit, one.account.user_id, book, text=f"note {number}", locator=place("Moby-Dick"))
            for number in range(1_200)
        ]
    )
    assert one.sync().sent >= 1_200
    other.sync()
    assert one.waiting() == []
    assert other.rows("user_notes") == one.rows("user_notes")


def test_a_note_that_is_changed_three_times_with_a_round_after_each_is_the_last(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "one")
    for words in ("one two", "one two three", "one two three four"):
        one.sync()
        other.sync()
        one.change("user_notes", note, note_text=words)
    one.sync()
    other.sync()
    assert other.note(note) == "one two three four"
    assert one.conflicts() == other.conflicts() == []


def test_a_note_that_both_remove_is_gone_without_a_difference(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    note = one.add_note(one.add_book(), "gone")
    for laptop in two:
        laptop.sync()
    for laptop in two:
        laptop.remove("user_notes", note)
    for laptop in (one, other, one):
        laptop.sync()
    assert one.note(note) is other.note(note) is None
    assert one.conflicts() == other.conflicts() == []


def test_an_account_with_nothing_in_it_is_in_step_at_once(two: tuple[Laptop, Laptop]) -> None:
    for laptop in two:
        laptop.sync()
    for laptop in two:
        laptop.sync()
        assert not did_something(laptop.sync())
        assert (laptop.rows("content_items"), laptop.waiting()) == ({}, [])


STRANGE = {
    "line ends": "two\nlines\r\nand a third",
    "quotes": 'quotes " and \\ backslashes',
    "separators": "\u2028\u2029\u0085\x0b\x0c\x1c",
    "beyond ASCII": "\U0001f3f4\u200d\u2620\ufe0f e\u0301 \u9be8",
    "a space": " ",
    "placeholders": "%s {} $1 :x",
}


def test_texts_of_strange_signs_come_as_they_were(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    book = one.add_book()
    written = {one.add_note(book, text): text for text in STRANGE.values()}
    one.sync()
    other.sync()
    assert {note: other.note(note) for note in written} == {note: one.note(note) for note in written} == written


def test_three_laptops_that_changed_the_same_words_agree_and_lose_none(new_laptop: NewLaptop) -> None:
    laptops = [new_laptop() for _ in range(3)]
    note = laptops[0].add_note(laptops[0].add_book(), "The whale is white.")
    for laptop in laptops:
        laptop.sync()
    for laptop, color in zip(laptops, ("black", "green", "grey"), strict=True):
        laptop.change("user_notes", note, note_text=f"The whale is {color}.")
    for laptop in laptops * 2:
        laptop.sync()
    (text,) = {str(laptop.note(note)) for laptop in laptops}
    assert all(color in text for color in ("black", "green", "grey"))
    assert [entry for laptop in laptops for entry in refusals(laptop)] == []
