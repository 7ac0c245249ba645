"""Opening books for reading, and keeping the reader's place."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.library.core import Core
from alexandria_desktop.pdf.client import PdfClient
from alexandria_desktop.pdf.document import PdfDocument
from alexandria_desktop.read.open_book import OpenBook
from alexandria_desktop.store import books, positions
from alexandria_desktop.store.book_rows import BookDetails
from alexandria_desktop.store.positions import Position
from alexandria_desktop.store.sections import sections_of
from sync.places.locator import Locator


@dataclass(frozen=True, slots=True)
class BookFile:
    """The file of a book that is to be opened."""

    details: BookDetails
    path: Path
    edition: str
    format: BookFormat
    source: str | None = None
    """The file that it was imported from."""


class ReadingRoom:
    """Opens books and remembers where the reader is."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._pdf: PdfClient | None = None
        self._lock = threading.Lock()

    def file_of(self, book_id: UUID) -> BookFile:
        """Return a book's file; raises book.file-missing where this device does not have it."""
        with self._core.reading() as connection:
            details = books.get_book(connection, self._core.identity.user_id, book_id)
        file = details.file
        path = self._core.paths.root / file.path if file is not None and file.path is not None else None
        if file is None or path is None or not path.exists():
            raise ReaderError(
                Code.BOOK_FILE_MISSING,
                "The file of this book is not on this computer; its notes are kept. Import the file again to read on.",
                detail=str(path),
            )
        return BookFile(details, path, file.sha256, BookFormat(file.format), file.source)

    def open(self, book_id: UUID) -> OpenBook:
        """Open a book of flowing text."""
        file = self.file_of(book_id)
        with self._core.reading() as connection:
            lengths = tuple(section.length for section in sections_of(connection, book_id))
        return OpenBook(open_book(file.path, edition=file.edition), lengths=lengths)

    def open_pdf(self, book_id: UUID, *, password: str | None = None) -> Future[PdfDocument]:
        """Open a PDF in the worker process."""
        file = self.file_of(book_id)
        return self.pdf.open(file.path, password=password)

    @property
    def pdf(self) -> PdfClient:
        """The client of the PDF worker; the process starts with the first question."""
        with self._lock:
            if self._pdf is None:
                self._pdf = PdfClient()
            return self._pdf

    def position(self, book_id: UUID) -> Position | None:
        """Return where the reader is in a book."""
        with self._core.reading() as connection:
            return positions.position_of(connection, self._core.identity.user_id, book_id)

    def save_position(self, book_id: UUID, locator: Locator) -> None:
        """Keep the reader's place; on the disk when this returns."""
        self._core.write(positions.save_position, self._core.identity.user_id, book_id, locator)

    def mark_opened(self, book_id: UUID) -> None:
        """Put a book first among the recent ones."""
        self._core.write(positions.mark_opened, self._core.identity.user_id, book_id)

    def begin_sitting(self, book_id: UUID, *, theme: str | None = None) -> UUID:
        """Note that a sitting begins."""
        identity = self._core.identity
        return self._core.write(
            positions.start_session, identity.user_id, book_id, device_id=identity.device_id, theme=theme
        )

    def note_sitting(self, sitting: UUID, *, seconds: int, pages: int, progress: float, ended: bool = False) -> None:
        """Keep how long a sitting has lasted so far."""
        self._core.write(
            positions.note_session, sitting, seconds_read=seconds, pages_turned=pages, progress=progress, ended=ended
        )

    def picture_file(self, book_id: UUID) -> Path:
        """Return where the picture of a book's last page is kept."""
        return self._core.paths.pictures / f"{book_id}.png"

    def close(self) -> None:
        """End the PDF worker."""
        with self._lock:
            if self._pdf is not None:
                self._pdf.close()
