"""The command line as it is really used: a server started in a folder, called, asked about, and stopped."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from sync.server.commands.run import listening
from sync.server.embedded import BinariesMissingError
from sync.server.embedded.binaries import find_binaries

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


def call(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sync.server", *words], check=False, capture_output=True, text=True, timeout=90
    )


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, str]]:
    """Run a server and yield its address and all that it printed before it listened."""
    command = [sys.executable, "-m", "sync.server", "run", "--data", str(folder), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            if line.startswith("Listening on"):
                break
        yield said.rsplit(" ", 1)[-1].strip(), said
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_server_in_a_folder_makes_its_first_administrator_and_is_the_same_after_a_restart(folder: Path) -> None:
    with served(folder) as (address, said):
        link = re.search(r"#(alk_\w+)", said)
        assert link, said
        assert httpx.get(f"{address}/health").status_code == 200
        assert httpx.get(f"{address}/ready").status_code == 200
        words = {"token": link[1], "email": "ada@example.org", "name": "Ada", "password": "a long password"}
        first = httpx.post(f"{address}/v1/first-admin", json=words, timeout=30)
        assert first.status_code == 201, first.text
        assert httpx.post(f"{address}/v1/first-admin", json=words, timeout=30).status_code == 403
        busy = call("jobs", "--data", str(folder))
        assert (busy.returncode, "Another server is running" in busy.stderr) == (1, True)
    with served(folder) as (address, said):
        assert "administrator" not in said
        token = {"email": "ada@example.org", "password": "a long password"}
        assert httpx.post(f"{address}/v1/sign-in", json=token, timeout=30).status_code == 200


def test_the_doctor_finds_nothing_wrong_with_a_server_that_ran(folder: Path) -> None:
    assert call("migrate", "--data", str(folder)).stdout.startswith("The database is at version")
    said = call("doctor", "--data", str(folder))
    assert (said.returncode, said.stdout) == (0, "All is well.\n"), said


def test_a_job_can_be_run_by_hand(folder: Path) -> None:
    call("migrate", "--data", str(folder))
    for name in ("refresh-stats", "sweep-files"):
        assert call("jobs", "run", name, "--data", str(folder)).stdout == f"{name}: done\n"
    for words in (("run", "nonsense"), ("run",)):
        assert call("jobs", *words, "--data", str(folder)).returncode == 1
    assert "refresh-stats" in call("jobs", "--json", "--data", str(folder)).stdout


def test_the_sql_for_the_roles_is_printed_for_an_administrator() -> None:
    said = call("migrate", "--print-roles", "books_owner")
    assert "grant alexandria_service to books_owner" in said.stdout
    assert call("migrate", "--print-roles", "x; drop").returncode == 1


def test_help_imports_no_server() -> None:
    words = "import sys; from sync.server.__main__ import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
    said = subprocess.run(
        [sys.executable, "-c", words + "print(sorted({'sqlalchemy', 'starlette', 'psycopg'} & set(sys.modules)))"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert said.stdout.splitlines()[-1] == "[]"


def test_a_port_that_is_taken_is_said_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = call("run", "--data", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert (said.returncode, "Cannot listen" in said.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_in_two_parts_does_not_wait_for_the_other_side() -> None:
    with listening("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
