"""What of the account's files is on this computer: brought when asked for, always for some collections, given back.

To take a file off this computer and to take a book off every shelf are different wishes. The first is never done before
the server has said that it keeps the file, and no other device hears of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.course_files import fetch_attachment
from alexandria_desktop.library.covers import cover_file
from alexandria_desktop.library.standing import standing
from alexandria_desktop.library.syncing import Syncing
from alexandria_desktop.library.traveling import FILES_TRAVEL, Traveling, one_of_many
from alexandria_desktop.store import file_wishes, files, preferences
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.protocol.blobs import BlobStore, Interrupted, Known, Progress
from sync.protocol.errors import Refused, SyncError

_COVER = "image/jpeg"

Asked = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Carried:
    """What went and came."""

    sent: int = 0
    fetched: int = 0
    covers: int = 0
    attachments: int = 0
    """Pictures and other files of courses that came."""
    absent: int = 0
    """Files that should be here, and that the server does not have."""


class BookFiles:
    """The files of the account's books and courses on this computer."""

    def __init__(self, core: Core, syncing: Syncing) -> None:
        self._core = core
        self._syncing = syncing
        self._traveling = Traveling(core)
        self._one_at_a_time = threading.Lock()
        self._clients: set[BlobStore] = set()
        self._settled: object = None
        """The home, and what there was to send and to fetch when all of it was done, or the home had no more."""

    def stop(self) -> None:
        """Cut off what is under way; for who has said so in ``is_cancelled`` and will not wait."""
        for client in tuple(self._clients):
            client.cut()

    @contextmanager
    def _client(self) -> Iterator[BlobStore]:
        with self._syncing.files() as client:
            self._clients.add(client)
            try:
                yield client
            finally:
                self._clients.discard(client)

    # --- one book -----------------------------------------------------------------------------------------------

    def bring(
        self,
        book_id: UUID,
        *,
        on_progress: Progress = lambda _done, _all: None,
        is_cancelled: Asked = lambda: False,
    ) -> None:
        """Bring the file of a book here. Raises ReaderError, SurroundingsError or Interrupted."""
        with self._client() as client:
            self._traveling.fetch(client, book_id, on_progress=on_progress, is_cancelled=is_cancelled)

    def give_back(self, book_ids: Iterable[UUID]) -> int:
        """Take the files of books off this computer and return how many there were; notes, places and words stay.

        Raises ReaderError(book.only-here) before anything is removed where the server lacks one of them.
        """
        with self._core.reading() as connection:
            here = {
                one.sha256: (book, one.name, one.path)
                for book in book_ids
                for one in files.files_of(connection, book)
                if one.path is not None
            }
        if not here:
            return 0
        with self._client() as client:
            kept = client.known(here, surely=True).readable
        lacking = [name for sha256, (_, name, _) in here.items() if sha256 not in kept]
        if lacking:
            more = f" and {len(lacking) - 1} more" if len(lacking) > 1 else ""
            raise ReaderError(
                Code.BOOK_ONLY_HERE,
                f"The only copy of {lacking[0]}{more} is on this computer. Let book files be kept on the server first.",
            )
        for sha256, (book, _, path) in here.items():
            self._drop(book, sha256, path)
        return len(here)

    def _drop(self, book_id: UUID, sha256: str, relative: str) -> None:
        path = self._core.paths.root / relative

        def forget(unit: UnitOfWork) -> None:
            files.forget_file(unit.connection, sha256)
            unit.touch("local_files", book_id)

        try:
            # The file first: cut off in between, the library looks for a file that can be fetched, and loses none.
            path.unlink(missing_ok=True)
        except OSError as fault:
            raise SurroundingsError(
                Code.BOOK_FILE_IN_USE,
                "The file of this book is in use. Close the book and try again.",
                detail=str(fault),
            ) from fault
        self._core.write(forget)

    # --- wishes -----------------------------------------------------------------------------------------------

    def travel(self) -> bool:
        """Return whether the files of the reader's own books are kept on the server."""
        return self._traveling.is_wanted()

    def let_travel(self, *, wanted: bool) -> None:
        """Say whether they are; ``carry`` sends them. What is there already stays."""
        self._core.write(preferences.change_settings, self._core.identity.user_id, {FILES_TRAVEL: wanted or None})

    def always_here(self) -> frozenset[UUID]:
        """Return the collections whose files are always on this computer."""
        with self._core.reading() as connection:
            return file_wishes.always_here(connection)

    def keep_here(self, collection: UUID, *, always: bool) -> None:
        """Say whether the files of a collection are always on this computer; ``carry`` brings them."""

        def keep(unit: UnitOfWork) -> None:
            file_wishes.keep_here(unit.connection, collection, always=always)
            unit.touch("user_collections", collection)

        self._core.write(keep)
        self._settled = None

    # --- after a round ------------------------------------------------------------------------------------------

    def carry(
        self,
        *,
        anyhow: bool = False,
        on_begin: Callable[[], None] = lambda: None,
        is_cancelled: Asked = lambda: False,
    ) -> Carried:
        """Send and bring what the reader's wishes ask for; asks the server nothing where nothing is to be done.

        ``anyhow`` asks again for what the server lacked the last time; ``on_begin`` hears of the first file.
        Raises ReaderError or SurroundingsError; what was done stays done, and a later call goes on.
        """
        with self._one_at_a_time:
            home, wishes = self._home(), self._wishes()
            if (home, wishes) == self._settled and not anyhow:
                return Carried()
            if not wishes:
                self._settled = (home, wishes)
                return Carried()
            with suppress(Interrupted), self._client() as client:
                if is_cancelled():
                    raise Interrupted  # before there was anything that ``stop`` could have cut
                done = self._carry(client, wishes, on_begin, is_cancelled)
                left = self._wishes()
                # A teacher's pictures follow the rows that name them: what is due is asked for until it comes.
                self._settled = None if any(one.is_due for one in left.attachments.values()) else (home, left)
                return done
        return Carried()

    def _home(self) -> str:
        with self._core.reading() as connection:
            where = standing(connection)
        return where.folder or where.server

    def _wishes(self) -> file_wishes.Wishes:
        identity = self._core.identity
        with self._core.reading() as connection:
            found = file_wishes.wishes(
                connection, identity.user_id, self.always_here(), send_files=self._traveling.is_wanted()
            )
        covers = self._core.paths.covers
        absent = frozenset(one for one in found.covers if not cover_file(covers, one).exists())
        return replace(found, covers_to_send=found.covers_to_send - absent, covers=absent)

    def _carry(
        self, client: BlobStore, wishes: file_wishes.Wishes, on_begin: Callable[[], None], is_cancelled: Asked
    ) -> Carried:
        done, failed = Carried(), list[SyncError]()
        coming = wishes.to_fetch.keys() | wishes.attachments.keys()
        known = client.known({*wishes.to_send, *wishes.covers_to_send, *coming, *wishes.covers})
        if wishes.to_send.keys() - known.claimed or coming & known.readable:
            on_begin()
        for cover in sorted(wishes.covers_to_send - known.claimed):
            with one_of_many(failed):
                self._traveling.send(client, cover_file(self._core.paths.covers, cover), cover, _COVER, is_cancelled)
        come = self._fetch_covers(client, sorted(wishes.covers & known.readable), failed, is_cancelled)
        attachments = self._fetch_attachments(client, wishes, known, failed, is_cancelled)
        done = replace(done, covers=len(come), attachments=attachments)
        for sha256, book_id in wishes.to_fetch.items():
            if sha256 in known.readable:
                with one_of_many(failed):
                    self._traveling.fetch(client, book_id, is_cancelled=is_cancelled)
                    done = replace(done, fetched=done.fetched + 1)
            else:
                done = replace(done, absent=done.absent + 1)
        sent = self._traveling.send_files(client, wishes.to_send, known.claimed, failed, is_cancelled=is_cancelled)
        if failed:
            raise failed[0]  # behind all others
        return replace(done, sent=sent.files)

    def _fetch_attachments(
        self,
        client: BlobStore,
        wishes: file_wishes.Wishes,
        known: Known,
        failed: list[SyncError],
        is_cancelled: Asked,
    ) -> int:
        come = 0
        for sha256, wanted in wishes.attachments.items():
            if sha256 in known.readable:
                with one_of_many(failed), suppress(Refused):  # one that was withdrawn meanwhile
                    fetch_attachment(self._core, client, sha256, wanted, is_cancelled)
                    come += 1
        return come

    def _fetch_covers(
        self, client: BlobStore, covers: Sequence[str], failed: list[SyncError], is_cancelled: Asked
    ) -> list[str]:
        come = []
        for cover in covers:
            with one_of_many(failed), suppress(Refused):  # one that was withdrawn meanwhile
                client.fetch(cover, cover_file(self._core.paths.covers, cover), is_cancelled=is_cancelled)
                come.append(cover)
        if come:
            self._core.tell(Changes.of({"covers": []}))
        return come
