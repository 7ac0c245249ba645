"""Secrets in the system's own keyring. Where there is none they are kept for as long as the program runs.

A backend that writes plain text is never used: a token opens everything that a person wrote.
"""

from __future__ import annotations

import os
from contextlib import suppress
from enum import StrEnum

SERVICE = "Alexandria Desktop"
TOKEN_VARIABLE = "ALEXANDRIA_TOKEN"
"""A token in the surroundings, for scripts on machines that have no keyring; it goes before every other."""


class Kept(StrEnum):
    """Where a secret is."""

    KEYRING = "keyring"
    MEMORY = "memory"


_memory: dict[str, str] = {}


def keep(name: str, secret: str) -> Kept:
    """Keep a secret under a name and say where."""
    if _keyring_is_safe():
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, name, secret)
        except KeyringError:
            pass  # locked, or nobody answered its question; for now memory will do
        else:
            _memory.pop(name, None)
            return Kept.KEYRING
    _memory[name] = secret
    return Kept.MEMORY


def recall(name: str) -> str | None:
    """Return a secret, or None where it is not known any more."""
    given = os.environ.get(TOKEN_VARIABLE)
    if given:
        return given
    if name in _memory:
        return _memory[name]
    if not _keyring_is_safe():
        return None
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, name)
    except KeyringError:
        return None


def forget(name: str) -> None:
    """Forget a secret."""
    _memory.pop(name, None)
    if not _keyring_is_safe():
        return
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    with suppress(PasswordDeleteError, KeyringError):  # it may not have been there
        keyring.delete_password(SERVICE, name)


def _keyring_is_safe() -> bool:
    """Whether there is a keyring that encrypts what it keeps."""
    import keyring

    backend = keyring.get_keyring()
    return not type(backend).__module__.startswith(("keyring.backends.fail", "keyring.backends.null", "keyrings.alt"))
