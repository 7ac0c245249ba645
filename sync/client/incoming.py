"""Apply what comes from the server: rows, departures, and at the end of a listing what was not in it.

Everything of a page happens in one transaction with the position that it brings the library to. A row with changes of
its own keeps them; the server has yet to judge those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from sync.client.departing import depart
from sync.client.placing import place
from sync.client.rows import raw_id, row_writer
from sync.client.waiting import Key, Waiting, waiting
from sync.schema.tables import METADATA

Touched = dict[str, set[UUID]]
"""Rows that are different now, by table; of a table with more than ``MOST_NAMED`` none is named."""

MOST_NAMED = 2_000

_KEEPS = frozenset({"deleted_at"})
_Columns = tuple[str, ...]


@dataclass(slots=True)
class Block:
    """Rows of one table that have the same columns, as the wire has them."""

    columns: _Columns
    rows: list[Sequence[Any]]

    def ids(self) -> list[str]:
        """Return the rows' ids."""
        place = self.columns.index("id")
        return [row[place] for row in self.rows]

    def as_dicts(self) -> Iterator[dict[str, Any]]:
        """Yield each row with its columns' names."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


class Arrivals:
    """Rows and departures of one answer, sorted by table."""

    def __init__(self, lines: Iterable[list[Any]]) -> None:
        self.rows: dict[str, list[Block]] = {}
        self.left: dict[str, list[UUID]] = {}
        self.other: list[list[Any]] = []
        """Lines of other kinds, in their order."""
        for line in lines:
            match line:
                case ["rows", str(name), list(columns), list(rows)]:
                    self._block(name, tuple(columns)).extend(rows)
                case ["row", str(name), dict(row)]:
                    self._block(name, tuple(row)).append(tuple(row.values()))
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

    @property
    def count(self) -> int:
        """How many rows came."""
        return sum(len(block.rows) for blocks in self.rows.values() for block in blocks)

    @property
    def has_unknown(self) -> bool:
        """Whether something came that this program has no place for."""
        tables = METADATA.tables
        return any(
            name not in tables or set(block.columns).difference(tables[name].c.keys())
            for name, blocks in self.rows.items()
            for block in blocks
        )

    def named(self) -> dict[str, list[bytes]]:
        """Return the ids of all rows that came or left, by table, as SQLite keeps them."""
        found = {name: [raw_id(one) for block in blocks for one in block.ids()] for name, blocks in self.rows.items()}
        for name, ids in self.left.items():
            found.setdefault(name, []).extend(one.bytes for one in ids)
        return found

    def _block(self, name: str, columns: _Columns) -> list[Sequence[Any]]:
        blocks = self.rows.setdefault(name, [])
        # Mostly there is one block; a folder's rows may come with other columns each.
        for block in reversed(blocks):
            if block.columns == columns:
                return block.rows
        blocks.append(Block(columns, []))
        return blocks[-1].rows


def apply(connection: Connection, arrivals: Arrivals, *, anyhow: bool = False) -> Touched:
    """Apply rows and departures; returns which rows of which tables are different now.

    ``anyhow`` takes rows even where they are older than what is here: the server's history is another.
    """
    own = waiting(connection, arrivals.named)
    touched: Touched = {}
    for name, blocks in arrivals.rows.items():
        if name not in METADATA.tables:
            continue  # a newer server's table; this program has no place for it
        for block in blocks:
            _apply_block(connection, name, block, own, anyhow=anyhow)
        join(touched, name, _named(blocks))
    for name, ids in arrivals.left.items():
        if name in METADATA.tables:
            gone = depart(connection, name, [one for one in ids if (name, one.bytes) not in own])
            if gone:
                join(touched, name, gone)
    return touched


def join(touched: Touched, name: str, ids: set[UUID]) -> None:
    """Add rows of a table that are different now; an empty set stands for too many to name."""
    before = touched.get(name)
    is_many = not ids or before == set() or len(ids) + len(before or ()) > MOST_NAMED
    touched[name] = set() if is_many else ids | (before or set())


def _named(blocks: list[Block]) -> set[UUID]:
    if sum(len(block.rows) for block in blocks) > MOST_NAMED:
        return set()
    return {UUID(one) for block in blocks for one in block.ids()}


def _apply_block(connection: Connection, name: str, block: Block, own: Mapping[Key, Waiting], *, anyhow: bool) -> None:
    writer = row_writer(name).part(frozenset(block.columns))
    own_here = {key: found for (of, key), found in own.items() if of == name}
    if not own_here:
        place(connection, writer, writer.raw(block.columns, block.rows), anyhow=anyhow)
        return
    plain = []
    for one, row in zip(block.ids(), block.rows, strict=True):
        mine = own_here.get(raw_id(one))
        if mine is None:
            plain.append(row)
        else:
            _apply_beside(connection, name, Block(block.columns, [row]), mine)
    if plain:
        place(connection, writer, writer.raw(block.columns, plain), anyhow=anyhow)


def _apply_beside(connection: Connection, name: str, block: Block, mine: Waiting) -> None:
    """Take what the server says of the columns that were not changed here."""
    if mine.is_insert:
        return  # the whole row is still to be judged
    # A removal tells what it had seen of the row; what comes after it was not seen.
    kept = mine.columns | _KEEPS | ({"field_clocks"} if mine.is_delete else set())
    part = row_writer(name).part(set(block.columns) - kept - {"id"})
    if not part.columns:
        return
    pairs = ", ".join(f'"{column}" = ?' for column in part.columns)
    (values,) = part.raw(block.columns, block.rows)
    connection.exec_driver_sql(f'UPDATE "{name}" SET {pairs} WHERE id = ?', (*values, raw_id(block.ids()[0])))
