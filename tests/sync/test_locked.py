"""A session behind a passphrase, as library and command line see it: locked at each start, and nothing else waits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from alexandria_desktop import asking, cli
from alexandria_desktop.base import locked_file, secrets
from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.account.wording import now, standing
from tests.server.serving import PASSWORD
from tests.sync.laptops import Account

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("no_keyring")]
WORDS = "correct horse battery"


@pytest.fixture
def no_keyring(drawer: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    monkeypatch.setenv("ALEXANDRIA_STATE", str(tmp_path / "state"))
    monkeypatch.delenv(asking.PASSPHRASE_VARIABLE, raising=False)


@pytest.fixture
def start(tmp_path: Path) -> Callable[[], Library]:
    """Starts the program anew: memory is empty, the disk is as it was."""

    def opened() -> Library:
        secrets._memory.clear()
        return Library.open(tmp_path / "library", vectors="numpy")

    return opened


def code_of(work: Callable[[], object]) -> Code:
    with pytest.raises(AlexandriaError) as refused:
        work()
    return refused.value.code


def token_of(account: Account) -> str:
    (token,) = (kept for name, kept in secrets._memory.items() if name.startswith(f"{account.address} {account.email}"))
    return token


def is_open(account: Account, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{account.address}/v1/me", headers=headers).status_code == 200


def test_a_session_waits_for_its_passphrase_and_nothing_else_does(
    start: Callable[[], Library], account: Account, tmp_path: Path
) -> None:
    with start() as library:
        library.syncing.sign_in(account.address, account.email, PASSWORD)
        assert library.syncing.keep_with_passphrase(WORDS).is_signed_in
        assert library.syncing.kept_in is secrets.Kept.FILE
        token = token_of(account)
        library.syncing.sync()
    with start() as library:
        library.set({"page": "written while locked"})
        status = library.syncing.status()
        assert (status.is_signed_in, status.is_locked, status.waiting) == (False, True, 1)
        assert standing(status, now())[0] == "Unlock to sync"
        assert code_of(library.syncing.sync) is Code.SECRETS_LOCKED
        assert code_of(lambda: library.syncing.unlock("not this passphrase")) is Code.SECRETS_WRONG_PASSPHRASE
        assert library.syncing.status().is_locked
        assert library.syncing.unlock(WORDS).is_signed_in
        library.syncing.sync()
        status = library.syncing.status()
        assert (status.waiting, status.problem, status.is_locked) == (0, None, False)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert token.encode() not in path.read_bytes(), path
    assert library.paths.root not in locked_file.locked_file().parents


def test_signing_out_forgets_the_file_and_ends_the_session(start: Callable[[], Library], account: Account) -> None:
    with start() as library:
        library.syncing.sign_in(account.address, account.email, PASSWORD)
        library.syncing.keep_with_passphrase(WORDS)
        token = token_of(account)
        assert is_open(account, token)
        library.syncing.sign_out()
        assert not locked_file.locked_file().exists()
        assert not library.syncing.status().is_locked
        assert not is_open(account, token)
        assert code_of(lambda: library.syncing.unlock(WORDS)) is Code.SYNC_SIGNED_OUT
        assert code_of(lambda: library.syncing.keep_with_passphrase(WORDS)) is Code.SYNC_SIGNED_OUT


def test_a_locked_session_can_be_signed_out_of(start: Callable[[], Library], account: Account) -> None:
    with start() as library:
        library.syncing.sign_in(account.address, account.email, PASSWORD)
        library.syncing.keep_with_passphrase(WORDS)
    with start() as library:
        assert not library.syncing.sign_out().is_locked
        assert not locked_file.locked_file().exists()


def test_signing_in_again_leaves_no_old_session_in_the_file(start: Callable[[], Library], account: Account) -> None:
    with start() as library:
        library.syncing.sign_in(account.address, account.email, PASSWORD)
        library.syncing.keep_with_passphrase(WORDS)
    with start() as library:
        library.syncing.sign_in(account.address, account.email, PASSWORD)
        assert library.syncing.kept_in is secrets.Kept.MEMORY
        assert not locked_file.locked_file().exists()


class Line:
    """The command line of one library, each command a program of its own."""

    def __init__(
        self, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, answers: Path
    ) -> None:
        self.root, self._capsys, self._monkeypatch, self._answers = root, capsys, monkeypatch, answers

    def run(self, *words: str, typed: str = "") -> tuple[int, list[dict[str, object]]]:
        secrets._memory.clear()
        self._answers.write_text(typed)
        with self._answers.open() as answers:
            self._monkeypatch.setattr("sys.stdin", answers)
            status = cli.run(["--library", str(self.root), "--json", *words])
        return status, [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]

    def passphrase(self, words: str | None) -> None:
        if words is None:
            self._monkeypatch.delenv(asking.PASSPHRASE_VARIABLE, raising=False)
        else:
            self._monkeypatch.setenv(asking.PASSPHRASE_VARIABLE, words)


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    return Line(tmp_path / "library", capsys, monkeypatch, tmp_path / "answers")


def test_the_command_line_keeps_a_session_from_one_command_to_the_next(line: Line, account: Account) -> None:
    sign_in = ("sign-in", "--keep-with-passphrase", account.address, account.email)
    assert line.run(*sign_in, typed=f"{PASSWORD}\n")[0] == 2, "nobody can be asked"
    line.passphrase("short")
    assert line.run(*sign_in, typed=f"{PASSWORD}\n")[1][0]["error"] == "secrets.short-passphrase"
    line.passphrase(WORDS)
    assert line.run(*sign_in, typed=f"{PASSWORD}\n")[0] == 0
    assert line.run("sync")[0] == 0
    line.passphrase(None)
    status, (said,) = line.run("sync")
    assert (status, said["error"]) == (1, "secrets.locked")
    assert line.run("sync", "status")[1][0]["locked"] is True
    assert line.run("list")[0] == 0
    line.passphrase("not this passphrase")
    assert line.run("sync")[1][0]["error"] == "secrets.wrong-passphrase"
    line.passphrase(WORDS)
    assert line.run("sync")[0] == 0
    assert line.run("sign-out")[0] == 0
    assert not locked_file.locked_file().exists()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo terminals")
def test_a_terminal_is_asked_for_the_passphrase(line: Line, account: Account) -> None:
    line.passphrase(WORDS)
    assert line.run("sign-in", "--keep-with-passphrase", account.address, account.email, typed=f"{PASSWORD}\n")[0] == 0
    line.passphrase(None)
    command = ["-m", "alexandria_desktop", "--library", str(line.root), "sync"]
    try:
        ours, theirs = os.openpty()
    except OSError as fault:  # a container without /dev/pts
        pytest.skip(f"no pseudo terminal here: {fault}")
    with subprocess.Popen(
        [sys.executable, "-c", _ON_A_TERMINAL, *command],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    ) as program:  # fmt: skip
        os.close(theirs)
        _read_until(ours, "Passphrase of the session: ")
        os.write(ours, f"{WORDS}\n".encode())
        said = _read_until(ours, "rows.")
        assert program.wait() == 0
    os.close(ours)
    assert WORDS not in said


_ON_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def _read_until(terminal: int, words: str) -> str:
    said = ""
    while words not in said:
        try:
            said += os.read(terminal, 4096).decode()
        except OSError:
            pytest.fail(f"the program ended and had said: {said}")
    return said
