"""A session behind a passphrase: nobody reads it without, and no file that somebody else wrote is believed."""

from __future__ import annotations

import base64
import os
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest

from alexandria_desktop.base import locked_file
from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.base.locked_file import Sealed, Work

NAME, TOKEN, WORDS = "https://books.example.org ann@example.org", "alx_" + "t" * 43, "correct horse battery"


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALEXANDRIA_STATE", str(tmp_path / "state"))
    return locked_file.locked_file()


def code_of(work: Callable[[], object]) -> Code:
    with pytest.raises(AlexandriaError) as refused:
        work()
    assert refused.value.message.endswith(".")
    return refused.value.code


def rewritten(file: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Write a file of somebody who knows how sums are made."""
    found = orjson.loads(file.read_bytes())
    change(found)
    for entry in found["secrets"].values():
        parts = [base64.b64decode(entry[name]) for name in ("salt", "nonce", "box")]
        try:
            entry["sum"] = Sealed(Work(**entry["scrypt"]), *parts).sum
        except (ValueError, TypeError):
            continue
    file.write_bytes(orjson.dumps(found))


def test_a_secret_comes_back_by_its_passphrase_and_is_nowhere_in_the_file(file: Path) -> None:
    locked_file.keep(NAME, TOKEN, WORDS)
    assert locked_file.unlock(NAME, WORDS) == TOKEN
    assert TOKEN.encode() not in file.read_bytes()
    assert locked_file.holds(NAME)
    assert not locked_file.holds("another")


def test_a_wrong_passphrase_opens_nothing() -> None:
    locked_file.keep(NAME, TOKEN, WORDS)
    assert code_of(lambda: locked_file.unlock(NAME, WORDS + "s")) is Code.SECRETS_WRONG_PASSPHRASE


def test_a_short_passphrase_is_refused_before_anything_is_written(file: Path) -> None:
    assert code_of(lambda: locked_file.keep(NAME, TOKEN, "1234567")) is Code.SECRETS_SHORT_PASSPHRASE
    assert not file.exists()


def test_an_accent_is_the_same_however_a_keyboard_writes_it() -> None:
    locked_file.keep(NAME, TOKEN, "cl\u00e9 de l'\u00e9t\u00e9")
    assert locked_file.unlock(NAME, "cle\u0301 de l'e\u0301te\u0301") == TOKEN


@pytest.mark.skipif(sys.platform == "win32", reason="the folder of a person is theirs alone there")
def test_the_file_is_for_its_owner_only_whatever_the_umask(file: Path) -> None:
    before = os.umask(0)
    try:
        locked_file.keep(NAME, TOKEN, WORDS)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_is_left_beside_the_file(file: Path) -> None:
    locked_file.keep(NAME, TOKEN, WORDS)
    assert {path.name for path in file.parent.iterdir()} <= {file.name, "sessions.lock"}


def test_each_secret_has_a_passphrase_of_its_own_and_is_forgotten_alone(file: Path) -> None:
    locked_file.keep(NAME, TOKEN, WORDS)
    locked_file.keep("other", "alx_other", "another passphrase")
    assert locked_file.unlock(NAME, WORDS) == TOKEN
    locked_file.forget(NAME)
    assert locked_file.unlock(NAME, WORDS) is None
    assert locked_file.unlock("other", "another passphrase") == "alx_other"
    locked_file.forget("other")
    assert not file.exists()


def test_a_secret_does_not_open_under_another_name(file: Path) -> None:
    locked_file.keep(NAME, TOKEN, WORDS)
    rewritten(file, lambda found: found.update(secrets={"mallory": found["secrets"][NAME]}))
    assert code_of(lambda: locked_file.unlock("mallory", WORDS)) is Code.SECRETS_WRONG_PASSPHRASE


def test_what_scrypt_has_to_do_cannot_be_made_less(file: Path) -> None:
    locked_file.keep(NAME, TOKEN, WORDS)
    rewritten(file, lambda found: found["secrets"][NAME]["scrypt"].update(n=2))
    assert code_of(lambda: locked_file.unlock(NAME, WORDS)) is Code.SECRETS_WRONG_PASSPHRASE


@pytest.mark.parametrize(
    "asked",
    [{"n": 2**40}, {"n": 2**20}, {"n": 2**16, "r": 2**30}, {"p": 2**20}, {"n": 0}, {"n": -4}, {"n": 3}, {"n": True},
     {"r": 0}, {"n": 1.5}, {"n": "65536"}, {"p": None}],
)  # fmt: skip
def test_a_file_that_asks_for_all_the_memory_is_damaged(file: Path, asked: dict[str, Any]) -> None:
    locked_file.keep(NAME, TOKEN, WORDS)
    rewritten(file, lambda found: found["secrets"][NAME]["scrypt"].update(asked))
    assert code_of(lambda: locked_file.unlock(NAME, WORDS)) is Code.SECRETS_DAMAGED


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[]", b"null", b"7", b"{}", b'{"version": 1}', b'{"version": 1, "secrets": []}',
     b'{"version": "1", "secrets": {}}', b'{"version": 0, "secrets": {}}', b'{"version": 1, "secrets": {"a": {}}}',
     b'{"version": 1, "secrets": {"a": 3}}', b"[" * 100_000, b" " * 300_000],
)  # fmt: skip
def test_what_is_no_such_file_is_damaged(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    assert code_of(lambda: locked_file.unlock(NAME, WORDS)) is Code.SECRETS_DAMAGED
    assert locked_file.holds(NAME), "it may have been there"


def test_every_damaged_byte_is_told_from_a_wrong_passphrase_or_harmless(file: Path) -> None:
    locked_file.keep(NAME, TOKEN, WORDS)
    whole = file.read_bytes()
    box = whole.index(b'"box"')
    for place in range(box + 8, box + 60):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert code_of(lambda: locked_file.unlock(NAME, WORDS)) is Code.SECRETS_DAMAGED
    for length in range(0, len(whole), 7):
        file.write_bytes(whole[:length])
        assert code_of(lambda: locked_file.unlock(NAME, WORDS)) is Code.SECRETS_DAMAGED


def test_a_newer_program_s_file_is_left_as_it_is(file: Path) -> None:
    file.parent.mkdir(parents=True)
    newer = b'{"version": 2, "secrets": {}}'
    file.write_bytes(newer)
    assert code_of(lambda: locked_file.unlock(NAME, WORDS)) is Code.SECRETS_NEWER
    assert code_of(lambda: locked_file.keep(NAME, TOKEN, WORDS)) is Code.SECRETS_NEWER
    locked_file.forget(NAME)
    assert file.read_bytes() == newer


def test_a_damaged_file_is_put_aside_when_something_new_is_kept(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(b"rubbish")
    locked_file.keep(NAME, TOKEN, WORDS)
    assert locked_file.unlock(NAME, WORDS) == TOKEN
    assert file.with_suffix(".damaged").read_bytes() == b"rubbish"


def test_a_disk_that_will_not_is_said(file: Path) -> None:
    file.parent.parent.mkdir(parents=True, exist_ok=True)
    file.parent.write_bytes(b"a file where the folder should be")
    assert code_of(lambda: locked_file.keep(NAME, TOKEN, WORDS)) is Code.SECRETS_NOT_KEPT


def test_two_that_keep_at_once_are_both_kept() -> None:
    names = [f"library {number}" for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda name: locked_file.keep(name, f"alx_{name}", WORDS), names))
    assert all(locked_file.unlock(name, WORDS) == f"alx_{name}" for name in names)
