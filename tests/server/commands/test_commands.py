"""The command line as it is really used: a server started in a folder, called, asked about, and stopped."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.server.commands.program import call, served

pytestmark = pytest.mark.postgres


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
        busy = call("run", "--port", "0", "--data", str(folder))
        assert (busy.returncode, "Another server is running" in busy.stderr) == (1, True)
        beside = call("jobs", "--data", str(folder))
        assert (beside.returncode, "refresh-stats" in beside.stdout) == (0, True)
    with served(folder) as (address, said):
        assert "administrator" not in said
        token = {"email": "ada@example.org", "password": "a long password"}
        assert httpx.post(f"{address}/v1/sign-in", json=token, timeout=30).status_code == 200


def test_the_doctor_finds_nothing_wrong_with_a_server_that_ran(folder: Path) -> None:
    assert call("migrate", "--data", str(folder)).stdout.startswith("The database is at version")
    said = call("doctor", "--data", str(folder))
    assert (said.returncode, said.stdout) == (0, "All is well.\n"), said


@pytest.mark.nightly
def test_a_job_can_be_run_by_hand(folder: Path) -> None:
    assert call("migrate", "--data", str(folder)).returncode == 0
    for name in ("refresh-stats", "sweep-files", "embed-passages"):
        assert call("jobs", "run", name, "--data", str(folder)).stdout == f"{name}: done\n"
    for words in (("run", "nonsense"), ("run",)):
        assert call("jobs", *words, "--data", str(folder)).returncode == 1
    assert "refresh-stats" in call("jobs", "--json", "--data", str(folder)).stdout


@pytest.mark.parametrize("command", [["user", "list"], ["jobs"], ["doctor"]])
def test_a_database_that_does_not_answer_is_said_in_one_line(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXANDRIA_SERVER_BLOB_STORE", "files")
    said = call(*command, "--owner-database-url", "postgresql://nobody@127.0.0.1:1/none")
    assert (said.returncode, said.stderr.count("\n"), "refused" in said.stderr) == (1, 1, True), said


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
