"""Backups and restores from the command line, beside a server that serves and onto a machine that is new."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import httpx
import pytest

from tests.server.commands.program import call, served, wait_until

pytestmark = pytest.mark.postgres

PERSON = {"email": "ada@example.org", "password": "a long password"}
BOOK = "Ein Buch über Bären".encode() * 1000


def sign_in(address: str) -> httpx.Response:
    return httpx.post(f"{address}/v1/sign-in", json=PERSON, timeout=30)


def headers(signed_in: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {signed_in.json()['token']}"}


def make_person_with_a_book(address: str, data: Path) -> str:
    added = call("user", "add", PERSON["email"], "Ada", "--role", "admin", "--data", str(data))
    token = re.search(r"#(alk_\w+)", added.stdout)
    assert token, added
    body = {"token": token[1], "new_password": PERSON["password"]}
    assert httpx.post(f"{address}/v1/password-reset", json=body, timeout=30).status_code == 204
    sha256 = hashlib.sha256(BOOK).hexdigest()
    kind = {"Content-Type": "application/epub+zip"}
    sent = httpx.put(f"{address}/v1/blobs/{sha256}", content=BOOK, headers=headers(sign_in(address)) | kind)
    assert sent.status_code == 201, sent.text
    return sha256


def emails(data: Path) -> list[str]:
    return [one["email"] for one in json.loads(call("user", "list", "--json", "--data", str(data)).stdout)]


def test_a_server_is_backed_up_while_it_serves_restored_in_place_and_moved_to_another_folder(
    folder: Path, tmp_path: Path
) -> None:
    data, elsewhere = folder / "data", folder / "elsewhere"
    with served(data) as (address, _):
        sha256 = make_person_with_a_book(address, data)
        made = call("backup", str(tmp_path), "--json", "--data", str(data))
        assert made.returncode == 0, made
        backup = json.loads(made.stdout)
        assert (backup["files"], backup["bytes"], backup["missing_files"]) == (1, len(BOOK), [])
        call("user", "add", "late@example.org", "Late", "--data", str(data))

        refused = call("restore", backup["folder"], "--data", str(data))
        assert (refused.returncode, "--yes" in refused.stderr) == (1, True), refused
        assert emails(data) == ["ada@example.org", "late@example.org"]
        done = call("restore", backup["folder"], "--yes", "--json", "--data", str(data))
        assert done.returncode == 0, done
        assert json.loads(done.stdout)["kept_as"].startswith("alexandria_before_")
        assert emails(data) == ["ada@example.org"]
        # The gateway finds out by a request which of its connections the exchange has ended.
        wait_until(lambda: sign_in(address).status_code == 200)

    moved = call("restore", backup["folder"], "--data", str(elsewhere))
    assert (moved.returncode, "is kept as" in moved.stdout) == (0, False), moved
    with served(elsewhere) as (address, said):
        assert "administrator" not in said
        got = httpx.get(f"{address}/v1/blobs/{sha256}", headers=headers(sign_in(address)))
        assert got.content == BOOK


def test_files_that_are_missing_are_told_and_keep_old_backups_from_going(folder: Path, tmp_path: Path) -> None:
    data = folder / "losing"
    with served(data) as (address, _):
        make_person_with_a_book(address, data)
    where = ("--daily", "0", "--weekly", "0", "--data", str(data))
    assert call("backup", str(tmp_path), *where).returncode == 0
    (whole,) = tmp_path.iterdir()
    for path in (data / "blobs").rglob("*"):
        if path.is_file():
            path.unlink()
    said = call("backup", str(tmp_path), "--json", *where)
    assert (said.returncode, len(json.loads(said.stdout)["missing_files"])) == (3, 1), said
    assert whole.exists()


def test_a_backup_needs_to_know_where_the_files_are() -> None:
    said = call("backup", "x", "--owner-database-url", "postgresql://nobody@127.0.0.1:1/none")
    assert (said.returncode, "BLOB_STORE" in said.stderr) == (1, True)


def test_what_was_never_migrated_is_not_backed_up(folder: Path, tmp_path: Path) -> None:
    said = call("backup", str(tmp_path), "--data", str(folder / "new"))
    assert (said.returncode, "never migrated" in said.stderr, list(tmp_path.iterdir())) == (1, True, [])


def test_a_folder_that_is_no_backup_is_refused(folder: Path, tmp_path: Path) -> None:
    said = call("restore", str(tmp_path), "--yes", "--data", str(folder / "new"))
    assert (said.returncode, "There is no backup" in said.stderr) == (1, True)
