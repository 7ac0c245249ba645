"""Fetching the files of books that are elsewhere: when one is opened, or when the reader asks for some."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.widgets.progress_line import ProgressLine

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library
    from alexandria_desktop.ui.main_window import MainWindow

MEGABYTE = 1_000_000


class Fetching(QObject):
    """Belongs to the window; its line stands at the foot of it while something is fetched."""

    progressed = Signal(object)
    """((title, bytes done, bytes in all))"""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._context = window.context
        self._cancel: threading.Event | None = None
        self._later: deque[Callable[[], None]] = deque()
        self.line = ProgressLine(self._context.appearance)
        self.line.cancelled.connect(self.stop)
        self.line.hide()
        self.progressed.connect(self._on_progress)

    def open_when_here(self, book_id: UUID, missing: AlexandriaError, on_here: Callable[[], None]) -> None:
        """Fetch a book that cannot be opened without its file; without an account say what is ``missing``."""
        library = self._context.library

        def work() -> bool:
            if not library.has_account():
                raise missing
            return self._fetch([book_id], cancel)

        def done(is_whole: bool) -> None:
            self._rest()
            if is_whole:
                on_here()

        if self._cancel is not None:
            self._later.append(lambda: self.open_when_here(book_id, missing, on_here))
            return
        cancel = self._cancel = threading.Event()
        self._context.tasks.run(work, done, self._on_failed, priority=4)

    def fetch(self, books: Sequence[UUID]) -> None:
        """Fetch the files of books, one after the other."""

        def done(is_whole: bool) -> None:
            self._rest()
            if is_whole:
                number = f"{len(books):,} books are" if len(books) > 1 else "The book is"
                self._window.say(f"{number} on this computer.")

        if self._cancel is not None:
            # What has come is still read into the index when the reader may have asked for the next.
            self._later.append(lambda: self.fetch(books))
            return
        cancel = self._cancel = threading.Event()
        self._context.tasks.run(lambda: self._fetch(books, cancel), done, self._on_failed)

    def stop(self) -> None:
        """Stop, and forget what was asked for meanwhile; what has come is kept, and the next time goes on there."""
        self._later.clear()
        if self._cancel is not None:
            self._cancel.set()
            self._context.library.files.stop()

    def _fetch(self, books: Sequence[UUID], cancel: threading.Event) -> bool:
        """Fetch books and return whether all of them came; False where the reader stopped it."""
        from sync.protocol.blobs import Interrupted

        library = self._context.library
        with suppress(Interrupted):
            for book_id in books:
                title = _title(library, book_id)
                self.progressed.emit((title, 0, 0))
                library.fetch_file(book_id, on_progress=partial(self._tell, title), is_cancelled=cancel.is_set)
            return True
        return False

    def _tell(self, title: str, done: int, whole: int) -> None:
        self.progressed.emit((title, done, whole))

    def _on_progress(self, told: tuple[str, int, int]) -> None:
        title, done, whole = told
        size = f" · {done / MEGABYTE:.1f} of {whole / MEGABYTE:.1f} MB" if whole else ""
        if self._cancel is not None and not self._cancel.is_set():
            self.line.set_progress(0, 0, words=f"Fetching · {title}{size}")
            self.line.bar.setRange(0, 1000)
            self.line.bar.setValue(done * 1000 // whole if whole else 0)
            self.line.show()

    def _on_failed(self, error: AlexandriaError) -> None:
        stopped = self._cancel is not None and self._cancel.is_set()
        self._rest()
        if not stopped:  # else the cut connection is what the reader asked for
            self._window.report(error)

    def _rest(self) -> None:
        self._cancel = None
        self.line.hide()
        self.line.cancel.setEnabled(True)
        if self._later:
            self._later.popleft()()


def _title(library: Library, book_id: UUID) -> str:
    return library.shelf.details(book_id).row.title
