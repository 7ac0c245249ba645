"""A device reduced to what it holds: pulls by SQL as the gateway does, and keeps the ids."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from sync.schema.ids import uuid7
from tests.support.server import ServerDatabase, become

Row = tuple[str, UUID]


@dataclass
class Device:
    """One device of a person; ``unseen`` collects rows that a feed named and the person could not read."""

    database: ServerDatabase
    user: UUID
    catalogues: list[str] = field(default_factory=list)
    page: int = 1000
    id: UUID = field(default_factory=uuid7)
    checkpoint: int = 0
    rows: set[Row] = field(default_factory=set)
    unseen: set[Row] = field(default_factory=set)
    strangers: set[Row] = field(default_factory=set)
    """Rows that the device was told to drop without ever having had them."""

    def pull(self) -> dict[str, Any]:
        """Pull until nothing more is said; return the last state."""
        while True:
            state = self.pull_once()
            self.checkpoint = state["to"]
            if not state["more"]:
                return state

    def pull_once(self) -> dict[str, Any]:
        """Pull one page and apply it, without accepting it."""
        with psycopg.connect(self.database.gateway_url) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            claims = json.dumps({"sub": str(self.user), "role": "authenticated"})
            connection.execute(
                "select set_config('role', 'alexandria_gateway', true), set_config('request.jwt.claims', %s, true)",
                (claims,),
            )
            plan = connection.execute(
                "select kind, tbl, ids, body from gateway.pull(%s, %s, %s, %s)",
                (self.id, self.checkpoint, self.page, self.catalogues),
            ).fetchall()
            become(connection, self.user)
            return self._apply(connection, plan)

    def _apply(self, connection: psycopg.Connection, plan: list[Any]) -> dict[str, Any]:
        state: dict[str, Any] = {}
        for kind, table, ids, body in plan:
            if kind == "state":
                state = body
            elif kind == "rows":
                self._take(connection, table, set(ids))
            else:
                left = {(table, one) for one in ids}
                self.strangers |= left - self.rows
                self.rows -= left
        return state

    def _take(self, connection: psycopg.Connection, table: str, ids: set[UUID]) -> None:
        query = sql.SQL("select id from {} where id = any(%s)").format(sql.Identifier(table))
        found = {one for (one,) in connection.execute(query, (list(ids),))}
        self.rows |= {(table, one) for one in found}
        self.unseen |= {(table, one) for one in ids - found}
        self.rows -= {(table, one) for one in ids - found}

    def has(self, table: str, row: UUID) -> bool:
        return (table, row) in self.rows


def visible(database: ServerDatabase, user: UUID, tables: list[str]) -> set[Row]:
    """Return every row of these tables that a person can select."""
    with database.as_user(user) as connection:
        return {
            (name, one)
            for name in tables
            for (one,) in connection.execute(sql.SQL("select id from {}").format(sql.Identifier(name)))
        }
