"""A round through a folder: what one writes the other has, and what both wrote is nobody's loss."""

from __future__ import annotations

from functools import partial
from uuid import UUID

import orjson
import pytest

from sync.folder.endpoint import FolderEndpoint
from sync.protocol.messages import PullRequest
from tests.sync.folder.conftest import NewFolderLaptop
from tests.sync.folder.laptops import FolderLaptop

Pair = tuple[FolderLaptop, FolderLaptop]


def settle(*laptops: FolderLaptop) -> None:
    for _ in range(2):
        for one in laptops:
            one.sync()


def test_what_one_writes_is_on_the_other(pair: Pair) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "the opening")
    report = one.sync()
    assert (report.rejected, one.waiting()) == (0, [])
    other.sync()
    assert other.note(note) == "the opening"
    settle(one, other)
    assert one.everything() == other.everything()


def test_a_round_with_nothing_new_writes_nothing(pair: Pair) -> None:
    one, other = pair
    one.add_book()
    settle(one, other)
    before = sorted(path for path in one.folder.rglob("*"))
    report = other.sync()
    assert (report.sent, report.received) == (0, 0)
    assert sorted(one.folder.rglob("*")) == before


def test_words_that_both_wrote_apart_are_both_there_and_both_are_told(pair: Pair) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "the sea")
    settle(one, other)
    one.change("user_notes", note, note_text="the cold sea")
    other.change("user_notes", note, note_text="the hot sea")
    settle(one, other)
    assert one.note(note) == other.note(note) == "the ⟦cold ¦ hot⟧ sea"
    for laptop, mine, theirs in ((one, "the cold sea", "the hot sea"), (other, "the hot sea", "the cold sea")):
        (conflict,) = laptop.conflicts()
        assert (conflict["mine_json"], conflict["theirs_json"]) == (mine, theirs), "each sees its own as its own"
        assert conflict["both_kept"]


def test_of_two_colours_the_later_stays_and_both_are_told_of_the_other(pair: Pair) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "x")
    settle(one, other)
    one.change("user_notes", note, color="green")
    other.clock.advance(minutes=1)
    other.change("user_notes", note, color="blue")
    settle(one, other)
    assert {laptop.rows("user_notes")[note]["color"] for laptop in pair} == {"blue"}
    for laptop in pair:
        (conflict,) = laptop.conflicts()
        assert {conflict["mine_json"], conflict["theirs_json"]} == {"green", "blue"}


def test_what_was_seen_is_overwritten_even_by_a_slow_clock(pair: Pair) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "x")
    one.clock.advance(hours=30)
    one.change("user_notes", note, color="green")
    settle(one, other)
    other.change("user_notes", note, color="blue")
    settle(other, one)
    assert {laptop.rows("user_notes")[note]["color"] for laptop in pair} == {"blue"}
    assert not one.conflicts()
    assert not other.conflicts()


def test_who_saw_a_change_comes_after_it_whatever_the_names_of_the_batches_are(pair: Pair) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "x")
    settle(one, other)
    one.clock.advance(hours=1)
    one.wrap = partial(Renaming, batch=UUID(int=2**127))
    other.wrap = partial(Renaming, batch=UUID(int=1))
    one.change("user_notes", note, color="green")
    settle(one, other)
    other.change("user_notes", note, color="blue")
    settle(other, one)
    assert {laptop.rows("user_notes")[note]["color"] for laptop in pair} == {"blue"}
    assert not one.conflicts()
    assert not other.conflicts()


class Renaming:
    """Gives a batch another id: those of two computers whose clocks disagree sort in any way."""

    def __init__(self, endpoint: FolderEndpoint, *, batch: UUID) -> None:
        self._endpoint = endpoint
        self._batch = batch

    def pull(self, request: PullRequest) -> bytes:
        return self._endpoint.pull(request)

    def push(self, body: bytes) -> bytes:
        return self._endpoint.push(orjson.dumps({**orjson.loads(body), "batch_id": str(self._batch)}))


def test_a_deletion_that_had_seen_everything_stays(pair: Pair) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "x")
    settle(one, other)
    other.change("user_notes", note, note_text="x y")
    settle(other, one)
    one.remove("user_notes", note)
    settle(one, other)
    assert one.note(note) is None
    assert other.note(note) is None
    assert not one.conflicts()


@pytest.mark.parametrize("deleter_first", [True, False])
def test_an_edit_that_the_deletion_had_not_seen_keeps_the_row(pair: Pair, deleter_first: bool) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "x")
    settle(one, other)
    one.remove("user_notes", note)
    other.change("user_notes", note, note_text="x and more")
    settle(*(pair if deleter_first else reversed(pair)))
    settle(one, other)
    assert one.note(note) == other.note(note) == "x and more"
    assert one.conflicts()
    assert other.conflicts()


def test_deleted_and_brought_back_on_another_device(pair: Pair) -> None:
    one, other = pair
    note = one.add_note(one.add_book(), "x")
    settle(one, other)
    one.remove("user_notes", note)
    settle(one, other)
    other.write(lambda unit: unit.bring_back("user_notes", note))
    settle(other, one)
    assert one.note(note) == "x"


def test_a_note_that_was_written_and_deleted_between_two_rounds_of_one_batch_is_gone(pair: Pair) -> None:
    one, other = pair
    book = one.add_book()
    note = one.add_note(book, "x")

    class Deleting:
        """Deletes while the batch is on its way."""

        def __init__(self, endpoint: object) -> None:
            self.endpoint = endpoint

        def pull(self, request: object) -> bytes:
            return self.endpoint.pull(request)  # type: ignore[attr-defined, no-any-return]

        def push(self, body: bytes) -> bytes:
            if one.note(note) is not None:
                one.remove("user_notes", note)
            return self.endpoint.push(body)  # type: ignore[attr-defined, no-any-return]

    one.wrap = Deleting
    settle(one, other)
    assert one.note(note) is None
    assert other.note(note) is None
    assert not one.conflicts(), "nobody else wrote"


def test_small_pages_and_batches_make_no_difference(new_one: NewFolderLaptop) -> None:
    one, other = new_one(page=2, batch=1), new_one(page=3, batch=2)
    book = one.add_book()
    notes = {one.add_note(book, f"n{number}") for number in range(7)}
    settle(one, other)
    assert set(other.rows("user_notes")) == notes
    settle(one, other)
    assert one.everything() == other.everything()


def test_two_rows_of_one_natural_key_are_one_row_everywhere(pair: Pair) -> None:
    one, other = pair
    theme = one.write(lambda unit: unit.insert("community_themes", theme_of(one)))
    settle(one, other)
    for laptop, stars in ((one, 4), (other, 2)):
        laptop.clock.advance(minutes=stars)
        rating = {"user_id": laptop.account.user_id, "theme_id": theme, "rating": stars}
        laptop.write(lambda unit, rating=rating: unit.insert("theme_ratings", rating))
    settle(one, other)
    settle(one, other)
    assert len(one.rows("theme_ratings")) == 1
    assert one.everything() == other.everything()
    (row,) = other.rows("theme_ratings")
    other.change("theme_ratings", row, rating=5)
    settle(other, one)
    assert one.rows("theme_ratings")[row]["rating"] == 5


def theme_of(laptop: FolderLaptop) -> dict[str, object]:
    return {"creator_id": laptop.account.user_id, "name": "Sea", "theme_data": {}}
