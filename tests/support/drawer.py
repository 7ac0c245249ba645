"""A keyring that lasts as long as a test."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from alexandria_desktop.base import secrets


class Drawer(KeyringBackend):
    """Keeps secrets in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise KeyringLocked("Nobody unlocks it.")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("There is no such password.")


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawer]:
    """The keyring for as long as a test runs; nothing of the machine's own is read."""
    before = keyring.get_keyring()
    found = Drawer()
    keyring.set_keyring(found)
    monkeypatch.setattr(secrets, "_memory", {})
    monkeypatch.delenv(secrets.TOKEN_VARIABLE, raising=False)
    yield found
    keyring.set_keyring(before)
