"""What waits for a server that is older than this program: it is held back, never dropped.

The server is sent what it knows. A table or a column that it does not know waits in the outbox until it has learnt it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, literal_column, select

from sync.protocol.values import to_wire
from sync.protocol.version import Unknown
from sync.schema.tables import table

if TYPE_CHECKING:
    from sync.client.freezing import Entry

_KEEP = (
    "INSERT INTO outbox (table_name, row_id, base_revision, clock, created_at, operation, base_json, clocks_json)"
    " SELECT table_name, row_id, base_revision, clock, created_at, 'update', ?, ? FROM outbox WHERE sequence = ?"
)


def sendable(entries: Sequence[Entry], unknown: Unknown, *, most: int) -> list[Entry]:
    """Return the first entries that have something to tell a server which does not know all of it."""
    return [entry for entry in entries if _tells(entry, unknown)][:most]


def hold_back(connection: Connection, entry: Entry, row: dict[str, Any], columns: frozenset[str]) -> None:
    """Let what an entry says of unknown columns wait in an entry of its own; called once the entry is frozen."""
    if entry.operation == "insert":
        defaults = {column: _default(connection, entry.table_name, column) for column in columns & row.keys()}
        base = {column: value for column, value in defaults.items() if row[column] != value}
    else:
        base = {column: value for column, value in entry.base_json.items() if column in columns}
    if base:
        clocks = {column: entry.clocks_json.get(column, entry.clock) for column in base}
        connection.exec_driver_sql(_KEEP, (orjson.dumps(base).decode(), orjson.dumps(clocks).decode(), entry.sequence))


def _tells(entry: Entry, unknown: Unknown) -> bool:
    if unknown.has_table(entry.table_name):
        return False
    return entry.operation != "update" or bool(entry.base_json.keys() - unknown.columns_of(entry.table_name))


def _default(connection: Connection, name: str, column: str) -> Any:
    """Return what a column holds where nobody says anything, as the wire has it."""
    rows = connection.exec_driver_sql("SELECT dflt_value FROM pragma_table_info(?) WHERE name = ?", (name, column))
    words = rows.scalar()
    if words is None:
        return None
    return to_wire(connection.execute(select(literal_column(words, table(name).c[column].type))).scalar())
