"""Under which name the token of a library's session is kept, so that two libraries of one account have one each.

The name ends with the library's device: leaving with one library leaves the other signed in. An older program kept one
token for all libraries of an account; a library takes it over when it first asks, and leaves it to the others.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from alexandria_desktop.base import secrets
from alexandria_desktop.library.standing import SyncStatus


def name_of(where: SyncStatus) -> str:
    """Return the name that a session's token is kept under."""
    return f"{where.server} {where.email} {where.device}"


def token_of(where: SyncStatus) -> str | None:
    """Return the token of the session that is open, taking over one that an older program kept for all, or None."""
    if not where.server:
        return None
    found = secrets.recall_token(name_of(where))
    if found is None and (shared := secrets.recall(_shared(where))) is not None:
        secrets.keep(name_of(where), shared)
        return shared
    return found


def is_locked(where: SyncStatus) -> bool:
    """Whether a session is kept that only a passphrase opens."""
    if where.folder or not where.server or token_of(where) is not None:
        return False
    return secrets.is_locked(name_of(where)) or secrets.is_locked(_shared(where))


def unlock(where: SyncStatus, passphrase: str) -> bool:
    """Open what is kept behind a passphrase; False where nothing is. Raises as ``secrets.unlock``."""
    return secrets.unlock(name_of(where), passphrase) or secrets.unlock(_shared(where), passphrase)


def forget(where: SyncStatus) -> str | None:
    """Forget the session's token and return it; one that an older program kept for all goes if it is the same."""
    token = token_of(where)
    secrets.forget(name_of(where))
    if secrets.recall(_shared(where)) in (None, token):
        secrets.forget(_shared(where))
    return token


def follow(where: SyncStatus, device: UUID) -> None:
    """Let the session go on under a library's new device; a library that this is a copy of keeps its own."""
    if not where.server:
        return
    token = secrets.recall(name_of(where))
    if token is not None:
        secrets.keep(name_of(replace(where, device=device)), token)


def _shared(where: SyncStatus) -> str:
    return f"{where.server} {where.email}"
