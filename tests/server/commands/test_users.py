"""Accounts from the command line, beside a server that serves and while none does."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.server.commands.program import call, served

pytestmark = pytest.mark.postgres

PASSWORD = "a long password"


def accounts(folder: Path) -> dict[str, dict[str, object]]:
    listed = json.loads(call("user", "list", "--json", "--data", str(folder)).stdout)
    return {one["email"]: one for one in listed}


def test_somebody_who_is_added_beside_a_server_signs_in_until_their_account_is_shut(folder: Path) -> None:
    where = ("--data", str(folder))
    with served(folder) as (address, _):

        def post(path: str, body: dict[str, str]) -> httpx.Response:
            return httpx.post(f"{address}/v1/{path}", json=body, timeout=30)

        def set_password(said: subprocess.CompletedProcess[str]) -> int:
            link = re.search(r"#(alk_\w+)", said.stdout)
            assert link, said
            return post("password-reset", {"token": link[1], "new_password": PASSWORD}).status_code

        def signed_in() -> httpx.Response:
            return post("sign-in", {"email": "ada@example.org", "password": PASSWORD})

        assert set_password(call("user", "add", "ada@example.org", "Ada Ä", "--role", "creator", *where)) == 204
        assert set_password(call("user", "password-link", "ada@example.org", *where)) == 204
        token = signed_in().json()["token"]
        me = {"url": f"{address}/v1/me", "headers": {"Authorization": f"Bearer {token}"}}
        assert httpx.get(**me).status_code == 200
        assert call("user", "sign-out", "ada@example.org", *where).stdout == "Ended 1 sessions of ada@example.org.\n"
        assert httpx.get(**me).status_code == 401
        assert call("user", "disable", "ada@example.org", *where).returncode == 0
        assert signed_in().status_code == 401
        assert call("user", "enable", "ada@example.org", *where).returncode == 0
        assert signed_in().status_code == 200


@pytest.mark.nightly
def test_accounts_are_changed_while_no_server_runs(folder: Path) -> None:
    where = ("--data", str(folder))
    assert call("migrate", *where).returncode == 0
    assert call("user", "add", "bo@example.org", "Bo", *where).stdout.count("#alk_") == 1
    assert call("user", "role", "bo@example.org", "educator", *where).returncode == 0
    assert call("user", "disable", "BO@example.org", *where).returncode == 0
    assert (accounts(folder)["bo@example.org"]["role"], accounts(folder)["bo@example.org"]["is_disabled"]) == (
        "educator",
        True,
    )
    assert "bo@example.org" in call("user", "list", *where).stdout
    assert call("user", "invite", "cy@example.org", *where).stdout.count("#") == 1
    unknown = call("user", "password-link", "nobody@example.org", *where)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert call("user", "role", "bo@example.org", "emperor", *where).returncode == 2


def test_an_account_is_erased_only_when_told_twice(folder: Path) -> None:
    where = ("--data", str(folder))
    assert call("migrate", *where).returncode == 0
    call("user", "add", "di@example.org", "Di", *where)
    refused = call("user", "erase", "di@example.org", *where)
    assert (refused.returncode, "--yes" in refused.stderr) == (1, True)
    assert "di@example.org" in accounts(folder)
    assert call("user", "erase", "di@example.org", "--yes", *where).returncode == 0
    assert "di@example.org" not in accounts(folder)


def test_a_database_that_was_not_migrated_is_said_so(folder: Path, tmp_path: Path) -> None:
    data = folder / "fresh"
    said = call("user", "list", "--data", str(data))
    assert (said.returncode, "run `alexandria-server migrate`" in said.stderr) == (1, True)
