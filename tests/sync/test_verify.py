"""Whether both sides have the same, compared by counts and hashes; what differs is found and put right."""

from __future__ import annotations

from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.client.facts import position
from sync.client.verifying import holdings
from sync.protocol.holdings import Held, as_json, differing, from_json
from sync.schema.ids import uuid7
from sync.schema.tables import table
from tests.support.server import ServerDatabase
from tests.sync.laptops import Laptop, make_account

ROWS = st.lists(st.tuples(st.uuids(), st.integers(1, 1_000_000)), unique_by=lambda row: row[0], max_size=20)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(rows: list[tuple[UUID, int]], chance: object) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Held.of(rows) == Held.of(shuffled)
    told = {"books": Held.of(rows)}
    assert from_json(as_json(told)) == told


@given(ROWS.filter(len))
def test_a_row_more_or_another_revision_makes_a_difference(rows: list[tuple[UUID, int]]) -> None:
    all_of_them = {"books": Held.of(rows)}
    assert differing(all_of_them, {"books": Held.of(rows[1:])}) == ["books"]
    one, revision = rows[0]
    assert differing(all_of_them, {"books": Held.of([(one, revision + 1), *rows[1:]])}) == ["books"]
    assert differing({"books": Held()}, {}) == []


def verify(laptop: Laptop) -> list[str] | None:
    return laptop.engine(laptop.endpoint).verify()


@pytest.mark.postgres
def test_two_laptops_that_are_in_step_have_what_they_should(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    book = one.add_book()
    notes = [one.add_note(book, f"note {number}") for number in range(5)]
    assert verify(one) == []
    assert verify(other) == []
    other.change("user_notes", notes[0], note_text="other words")
    other.remove("user_notes", notes[1])
    assert verify(other) == []
    assert verify(one) == []
    with one.database.reading() as connection:
        held = holdings(connection, [])
    assert held is not None
    assert held["user_notes"].count == 5, "what was deleted is compared as well"


@pytest.mark.postgres
def test_what_was_lost_or_spoilt_here_is_found_and_comes_again(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    book = one.add_book()
    first, second = one.add_note(book, "first"), one.add_note(book, "second")
    for laptop in (one, other):
        laptop.sync()

    def spoil(statement: str, *given: object) -> None:
        other.database.library.run_unchecked(lambda connection: connection.exec_driver_sql(statement, given))

    spoil("DELETE FROM user_notes WHERE id = ?", first.bytes)
    spoil("UPDATE user_notes SET revision = 9, note_text = 'spoilt' WHERE id = ?", second.bytes)
    spoil("DELETE FROM books")
    assert verify(other) == ["books", "user_notes"]
    assert (other.note(first), other.note(second)) == ("first", "second")
    assert len(other.rows("books")) == 1
    assert verify(other) == []


@pytest.mark.postgres
def test_a_row_too_many_is_found_and_goes(two: tuple[Laptop, Laptop]) -> None:
    one, other = two
    one.add_note(one.add_book(), "first")
    for laptop in (one, other):
        laptop.sync()
    target = table("user_notes")
    with other.database.reading() as connection:
        row = dict(connection.execute(target.select()).mappings().one())
    extra = uuid7()
    other.database.library.run_unchecked(lambda connection: connection.execute(target.insert(), {**row, "id": extra}))
    assert verify(other) == ["user_notes"]
    assert extra not in other.rows("user_notes")


@pytest.mark.postgres
def test_changes_that_wait_or_were_refused_are_no_difference(
    two: tuple[Laptop, Laptop], server_database: ServerDatabase
) -> None:
    one, _ = two
    note = one.add_note(one.add_book(), "first")
    one.sync()
    with server_database.as_superuser() as connection:
        connection.execute("alter table user_notes add constraint no_sea check (note_text not like '%sea%') not valid")
    try:
        one.change("user_notes", note, note_text="by the sea")
        assert verify(one) == []
        assert one.waiting() == [("rejected", "user_notes")]
    finally:
        with server_database.as_superuser() as connection:
            connection.execute("alter table user_notes drop constraint no_sea")


@pytest.mark.postgres
def test_nobody_is_told_what_a_device_of_anothers_should_have(two: tuple[Laptop, Laptop]) -> None:
    one, _ = two
    one.add_note(one.add_book(), "hers")
    assert verify(one) == []
    with one.database.reading() as connection:
        checkpoint = position(connection).checkpoint
    bob = make_account(one.account.address)
    answer = httpx.post(
        f"{bob.address}/v1/verify",
        json={"device_id": str(one.device_id), "checkpoint": checkpoint},
        headers={"Authorization": f"Bearer {bob.token()}"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_up_to_date")
