"""A library moves into a home: an account's or a folder's. It becomes that person's, whole, in one transaction.

Out of one home into another nothing is carried over the wire: what is in the library is put in line for the new home,
and a last round with the old one brings what was still there.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection, update

from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.homes import FOLDER_ID
from alexandria_desktop.library.standing import EMAIL, LAST, NAME, PROBLEM, other_account, other_folder
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.homes import ACCOUNT_SERVER, HOME_FOLDER
from alexandria_desktop.store.identity import identity_of
from alexandria_desktop.store.passages import rename_books
from alexandria_desktop.store.sync_store import SyncStore
from sync.client.accounts import Session
from sync.client.adopting import Adopted, adopt
from sync.client.facts import forget, recall, remember
from sync.folder.layout import Manifest
from sync.schema.tables import library_tables

ACCOUNT, ACCOUNT_AT = "sync.user_id", "sync.account_server"
"""Whose account the library is, for good, and on which server; also while a folder is used."""


class Moving:
    """Moves one library."""

    def __init__(self, core: Core, store: SyncStore) -> None:
        self._core = core
        self._store = store

    def check_account(self, session: Session) -> None:
        """Raise ReaderError where the library belongs to another account."""
        user, server = self._account()
        if user is not None and (user, server) != (str(session.user_id), session.server):
            raise other_account()

    def check_folder(self, root: Path, manifest: Manifest) -> None:
        """Raise ReaderError where the folder is another person's."""
        user, _ = self._account()
        if user is not None and user != str(manifest.user):
            raise other_account()
        known = self._store.read(lambda connection: recall(connection, HOME_FOLDER))
        # Where two computers began a folder in one place, one of them finds the other's there, and joins it.
        if known is not None and known != str(root) and manifest.user != self._core.identity.user_id:
            raise other_folder()

    def account_server(self) -> str:
        """Return the server of the account that the library belongs to, empty where it belongs to none."""
        return self._account()[1] or ""

    def into_account(self, session: Session) -> None:
        """Make the library the account's, unless it lives there already."""
        facts = {
            ACCOUNT_SERVER: session.server, EMAIL: session.email, NAME: session.name,
            ACCOUNT: str(session.user_id), ACCOUNT_AT: session.server,
        }  # fmt: skip
        known = self._store.read(lambda connection: recall(connection, ACCOUNT_SERVER))
        self._move(None if known == session.server else session.user_id, facts, (HOME_FOLDER, FOLDER_ID, PROBLEM))
        ledger = self._core.paths.folder_ledger
        for file in ledger.parent.glob(f"{ledger.name}*"):
            with suppress(OSError):  # on some systems another process may have it open; it is wiped at the next joining
                file.unlink()

    def into_folder(self, root: Path, manifest: Manifest) -> None:
        """Make the library the folder's, unless it lives there already or comes back."""
        facts = {HOME_FOLDER: str(root), FOLDER_ID: str(manifest.folder)}
        if manifest.server:
            facts |= {ACCOUNT: str(manifest.user), ACCOUNT_AT: manifest.server}
        known = self._store.read(lambda connection: recall(connection, FOLDER_ID))
        is_new = known != str(manifest.folder) or self._core.identity.user_id != manifest.user
        self._move(manifest.user if is_new else None, facts, (ACCOUNT_SERVER, EMAIL, NAME, PROBLEM))

    def _account(self) -> tuple[str | None, str | None]:
        def look(connection: Connection) -> tuple[str | None, str | None]:
            server = recall(connection, ACCOUNT_AT) or recall(connection, ACCOUNT_SERVER)
            return recall(connection, ACCOUNT), server

        return self._store.read(look)

    def _move(self, user: UUID | None, facts: Mapping[str, str], over: tuple[str, ...]) -> None:
        """Adopt for a person, if one is given, and keep where the home is."""
        now = self._core.database.clock()

        def move(connection: Connection) -> Adopted | None:
            adopted = None
            if user is not None:
                adopted = adopt(connection, user, now)
                _forget_revisions(connection)
                forget(connection, LAST)
            forget(connection, *over)
            for key, value in facts.items():
                remember(connection, key, value)
            return adopted

        adopted = self._store.write(move)
        if adopted is not None:
            self._take_in(adopted)

    def _take_in(self, adopted: Adopted) -> None:
        if adopted.ids:
            # What is not renamed here is only indexed anew.
            self._core.database.index.run(rename_books, adopted.ids)
        with self._core.reading() as connection:
            identity = identity_of(connection)
        if identity is None:
            raise ProgramError(Code.PROGRAM, "The library lost its owner.")
        self._core.identity = identity
        self._core.tell(Changes.of({name: [] for name in ("content_items", "user_notes", "user_libraries")}))


def _forget_revisions(connection: Connection) -> None:
    """Forget how often the last home counted each row; the next one's listing must not miss what it never had."""
    for target in library_tables():
        if "revision" in target.c:
            connection.execute(update(target).where(target.c.revision > 0).values(revision=0))
