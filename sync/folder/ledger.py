"""What one device knows of a folder: every batch that it has, and each row as it follows from them.

A SQLite file of its own beside the library. It can be made again from the folder; whoever does so begins another
history (``epoch``), and the library then tells what the folder has not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from sync.folder.batches import Header
from sync.folder.folding import Clash, State, Step
from sync.protocol.errors import Unreachable
from sync.protocol.messages import Kind
from sync.protocol.values import from_wire, to_wire
from sync.schema.clock import LIMIT_AHEAD, moment_of, reading_at
from sync.schema.ids import uuid7
from sync.schema.tables import METADATA

VERSION = 1
_HOW = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 30000"
_SCHEMA = """
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE batches (
  writer TEXT NOT NULL, sequence INTEGER NOT NULL, batch TEXT NOT NULL, device TEXT NOT NULL, stamp INTEGER NOT NULL,
  file BLOB NOT NULL, digest TEXT, judged TEXT, PRIMARY KEY (writer, sequence));
CREATE INDEX batches_by_id ON batches (batch);
CREATE TABLE steps (
  tbl TEXT NOT NULL, row TEXT NOT NULL, stamp INTEGER NOT NULL, batch TEXT NOT NULL, number INTEGER NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY (tbl, row, stamp, batch, number)) WITHOUT ROWID;
CREATE TABLE rows (
  tbl TEXT NOT NULL, row TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (tbl, row));
