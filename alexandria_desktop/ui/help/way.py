"""The way into the guide: at the page about the screen that is shown, or through a search in it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from shiboken6 import isValid

if TYPE_CHECKING:
    from alexandria_desktop.ui.help.keys_sheet import KeysSheet
    from alexandria_desktop.ui.main_window import MainWindow
    from alexandria_desktop.ui.reader.surface import Surface
    from sync.places.locator import Locator


class HelpWay:
    """Belongs to the window; the guide is bound when it is first wanted."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._sheet: KeysSheet | None = None

    def open_guide(self) -> None:
        """Open the guide at the page about what is on the screen; in the guide itself, show its contents."""
        from alexandria_desktop.library.guide import TITLE

        window = self._window
        if window.stack.currentWidget() is window.reader and window.reader.title == TITLE:
            window.reader.do("contents")
            return
        topic = self.topic()
        library = window.context.library

        def look() -> tuple[UUID, Locator | None]:
            from alexandria_desktop.library.guide import guide_book, place_of_page
            from alexandria_desktop.library.manual import read_manual

            is_new = not library.shelf.books()  # who has no book yet wants the beginning
            book = guide_book(library)
            page = read_manual().screens.get(topic, "")
            return book, None if is_new or not page else place_of_page(library, book, page)

        def found(answer: tuple[UUID, Locator | None]) -> None:
            window.open_book(*answer)

        window.context.tasks.run(look, found, window.report, priority=5)

    def search_guide(self) -> None:
        """Open the finder over the guide alone."""
        window = self._window
        library = window.context.library

        def look() -> UUID:
            from alexandria_desktop.library.guide import guide_book

            return guide_book(library)

        def found(book: UUID) -> None:
            window.show_finder("", book)

        window.context.tasks.run(look, found, window.report, priority=5)

    def show_keys(self) -> None:
        """Show the sheet of keys, or close it."""
        from alexandria_desktop.ui.help.keys_sheet import KeysSheet

        if self.hide_keys():
            return
        self._sheet = KeysSheet(self._window.context.appearance, self._window)
        self._sheet.open_sheet()

    def hide_keys(self) -> bool:
        """Close the sheet of keys; returns whether it was open."""
        if self._sheet is None or not isValid(self._sheet) or not self._sheet.isVisible():
            return False
        self._sheet.dismiss()
        return True

    def topic(self) -> str:
        """Return which of the guide's ``screens`` is shown."""
        window = self._window
        shown = window.stack.currentWidget()
        if shown is window.reader:
            return "pdf" if _is_pdf(window.reader.surface) else "reader"
        if window.made_shelf is not None and shown is window.made_shelf:
            return window.made_shelf.topic
        return window.courses.topic


def _is_pdf(surface: Surface | None) -> bool:
    if surface is None:
        return False
    from alexandria_desktop.ui.reader.pdf_surface import PdfSurface

    return isinstance(surface, PdfSurface)
