"""Migrations: numbered ones change tables once (Alembic), the files in ``sql`` are laid over them whenever they change.

Everything happens in one transaction under one lock, so that several gateways may start at once and a migration that
fails leaves the database as it was.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from sync.server.migrate.address import open_engine
from sync.server.migrate.finishing import finish
from sync.server.migrate.roles import missing_roles
from sync.server.migrate.versioning import OWN_SCHEMAS, VERSION_SCHEMA, VERSION_TABLE, run_script

OLDEST_POSTGRES = 160000
OLDEST_VECTOR = (0, 8)
_LOCK = 0x616C6578
"""Any number, the same for every gateway."""


class MigrationError(Exception):
    """The database cannot be brought to this version as it is; the sentence says what somebody must do."""


@dataclass(frozen=True, slots=True)
class State:
    """How far a database is."""

    version: str | None
    head: str
    overlay_current: bool

    @property
    def is_current(self) -> bool:
        """Whether nothing is left to do."""
        return self.version == self.head and self.overlay_current

    @property
    def is_known(self) -> bool:
        """Whether this release can go on from here."""
        return self.version is None or knows_version(self.version)


def migrate(address: str, *, to: str = "head") -> State:
    """Bring the database to this version; safe to run again, and from several places at once.

    ``address`` belongs to the owner of the tables. Raises MigrationError with what an administrator must do first.
    """
    engine = open_engine(address)
    try:
        with engine.begin() as connection:
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            _check_surroundings(connection)
            if not _state(connection).is_known:
                raise MigrationError("The database is of a newer release of this program; update the program.")
            for schema in OWN_SCHEMAS:
                connection.exec_driver_sql(f"create schema if not exists {schema}")
            command.upgrade(_config(connection), to)
            if to == "head":
                _lay_over(connection)
            return _state(connection)
    finally:
        engine.dispose()


def read_state(address: str) -> State:
    """Return how far the database is, changing nothing."""
    engine = open_engine(address)
    try:
        with engine.connect() as connection:
            return _state(connection)
    finally:
        engine.dispose()


def knows_version(version: str) -> bool:
    """Whether this release can bring a database of a version to its own."""
    return version in {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}


def overlay() -> dict[str, str]:
    """Return the repeatable SQL files by name, in the order in which they are applied."""
    found = sorted(files("sync.server").joinpath("sql").iterdir(), key=lambda entry: entry.name)
    return {entry.name: entry.read_text("utf-8") for entry in found if entry.name.endswith(".sql")}


def _check_surroundings(connection: Connection) -> None:
    version = connection.scalar(text("select current_setting('server_version_num')::int"))
    if version is None or version < OLDEST_POSTGRES:
        raise MigrationError("Alexandria needs Postgres 16 or newer.")
    faults = missing_roles(connection)
    if faults:
        raise MigrationError(" ".join([*faults, "Run `alexandria-server migrate --print-roles` as an administrator."]))
    _check_vector(connection)


def _check_vector(connection: Connection) -> None:
    have = connection.scalar(text("select extversion from pg_extension where extname = 'vector'"))
    if have is None:
        offered = connection.scalar(text("select default_version from pg_available_extensions where name = 'vector'"))
        if offered is None:
            raise MigrationError("The extension pgvector is not installed on the database server.")
        may = connection.scalar(
            text(
                "select rolsuper or (select trusted from pg_available_extension_versions"
                " where name = 'vector' and version = :version) from pg_roles where rolname = current_user"
            ),
            {"version": offered},
        )
        if not may:
            raise MigrationError("An administrator must run `create extension vector` in this database first.")
        connection.exec_driver_sql("create extension vector")
        have = offered
    if tuple(int(part) for part in have.split(".")[:2]) < OLDEST_VECTOR:
        raise MigrationError(f"pgvector {have} is too old; 0.8 or newer is needed.")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files(__package__)))
    config.attributes["connection"] = connection
    return config


def _lay_over(connection: Connection) -> None:
    scripts = overlay()
    if _overlay_is_current(connection):
        return
    # Before the privileges are given: what is not there then is the owner's alone, and no backup can read it.
    connection.exec_driver_sql(
        "create table if not exists ops.overlay (only_one boolean primary key default true check (only_one),"
        " digest text not null, laid_at timestamptz not null default now())"
    )
    for words in scripts.values():
        run_script(connection, words)
    finish(connection)
    connection.exec_driver_sql("select ops.hand_to_cron(), sync.note_all()")
    connection.execute(
        text(
            "insert into ops.overlay (digest) values (:digest)"
            " on conflict (only_one) do update set digest = excluded.digest, laid_at = now()"
        ),
        {"digest": _digest()},
    )


def _digest() -> str:
    finishing = files(__package__).joinpath("finishing.py").read_text("utf-8")
    return hashlib.sha256("\0".join([*overlay().values(), finishing]).encode()).hexdigest()


def _overlay_is_current(connection: Connection) -> bool:
    if connection.scalar(text("select to_regclass('ops.overlay')")) is None:
        return False
    return bool(connection.scalar(text("select digest from ops.overlay")) == _digest())


def _state(connection: Connection) -> State:
    context = MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE, "version_table_schema": VERSION_SCHEMA}
    )
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return State(context.get_current_revision(), head or "", _overlay_is_current(connection))
