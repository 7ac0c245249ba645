"""A library screen to try: a real library with books that have no files, and a navigator that remembers."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.book.model import BookFormat, Metadata
from alexandria_desktop.library.library import Library
from alexandria_desktop.store import books
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.screen import LibraryScreen
from alexandria_desktop.ui.tasks import Tasks
from sync.places.locator import Locator
from tests.support.library import new_file


class Recorder:
    """Stands where the main window stands: it remembers what screens asked of it."""

    def __init__(self) -> None:
        self.opened: list[tuple[UUID, Locator | None]] = []
        self.said: list[str] = []
        self.undo: Callable[[], None] | None = None
        self.reported: list[AlexandriaError] = []
        self.done: list[str] = []
        self.imported: list[list[str]] = []

    def open_book(self, book_id: UUID, locator: Locator | None = None) -> None:
        self.opened.append((book_id, locator))

    def show_library(self) -> None:
        self.done.append("library")

    def take_course(self, course_id: UUID) -> None:
        self.done.append(f"take {course_id}")

    def teach_course(self, course_id: UUID) -> None:
        self.done.append(f"teach {course_id}")

    def build_course(self, course_id: UUID, *, is_new: bool = False) -> None:
        self.done.append(f"{'begin' if is_new else 'build'} {course_id}")

    def import_files(self, paths: list[str]) -> None:
        self.imported.append(paths)

    def choose_files(self) -> None:
        self.done.append("import")

    def show_finder(self, words: str = "", book_id: UUID | None = None) -> None:
        self.done.append("finder")

    def say(self, sentence: str, undo: Callable[[], None] | None = None) -> None:
        self.said.append(sentence)
        self.undo = undo

    def do(self, command_id: str) -> None:
        self.done.append(command_id)

    def report(self, error: AlexandriaError) -> None:
        self.reported.append(error)


class _Feed(QObject):
    changed = Signal(object)


class ScreenTest:
    """A library, its screen, and what the screen asked for."""

    def __init__(self, library: Library, context: Context, navigator: Recorder) -> None:
        self.library = library
        self.context = context
        self.navigator = navigator
        self.screen = LibraryScreen(context)
        self.screen.resize(1100, 700)
        self._feed = _Feed()
        self._feed.changed.connect(self.screen.on_changes)
        self._unsubscribe = library.subscribe(self._feed.changed.emit)

    def titles(self) -> list[str]:
        """Return the titles that are shown, in order."""
        return [row.title for row in self.screen.books.model.rows]

    def dispose(self) -> None:
        """Let every task end and be heard, then delete the screen."""
        self.screen.close()
        self._come_to_rest()
        self._unsubscribe()
        self.screen.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def _come_to_rest(self) -> None:
        books = self.screen.books
        for _ in range(200):
            self.context.tasks.wait()
            QCoreApplication.processEvents()
            if self.screen.browsing.is_idle and all(cache.is_idle for cache in books.caches):
                return

    def select(self, *titles: str) -> None:
        """Choose books by their titles."""
        rows = {row.title: row.id for row in self.screen.books.model.rows}
        self.screen.books.view.choose([rows[title] for title in titles], rows[titles[0]])


def put_books(library: Library, *known: Metadata, format: BookFormat = BookFormat.EPUB) -> list[UUID]:
    """Put books on the shelf; they have no files, which a shelf does not need."""

    def write(unit: UnitOfWork) -> list[UUID]:
        user = library._core.identity.user_id
        return [books.add_book(unit, user, one, format, new_file(f"{one.title} {format}")).id for one in known]

    return library._core.write(write)


@contextmanager
def shelf_screen(folder: Path, appearance: Appearance, *known: Metadata) -> Iterator[ScreenTest]:
    """Open a library with these books and make its screen; everything is closed at the end."""
    library = Library.open(folder)
    put_books(library, *known)
    tasks = Tasks()
    navigator = Recorder()
    found = ScreenTest(library, Context(library, tasks, appearance, navigator), navigator)
    try:
        yield found
    finally:
        found.dispose()
        tasks.close()
        library.close()


@contextmanager
def garbage_kept() -> Iterator[None]:
    """Collect garbage on Qt's thread alone: Python would do it on any, and a widget may be deleted on Qt's only."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.collect()
        gc.enable()
