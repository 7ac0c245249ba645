"""What the command line asks people for and never takes as an argument: whoever lists the processes would see it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from alexandria_desktop.base import locked_file
from alexandria_desktop.base.errors import AlexandriaError, Code, ReaderError

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library

PASSPHRASE_VARIABLE = "ALEXANDRIA_PASSPHRASE"
"""The passphrase of a session, for scripts; a terminal is asked where it is not set."""


def password_of(email: str) -> str:
    """Return the password that is typed, or the next line of what is not a terminal."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    return _typed(f"Password of {email}: ")


def new_passphrase() -> str:
    """Return the passphrase that a session is to be kept with. Raises ReaderError for one that will not do."""
    given = _given()
    if given is not None:
        locked_file.check(given)
        return given
    if not sys.stdin.isatty():
        raise ReaderError(Code.USAGE, f"Nobody can be asked for a passphrase here. Set {PASSPHRASE_VARIABLE}.")
    first = _typed("Passphrase to keep the session with: ")
    locked_file.check(first)
    if first != _typed("The same again: "):
        raise ReaderError(Code.USAGE, "These were two different passphrases. Nothing was changed.")
    return first


def unlock(library: Library) -> None:
    """Open a session that is kept behind a passphrase; does nothing where none is. Raises ReaderError."""
    if not library.has_account() or not library.syncing.status().is_locked:
        return
    passphrase = _given()
    if passphrase is None and sys.stdin.isatty():
        passphrase = _typed("Passphrase of the session: ")
    if passphrase is None:
        raise ReaderError(
            Code.SECRETS_LOCKED,
            f"The session is locked and nobody can be asked for its passphrase here. Set {PASSPHRASE_VARIABLE}.",
        )
    library.syncing.unlock(passphrase)


def unlock_if_possible(library: Library) -> None:
    """Open the session so that the server can be told of its end; it ends here either way."""
    with suppress(AlexandriaError):
        unlock(library)


def _given() -> str | None:
    return os.environ.get(PASSPHRASE_VARIABLE) or None


def _typed(question: str) -> str:
    import getpass

    return getpass.getpass(question)
