"""Every table has a policy and every JSON column says how it is merged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Column

from sync.schema.policy import INDEX_TABLES, POLICIES, Direction, Feed, Merge, TableClass, policy_of
from sync.schema.tables import METADATA, index_tables, library_tables
from sync.schema.types import Json, StringArray

WHOLE = {Merge.LEAVES, Merge.SET, Merge.KEYED, Merge.ATOMIC, Merge.SERVER, Merge.FIXED}
TOGETHER = {Merge.LAST_READING, Merge.FURTHEST}


def documents() -> Iterator[tuple[str, Column[object]]]:
    for table in METADATA.tables.values():
        for column in table.columns:
            if (
                isinstance(column.type, Json | StringArray) and column.name != "field_clocks"
            ):  # the engine keeps these itself
                yield table.name, column


def test_no_table_is_without_a_policy() -> None:
    assert POLICIES.keys() == METADATA.tables.keys()


def test_a_policy_speaks_of_columns_that_are_there() -> None:
    common = {"id", "user_id", "content_id", "created_at", "root_id", "creator_id"}
    unknown = {
        f"{policy.table}.{column}"
        for policy in POLICIES.values()
        for column in {*policy.merge, *policy.keys, *policy.private} - common
        if column not in METADATA.tables[policy.table].columns
    }
    assert unknown == set()


@pytest.mark.parametrize(("table", "column"), list(documents()), ids=lambda value: getattr(value, "name", value))
def test_every_document_says_how_it_is_merged(table: str, column: Column[object]) -> None:
    assert policy_of(table).merge.get(column.name) in WHOLE | TOGETHER


def test_a_keyed_list_names_the_member_that_is_its_key() -> None:
    for policy in POLICIES.values():
        keyed = {column for column, merge in policy.merge.items() if merge is Merge.KEYED}
        assert keyed == set(policy.keys)


@pytest.mark.parametrize("kind", [TableClass.SERVER_ONLY, TableClass.DEVICE_ONLY])
def test_what_stays_at_home_has_no_direction_and_no_feed(kind: TableClass) -> None:
    staying = [policy for policy in POLICIES.values() if policy.kind is kind]
    assert staying
    assert {(policy.direction, policy.feed) for policy in staying} == {(Direction.NONE, Feed.NONE)}


def test_the_servers_word_is_never_pushed() -> None:
    assert not [one.table for one in POLICIES.values() if one.kind is TableClass.SERVER and one.goes_out]


def test_what_travels_both_ways_can_be_merged() -> None:
    wanting = [
        policy.table
        for policy in POLICIES.values()
        if policy.kind in (TableClass.MINE, TableClass.AUTHORED)
        and not {"revision", "field_clocks", "deleted_at", "updated_at"}
        <= set(METADATA.tables[policy.table].columns.keys())
    ]
    assert wanting == []


def test_the_two_files_of_a_laptop_hold_every_table_once() -> None:
    library, index = ({one.name for one in tables} for tables in (library_tables(), index_tables()))
    assert library.isdisjoint(index)
    assert library | index == METADATA.tables.keys()
    assert index == INDEX_TABLES
