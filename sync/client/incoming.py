"""Apply what comes from the server: rows, departures, and at the end of a listing what was not in it.

Everything of a page happens in one transaction with the position that it brings the library to. A row with changes of
its own keeps them; the server has yet to judge those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from sync.client.departing import depart
from sync.client.rows import RowWriter, row_writer
from sync.client.waiting import Key, Waiting, waiting
from sync.schema.tables import METADATA

Touched = dict[str, set[UUID]]

_KEEPS = frozenset({"deleted_at"})


class Arrivals:
    """Rows and departures of one answer, sorted by table."""

    def __init__(self, lines: Iterable[list[Any]]) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.left: dict[str, list[UUID]] = {}
        self.other: list[list[Any]] = []
        """Lines of other kinds, in their order."""
        for line in lines:
            match line:
                case ["row", str(name), dict(row)]:
                    self.rows.setdefault(name, []).append(row)
                case ["leave", str(name), str(one)]:
                    self.left.setdefault(name, []).append(UUID(one))
                case _:
                    self.other.append(line)

    @property
    def is_empty(self) -> bool:
        """Whether nothing came and nothing left."""
        return not self.rows and not self.left and not self.other

    def conflicts(self) -> list[tuple[str, UUID, dict[str, Any]]]:
        """Return what two devices clashed in and this one is told of: table, row, and both versions."""
        return [(line[1], UUID(line[2]), line[3]) for line in self.other if line[0] == "conflict"]

    def named(self) -> dict[str, list[UUID]]:
        """Return the ids of all rows that came or left, by table."""
        found = {name: [UUID(row["id"]) for row in rows] for name, rows in self.rows.items()}
        for name, ids in self.left.items():
            found.setdefault(name, []).extend(ids)
        return found


def apply(connection: Connection, arrivals: Arrivals, *, anyhow: bool = False) -> Touched:
    """Apply rows and departures; returns which rows of which tables are different now.

    ``anyhow`` takes rows even where they are older than what is here: the server's history is another.
    """
    own = waiting(connection, arrivals.named())
    touched: Touched = {}
    for name, rows in arrivals.rows.items():
        if name not in METADATA.tables:
            continue  # a newer server's table; this program has no place for it
        touched.setdefault(name, set()).update(_apply_rows(connection, name, rows, own, anyhow=anyhow))
    for name, ids in arrivals.left.items():
        if name in METADATA.tables:
            gone = [one for one in ids if (name, one) not in own]
            touched.setdefault(name, set()).update(depart(connection, name, gone))
    return {name: ids for name, ids in touched.items() if ids}


def _apply_rows(
    connection: Connection, name: str, rows: list[dict[str, Any]], own: Mapping[Key, Waiting], *, anyhow: bool
) -> set[UUID]:
    writer = row_writer(name)
    plain: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    held: list[tuple[dict[str, Any], Waiting]] = []
    ids = set()
    for row in rows:
        one = UUID(row["id"])
        ids.add(one)
        mine = own.get((name, one))
        if mine is None:
            plain.setdefault(tuple(row), []).append(row)
        else:
            held.append((row, mine))
    for names, group in plain.items():
        part = writer.part([column for column in writer.columns if column in names])
        _write(connection, part, [part.raw(row) for row in group], anyhow=anyhow)
    for row, mine in held:
        _apply_beside(connection, name, row, mine)
    return ids


def _write(connection: Connection, writer: RowWriter, values: list[tuple[Any, ...]], *, anyhow: bool) -> None:
    statement = writer.statement(writer.columns, anyhow=anyhow)
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement, values)
        return
    except IntegrityError:
        pass  # one of them has the natural key of another row that is here
    for row in values:
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(statement, row)
        except IntegrityError:
            # The server knows one row of that key, and it is this one; what was here under another id goes.
            connection.exec_driver_sql(writer.replacing(), row)


def _apply_beside(connection: Connection, name: str, row: dict[str, Any], mine: Waiting) -> None:
    """Take what the server says of the columns that were not changed here."""
    if mine.is_insert:
        return  # the whole row is still to be judged
    # A removal tells what it had seen of the row; what comes after it was not seen.
    kept = mine.columns | _KEEPS | ({"field_clocks"} if mine.is_delete else set())
    writer = row_writer(name)
    part = writer.part([column for column in writer.columns if column in row and column not in kept and column != "id"])
    if not part.columns:
        return
    pairs = ", ".join(f'"{column}" = ?' for column in part.columns)
    key = UUID(row["id"]).bytes
    connection.exec_driver_sql(f'UPDATE "{name}" SET {pairs} WHERE id = ?', (*part.raw(row), key))
