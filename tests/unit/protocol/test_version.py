"""What travels is numbered: a table or column cannot be added without saying since when."""

from __future__ import annotations

import hashlib

from sync.protocol.version import NOTHING, OLDEST_PROTOCOL, PRESENT, PROTOCOL, SCHEMA, SINCE, Edition
from sync.schema.policy import Direction, policy_of
from sync.schema.tables import METADATA, table

AS_OF_SCHEMA_1 = "a16d98a51708ae985f9b4224a0e80504d35102b91c40383a5965f72e84ff37a3"
"""Of the names of all that travelled in schema 1; never changed."""


def traveling() -> set[str]:
    """Return every table and column that travels."""
    names = {name for name in METADATA.tables if policy_of(name).direction is not Direction.NONE}
    return names | {
        f"{name}.{column.name}"
        for name in names
        for column in table(name).columns
        if column.name not in policy_of(name).private
    }


def test_whatever_was_added_after_the_first_schema_is_in_the_list_with_its_number() -> None:
    first = {name for name in traveling() if name not in SINCE and name.partition(".")[0] not in SINCE}
    found = hashlib.sha256("\n".join(sorted(first)).encode()).hexdigest()
    assert found == AS_OF_SCHEMA_1, "Count SCHEMA up and name what was added in SINCE (sync/protocol/version.py)."


def test_the_list_names_only_what_travels_and_numbers_that_exist() -> None:
    assert SINCE.keys() <= traveling()
    assert set(SINCE.values()) <= set(range(2, SCHEMA + 1))


def test_an_older_program_can_add_rows_without_the_newer_columns() -> None:
    for name in SINCE:
        if "." in name:
            owner, column = name.split(".")
            found = table(owner).c[column]
            assert found.nullable or found.server_default is not None, name


def test_the_present_program_speaks_its_own_protocol() -> None:
    assert OLDEST_PROTOCOL <= PROTOCOL
    assert PRESENT.unknown_to(SCHEMA) == NOTHING


def test_only_what_came_later_is_unknown_to_another() -> None:
    edition = Edition(schema=3, since={"courses": 2, "books.isbn": 2, "books.format": 3})
    unknown = edition.unknown_to(2)
    assert not unknown.has_table("courses")
    assert unknown.columns_of("books") == {"format"}
    assert edition.unknown_to(1).has_table("courses")
    assert edition.unknown_to(1).columns_of("books") == {"isbn", "format"}
    assert edition.unknown_to(4) == NOTHING
