"""The tables hold every table, column and index that the specification names."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column
from sqlalchemy.dialects import postgresql

from sync.schema.tables import METADATA, server_tables
from tests.support.data import CHECKOUT

SPECIFICATION = tomllib.loads(Path(__file__).with_name("specification.toml").read_text())
TABLES: dict[str, dict[str, str]] = SPECIFICATION["tables"]
INDEXES: dict[str, str] = SPECIFICATION["indexes"]

WORDS = {
    "TIMESTAMP": "TIMESTAMP WITH TIME ZONE",  # without a zone it meant another moment in each session
    "VECTOR(1536)": "vector",  # its dimension follows from the model
}
WIDER = {
    ("content_items", "file_size"): "BIGINT",  # books and films pass two gigabytes
    ("books", "language"): "VARCHAR(35)",  # a BCP 47 tag may be longer than ten letters
    ("content_embeddings", "language"): "VARCHAR(35)",
}
REPLACED = {
    # For unit vectors the other two metrics give the same order as the cosine.
    "idx_content_embeddings_vector_l2",
    "idx_content_embeddings_vector_ip",
}


def type_of(column: Column[Any]) -> str:
    return str(column.type.compile(dialect=postgresql.dialect())).replace(", ", ",")


def expected_type(table: str, column: str, declared: str) -> str:
    if (table, column) in WIDER:
        return WIDER[table, column]
    if declared == "DECIMAL(3,2)" and column != "rating_average":
        return "NUMERIC(5,4)"  # two decimals rounded 0.9949 and 0.9951 apart
    return WORDS.get(declared, declared.replace("DECIMAL", "NUMERIC"))


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_there_under_its_name_and_type(table: str) -> None:
    columns = METADATA.tables[table].columns
    found = {name: type_of(columns[name]) for name in TABLES[table] if name in columns}
    assert found == {name: expected_type(table, name, declared) for name, declared in TABLES[table].items()}


def test_every_index_is_there_under_its_name() -> None:
    found = {index.name: table.name for table in server_tables() for index in table.indexes}
    expected = {name: table for name, table in INDEXES.items() if name not in REPLACED}
    assert {name: found.get(name) for name in expected} == expected


def test_the_data_file_says_what_the_specification_says() -> None:
    document = CHECKOUT.parent / "shared" / "data-model.md"
    if not document.is_file():
        pytest.skip("the specification is not beside this checkout")
    sql = re.sub(r"--[^\n]*", "", "\n".join(re.findall(r"```sql\n(.*?)```", document.read_text(), re.DOTALL)))
    assert dict(re.findall(r"CREATE INDEX (\w+) ON (\w+)", sql)) == INDEXES
    assert read_tables(sql) == TABLES


def read_tables(sql: str) -> dict[str, dict[str, str]]:
    tables: dict[str, dict[str, str]] = {}
    for name, body in re.findall(r"CREATE TABLE (\w+) \(\n(.*?)\n\);", sql, re.DOTALL):
        columns = tables.setdefault(name, {})
        for part in parts_of(body):
            match = re.match(r"(\w+)\s+([A-Za-z]+(?:\(\d+(?:,\d+)?\))?(?:\[\])?)", part)
            if match is not None and match[1] not in ("UNIQUE", "CHECK", "PRIMARY"):
                columns.setdefault(match[1], match[2].upper())
    return tables


def parts_of(body: str) -> list[str]:
    """Cut at the commas that stand in no brackets."""
    parts, depth = [""], 0
    for letter in body:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]
