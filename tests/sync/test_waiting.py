"""What waits goes out parents before children."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from sync.client.waiting import OUTBOX, parents_first
from sync.schema.ids import uuid7
from sync.schema.tables import table
from tests.sync.conftest import NewLaptop
from tests.sync.laptops import Laptop

pytestmark = pytest.mark.postgres


def in_line(laptop: Laptop) -> list[tuple[int, str, bool]]:
    """Return what waits as it will go out: its number, its table, whether it is a part of another item."""
    items = table("content_items")
    with laptop.database.reading() as connection:
        rows = connection.execute(
            select(OUTBOX.c.sequence, OUTBOX.c.table_name, items.c.root_id != items.c.id)
            .join(items, items.c.id == OUTBOX.c.row_id, isouter=True)
            .order_by(OUTBOX.c.sequence)
        )
        return [(sequence, name, bool(is_part)) for sequence, name, is_part in rows]


def test_a_root_comes_before_its_parts_and_an_item_before_what_stands_on_it(new_laptop: NewLaptop) -> None:
    laptop = new_laptop()
    book = laptop.add_book()
    laptop.add_note(book, "text")
    part = laptop.add_book("A part")

    def turn_round(connection: Connection) -> None:
        items = table("content_items")
        connection.execute(items.update().where(items.c.id == part).values(root_id=book))
        connection.exec_driver_sql("UPDATE outbox SET sequence = -sequence")
        connection.exec_driver_sql("UPDATE outbox SET sequence = sequence + 1000")
        parents_first(connection)

    numbers = {1000 - sequence for sequence, _, _ in in_line(laptop)}
    laptop.database.library.run(turn_round)
    found = in_line(laptop)
    assert {sequence for sequence, _, _ in found} == numbers
    items = [is_part for _, name, is_part in found if name == "content_items"]
    assert items == [False, True]
    expected = ["content_items", "books", "user_libraries", "user_notes"]
    order = [name for _, name, _ in found if name in expected]
    assert order == sorted(order, key=expected.index)
    assert set(order) == set(expected)


def test_what_is_in_order_keeps_its_numbers(new_laptop: NewLaptop) -> None:
    laptop = new_laptop()
    for number in range(3):
        laptop.add_note(laptop.add_book(f"book {number}"), str(uuid7()))
    laptop.database.library.run(parents_first)
    before = in_line(laptop)
    laptop.database.library.run(parents_first)
    assert in_line(laptop) == before
