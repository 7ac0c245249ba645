"""What the quick way into and out of SQLite writes and reads is what the typed columns would."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, insert, select

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.client.freezing import ENOUGH, freeze
from sync.client.incoming import MOST_NAMED, join
from sync.client.rows import row_writer, wire_rows
from sync.protocol.values import to_wire
from sync.schema.ids import uuid7
from sync.schema.tables import table

MOMENT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
ROWS: dict[str, dict[str, Any]] = {
    "user_notes": {
        "user_id": uuid7(), "content_id": uuid7(), "note_text": "ünd ⟦x⟧ \u2028", "is_public": True,
        "location_data": {"progression": 0.5, "quote": "a \"b\" c"}, "attributes_json": {"tags": ["1", 2]},
    },
    "reading_sessions": {
        "user_id": uuid7(), "content_id": uuid7(), "started_at": MOMENT, "ended_at": None,
        "start_progress": Decimal("12.30"), "end_progress": Decimal("100.00"), "theme_key": None,
    },
    "content_items": {
        "title": "x", "content_type": "book", "module_name": "library", "tags": ["sea", "whales"],
        "metadata_json": {"a": {"b": None}},
    },
}  # fmt: skip


def add(connection: Connection, name: str) -> UUID:
    row = uuid7()
    values = {"id": row, "created_at": MOMENT, "updated_at": MOMENT, **ROWS[name]}
    connection.execute(insert(table(name)), [values])
    return row


def typed(connection: Connection, name: str, row: UUID) -> dict[str, Any]:
    found = connection.execute(select(table(name)).where(table(name).c.id == row)).mappings().one()
    return {column: to_wire(value) for column, value in found.items()}


def test_rows_are_read_as_the_typed_columns_read_them_and_written_back_the_same(tmp_path: Path) -> None:
    def look(connection: Connection) -> None:
        for name in ROWS:
            row = add(connection, name)
            before = typed(connection, name, row)
            (found,) = wire_rows(connection, name, [row.bytes, uuid7().bytes]).values()
            assert found == before
            assert {column: type(value) for column, value in found.items()} == {
                column: type(value) for column, value in before.items()
            }
            writer = row_writer(name).part(set(found))
            (raw,) = writer.raw(list(found), [list(found.values())])
            connection.exec_driver_sql(f"DELETE FROM {name}")
            connection.exec_driver_sql(writer.statement(anyhow=False), raw)
            assert typed(connection, name, row) == before

    with Database.open(LibraryPaths(tmp_path / "library")) as database:
        database.library.run_unchecked(look)


def test_more_rows_than_one_statement_asks_for_are_all_found(tmp_path: Path) -> None:
    def look(connection: Connection) -> None:
        rows = [add(connection, "user_notes") for _ in range(1_203)]
        assert wire_rows(connection, "user_notes", [one.bytes for one in rows]).keys() == {one.bytes for one in rows}

    with Database.open(LibraryPaths(tmp_path / "library")) as database:
        database.library.run_unchecked(look)


def test_a_batch_of_long_notes_ends_where_it_is_long_enough(tmp_path: Path) -> None:
    def note(unit: UnitOfWork) -> UUID:
        values = {"user_id": uuid7(), "content_id": uuid7(), "note_text": "x" * (ENOUGH // 2), "attributes_json": {}}
        return unit.insert("user_notes", values)

    with Database.open(LibraryPaths(tmp_path / "library")) as database:
        for _ in range(5):
            database.write(note)
        first = database.library.run_unchecked(lambda connection: freeze(connection, uuid7()))
        assert first is not None
        assert len(orjson.loads(first.body)["operations"]) == 2
        again = database.library.run_unchecked(lambda connection: freeze(connection, uuid7()))
        assert again is not None
        assert orjson.loads(again.body)["operations"] == orjson.loads(first.body)["operations"]


def test_rows_are_named_until_they_are_too_many() -> None:
    some, more = {uuid7() for _ in range(MOST_NAMED - 1)}, {uuid7(), uuid7()}
    touched: dict[str, set[UUID]] = {}
    join(touched, "books", some)
    join(touched, "user_notes", more)
    assert touched == {"books": some, "user_notes": more}
    join(touched, "books", more)
    join(touched, "books", {uuid7()})
    assert touched == {"books": set(), "user_notes": more}
