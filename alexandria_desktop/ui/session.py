"""A run of the window: the objects that live as long as it does, made in the order that shows a page soonest."""

from __future__ import annotations

import logging
import time
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.theme.model import Kind
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.application import Application
from alexandria_desktop.ui.garbage import GarbageCollection
from alexandria_desktop.ui.main_window import MainWindow
from alexandria_desktop.ui.tasks import Tasks

_log = logging.getLogger(__name__)


class _ChangeFeed(QObject):
    """Brings the library's changes to the Qt thread."""

    changed = Signal(object)

    def tell(self, changes: Changes) -> None:
        """Take changes on any thread."""
        self.changed.emit(changes)


def system_kind(scheme: Qt.ColorScheme) -> Kind | None:
    """Return whether the system is light or dark, or None where it does not say."""
    return {Qt.ColorScheme.Light: Kind.LIGHT, Qt.ColorScheme.Dark: Kind.DARK}.get(scheme)


def _note_first_page() -> None:
    """Say in the log how long the first page took: what a report of a slow start needs first."""
    import psutil

    taken = time.time() - psutil.Process().create_time()
    _log.info("The first page was shown %.0f ms after the start.", taken * 1000)


class Session:
    """Everything of one run."""

    def __init__(self, application: QApplication, library: Library) -> None:
        self.application = application
        self.library = library
        self.garbage = GarbageCollection(application)
        self.tasks = Tasks(application)
        hints = application.styleHints()
        self.appearance = Appearance(library.looks.current(system=system_kind(hints.colorScheme())), application)
        self.appearance.apply(application)
        hints.colorSchemeChanged.connect(self._on_scheme)
        self._feed = _ChangeFeed(application)
        self.window = MainWindow(library, self.tasks, self.appearance)
        self._feed.changed.connect(self.window.on_changes)
        self._unsubscribe = library.subscribe(self._feed.tell)

    def start(self, book: str | None = None, *, still: QWidget | None = None) -> None:
        """Show the window, at the library or at a book or file; it takes the place of ``still`` once it has a page."""
        self.window.restore_place()
        self.window.book_shown.connect(_note_first_page, Qt.ConnectionType.SingleShotConnection)
        if book is None:
            self.window.show()
            self.window.show_library()
        elif still is None:
            self.window.show()
            self.window.open_named(book)
        else:
            self.window.open_named(book)
            self.window.take_over(still)
        self.window.after_start(page_first=book is not None)
        if isinstance(self.application, Application):
            for file in self.application.listen():
                self.window.open_named(file)
            self.application.file_named.connect(self.window.open_named)

    def _on_scheme(self, scheme: Qt.ColorScheme) -> None:
        looks = self.library.looks
        self.tasks.run(lambda: looks.current(system=system_kind(scheme)), self.appearance.use)

    def open(self, book_id: UUID) -> None:
        """Open a book."""
        self.window.open_book(book_id)

    def close(self) -> None:
        """Keep what is open and close everything."""
        self._unsubscribe()
        self.window.close_all()
        self.tasks.close()
        self.library.close()
        # Another run in this process would style all the widgets of this one anew.
        self.window.deleteLater()
        self.garbage.end()