CREATE INDEX rows_by_revision ON rows (revision);
CREATE TABLE clashes (
  id TEXT PRIMARY KEY, revision INTEGER NOT NULL, tbl TEXT NOT NULL, row TEXT NOT NULL, device TEXT NOT NULL,
  other TEXT NOT NULL, words TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX clashes_by_revision ON clashes (revision);
CREATE TABLE twins (tbl TEXT NOT NULL, key TEXT NOT NULL, row TEXT NOT NULL, PRIMARY KEY (tbl, key, row)) WITHOUT ROWID;
CREATE INDEX twins_by_row ON twins (tbl, row);
"""

GONE = "null"
"""The body of a row that is another one now."""

Key = tuple[str, str]
"""A table and a row's id."""


class Ledger:
    """One open file; used by one thread at a time.

    Commits are not forced to the disk: what the power takes is read from the folder again, where every batch is that
    the library was told of.
    """

    def __init__(self, file: Path, folder: UUID) -> None:
        """Open it, or begin it. Raises Unreachable."""
        self._file = file
        self._base = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        with self.explained():
            self._base.executescript(_HOW)
            (version,) = self._base.execute("PRAGMA user_version").fetchone()
            if version != VERSION or self.fact("folder") != str(folder):
                self._begin(folder)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn SQLite's faults into Unreachable. A damaged file is removed, and made again the next time."""
        try:
            yield
        except sqlite3.OperationalError as fault:
            raise Unreachable("What this library knows of the folder cannot be read or written just now.") from fault
        except sqlite3.DatabaseError as fault:
            if type(fault) is not sqlite3.DatabaseError:
                raise  # a fault of ours
            self.close()
            for end in ("", "-wal", "-shm"):
                self._file.with_name(f"{self._file.name}{end}").unlink(missing_ok=True)
            raise Unreachable(
                "What this library knew of the folder is damaged. It is read from the folder again."
            ) from fault

    def close(self) -> None:
        """Let go of the file."""
        self._base.close()

    def _begin(self, folder: UUID) -> None:
        """Forget everything: the file is of another folder, or of another form of the program."""
        with self.transaction():
            names = self._base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in names:
                self._base.execute(f'DROP TABLE "{name}"')
            for statement in _SCHEMA.split(";"):
                self._base.execute(statement)
            self.keep("folder", str(folder))
            self.keep("epoch", str(uuid7()))
            self.keep("writer", str(uuid7()))
            self.keep("tables", tables_known())
            self._base.execute(f"PRAGMA user_version = {VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block whole or not at all."""
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")

    # --- facts --------------------------------------------------------------------------------------------------

    def fact(self, key: str) -> str:
        """Return a single fact, empty where there is none."""
        found = self._base.execute("SELECT value FROM facts WHERE key = ?", (key,)).fetchone()
        return str(found[0]) if found else ""

    def keep(self, key: str, value: str) -> None:
        """Keep a single fact; one that is so already is not written."""
        if value == self.fact(key):
            return
        self._base.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (key, value))

    @property
    def writer(self) -> UUID:
        """In whose name this library writes into the folder."""
        return UUID(self.fact("writer"))

    def new_writer(self) -> UUID:
        """Take another name, for somebody else goes on writing in this one."""
        self.keep("writer", str(uuid7()))
        return self.writer

    @property
    def epoch(self) -> str:
        """Which history this file tells."""
        return f"{self.fact('folder')}.{self.fact('epoch')}"

    def new_epoch(self) -> None:
        """Begin another history, for the library remembers more of this one than is here."""
        self.keep("epoch", str(uuid7()))

    @property
    def revision(self) -> int:
        """The count of changes to rows so far."""
        return int(self.fact("revision") or 0)

    def next_revision(self) -> int:
        """Count one change more."""
        found = self.revision + 1
        self.keep("revision", str(found))
        return found

    # --- batches ------------------------------------------------------------------------------------------------

    def taken(self) -> dict[str, int]:
        """Return how far each writer's batches are here."""
        return dict(self._base.execute("SELECT writer, max(sequence) FROM batches GROUP BY writer").fetchall())

    def file(self, writer: str, sequence: int) -> bytes:
        """Return a batch's file."""
        found = self._base.execute("SELECT file FROM batches WHERE writer = ? AND sequence = ?", (writer, sequence))
        return bytes(found.fetchone()[0])

    def next_stamp(self) -> int:
        """Return a stamp greater than that of every batch here."""
        return int(self._base.execute("SELECT coalesce(max(stamp), 0) + 1 FROM batches").fetchone()[0])

    def judged(self, batch: UUID) -> tuple[str | None, list[dict[str, Any]]] | None:
        """Return the digest of a batch as it was handed in, and what was said of it; None where it is not here."""
        chosen = "SELECT digest, judged FROM batches WHERE batch = ? ORDER BY judged IS NULL LIMIT 1"
        found = self._base.execute(chosen, (str(batch),)).fetchone()
        return None if found is None else (found[0], orjson.loads(found[1] or "[]"))

    def add(
        self, header: Header, operations: Sequence[Mapping[str, Any]], file: bytes, *, digest: str = "",
        judged: Sequence[Mapping[str, Any]] | None = None,
    ) -> set[Key]:  # fmt: skip
        """Keep a batch; returns the rows that are to be folded again. One that is here in another name is kept too."""
        batch, device = str(header.batch), str(header.device)
        told = None if judged is None else orjson.dumps(judged).decode()
        self._base.execute(
            "INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (str(header.writer), header.sequence, batch, device, header.stamp, file, digest or None, told),
        )
        limit = reading_at(moment_of(header.at) + LIMIT_AHEAD)
        touched: set[Key] = set()
        for one in operations:
            words = _step_words(one, header, limit)
            if words is not None and self._add_step(header.stamp, batch, *words):
                touched.add(words[:2])
        return touched

    def _add_step(self, stamp: int, batch: str, name: str, row: str, number: int, body: str) -> bool:
        """Keep a step; whether the row is to be folded again.

        A device that died and lost its ledger writes a batch a second time, with a later stamp. All devices come to
        keep the smaller of the two, whichever they had first.
        """
        place = (name, row, batch, number)
        named = "FROM steps WHERE tbl = ? AND row = ? AND batch = ? AND number = ?"
        known = self._base.execute(f"SELECT stamp, body {named}", place).fetchone()
        if known is not None:
            if (stamp, body) >= known:
                return False
            self._base.execute(f"DELETE {named}", place)
            for twin in self.twins(name, row):
                # A count that fits nothing: what is folded is folded anew.
                self._base.execute(
                    "UPDATE rows SET body = json_set(body, '$.count', -1) WHERE tbl = ? AND row = ? AND body <> ?",
                    (name, twin, GONE),
                )
        self._base.execute("INSERT INTO steps VALUES (?, ?, ?, ?, ?, ?)", (name, row, stamp, batch, number, body))
        return True

    def rename(self, before: UUID, writer: UUID, sequence: int, file: bytes) -> None:
        """Keep a batch in another writer's name."""
        self._base.execute(
            "UPDATE batches SET writer = ?, file = ? WHERE writer = ? AND sequence = ?",
            (str(writer), file, str(before), sequence),
        )

    # --- rows ---------------------------------------------------------------------------------------------------

    def steps(self, name: str, row: str) -> list[Step]:
        """Return everything that was done to a row, in order."""
        chosen = "SELECT stamp, batch, number, body FROM steps WHERE tbl = ? AND row = ? ORDER BY stamp, batch, number"
        return [
            _step((stamp, batch, number), orjson.loads(body))
            for stamp, batch, number, body in self._base.execute(chosen, (name, row))
        ]

    def rows_with_steps(self) -> set[Key]:
        """Return all rows that anything was ever done to."""
        return set(self._base.execute("SELECT DISTINCT tbl, row FROM steps").fetchall())

    def row(self, name: str, row: str) -> State | None:
        """Return a row, None where there is none."""
        found = self._base.execute("SELECT body FROM rows WHERE tbl = ? AND row = ?", (name, row)).fetchone()
        return None if found is None or found[0] == GONE else _state(name, orjson.loads(found[0]))

    def let_go(self, name: str, row: str) -> bool:
        """Say that a row is another one now; False where that was said before, or where it never was there."""
        known = self._base.execute("SELECT body FROM rows WHERE tbl = ? AND row = ?", (name, row)).fetchone()
        if known is None or known[0] == GONE:
            return False
        self._base.execute("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)", (name, row, self.next_revision(), GONE))
        return True

    def put(self, name: str, row: str, state: State) -> None:
        """Keep a row as it is now."""
        body = orjson.dumps(
            {
                "values": {column: to_wire(value) for column, value in state.values.items()},
                "clocks": state.clocks, "vector": state.vector, "last": state.last, "count": state.count,
            }
        ).decode()  # fmt: skip
        self._base.execute("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?)", (name, row, self.next_revision(), body))

    def rows_after(self, revision: int, most: int) -> list[tuple[str, str, int, State | None]]:
        """Return rows that changed after a revision, in the order of their changes; without a state, they are gone."""
        chosen = "SELECT tbl, row, revision, body FROM rows WHERE revision > ? ORDER BY revision LIMIT ?"
        return [
            (name, row, at, None if body == GONE else _state(name, orjson.loads(body)))
            for name, row, at, body in self._base.execute(chosen, (revision, most))
        ]

    def name_key(self, name: str, key: str, row: str) -> None:
        """Keep that a row has a natural key, under which there may be others."""
        self._base.execute("INSERT OR IGNORE INTO twins VALUES (?, ?, ?)", (name, key, row))

    def twins(self, name: str, row: str) -> list[str]:
        """Return the ids of all rows that are one by their natural key, the one that stays first."""
        chosen = (
            "SELECT DISTINCT other.row FROM twins one JOIN twins other ON other.tbl = one.tbl AND other.key = one.key"
            " WHERE one.tbl = ? AND one.row = ? ORDER BY other.row"
        )
        return [found for (found,) in self._base.execute(chosen, (name, row))] or [row]

    # --- clashes ------------------------------------------------------------------------------------------------

    def note(self, name: str, row: str, clashes: Iterable[Clash], revision: int) -> None:
        """Keep clashes that are not known yet; at revision 0 nobody is told of them."""
        for one in clashes:
            self._base.execute(
                "INSERT OR IGNORE INTO clashes VALUES (?, ?, ?, ?, ?, ?, ?)",
                (str(one.id), revision, name, row, one.device, one.other, orjson.dumps(one.words).decode()),
            )

    def clashes_between(self, after: int, up_to: int, device: UUID) -> list[tuple[str, str, dict[str, Any]]]:
        """Return what is to be told of a stretch of revisions: table, row, and the conflict as ``device`` sees it."""
        chosen = (
            "SELECT tbl, row, id, device, other, words FROM clashes"
            " WHERE revision > ? AND revision <= ? ORDER BY revision, id"
        )
        found = []
        for name, row, one, by, other, told in self._base.execute(chosen, (after, up_to)):
            words = {"id": one, **orjson.loads(told)}
            if by != str(device) and other == str(device):
                words["mine"], words["theirs"] = words["theirs"], words["mine"]
            found.append((name, row, words))
        return found


@cache
def tables_known() -> str:
    """Return what this program's tables are, so that a later one folds anew what this one could not keep."""
    return ",".join(sorted(f"{one.name}.{column.name}" for one in METADATA.tables.values() for column in one.columns))


def _step_words(one: Mapping[str, Any], header: Header, limit: int) -> tuple[str, str, int, str] | None:
    """Return table, row, number and body of an operation; None where it is none that this program can keep."""
    try:
        clocks = {str(column): min(int(reading), limit) for column, reading in (one.get("clocks") or {}).items()}
        body = {
            "kind": Kind(one["kind"]).value, "values": dict(one["values"]), "base": dict(one.get("base") or {}),
            "clocks": clocks, "clock": min(int(one.get("clock") or 0), limit), "seen": dict(one.get("seen") or {}),
            "device": str(header.device),
        }  # fmt: skip
        return str(one["table"]), str(UUID(one["id"])), int(one["number"]), orjson.dumps(body).decode()
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _step(order: tuple[int, str, int], body: dict[str, Any]) -> Step:
    return Step(
        order, Kind(body["kind"]), body["values"], body["base"], body["clocks"], body["clock"], body["seen"],
        body["device"],
    )  # fmt: skip


def _state(name: str, body: dict[str, Any]) -> State:
    stamp, batch, number = body["last"]
    last = (stamp, batch, number)
    return State(from_wire(name, body["values"]), body["clocks"], body["vector"], last, body["count"])
