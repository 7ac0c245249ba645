"""Where a library is kept in step: with an account on a server, or with a folder; one of them at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.clock import Clock
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.sessions import is_locked, token_of
from alexandria_desktop.library.standing import SyncStatus, locked, signed_out
from alexandria_desktop.store.homes import HOME_FOLDER
from sync.client.blobs import BlobClient
from sync.client.facts import recall
from sync.client.http import HttpEndpoint
from sync.client.poke import Listener
from sync.folder import FolderEndpoint
from sync.folder.files import FolderFiles
from sync.protocol.blobs import BlobStore
from sync.protocol.endpoint import Endpoint

FOLDER_ID = "sync.folder_id"
"""Which folder this library joined, also after it was left: coming back is no new beginning."""


class Way(Endpoint, Protocol):
    """An endpoint that is open for one round."""

    def cut(self) -> None:
        """Cut off what is under way, from another thread."""
        ...

    def close(self) -> None:
        """Let go of what is held."""
        ...


class Home(Protocol):
    """What a library keeps in step with."""

    def way(self) -> Way:
        """Return the way to it for one round. Raises SyncError."""
        ...

    def files(self) -> BlobStore:
        """Return what sends and fetches files."""
        ...

    def listener(self, device_id: UUID, on_news: Callable[[], None]) -> Listener | None:
        """Return what waits to be called, not begun yet; None where nobody calls."""
        ...


@dataclass(frozen=True, slots=True)
class ServerHome:
    """An account on a server, with an open session."""

    server: str
    token: str

    def way(self) -> Way:
        """Return the way over HTTP."""
        return HttpEndpoint(self.server, self.token)

    def files(self) -> BlobStore:
        """Return the account's files."""
        return BlobClient(self.server, self.token)

    def listener(self, device_id: UUID, on_news: Callable[[], None]) -> Listener | None:
        """Return a line on which the server calls."""
        return Listener(self.server, self.token, device_id, on_news)

    def __repr__(self) -> str:
        return f"ServerHome({self.server})"


@dataclass(frozen=True, slots=True)
class FolderHome:
    """A folder."""

    root: Path
    ledger: Path
    folder: UUID
    clock: Clock

    def way(self) -> Way:
        """Return the way into the folder."""
        return FolderEndpoint(self.root, self.ledger, self.clock, expected=self.folder)

    def files(self) -> BlobStore:
        """Return the folder's files."""
        return FolderFiles(self.root)

    def listener(self, device_id: UUID, on_news: Callable[[], None]) -> Listener | None:  # noqa: ARG002
        """Return nothing: a folder on a stick or a network tells nobody reliably, so the clock has to do."""
        return None


def home_of(core: Core, where: SyncStatus) -> Home:
    """Return a library's home. Raises ReaderError(sync.signed-out) where it has none, or no session is open.

    Raises ReaderError(secrets.locked) where the session is kept behind a passphrase that was not given yet.
    """
    if where.folder:
        with core.reading() as connection:
            return FolderHome(Path(where.folder), core.paths.folder_ledger, _joined(connection), core.database.clock)
    token = token_of(where)
    if token is None:
        raise locked() if is_locked(where) else signed_out(where)
    return ServerHome(where.server, token)


def is_open(where: SyncStatus) -> bool:
    """Whether there is a home that a round can be run with."""
    return bool(where.folder) or token_of(where) is not None


def _joined(connection: Connection) -> UUID:
    return UUID(str(recall(connection, FOLDER_ID)))


__all__ = [
    "FOLDER_ID",
    "HOME_FOLDER",
    "FolderHome",
    "Home",
    "ServerHome",
    "Way",
    "home_of",
    "is_open",
]
