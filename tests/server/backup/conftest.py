"""A database with people, rows and files to lose and to bring back."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from sync.server.backup.manifest import blob_path
from tests.support.postgres import OWNER, Cluster
from tests.support.server import ServerDatabase

CONTENTS = (b"a book", b"a cover", b"x" * 3_000_000)


@dataclass(frozen=True)
class Shop:
    """A server's data: a database and a folder of files."""

    database: ServerDatabase
    blobs: Path
    backups: Path

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with self.database.as_superuser() as connection:
            return connection.execute(query.encode()).fetchall()

    def does(self, *statements: str) -> None:
        with self.database.as_superuser() as connection:
            for statement in statements:
                connection.execute(statement.encode())


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def shop(cluster: Cluster, server_template: str, tmp_path: Path) -> Iterator[Shop]:
    """A database of its own with twenty people, an item of each and three files; databases kept aside go at the end."""
    name = f"shop_{uuid.uuid4().hex[:12]}"
    cluster.superuser_does(f"CREATE DATABASE {name} TEMPLATE {server_template} OWNER {OWNER}")
    made = Shop(ServerDatabase(cluster, name), tmp_path / "blobs", tmp_path / "backups")
    with made.database.as_superuser() as connection:
        _fill(connection)
    for content in CONTENTS:
        path = blob_path(made.blobs, digest(content))
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    yield made
    with psycopg.connect(made.database.admin_url.replace(name, "postgres"), autocommit=True) as connection:
        found = connection.execute("select datname from pg_database where datname like %s", [f"{name}%"]).fetchall()
        for (left,) in found:
            connection.execute(f'drop database "{left}" with (force)'.encode())


def _fill(connection: psycopg.Connection) -> None:
    connection.execute(
        "insert into users (id, email, name) select gen_random_uuid(), n || '@example.org', 'Reader ' || n"
        " from generate_series(1, 20) n"
    )
    connection.execute("insert into user_profiles (user_id, display_name) select id, name from users")
    connection.execute(
        "insert into content_items (creator_id, title, content_type, module_name, visibility)"
        " select id, 'Ünïcode ' || name, 'book', 'library', 'private' from users"
    )
    for content in CONTENTS:
        connection.execute("insert into gateway.blobs (sha256, size) values (%s, %s)", [digest(content), len(content)])
        connection.execute(
            "insert into gateway.blob_claims (user_id, sha256, media_type) select id, %s, 'application/pdf' from users",
            [digest(content)],
        )
