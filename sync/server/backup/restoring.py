"""Bring a backup back: into a fresh database beside the old one, checked and migrated, and only then in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import URL

from sync.server.backup.errors import BackupError
from sync.server.backup.files import bring
from sync.server.backup.making import count_rows
from sync.server.backup.manifest import BLOBS, DUMP, Manifest, blob_path, check_backup
from sync.server.backup.programs import choose_programs, run_program
from sync.server.backup.swapping import drop, exists, rename, swap
from sync.server.embedded.binaries import Binaries
from sync.server.migrate import install_roles, migrate
from sync.server.migrate.locale import create_database
from sync.server.migrate.migrator import knows_version


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    epoch: str
    """The new epoch, by which devices notice and compare what they have."""
    kept_as: str
    """The name of the database that was replaced, or nothing where there was none or it was empty."""


def restore(
    folder: Path, admin_url: str, blobs: Path | str, *, replace: bool = False, binaries: Binaries | None = None
) -> Restored:
    """Put a backup in the place of the database of ``admin_url``; what was there is kept beside it under a dated name.

    ``admin_url`` is of a superuser, in the database to be replaced; one that holds anything is replaced only with
    ``replace``. Nothing is touched unless every byte of the backup is right, and the database is replaced only when the
    restored one counts the same rows and is at this version. Raises BackupError.
    """
    manifest = check_backup(folder)
    _check_release_and_files(manifest, blobs)
    name = str(conninfo_to_dict(admin_url)["dbname"])
    fresh = f"{name[:50]}_restoring"
    fresh_url = _in_database(admin_url, fresh)
    maintenance = _in_database(admin_url, "postgres")
    with psycopg.connect(maintenance, autocommit=True) as connection:
        server = connection.info.server_version // 10000
        _check_server(connection, manifest, server)
        is_taken = exists(connection, name) and _holds_anything(admin_url)
        if is_taken and not replace:
            raise BackupError("would_replace", f"The database {name} holds something and would be replaced.")
        install_roles(_address(maintenance), owner=manifest.owner)
        drop(connection, fresh)  # of a restore that was cut off
        create_database(connection, fresh, owner=manifest.owner)
        try:
            programs = binaries or choose_programs(max(server, manifest.programs))
            run_program(programs, "pg_restore", fresh_url, "--exit-on-error", "--single-transaction", folder / DUMP)
            epoch = _check_and_renew(fresh_url, manifest)
            _bring_files(folder, blobs, manifest)
            kept_as = _put_in_place(maintenance, name, fresh, is_taken=is_taken)
        except BaseException:  # also when it is told to stop; the old database was not touched
            drop(connection, fresh)
            raise
    return Restored(manifest, epoch, kept_as)


def _check_release_and_files(manifest: Manifest, blobs: Path | str) -> None:
    if not knows_version(manifest.schema_version):
        raise BackupError("newer_backup", "The backup was made by a newer release of this program; update it first.")
    if isinstance(blobs, Path) == bool(manifest.blobs_elsewhere):
        there = manifest.blobs_elsewhere or "the backup"
        raise BackupError("files_elsewhere", f"The files are in {there}, and the server looks for them in {blobs}.")


def _check_server(connection: psycopg.Connection, manifest: Manifest, server: int) -> None:
    if server < manifest.postgres:
        raise BackupError(
            "older_server",
            f"The backup is of Postgres {manifest.postgres} and this server is {server}, which is too old for it.",
        )
    if connection.execute("select from pg_roles where rolname = %s", [manifest.owner]).fetchone() is None:
        raise BackupError("no_owner", f"The login {manifest.owner}, who owns the tables of the backup, does not exist.")
    row = connection.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()
    if not (row and row[0]):
        raise BackupError("no_superuser", "A backup is restored by a superuser of the database server.")


def _holds_anything(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "select from pg_class c where c.relkind in ('r', 'p', 'm', 'v') and c.oid >= 16384"
            " and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e') limit 1"
        )
        return found.fetchone() is not None


def _check_and_renew(fresh_url: str, manifest: Manifest) -> str:
    """Compare the rows with those that were dumped, bring them to this version, and begin a new epoch."""
    with psycopg.connect(fresh_url) as connection:
        found = count_rows(connection)
        if found != manifest.tables:
            wrong = sorted(
                name for name in found.keys() | manifest.tables if found.get(name) != manifest.tables.get(name)
            )
            raise BackupError(
                "wrong_counts", f"The restored tables do not have the rows of the backup: {', '.join(wrong)}."
            )
        # Laid over anew, since what it found where the backup was made (pg_cron, say) may not be here.
        connection.execute("delete from ops.overlay")
    migrate(_address(make_conninfo(fresh_url, options=f"-c role={manifest.owner}")))
    with psycopg.connect(fresh_url) as connection:
        row = connection.execute("select sync.new_epoch()::text").fetchone()
        connection.execute("select ops.note_backup(%s, 'Restored from it.')", [manifest.made_at])
        connection.execute("analyze")
        return str(row[0]) if row else ""


def _bring_files(folder: Path, blobs: Path | str, manifest: Manifest) -> None:
    """Put files where they are missing; what else lies there is left to the sweep."""
    for sha256 in manifest.blobs:
        # A copy, not a link: the backup must outlive a fault of the store.
        bring(blob_path(folder / BLOBS, sha256), blob_path(Path(blobs), sha256), sha256, link=False)


def _put_in_place(maintenance: str, name: str, fresh: str, *, is_taken: bool) -> str:
    """Exchange the databases; return the old one's new name, or "" where nothing was kept."""
    if not is_taken:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            drop(connection, name)
            rename(connection, fresh, name)
        return ""
    aside = f"{name[:40]}_before_{datetime.now(UTC):%Y%m%d_%H%M%S}"
    swap(maintenance, current=name, fresh=fresh, aside=aside)
    return aside


def _in_database(url: str, name: str) -> str:
    return make_conninfo(url, dbname=name)


def _address(conninfo: str) -> str:
    """Return the words of a connection as an address, which is what SQLAlchemy takes."""
    parts = {key: str(value) for key, value in conninfo_to_dict(conninfo).items()}
    login, password, database = (parts.pop(key, None) for key in ("user", "password", "dbname"))
    made = URL.create("postgresql", username=login, password=password, database=database, query=parts)
    return made.render_as_string(hide_password=False)
