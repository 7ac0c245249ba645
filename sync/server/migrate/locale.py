"""How letters compare and fold in the databases that we make: by code point, É to é, alike on every machine.

The locale C folds ASCII only, so that full-text search would not find "Élan" by "élan". Those of the system sort
differently on every machine, and an update of the system can break the order of an index. From Postgres 17 on, C.UTF-8
is built in; before, it is the system's own, which every Linux has.
"""

from __future__ import annotations

import os

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

_BUILT_IN_SINCE = 17


def initdb_words(major: int) -> tuple[str, ...]:
    """Return what to tell initdb of a version."""
    if major >= _BUILT_IN_SINCE:
        return ("-E", "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8")
    return ("-E", "UTF8", "--locale", "C" if os.name == "nt" else "C.UTF-8")


def create_database(connection: psycopg.Connection, name: str, *, owner: str) -> None:
    """Make an empty database; its cluster may have been made with any locale."""
    words = "create database {} owner {} template template0 encoding 'UTF8'"
    if connection.info.server_version // 10000 >= _BUILT_IN_SINCE:
        words += " locale_provider builtin builtin_locale 'C.UTF-8'"
    connection.execute(sql.SQL(words).format(sql.Identifier(name), sql.Identifier(owner)))


def folds_letters(connection: Connection) -> bool:
    """Whether capitals beyond ASCII are found by their small letters."""
    return bool(connection.scalar(text("select to_tsvector('simple', 'É') @@ to_tsquery('simple', 'é')")))
