"""The doctor: each thing that is wrong is one sentence, and what is right is none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sync.server.commands.database import Place
from sync.server.commands.faults import backup_programs, find_faults
from sync.server.migrate import migrate
from sync.server.migrate.migrator import MigrationError
from sync.server.settings import Settings
from tests.support.postgres import OWNER, Cluster
from tests.support.server import SUPERUSER, ServerDatabase, plain

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(cluster: Cluster, server_template: str) -> Iterator[ServerDatabase]:
    with cluster.database(server_template) as engine:
        yield ServerDatabase(cluster, str(engine.url.database))


def faults(database: ServerDatabase, blob_store: str) -> list[str]:
    return list(find_faults(Place(Settings(blob_store=blob_store), database.owner_url)))


OLD_ACCOUNT = "insert into users (email, name, created_at) values ('ada@example.org', 'Ada', now() - interval '9 days')"


@pytest.mark.parametrize(
    ("done", "told"),
    [
        ("select 1", []),
        ("alter table user_notes no force row level security", ["Row-level security is not forced on user_notes."]),
        (
            "update pg_extension set extversion = '0.7.4' where extname = 'vector'",
            ["pgvector is 0.7.4 and must be 0.8"],
        ),
        (
            "update ops.jobs set last_failure = 'why' where name = 'count-usage'",
            ["The job count-usage failed"],
        ),
        ("update ops.schema_version set version_num = '0001'", ["run `alexandria-server migrate`"]),
        ("update ops.overlay set digest = 'another'", ["run `alexandria-server migrate`"]),
        ("update ops.schema_version set version_num = '9999'", ["newer than this program; update"]),
        (OLD_ACCOUNT, ["No backup was ever made; run"]),
        (f"{OLD_ACCOUNT}; select ops.note_backup(now() - interval '4 days', 'x')", ["The last backup is 4 days old"]),
        (f"{OLD_ACCOUNT}; select ops.note_backup(now() - interval '1 day', 'x')", []),
    ],
)
def test_what_is_wrong_in_the_database_is_told_with_what_to_do(
    database: ServerDatabase, tmp_path: Path, done: str, told: list[str]
) -> None:
    with database.as_superuser() as connection:
        connection.execute(done.encode())
    found = faults(database, str(tmp_path))
    assert len(found) == len(told), found
    assert all(words in sentence for words, sentence in zip(told, found, strict=True)), found


def test_a_database_that_does_not_fold_letters_goes_on_and_is_told(
    cluster: Cluster, server_template: str, tmp_path: Path
) -> None:
    assert server_template
    with psycopg.connect(plain(cluster.url("postgres", SUPERUSER)), autocommit=True) as connection:
        connection.execute(f"create database of_locale_c owner {OWNER} template template0 locale 'C'".encode())
        database = ServerDatabase(cluster, "of_locale_c")
        try:
            cluster.superuser_does("create extension vector", database=database.name)
            assert migrate(database.owner_url).is_current
            found = faults(database, str(tmp_path))
        finally:
            connection.execute(b"drop database of_locale_c with (force)")
    assert len(found) == 1
    assert "back it up and restore" in found[0]


def test_a_place_for_files_that_cannot_be_written_to_is_told(database: ServerDatabase, tmp_path: Path) -> None:
    taken = tmp_path / "a file"
    taken.write_text("x")
    assert "cannot write to" in faults(database, str(taken))[0]
    assert "cannot write to" in faults(database, str(taken / "blobs"))[0]
    assert "BLOB_STORE" in faults(database, "")[0]
    assert faults(database, str(tmp_path / "not yet" / "blobs")) == []
    assert not (tmp_path / "not yet").exists()


def test_a_server_too_new_for_every_pg_dump_here_is_told() -> None:
    assert "pg_dump 99" in next(backup_programs(99))


def test_a_database_of_a_newer_release_is_not_migrated(database: ServerDatabase) -> None:
    with database.as_superuser() as connection:
        connection.execute("update ops.schema_version set version_num = '9999'")
    with pytest.raises(MigrationError, match="newer release"):
        migrate(database.owner_url)
