"""The private Postgres: made, used, stopped, started again, and found again after a kill."""

from __future__ import annotations

import os
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from sync.server.embedded import BinariesMissingError, FolderInUseError, PostgresError, private_postgres
from sync.server.embedded.binaries import find_binaries
from sync.server.migrate import migrate

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    try:
        find_binaries()
    except BinariesMissingError as fault:
        pytest.skip(str(fault))
    # Not pytest's own folder, which is closed to whoever runs Postgres instead of root.
    with tempfile.TemporaryDirectory(prefix="alexandria-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_what_is_kept_in_the_folder_is_there_at_the_next_start(folder: Path) -> None:
    with private_postgres(folder) as first:
        assert migrate(first.owner_url).is_current
        with psycopg.connect(first.admin_url) as connection:
            connection.execute("insert into users (email, name) values ('ada@example.org', 'Ada')")
    with private_postgres(folder) as second, psycopg.connect(second.admin_url) as connection:
        assert connection.execute("select name from users").fetchall() == [("Ada",)]
        assert migrate(second.owner_url).is_current


def test_capitals_of_every_alphabet_are_found_by_their_small_letters(folder: Path) -> None:
    with private_postgres(folder) as running, psycopg.connect(running.owner_url) as connection:
        found = connection.execute(
            "select lower('ÉÄЖ'), to_tsvector('english', 'Élan Жизнь') @@ to_tsquery('english', 'élan & жизнь')"
        ).fetchone()
        assert found == ("éäж", True)


def test_the_owner_and_the_gateway_have_no_powers_of_their_own(folder: Path) -> None:
    with private_postgres(folder) as running:
        for url in (running.owner_url, running.gateway_url):
            with psycopg.connect(url) as connection:
                powers = connection.execute(
                    "select rolsuper or rolbypassrls or rolcreaterole from pg_roles where rolname = current_user"
                ).fetchone()
                assert powers == (False,)


def test_nobody_gets_in_without_a_password_and_no_other_machine_at_all(folder: Path) -> None:
    with private_postgres(folder) as running:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{running.port}/postgres")
        with psycopg.connect(running.admin_url) as connection:
            assert connection.execute("show listen_addresses").fetchone() == ("127.0.0.1",)
            assert connection.execute("show unix_socket_directories").fetchone() == ("",)
    if os.name != "nt":
        assert stat.S_IMODE((folder / "secrets.json").stat().st_mode) == 0o600


def test_a_second_server_on_the_folder_is_told_so(folder: Path) -> None:
    with private_postgres(folder), pytest.raises(FolderInUseError), private_postgres(folder):
        pass


def use_and_kill(folder: Path) -> None:
    with private_postgres(folder) as running:
        with psycopg.connect(running.admin_url) as connection:
            connection.execute("create table if not exists kept (word text)")
            connection.execute("insert into kept values ('before')")
        os.kill(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def test_a_database_that_was_killed_starts_again_with_what_was_committed(folder: Path) -> None:
    with pytest.raises(PostgresError, match="pg_ctl failed"):
        use_and_kill(folder)
    with private_postgres(folder) as again, psycopg.connect(again.admin_url) as connection:
        assert connection.execute("select word from kept").fetchall() == [("before",)]


def test_a_server_that_was_killed_leaves_its_database_to_the_next(folder: Path) -> None:
    """The program is gone, its Postgres still runs: the next start takes the folder over."""
    import subprocess
    import sys

    words = (
        "import os, pathlib, sys; from sync.server.embedded import private_postgres\n"
        "with private_postgres(pathlib.Path(sys.argv[1])): os._exit(9)"
    )
    left = subprocess.run([sys.executable, "-c", words, str(folder)], check=False)
    assert left.returncode == 9
    with private_postgres(folder) as again, psycopg.connect(again.admin_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
