"""A key in a file of its own, for a computer without a keyring: plain, and for this account alone to read (mode 600).

It lies where this computer remembers its libraries, never in one, so that no backup, copy or stick carries it along.
Whoever can read this account's files can sign in its name; where that is too much, a keyring is what helps.
"""

from __future__ import annotations

import re
from pathlib import Path

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.base.paths import state_folder
from alexandria_desktop.base.whole_file import write_whole

_LONGEST = 4096


def key_file(name: str) -> Path:
    """Return where a key of this name is kept; raises ValueError for a name that is no plain word."""
    if not re.fullmatch(r"[0-9a-z-]{1,80}", name):
        raise ValueError(f"{name!r} is no name of a key")
    return state_folder() / "keys" / name


def keep(name: str, secret: str) -> None:
    """Keep a key. Raises SurroundingsError(secrets.not-kept) for a disk that will not."""
    file = key_file(name)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(file, secret.encode("ascii"), mode=0o600)
    except OSError as fault:
        raise SurroundingsError(
            Code.SECRETS_NOT_KEPT, "The key could not be written to this computer's disk.", detail=str(fault)
        ) from fault


def recall(name: str) -> str | None:
    """Return a key, or None where none is kept under this name."""
    try:
        with key_file(name).open(encoding="ascii") as stream:
            return stream.read(_LONGEST)
    except (OSError, UnicodeDecodeError):
        return None
