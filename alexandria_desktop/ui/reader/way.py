"""The window's way into a book: looked up, opened off the Qt thread, and shown by the surface that fits its format."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.theme.scripts import missing_sentence, shows
from alexandria_desktop.ui.widgets.banner import Severity
from sync.places.locator import Locator

if TYPE_CHECKING:
    from alexandria_desktop.library.reading import BookFile
    from alexandria_desktop.read.open_book import OpenBook
    from alexandria_desktop.ui.main_window import MainWindow
    from alexandria_desktop.ui.reader.page_view import BookProfile
    from alexandria_desktop.ui.reader.surface import Surface


class BookWay:
    """Belongs to the window; of books that are asked for at once, the last is shown."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._profile: BookProfile | None = None
        self._opening: UUID | None = None

    def warm_up(self) -> None:
        """Let WebEngine come up while the reader looks at the shelf."""
        self._profile_of_pages()

    def close(self) -> None:
        """Let go of WebEngine."""
        if self._profile is not None:
            self._profile.dispose()
            self._profile = None

    def open(self, book_id: UUID, locator: Locator | None = None) -> None:
        """Open a book where the reader was, or at a place, which is lit."""
        window = self._window
        if window.reader.book_id == book_id and window.reader.surface is not None and locator is not None:
            window.stack.setCurrentWidget(window.reader)
            window.reader.surface.show_locator(locator)
            return
        self._opening = book_id
        reading = window.context.library.reading

        def look_up() -> tuple[BookFile, Locator | None, OpenBook | None]:
            file = reading.file_of(book_id)
            position = None if locator is not None else reading.position(book_id)
            place = locator or (position.locator if position is not None else None)
            return file, place, None if file.format is BookFormat.PDF else reading.open(book_id)

        def opened(found: tuple[BookFile, Locator | None, OpenBook | None]) -> None:
            if self._opening == book_id:
                self._show(*found, light=locator is not None)
            elif found[2] is not None:
                window.context.tasks.run(found[2].close)  # the reader went on to another meanwhile

        def failed(error: AlexandriaError) -> None:
            if error.code is Code.BOOK_FILE_MISSING:
                window.fetching.open_when_here(book_id, error, come)
            else:
                window.report(error)
            window.reader.failed_opening.emit(error)

        def come() -> None:
            if self._opening == book_id:  # else the reader went on to another meanwhile
                window.open_book(book_id, locator)

        window.context.tasks.run(look_up, opened, failed, priority=5)

    def _show(self, file: BookFile, place: Locator | None, book: OpenBook | None, *, light: bool) -> None:
        window, details = self._window, file.details
        surface = self._surface(file, book)
        window.stack.setCurrentWidget(window.reader)
        window.setWindowTitle(f"{details.row.title} – Alexandria")
        window.reader.show_book(details.id, details.row.title, surface, place, light=light)
        window.reader.source = file.source or ""
        self._look_for_letters(details.row.language)

    def _surface(self, file: BookFile, book: OpenBook | None) -> Surface:
        if book is None:
            from alexandria_desktop.ui.reader.pdf_surface import PdfSurface

            return PdfSurface(self._window.context, file)
        from alexandria_desktop.ui.reader.flow_surface import FlowSurface

        return FlowSurface(self._window.context, self._profile_of_pages(), file.details.id, book)

    def _profile_of_pages(self) -> BookProfile:
        if self._profile is None:
            from alexandria_desktop.ui.reader.page_view import BookProfile

            self._profile = BookProfile(self._window.context.tasks, self._window)
        return self._profile

    def _look_for_letters(self, language: str | None) -> None:
        """Say so where no font here has the letters of a book."""

        def look() -> str:
            return "" if language is None or shows(language) else missing_sentence()

        def told(sentence: str) -> None:
            if sentence:
                self._window.reader.banner.say(sentence, severity=Severity.NOTE)

        self._window.context.tasks.run(look, told, priority=-1)
