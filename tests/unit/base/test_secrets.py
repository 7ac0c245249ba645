"""The token in the surroundings is a session's token, and no other secret."""

from __future__ import annotations

from pathlib import Path

import keyring
import pytest

from alexandria_desktop.base import secrets
from alexandria_desktop.base.errors import Code, SurroundingsError


def test_the_token_of_the_surroundings_stands_in_for_no_other_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.keep("key of a test", "a key")
    try:
        monkeypatch.setenv(secrets.TOKEN_VARIABLE, "alx_from_the_surroundings")
        assert secrets.recall("key of a test") == "a key"
        assert secrets.recall("nothing is kept here") is None
        assert secrets.recall_token("https://books.example.org ann@example.org") == "alx_from_the_surroundings"
    finally:
        secrets.forget("key of a test")


def test_without_one_a_token_is_what_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(secrets.TOKEN_VARIABLE, raising=False)
    secrets.keep("https://books.example.org bob@example.org", "alx_kept")
    try:
        assert secrets.recall_token("https://books.example.org bob@example.org") == "alx_kept"
    finally:
        secrets.forget("https://books.example.org bob@example.org")


@pytest.mark.usefixtures("drawer")
def test_where_the_keyring_went_away_a_secret_is_kept_as_long_as_the_program_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("secretstorage", reason="the keyring of Linux")
    from keyring.backends.SecretService import Keyring

    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'no bus'}")
    keyring.set_keyring(Keyring())
    assert secrets.recall("https://books.example.org ann@example.org") is None
    with pytest.raises(SurroundingsError) as raised:
        secrets.recall("https://books.example.org ann@example.org", surely=True)
    assert raised.value.code is Code.SECRETS_UNREADABLE
    assert secrets.keep("https://books.example.org ann@example.org", "alx_kept") is secrets.Kept.MEMORY
    assert secrets.recall("https://books.example.org ann@example.org") == "alx_kept"
    secrets.forget("https://books.example.org ann@example.org")
    assert secrets.recall("https://books.example.org ann@example.org") is None
