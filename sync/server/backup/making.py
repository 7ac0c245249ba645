"""Make a backup: one dated folder with the database, the files and a manifest, there whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from msgspec.structs import replace
from psycopg import sql

from sync.server.backup.errors import BackupError
from sync.server.backup.files import copy_blobs
from sync.server.backup.manifest import BLOBS, DUMP, FORMAT, MANIFEST, Manifest, hash_file, sync_file, write_manifest
from sync.server.backup.programs import choose_programs, run_program
from sync.server.backup.rotation import PREFIX, STAMP, UNFINISHED
from sync.server.embedded.binaries import Binaries
from sync.server.migrate.roles import SERVICE
from sync.server.migrate.versioning import OWN_SCHEMAS

SCHEMAS = ("public", *OWN_SCHEMAS)
"""Whose rows are dumped and counted."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made."""

    folder: Path
    manifest: Manifest


def back_up(
    owner_url: str, blobs: Path | str, target: Path, *, binaries: Binaries | None = None, now: datetime | None = None
) -> Backup:
    """Write a backup into a new folder of ``target`` and return it; the server may go on serving meanwhile.

    ``owner_url`` is of the login that owns the tables, ``blobs`` the folder of the files or the address of a bucket,
    which is only noted. Raises BackupError.
    """
    made_at = (now or datetime.now(UTC)).replace(microsecond=0)
    name = f"{PREFIX}{made_at.strftime(STAMP)}"
    place = target / name
    if place.exists():
        raise BackupError("exists", f"There is a backup of this second already: {place}.")
    target.mkdir(parents=True, exist_ok=True)
    unfinished = target / f"{UNFINISHED}{name}"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    try:
        manifest, wanted = _dump(unfinished, owner_url, binaries, made_at)
        # Files after the database: what it names was there before, and a sweep waits longer than this takes.
        manifest = _with_files(manifest, unfinished, blobs, wanted, earlier=_newest(target))
        write_manifest(unfinished, manifest)
        sync_file(unfinished)
        unfinished.rename(place)
        sync_file(target)
    except BaseException:  # also when it is told to stop
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    _note(owner_url, manifest)
    return Backup(place, manifest)


def _dump(
    folder: Path, owner_url: str, binaries: Binaries | None, made_at: datetime
) -> tuple[Manifest, frozenset[str]]:
    """Dump the database; return what is known of it and the hashes of the files that somebody has a claim on."""
    with _snapshot(owner_url) as (connection, snapshot):
        server = connection.info.server_version // 10000
        programs = binaries or choose_programs(server)
        dump = folder / DUMP
        run_program(
            programs, "pg_dump", owner_url, "--format=custom", f"--role={SERVICE}", f"--snapshot={snapshot}",
            "--no-unlogged-table-data", "--extension=vector", *_without_strangers(connection), f"--file={dump}",
        )  # fmt: skip
        dump.chmod(0o600)
        sync_file(dump)
        manifest = Manifest(
            format=FORMAT,
            made_at=made_at,
            postgres=server,
            programs=programs.major,
            schema_version=_value(connection, "select version_num from ops.schema_version"),
            epoch=_value(connection, "select epoch::text from sync.epoch"),
            owner=_value(connection, "select session_user"),
            dump_sha256=hash_file(dump),
            tables=count_rows(connection),
            blobs={},
        )
        wanted = connection.execute("select sha256 from gateway.blobs where ops.blob_is_wanted(sha256)").fetchall()
        return manifest, frozenset(str(row[0]) for row in wanted)


def _without_strangers(connection: psycopg.Connection) -> list[str]:
    """Return what keeps pg_dump from schemas that others made in this database and that the service may not read."""
    found = connection.execute(
        "select nspname from pg_namespace where nspname <> all (%s) and nspname !~ '^pg_' and nspname <>"
        " 'information_schema' and not (nspname = 'auth' and pg_has_role(nspowner, session_user, 'usage')) order by 1",
        [list(SCHEMAS)],
    ).fetchall()
    return ['--exclude-schema="{}"'.format(str(row[0]).replace('"', '""')) for row in found]


def _with_files(
    manifest: Manifest, folder: Path, blobs: Path | str, wanted: frozenset[str], *, earlier: Path | None
) -> Manifest:
    if not isinstance(blobs, Path):
        return replace(manifest, blobs_elsewhere=blobs)
    kept = copy_blobs(blobs, folder / BLOBS, earlier / BLOBS if earlier else None)
    return replace(manifest, blobs=kept, missing_blobs=tuple(sorted(wanted - kept.keys())))


def _newest(target: Path) -> Path | None:
    return max((path.parent for path in target.glob(f"{PREFIX}*/{MANIFEST}")), default=None, key=lambda path: path.name)


def _note(owner_url: str, manifest: Manifest) -> None:
    """Write down in the database that it was backed up, for the doctor."""
    with psycopg.connect(owner_url) as connection:
        # A database may be backed up before it is brought to this version, which is the one with room for it, and a
        # replica cannot be written to.
        room = "select pg_is_in_recovery() or to_regprocedure('ops.note_backup(timestamptz, text)') is null"
        if _value(connection, room) == "True":
            return
        words = f"Backed up {sum(manifest.tables.values())} rows and {len(manifest.blobs)} files."
        connection.execute("select ops.note_backup(%s, %s)", [manifest.made_at, words])


@contextmanager
def _snapshot(owner_url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """Hold one state of the database still, so that the counts are those of the dump."""
    with psycopg.connect(owner_url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        # Row-level security is forced on the owner too; the service sees past it.
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(SERVICE)))
        yield connection, _value(connection, "select pg_export_snapshot()")


def count_rows(connection: psycopg.Connection) -> dict[str, int]:
    """Return how many rows each table has whose rows a dump holds."""
    tables = connection.execute(
        "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname = any(%s) order by 1, 2",
        [list(SCHEMAS)],
    ).fetchall()
    found: dict[str, int] = {}
    for schema, name in tables:
        row = connection.execute(
            sql.SQL("select count(*) from {}.{}").format(sql.Identifier(schema), sql.Identifier(name))
        ).fetchone()
        found[f"{schema}.{name}"] = row[0] if row else 0
    return found


def _value(connection: psycopg.Connection, query: str) -> str:
    row = connection.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""
