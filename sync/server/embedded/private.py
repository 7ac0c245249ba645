"""Start and stop a Postgres that belongs to one folder and answers on this machine alone.

<folder>/postgres/        the cluster, owned by whoever runs it
<folder>/secrets.json     the passwords of its three logins, readable by us alone
<folder>/lock             held while a server runs on the folder
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from filelock import FileLock, Timeout
from psycopg import sql

from sync.server.embedded.binaries import Binaries, as_user, find_binaries, made_runnable
from sync.server.embedded.postmaster import disown_stranger, find_postmaster
from sync.server.migrate import install_roles
from sync.server.migrate.locale import create_database, initdb_words

ADMIN, OWNER, GATEWAY, NAME = "postgres", "alexandria_owner", "gateway_user", "alexandria"
UNPRIVILEGED = "nobody"
"""Who runs Postgres instead of root, which it refuses."""


class FolderInUseError(Exception):
    """Another server runs on this folder."""


class PostgresError(Exception):
    """Postgres did not do as it was told; the sentence ends with its own words."""


@dataclass(frozen=True, slots=True)
class PrivatePostgres:
    """A running Postgres."""

    folder: Path
    binaries: Binaries
    port: int
    passwords: Mapping[str, str]

    @property
    def admin_url(self) -> str:
        """The superuser's address, for roles and backups."""
        return self.url(ADMIN)

    @property
    def owner_url(self) -> str:
        """The address of the login that owns the tables."""
        return self.url(OWNER)

    @property
    def gateway_url(self) -> str:
        """The address of the gateway's login."""
        return self.url(GATEWAY)

    def url(self, login: str, database: str = NAME) -> str:
        """Return the address of a login in a database."""
        return f"postgresql://{login}:{quote(self.passwords[login])}@127.0.0.1:{self.port}/{database}"


@contextmanager
def private_postgres(folder: Path, *, run_as: str | None = None) -> Iterator[PrivatePostgres]:
    """Run the Postgres of a folder, made at its first use, until the end of the block.

    ``run_as`` names who runs it when we are root. Raises FolderInUseError, BinariesMissingError or PostgresError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as held:
        raise FolderInUseError(f"Another server is running on {folder}.") from held
    try:
        user = (run_as or UNPRIVILEGED) if hasattr(os, "geteuid") and os.geteuid() == 0 else None
        cluster = folder / "postgres"
        is_new = not (cluster / "PG_VERSION").exists()
        binaries = made_runnable(find_binaries(None if is_new else _major_in(cluster)), folder, user)
        passwords = _passwords(folder / "secrets.json")
        if is_new:
            _initialise(binaries, cluster, passwords[ADMIN], user)
        running = PrivatePostgres(folder, binaries, _free_port(), passwords)
        _start(running, user)
        try:
            _furnish(running)
            yield running
        finally:
            _stop(binaries, cluster, user)
    finally:
        lock.release()


def _major_in(cluster: Path) -> int:
    return int((cluster / "PG_VERSION").read_text("ascii").split(".")[0])


def _passwords(file: Path) -> dict[str, str]:
    """Return the logins' passwords, made at the first use; nobody but us may read the file."""
    if not file.exists():
        made = {login: secrets.token_urlsafe(32) for login in (ADMIN, OWNER, GATEWAY)}
        temporary = file.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(made, out)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(file)
    found: dict[str, str] = json.loads(file.read_text("utf-8"))
    return found


def _initialise(binaries: Binaries, cluster: Path, password: str, user: str | None) -> None:
    """Make the cluster beside its place and move it there whole; a cut-off start leaves none that is half made."""
    half_made = cluster.with_name("postgres.new")
    shutil.rmtree(half_made, ignore_errors=True)
    half_made.mkdir(mode=0o700)
    descriptor, name = tempfile.mkstemp(dir=half_made.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(password)
        if user is not None:
            shutil.chown(half_made, user)
            shutil.chown(name, user)
        _run(
            binaries, "initdb", user, "-D", half_made, "-U", ADMIN, "-A", "scram-sha-256", "--pwfile", name,
            *initdb_words(binaries.major),
        )  # fmt: skip
    finally:
        Path(name).unlink(missing_ok=True)
    half_made.rename(cluster)


def _start(running: PrivatePostgres, user: str | None) -> None:
    cluster = running.folder / "postgres"
    if find_postmaster(cluster) is not None:
        # Left behind by a server that was killed; we hold the lock, so nobody else uses it.
        _stop(running.binaries, cluster, user)
    disown_stranger(cluster)
    options = f"-p {running.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=100"
    _control(running.binaries, cluster, user, "start", "-w", "-l", cluster / "server.log", "-o", options)


def _furnish(running: PrivatePostgres) -> None:
    """Make logins, database and extension where they are missing."""
    with psycopg.connect(running.url(ADMIN, "postgres"), autocommit=True) as connection:
        for login in (OWNER, GATEWAY):
            if connection.execute("select from pg_roles where rolname = %s", (login,)).fetchone() is None:
                connection.execute(sql.SQL("create role {} login noinherit").format(sql.Identifier(login)))
            connection.execute(
                sql.SQL("alter role {} password {}").format(
                    sql.Identifier(login), sql.Literal(running.passwords[login])
                )
            )
        if connection.execute("select from pg_database where datname = %s", (NAME,)).fetchone() is None:
            create_database(connection, NAME, owner=OWNER)
    install_roles(running.url(ADMIN, "postgres"), owner=OWNER)
    with psycopg.connect(running.admin_url, autocommit=True) as connection:
        connection.execute("create extension if not exists vector")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stop(binaries: Binaries, cluster: Path, user: str | None) -> None:
    if find_postmaster(cluster) is None:
        raise PostgresError("The private Postgres has ended by itself; its server.log says why.")
    _control(binaries, cluster, user, "stop", "-m", "fast", "-w")


def _control(binaries: Binaries, cluster: Path, user: str | None, *words: str | Path) -> None:
    _run(binaries, "pg_ctl", user, "-D", cluster, *words)


def _run(binaries: Binaries, program: str, user: str | None, *words: str | Path) -> None:
    # Its output goes to a file: a server that pg_ctl starts would keep a pipe open.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [binaries.program(program), *words], check=False, stdout=said, stderr=said, stdin=subprocess.DEVNULL,
            **_place(user),
        )  # fmt: skip
        if done.returncode != 0:
            said.seek(0)
            raise PostgresError(f"{program} failed: {said.read().decode('utf-8', 'replace').strip()}")


def _place(user: str | None) -> dict[str, Any]:
    # The folder that we stand in may be closed to the one who runs it.
    return {"cwd": None if user is None else "/", **as_user(user)}
