"""Book files between this computer and the account's others: fetched when asked for, sent if the reader wants it.

A file that is not here is never taken to mean that it should go elsewhere too.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import files, preferences
from alexandria_desktop.store.book_rows import NewFile
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.client.facts import forget, recall, remember
from sync.protocol.blobs import BlobStore, Progress
from sync.protocol.errors import Damaged, Refused, SyncError

FILES_TRAVEL = "files_travel"
"""The setting: whether the files of imported books are kept on the server for the account's other computers."""

_UPLOAD = "sync.upload."
_MEDIA = {
    "epub": "application/epub+zip", "pdf": "application/pdf", "txt": "text/plain", "md": "text/markdown",
    "html": "text/html", "fb2": "application/x-fictionbook+xml", "cbz": "application/vnd.comicbook+zip",
    "mobi": "application/x-mobipocket-ebook",
}  # fmt: skip
_OF_ONE_FILE = frozenset({"hash_mismatch", "not_found", "too_large", "upload_lost"})


@dataclass(frozen=True, slots=True)
class Sent:
    """What was done about files."""

    files: int = 0
    bytes: int = 0


@contextmanager
def one_of_many(failed: list[SyncError]) -> Iterator[None]:
    """Let what is wrong with one file keep no other from going or coming; it is added to ``failed``."""
    try:
        yield
    except Damaged as fault:
        failed.append(fault)
    except Refused as fault:
        if fault.code not in _OF_ONE_FILE:
            raise
        failed.append(fault)


class Traveling:
    """The files of this library's books and the account's copies of them."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def is_wanted(self) -> bool:
        """Whether the reader wants their files kept on the server."""
        with self._core.reading() as connection:
            found = preferences.read_settings(connection, self._core.identity.user_id)
        return bool(found.get(FILES_TRAVEL))

    def send_files(
        self,
        client: BlobStore,
        mine: Mapping[str, tuple[str, str]],
        claimed: Container[str],
        failed: list[SyncError],
        *,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Sent:
        """Send files, by content with path and format or media type, but not those that were ``claimed`` already.

        What keeps a single one from going is added to ``failed``.
        """
        sent = Sent()
        for sha256, (relative, kind) in mine.items():
            path = self._core.paths.root / relative
            if sha256 in claimed or not path.exists():
                continue
            media_type = kind if "/" in kind else _MEDIA.get(kind, "application/octet-stream")
            with one_of_many(failed):
                self.send(client, path, sha256, media_type, is_cancelled)
                sent = Sent(sent.files + 1, sent.bytes + path.stat().st_size)
        return sent

    def fetch(
        self,
        client: BlobStore,
        book_id: UUID,
        *,
        on_progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Bring the file of a book here. Raises ReaderError where no computer has handed it in."""
        with self._core.reading() as connection:
            file = files.file_of(connection, book_id)
        if file is None or file.sha256 not in client.known([file.sha256]).readable:
            raise ReaderError(
                Code.BOOK_FILE_MISSING,
                "The file of this book is on another of your computers only. Let files be kept on the server there.",
            )
        relative = Path("books") / file.sha256[:2] / f"{file.sha256}.{file.format}"
        client.fetch(file.sha256, self._core.paths.root / relative, on_progress=on_progress, is_cancelled=is_cancelled)

        def keep(unit: UnitOfWork) -> None:
            files.remember_file(
                unit.connection, NewFile(file.sha256, relative.as_posix(), file.name, file.size), unit.now
            )
            unit.touch("local_files", book_id)

        self._core.write(keep)

    def send(
        self, client: BlobStore, path: Path, sha256: str, media_type: str, is_cancelled: Callable[[], bool]
    ) -> None:
        """Send one file, going on where an earlier call was cut off."""
        key = _UPLOAD + sha256
        with self._core.reading() as connection:
            begun = recall(connection, key)

        def on_begin(upload: str) -> None:
            self._core.write(lambda unit: remember(unit.connection, key, upload))

        client.send(path, sha256, media_type, upload=begun, on_begin=on_begin, is_cancelled=is_cancelled)
        self._core.write(lambda unit: forget(unit.connection, key))
