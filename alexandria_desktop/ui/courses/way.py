"""The window's way into a course, from there into books, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtWidgets import QWidget

from alexandria_desktop.store.changes import Changes
from alexandria_desktop.ui.commands import Area
from sync.places.locator import Locator

if TYPE_CHECKING:
    from alexandria_desktop.ui.courses.builder.screen import BuilderScreen
    from alexandria_desktop.ui.courses.class_page import ClassPage
    from alexandria_desktop.ui.courses.lesson_bar import LessonBar
    from alexandria_desktop.ui.courses.taking import TakingScreen
    from alexandria_desktop.ui.main_window import MainWindow


class CourseWay:
    """Knows whether the book that is shown was opened out of a course."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._screen: TakingScreen | None = None
        self._class: ClassPage | None = None
        self._builder: BuilderScreen | None = None
        self._came_from: QWidget | None = None
        self._book: UUID | None = None
        """The book that was opened out of the course."""
        self._opened_from: QWidget | None = None
        self._bar: LessonBar | None = None
        window.reader.opened.connect(self._show_bar)
        window.reader.next_wanted.connect(self._go_on)

    @property
    def screen(self) -> TakingScreen:
        """The screen of the course, made when first wanted."""
        if self._screen is None:
            from alexandria_desktop.ui.courses.taking import TakingScreen

            self._screen = TakingScreen(self._window.context)
            self._screen.left.connect(self._leave_course)
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
            self._class.left.connect(self._leave_course)
            self._window.stack.addWidget(self._class)
        return self._class

    @property
    def builder(self) -> BuilderScreen:
        """The builder, made when first wanted."""
        if self._builder is None:
            from alexandria_desktop.ui.courses.builder.screen import BuilderScreen

            self._builder = BuilderScreen(self._window.context)
            self._builder.left.connect(self._window.show_courses)
            self._builder.book_wanted.connect(self._open_book)
            self._window.stack.addWidget(self._builder)
        return self._builder

    @property
    def area(self) -> Area:
        """The commands that belong to the screen of a course that is shown."""
        is_builder = self._builder is not None and self._window.stack.currentWidget() is self._builder
        return Area.BUILDER if is_builder else Area.LIBRARY

    @property
    def topic(self) -> str:
        """Which of the guide's screens is shown."""
        shown = self._window.stack.currentWidget()
        return "builder" if shown is self._builder else "class" if shown is self._class else "courses"

    def build(self, course_id: UUID, *, is_new: bool = False) -> None:
        """Open a course in the builder."""
        self._window.reader.close_book()
        self._window.stack.setCurrentWidget(self.builder)
        self._window.setWindowTitle("Alexandria")
        self.builder.open(course_id, to_title=is_new)

    def on_changes(self, changes: Changes) -> None:
        """Hear what was written."""
        shown = self._window.stack.currentWidget()
        for screen in (self._builder, self._screen, self._class):
            if screen is not None and screen is shown:
                screen.on_changes(changes)

    def close(self) -> None:
        """Write what was typed last; for the end of the program."""
        if self._builder is not None:
            self._builder.writing.flush()
        if self._screen is not None:
            self._screen.flush()

    def _leave_course(self) -> None:
        """Go from a course as a student sees it, or from its class, to where it was opened from."""
        if self._came_from is not None and self._came_from is self._builder:
            self._window.stack.setCurrentWidget(self._builder)
            self._builder.take_focus()
        else:
            self._window.show_library()

    def take(self, course_id: UUID) -> None:
        """Show a course as one who takes it."""
        self._came_from = self._window.stack.currentWidget()
        self._window.reader.close_book()
        self._show()
        self.screen.open(course_id)

    def teach(self, course_id: UUID) -> None:
        """Show the class of a course as one who teaches it."""
        self._came_from = self._window.stack.currentWidget()
        self._window.reader.close_book()
        self._window.stack.setCurrentWidget(self.class_page)
        self.class_page.open(course_id)

    def leave_reader(self) -> None:
        """Go back to where the book was opened from."""
        if self._book is None or self._book != self._window.reader.book_id:
            self._book = None
            self._window.show_library()
            return
        self._window.reader.close_book()
        if self._opened_from is not None and self._opened_from is self._builder:
            self._book = None
            self._window.stack.setCurrentWidget(self._builder)
            self._window.setWindowTitle("Alexandria")
            self._builder.take_focus()
            return
        self._show()
        self.screen.come_back()

    def _show(self) -> None:
        self._book = None
        self._window.stack.setCurrentWidget(self.screen)
        self._window.setWindowTitle("Alexandria")

    def _open_book(self, book_id: UUID, locator: Locator | None) -> None:
        shown = self._window.stack.currentWidget()
        if shown is not self._window.reader:  # the lesson's next passage is opened out of the book before
            self._opened_from = shown
        was, self._book = self._window.reader.book_id, book_id
        self._window.open_book(book_id, locator)
        if was == book_id:
            self._show_bar()

    def _show_bar(self) -> None:
        """Show over the book which lesson it belongs to, if one opened it."""
        screen, reader = self._screen, self._window.reader
        walk = screen.walk if screen is not None else None
        if walk is None or self._book is None or self._book != reader.book_id or self._opened_from is not screen:
            return
        if self._bar is None:
            from alexandria_desktop.ui.courses.lesson_bar import LessonBar

            self._bar = LessonBar(self._window.context.appearance, reader)
            self._bar.left.connect(self.leave_reader)
            self._bar.next_wanted.connect(self._go_on)
        self._bar.show_walk(walk)
        reader.put_above(self._bar)

    def _go_on(self) -> None:
        if self._screen is not None and self._bar is not None and self._bar.isVisible():
            self._screen.go_on()

    def _ask_for_words(self, book_id: UUID, sentence: str, take: Callable[[Locator], None]) -> None:
        reader = self._window.reader

        def answered(locator: Locator) -> None:
            take(locator)
            self.leave_reader()

        def ask() -> None:
            forget()
            if reader.book_id == book_id:
                reader.ask_for_words(sentence, answered)

        def forget(_: object = None) -> None:
            reader.opened.disconnect(ask)
            reader.failed_opening.disconnect(forget)

        reader.opened.connect(ask)
        reader.failed_opening.connect(forget)
        self._open_book(book_id, None)
