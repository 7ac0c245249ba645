"""The window's way into a course, from there into books, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from alexandria_desktop.book.locator import Locator

if TYPE_CHECKING:
    from alexandria_desktop.ui.courses.class_page import ClassPage
    from alexandria_desktop.ui.courses.taking import TakingScreen
    from alexandria_desktop.ui.main_window import MainWindow


class CourseWay:
    """Knows whether the book that is shown was opened out of a course."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._screen: TakingScreen | None = None
        self._class: ClassPage | None = None
        self._book: UUID | None = None
        """The book that was opened out of the course."""

    @property
    def screen(self) -> TakingScreen:
        """The screen of the course, made when first wanted."""
        if self._screen is None:
            from alexandria_desktop.ui.courses.taking import TakingScreen

            self._screen = TakingScreen(self._window.context)
            self._screen.left.connect(self._window.show_library)
            self._screen.book_wanted.connect(self._open_book)
            self._screen.words_wanted.connect(self._ask_for_words)
            self._window.stack.addWidget(self._screen)
        return self._screen

    @property
    def class_page(self) -> ClassPage:
        """The page of a class, made when first wanted."""
        if self._class is None:
            from alexandria_desktop.ui.courses.class_page import ClassPage

            self._class = ClassPage(self._window.context)
            self._class.left.connect(self._window.show_library)
            self._window.stack.addWidget(self._class)
        return self._class

    def take(self, course_id: UUID) -> None:
        """Show a course as one who takes it."""
        self._window.reader.close_book()
        self._show()
        self.screen.open(course_id)

    def teach(self, course_id: UUID) -> None:
        """Show the class of a course as one who teaches it."""
        self._window.reader.close_book()
        self._window.stack.setCurrentWidget(self.class_page)
        self.class_page.open(course_id)

    def leave_reader(self) -> None:
        """Go back to where the book was opened from."""
        if self._book is None or self._book != self._window.reader.book_id:
            self._window.show_library()
            return
        self._window.reader.close_book()
        self._show()
        self.screen.take_focus()

    def _show(self) -> None:
        self._book = None
        self._window.stack.setCurrentWidget(self.screen)
        self._window.setWindowTitle("Alexandria")

    def _open_book(self, book_id: UUID, locator: Locator | None) -> None:
        self._book = book_id
        self._window.open_book(book_id, locator)

    def _ask_for_words(self, book_id: UUID, sentence: str, take: Callable[[Locator], None]) -> None:
        reader = self._window.reader

        def answered(locator: Locator) -> None:
            take(locator)
            self.leave_reader()

        def ask() -> None:
            reader.opened.disconnect(ask)
            if reader.book_id == book_id:
                reader.ask_for_words(sentence, answered)

        reader.opened.connect(ask)
        self._open_book(book_id, None)
