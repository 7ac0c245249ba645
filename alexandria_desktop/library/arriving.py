"""How a file comes to be in the library: copied under its content's name, one at a time for each content.

Kept apart from the import, which loads what reads, cuts and embeds text: a file that is opened at once needs none.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.ingest.detect import detect_format, fingerprint, open_book
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import books
from alexandria_desktop.store.book_rows import NewFile


class Arrivals:
    """Takes files in."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._lock = threading.Lock()
        self._in_hand: dict[str, threading.Event] = {}

    def add_unread(self, path: Path, read: Callable[[Path, str], UUID]) -> UUID:
        """Put one file on the shelf without reading its text, so that it can be opened at once; returns its book.

        Only an EPUB's container is read here, which is bounded; any other file takes the usual way, ``read``. Text,
        cover and vectors follow when the index catches up.
        """
        edition = fingerprint(path)
        with self.turn(edition):
            present = self.find(edition)
            if present is not None:
                return present
            if detect_format(path) is not BookFormat.EPUB:
                return read(path, edition)
            source = open_book(path, edition=edition)
            try:
                book = source.book
            finally:
                source.close()
            file = self.store_file(path, edition, book.format)
            return self._core.write(books.add_book, self._core.identity.user_id, book.metadata, book.format, file).id

    def find(self, edition: str) -> UUID | None:
        """Return the book on the shelf that a file's content belongs to."""
        with self._core.reading() as connection:
            return books.find_by_edition(connection, self._core.identity.user_id, edition)

    def store_file(self, path: Path, edition: str, book_format: BookFormat) -> NewFile:
        """Copy a file into the library under its content's name; the reader's own file is only read."""
        relative = Path("books") / edition[:2] / f"{edition}.{book_format.value}"
        target = self._core.paths.root / relative
        size = path.stat().st_size
        if not target.exists() or target.stat().st_size != size:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f"{target.name}.{os.getpid()}.part")
            try:
                shutil.copyfile(path, part)
                _settle(part)
                if fingerprint(part) != edition:
                    raise ReaderError(
                        Code.IMPORT_DAMAGED, "The file was changed while it was being read. Import it again."
                    )
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        return NewFile(edition, relative.as_posix(), path.name, size, source=str(path.absolute()))

    def turn(self, edition: str) -> Turn:
        """Return a turn to be held while a content is brought in."""
        return Turn(self._lock, self._in_hand, edition)


class Turn:
    """Lets two files of the same content wait for each other, so that the second is seen as the duplicate it is."""

    def __init__(self, lock: threading.Lock, in_hand: dict[str, threading.Event], edition: str) -> None:
        self._lock = lock
        self._in_hand = in_hand
        self._edition = edition

    def __enter__(self) -> None:
        while True:
            with self._lock:
                other = self._in_hand.get(self._edition)
                if other is None:
                    self._in_hand[self._edition] = threading.Event()
                    return
            other.wait()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._in_hand.pop(self._edition).set()


def _settle(file: Path) -> None:
    """See to it that a copied file is on the disk before the library speaks of it."""
    with file.open("rb+") as handle:  # Windows syncs only what may be written
        os.fsync(handle.fileno())
