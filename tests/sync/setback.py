"""Backups, and going back to them: of the server's database by its rows, of a laptop's library by its file."""

from __future__ import annotations

from pathlib import Path

from psycopg import sql

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.store.backup import make_backup, restore_backup
from alexandria_desktop.store.database import Database
from tests.support.server import ServerDatabase
from tests.sync.laptops import Laptop

_TABLES = """
select n.nspname, c.relname,
  array(select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    and a.attgenerated = '' order by a.attnum)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname in ('public', 'sync', 'gateway') and c.relname not like 'alembic%'
order by 1, 2
"""


class ServerBackups:
    """One backup of a database at a time, kept beside its tables: what a restore brings back is rows."""

    def __init__(self, database: ServerDatabase, name: str) -> None:
        self._database = database
        self._name = name
        self._tables: list[tuple[sql.Identifier, sql.Identifier, sql.Composed]] = []

    def make(self) -> None:
        """Keep every row as it is now."""
        self._prepare()
        with self._database.as_superuser() as connection, connection.pipeline():
            for table, kept, columns in self._tables:
                connection.execute(sql.SQL("delete from {}").format(kept))
                connection.execute(
                    sql.SQL("insert into {} ({columns}) select {columns} from {}").format(kept, table, columns=columns)
                )

    def restore(self, *, new_epoch: bool = False) -> None:
        """Put back every row as it was; ``new_epoch`` begins another history, as a restore does."""
        with self._database.as_superuser() as connection, connection.pipeline():
            connection.execute("set local session_replication_role = replica")
            for table, kept, columns in self._tables:
                connection.execute(sql.SQL("delete from {}").format(table))
                connection.execute(
                    sql.SQL("insert into {} ({columns}) overriding system value select {columns} from {}").format(
                        table, kept, columns=columns
                    )
                )
            if new_epoch:
                connection.execute("select sync.new_epoch()")

    def _prepare(self) -> None:
        if self._tables:
            return
        with self._database.as_superuser() as connection:
            connection.execute(sql.SQL("create schema if not exists {}").format(sql.Identifier(self._name)))
            for schema, name, columns in connection.execute(_TABLES).fetchall():
                kept = sql.Identifier(self._name, f"{schema}_{name}"[:63])
                table = sql.Identifier(schema, name)
                connection.execute(sql.SQL("create table if not exists {} (like {})").format(kept, table))
                self._tables.append((table, kept, sql.SQL(", ").join(map(sql.Identifier, columns))))


def back_up(laptop: Laptop, file: Path) -> None:
    """Copy a laptop's library, as the program does every day."""
    file.unlink(missing_ok=True)
    make_backup(laptop.database.paths, clock=laptop.clock, target=file)


def set_back(laptop: Laptop, file: Path) -> None:
    """Put a backup in the place of a laptop's library, as ``alexandria restore`` does."""
    paths = LibraryPaths(laptop.database.paths.root)
    laptop.database.close()
    restore_backup(paths, file, clock=laptop.clock)
    laptop.database = Database.open(paths, clock=laptop.clock)
