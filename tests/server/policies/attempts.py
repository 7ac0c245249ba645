"""Whether somebody can select, insert, update or delete one row, tried for real and undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from sync.schema.tables import table
from sync.server.access.render import writable_columns
from tests.support.server import become

COMMANDS = "SIUD"


def allowed(connection: psycopg.Connection, who: UUID | None, table_name: str, key: tuple[str, Any]) -> str:
    """Return the letters of what works, with a dash for what does not; nothing is changed afterwards.

    ``connection`` is a superuser's: it takes the row away before somebody tries to insert that very row.
    """
    return "".join(_try(connection, who, command, table_name, key) for command in COMMANDS)


def _try(connection: psycopg.Connection, who: UUID | None, command: str, table_name: str, key: tuple[str, Any]) -> str:
    worked = False
    try:
        with connection.transaction(force_rollback=True):
            worked = _STEPS[command](connection, who, table_name, key)
    except InsufficientPrivilege:
        worked = False
    return command if worked else "-"


def _where(table_name: str, key: tuple[str, Any]) -> sql.Composed:
    return sql.SQL("{} where {} = {}").format(sql.Identifier(table_name), sql.Identifier(key[0]), sql.Literal(key[1]))


def _select(connection: psycopg.Connection, who: UUID | None, table_name: str, key: tuple[str, Any]) -> bool:
    become(connection, who)
    found = connection.execute(sql.SQL("select {} from ").format(sql.Identifier(key[0])) + _where(table_name, key))
    return found.fetchone() is not None


def _insert(connection: psycopg.Connection, who: UUID | None, table_name: str, key: tuple[str, Any]) -> bool:
    names = writable_columns(table_name, "insert") or [column.name for column in table(table_name).columns]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    connection.execute(sql.SQL("create temp table kept on commit drop as select {} from ").format(columns)
                       + _where(table_name, key))  # fmt: skip
    connection.execute("grant select on kept to public")
    connection.execute("set local session_replication_role = replica")
    connection.execute(sql.SQL("delete from ") + _where(table_name, key))
    connection.execute("set local session_replication_role = origin")
    become(connection, who)
    statement = sql.SQL("insert into {} ({}) select {} from kept").format(sql.Identifier(table_name), columns, columns)
    return connection.execute(statement).rowcount == 1


def _update(connection: psycopg.Connection, who: UUID | None, table_name: str, key: tuple[str, Any]) -> bool:
    names = writable_columns(table_name, "update") or [column.name for column in table(table_name).columns]
    become(connection, who)
    column = sql.Identifier(names[0])
    statement = sql.SQL("update {} set {} = {} where {} = {}").format(
        sql.Identifier(table_name), column, column, sql.Identifier(key[0]), sql.Literal(key[1])
    )
    return connection.execute(statement).rowcount == 1


def _delete(connection: psycopg.Connection, who: UUID | None, table_name: str, key: tuple[str, Any]) -> bool:
    connection.execute("set local session_replication_role = replica")  # what refers to it is not the question here
    become(connection, who)
    return connection.execute(sql.SQL("delete from ") + _where(table_name, key)).rowcount == 1


_STEPS = {"S": _select, "I": _insert, "U": _update, "D": _delete}
