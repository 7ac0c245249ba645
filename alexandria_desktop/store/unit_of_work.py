"""A transaction of library.db that remembers: what changed for the screens, and what to tell the server.

Every write of a synced row goes through here. In the same transaction it puts an entry in the outbox, one a row:
which fields changed, what they were when the server last knew them, and when they changed by the hybrid clock.
``policy.py`` says which tables are told at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from alexandria_desktop.base.clock import Clock
from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.outbox import Outbox
from sync.schema.clock import next_reading
from sync.schema.ids import uuid7
from sync.schema.policy import BOOKKEEPING, policy_of
from sync.schema.tables import table

HYBRID_CLOCK = "hybrid_clock"

_ALWAYS = ("revision", "deleted_at", "origin")


class UnitOfWork:
    """The writes of one transaction; handed to functions by ``Database.write``."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.connection = connection
        self.now: datetime = clock()
        """The moment of this transaction."""
        self._touched: dict[str, set[UUID]] = {}
        self._outbox: Outbox | None = None
        self._reading: int | None = None

    def insert(self, name: str, values: Mapping[str, Any]) -> UUID:
        """Add a row and return its id; ``created_at`` and ``updated_at`` are filled in.

        Raises ProgramError(store.conflict) where a row with that id or natural key is there already.
        """
        target = table(name)
        row = {"id": uuid7(), **self._stamps(target, made=True), **values}
        try:
            self.connection.execute(insert(target), [row])
        except IntegrityError as error:
            raise ProgramError(
                Code.STORE_CONFLICT, "The change does not fit what the library holds.", detail=str(error.orig)
            ) from error
        self._tell(name, row["id"], "insert", {}, revision=0, origin=row.get("origin"))
        return UUID(int=row["id"].int)

    def update(self, name: str, row_id: UUID, changes: Mapping[str, Any]) -> bool:
        """Change fields of a row; False where there is no such row, which is never made by this."""
        target = table(name)
        wanted = dict.fromkeys([*changes, *(column for column in _ALWAYS if column in target.c)])
        columns = [target.c[column] for column in wanted]
        found = self.connection.execute(select(*columns).where(target.c.id == row_id)).mappings().first()
        if found is None:
            return False
        before = dict(found)
        differing = {column: value for column, value in changes.items() if not _same(before.get(column), value)}
        if not differing:
            return True
        stamped = {**self._stamps(target, made=False), **differing}
        self.connection.execute(update(target).where(target.c.id == row_id).values(stamped))
        base = {column: before.get(column) for column in differing if column not in BOOKKEEPING}
        operation = "update"
        if "deleted_at" in differing:
            operation = "undelete" if differing["deleted_at"] is None else "delete"
        revision = before.get("revision") or 0
        self._tell(name, row_id, operation, base, revision=revision, origin=before.get("origin"))
        return True

    def remove(self, name: str, row_id: UUID) -> bool:
        """Leave a tombstone in place of a row; it can be brought back with ``bring_back``."""
        return self.update(name, row_id, {"deleted_at": self.now})

    def bring_back(self, name: str, row_id: UUID) -> bool:
        """Take a tombstone off a row."""
        return self.update(name, row_id, {"deleted_at": None})

    def erase(self, name: str, row_id: UUID) -> bool:
        """Delete a row that never leaves this device."""
        if policy_of(name).goes_out:
            raise ProgramError(Code.PROGRAM, f"Rows of {name} are removed, never erased.")
        target = table(name)
        key = next(iter(target.primary_key))
        gone = self.connection.execute(delete(target).where(key == row_id)).rowcount > 0
        if gone:
            self.touch(name, row_id)
        return gone

    def touch(self, name: str, row_id: UUID) -> None:
        """Report a row as changed that was written by a statement of one's own."""
        self._touched.setdefault(name, set()).add(row_id)

    def clock_reading(self) -> int:
        """Return this transaction's reading of the hybrid clock, later than every one before it."""
        if self._reading is None:
            state = table("local_state")
            last = self.connection.execute(select(state.c.value).where(state.c.key == HYBRID_CLOCK)).scalar()
            self._reading = next_reading(int(last or 0), self.now)
            if last is None:
                self.connection.execute(insert(state).values(key=HYBRID_CLOCK, value=self._reading))
            else:
                changed = update(state).where(state.c.key == HYBRID_CLOCK).values(value=self._reading)
                self.connection.execute(changed)
        return self._reading

    def finish(self) -> Changes:
        """Return what was changed; called once, just before the commit."""
        return Changes.of(self._touched)

    def _stamps(self, target: Table, *, made: bool) -> dict[str, datetime]:
        names = ("created_at", "updated_at") if made else ("updated_at",)
        return {column: self.now for column in names if column in target.c}

    def _tell(
        self, name: str, row_id: UUID, operation: str, base: Mapping[str, Any], *, revision: int, origin: object
    ) -> None:
        self.touch(name, row_id)
        policy = policy_of(name)
        if not policy.goes_out or (policy.has_origin and origin == "device"):
            return
        if self._outbox is None:
            self._outbox = Outbox(self.connection, self.clock_reading(), self.now)
        self._outbox.note(name, row_id, operation, base, revision=revision)


def _same(before: Any, after: Any) -> bool:
    # A Decimal of the database and a float of the caller may be equal in value and yet not in scale.
    return bool(before == after) and (before is None) == (after is None)
