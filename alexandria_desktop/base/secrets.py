"""Secrets in the system's own keyring. Where there is none they are kept for as long as the program runs.

A reader who asks for it has them in a file that a passphrase opens, once for each run of the program. A backend that
writes plain text is never used: a token opens everything that a person wrote.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from alexandria_desktop.base import locked_file
from alexandria_desktop.base.errors import AlexandriaError, Code, SurroundingsError

SERVICE = "Alexandria Desktop"
TOKEN_VARIABLE = "ALEXANDRIA_TOKEN"
"""A token in the surroundings, for scripts on machines that have no keyring; it goes before every other token."""


class Kept(StrEnum):
    """Where a secret is."""

    KEYRING = "keyring"
    MEMORY = "memory"
    FILE = "file"
    """Behind a passphrase; in memory as well, once it was given."""


_memory: dict[str, str] = {}


def keep(name: str, secret: str) -> Kept:
    """Keep a secret under a name and say where."""
    if keyring_is_safe():
        import keyring
        from keyring.errors import KeyringError

        try:
            with _as_keyring_faults():
                keyring.set_password(SERVICE, name, secret)
        except KeyringError:
            pass  # locked, or nobody answered its question; for now memory will do
        else:
            _memory.pop(name, None)
            _leave_file(name)
            return Kept.KEYRING
    _memory[name] = secret
    _leave_file(name)
    return Kept.MEMORY


def keep_locked(name: str, secret: str, passphrase: str) -> Kept:
    """Keep a secret in the file that a passphrase opens. Takes as long as scrypt; raises as ``locked_file.keep``."""
    locked_file.keep(name, secret, passphrase)
    _leave_keyring(name)
    _memory[name] = secret
    return Kept.FILE


def is_locked(name: str) -> bool:
    """Whether the token of a session is there that only a passphrase opens."""
    return recall_token(name) is None and locked_file.holds(name)


def unlock(name: str, passphrase: str) -> bool:
    """Open a secret for as long as the program runs; False where none is kept. Raises as ``locked_file.unlock``."""
    secret = locked_file.unlock(name, passphrase)
    if secret is None:
        return False
    _memory[name] = secret
    return True


def recall_token(name: str) -> str | None:
    """Return the token of a session: the one in the surroundings, else the one kept under this name."""
    return os.environ.get(TOKEN_VARIABLE) or recall(name)


def recall(name: str, *, surely: bool = False) -> str | None:
    """Return a secret, or None where it is not known any more; the surroundings have no word on it.

    With ``surely`` a keyring that does not open is not taken for one that knows nothing. Raises
    SurroundingsError(secrets.unreadable).
    """
    if name in _memory:
        return _memory[name]
    if not keyring_is_safe():
        return None
    import keyring
    from keyring.errors import KeyringError

    try:
        with _as_keyring_faults():
            return keyring.get_password(SERVICE, name)
    except KeyringError as fault:
        if surely:
            raise SurroundingsError(
                Code.SECRETS_UNREADABLE, "This computer's keyring does not open. Unlock it and try again.",
                detail=str(fault),
            ) from fault  # fmt: skip
        return None


def forget(name: str) -> None:
    """Forget a secret, wherever it is."""
    _memory.pop(name, None)
    _leave_file(name)
    _leave_keyring(name)


def _leave_file(name: str) -> None:
    """Take out of the file what was kept under a name; what is left of an old session there opens nothing any more."""
    with suppress(AlexandriaError):
        locked_file.forget(name)


def _leave_keyring(name: str) -> None:
    if not keyring_is_safe():
        return
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    with suppress(PasswordDeleteError, KeyringError), _as_keyring_faults():  # it may not have been there
        keyring.delete_password(SERVICE, name)


@contextmanager
def _as_keyring_faults() -> Iterator[None]:
    """Turn whatever a keyring raises into KeyringError: theirs let through what is raised below them.

    Such as FileNotFoundError where D-Bus is gone, or an error of Windows of its own.
    """
    from keyring.errors import KeyringError

    try:
        yield
    except Exception as fault:  # nobody can name what a keyring stands on
        raise KeyringError(str(fault)) from fault


def keyring_is_safe() -> bool:
    """Whether there is a keyring that encrypts what it keeps."""
    import keyring

    backend = keyring.get_keyring()
    return not type(backend).__module__.startswith(("keyring.backends.fail", "keyring.backends.null", "keyrings.alt"))
