"""Bring a database file to the present version: made afresh, or step by step, each step named and whole.

The version is ``PRAGMA user_version``. Migrations are never edited after release.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from alexandria_desktop.base.errors import Code, SurroundingsError


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from the version before to ``version``."""

    version: int
    name: str
    apply: Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class FileSchema:
    """What a database file must look like: how to make one, and how to bring an older one up."""

    application_id: int
    create: Callable[[Connection], None]
    migrations: tuple[Migration, ...] = ()
    first_version: int = 1

    @property
    def version(self) -> int:
        """The version that this program knows."""
        return self.migrations[-1].version if self.migrations else self.first_version


def version_of(raw: Any) -> int:
    """Return a database's version; 0 for one that is still empty."""
    return int(raw.execute("PRAGMA user_version").fetchone()[0])


def version_in_head(file: Path) -> int:
    """Return the version that a file's head names, without opening the database; 0 where it has no whole head."""
    with file.open("rb") as stream:
        head = stream.read(100)
    return int.from_bytes(head[60:64], "big", signed=True) if len(head) == 100 else 0


def refuse_newer(found: int, schema: FileSchema, file: Path) -> None:
    """Raise where a newer program has written the file, which is of version ``found``."""
    if found > schema.version:
        raise SurroundingsError(
            Code.STORE_NEWER,
            "This library was written by a newer version of the program, and nothing in it was changed. "
            "Update the program to open it.",
            detail=f"{file} has version {found}, this program knows {schema.version}",
        )


def bring_up(engine: Engine, schema: FileSchema, *, keep_copy: Callable[[Engine, int], None]) -> list[str]:
    """Create or migrate; returns the names of the steps taken. ``keep_copy`` is called once before the first."""
    with engine.connect() as connection:
        found = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        connection.rollback()
        if found == 0:
            _create(connection, schema)
            return ["create"]
    waiting = [migration for migration in schema.migrations if migration.version > found]
    if waiting:
        keep_copy(engine, found)
    for migration in waiting:
        _migrate(engine, migration)
    return [migration.name for migration in waiting]


def _create(connection: Connection, schema: FileSchema) -> None:
    with connection.begin():
        schema.create(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {schema.application_id}")
        connection.exec_driver_sql(f"PRAGMA user_version = {schema.version}")


def _migrate(engine: Engine, migration: Migration) -> None:
    with engine.connect() as connection:
        # Enforcement cannot be switched inside a transaction; a rebuilt table would cascade into its children.
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                migration.apply(connection)
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise SurroundingsError(
                        Code.STORE_DAMAGED,
                        "The library could not be brought up to date. It was left as it was.",
                        detail=f"{migration.name}: {broken[:5]}",
                    )
                connection.exec_driver_sql(f"PRAGMA user_version = {migration.version}")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")
