"""The private Postgres: made, used, stopped, started again, and found again after a kill."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from sync.server.embedded import BinariesMissingError, FolderInUseError, PostgresError, private_postgres
from sync.server.embedded.binaries import as_user, find_binaries, made_runnable
from sync.server.embedded.postmaster import disown_stranger, find_postmaster
from sync.server.migrate import migrate
from tests.support.postgres import unprivileged_user

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


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not come true"


def use_and_kill(folder: Path) -> None:
    with private_postgres(folder) as running:
        with psycopg.connect(running.admin_url) as connection:
            connection.execute("create table if not exists kept (word text)")
            connection.execute("insert into kept values ('before')")
        found = find_postmaster(folder / "postgres")
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)
        wait_until(lambda: find_postmaster(folder / "postgres") is None)


def test_a_database_that_was_killed_starts_again_with_what_was_committed(folder: Path) -> None:
    with pytest.raises(PostgresError, match="has ended by itself"):
        use_and_kill(folder)
    with private_postgres(folder) as again, psycopg.connect(again.admin_url) as connection:
        assert connection.execute("select word from kept").fetchall() == [("before",)]


def test_a_server_that_was_killed_leaves_its_database_to_the_next(folder: Path) -> None:
    """The program is gone, its Postgres still runs: the next start takes the folder over."""
    words = (
        "import os, pathlib, sys; from sync.server.embedded import private_postgres\n"
        "with private_postgres(pathlib.Path(sys.argv[1])): os._exit(9)"
    )
    left = subprocess.run([sys.executable, "-c", words, str(folder)], check=False)
    assert left.returncode == 9
    with private_postgres(folder) as again, psycopg.connect(again.admin_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def killed_with_its_number_given_to(stranger: int, folder: Path) -> None:
    """Leave what a Postgres that was killed leaves, after the system has given its number to another process."""
    with pytest.raises(PostgresError):
        use_and_kill(folder)
    left = folder / "postgres" / "postmaster.pid"
    left.write_text("\n".join([str(stranger), *left.read_text().split("\n")[1:]]))


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process of whoever runs Postgres, which would be signalled and would keep Postgres from starting."""
    process = subprocess.Popen(["sleep", "600"], cwd="/", **as_user(unprivileged_user()))
    yield process
    process.kill()
    process.wait()


@pytest.mark.skipif(os.name == "nt", reason="there, only a Postgres can be signalled as one")
def test_a_stranger_with_the_number_of_a_dead_postgres_is_left_alone(
    folder: Path, stranger: subprocess.Popen[bytes]
) -> None:
    killed_with_its_number_given_to(stranger.pid, folder)
    with private_postgres(folder) as again, psycopg.connect(again.admin_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert stranger.poll() is None


@pytest.mark.skipif(os.name == "nt", reason="there, only a Postgres can be signalled as one")
def test_another_postgres_with_the_number_of_a_dead_one_is_left_alone(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="alexandria-") as other:
        Path(other).chmod(0o755)
        with private_postgres(Path(other)) as living:
            found = find_postmaster(Path(other) / "postgres")
            assert found is not None
            killed_with_its_number_given_to(found.pid, folder)
            assert find_postmaster(folder / "postgres") is None
            with private_postgres(folder):
                pass
            with psycopg.connect(living.admin_url) as connection:
                assert connection.execute("select 1").fetchone() == (1,)


def test_a_cluster_that_somebody_is_left_on_is_not_started_twice_whatever_its_file_says(folder: Path) -> None:
    with private_postgres(folder):
        cluster = folder / "postgres"
        left = cluster / "postmaster.pid"
        right = left.read_text()
        left.write_text("\n".join(["1", *right.split("\n")[1:]]))
        try:
            disown_stranger(cluster)
            runnable = made_runnable(find_binaries(), folder, unprivileged_user())
            said = subprocess.run(
                [runnable.program("postgres"), "-D", cluster, "--port=1", "-c", "listen_addresses="],
                check=False, capture_output=True, text=True, **as_user(unprivileged_user()), cwd="/",
            )  # fmt: skip
            assert (said.returncode, "shared memory block" in said.stderr) == (1, True), said
        finally:
            left.write_text(right)
