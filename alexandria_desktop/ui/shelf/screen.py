"""The library screen: the sidebar, the books, the notes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.collections import Collection
from alexandria_desktop.ui.commands import Area, command_for
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.book_actions import BookActions
from alexandria_desktop.ui.shelf.book_menu import book_menu
from alexandria_desktop.ui.shelf.books_page import VIEW_SETTING, BooksPage
from alexandria_desktop.ui.shelf.browsing import Browsing
from alexandria_desktop.ui.shelf.notes_page import NotesPage
from alexandria_desktop.ui.shelf.places import (
    ACCOUNT,
    ALL_BOOKS,
    CONTINUE,
    COURSES,
    NOTES,
    REMOVED,
    Place,
    PlaceKind,
    of_collection,
)
from alexandria_desktop.ui.shelf.sidebar import WIDTH, Sidebar
from alexandria_desktop.ui.shelf.sidebar_model import Counts, SidebarModel
from alexandria_desktop.ui.shelf.toolbar import GRID, LIST

if TYPE_CHECKING:
    from alexandria_desktop.ui.account.page import AccountPage
    from alexandria_desktop.ui.courses.courses_page import CoursesPage

NARROW = 900
"""Below this width the sidebar waits behind a button."""
_BOOKS = ("user_libraries", "content_items", "books", "local_files")
_COLLECTIONS = ("user_collections", "collection_items")
_NOTES = ("user_notes", "note_placements")
_COURSES = (
    "content_items", "courses", "lessons", "assessments", "course_enrollments", "student_progress", "requests",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the sidebar shows beside the shelf itself."""

    collections: list[Collection]
    notes: int
    courses: int
    files_here: frozenset[UUID] | None


class LibraryScreen(QWidget):
    """Everything that one sees before a book is open."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._counts = Counts()
        self._settings_read = False
        self._to_name: UUID | None = None
        self.browsing = Browsing(context, self)
        self.actions_on_books = BookActions(context, self)
        self.places = SidebarModel(self)
        self.books = BooksPage(context, self.browsing, self._place_name)
        self.notes = NotesPage(context)
        self._courses: CoursesPage | None = None
        self.account: AccountPage | None = None
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.books)
        self.pages.addWidget(self.notes)
        self._scrim = Scrim(self)
        self._scrim.hide()
        self._scrim.installEventFilter(self)
        self.sidebar = Sidebar(context.appearance, self.places, self)
        self._connect()

    def _connect(self) -> None:
        self.browsing.read.connect(self._on_read)
        self.books.commanded.connect(self.do)
        self.books.opened.connect(self.actions_on_books.open)
        self.books.menu_wanted.connect(self._on_menu)
        self.books.toolbar.sidebar_wanted.connect(self._open_sidebar)
        self.notes.sidebar_wanted.connect(self._open_sidebar)
        self.notes.counted.connect(self._on_notes_counted)
        self.sidebar.chosen.connect(self.go)
        self.sidebar.left.connect(self.take_focus)
        self.sidebar.finder_wanted.connect(self._on_finder)
        self.sidebar.commanded.connect(self._context.navigator.do)
        self.sidebar.collection_wanted.connect(self._on_new_collection)
        self.sidebar.collection_removed.connect(self._on_collection_removed)
        self.sidebar.files_chosen.connect(self._on_files_chosen)
        self.actions_on_books.collection_begun.connect(self._on_collection_begun)
        self.places.renamed.connect(self.actions_on_books.rename_collection)
        self.places.dropped.connect(self._on_dropped)

    # --- what the window asks -----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the library again."""
        tasks, library = self._context.tasks, self._context.library
        if not self._settings_read:
            self._settings_read = True
            tasks.run(library.settings, self._on_settings, self._context.navigator.report, priority=5)
            return
        self.browsing.refresh()
        self._refresh_sidebar()
        if self.pages.currentWidget() is self.notes:
            self.notes.refresh()
        if self._shows_courses:
            self.courses.refresh()
        if self.account is not None and self.pages.currentWidget() is self.account:
            self.account.refresh()

    def take_focus(self) -> None:
        """Put the keyboard on what is shown."""
        self._close_sidebar()
        page = self.pages.currentWidget()
        if page is self.account and self.account is not None:
            self.account.take_focus()
        elif self._shows_courses:
            self.courses.take_focus()
        elif isinstance(page, BooksPage | NotesPage):
            page.take_focus()

    def show_notes(self) -> None:
        """Show all notes."""
        self.go(NOTES)

    @property
    def courses(self) -> CoursesPage:
        """The page of all courses, made when first wanted: most starts show books only."""
        if self._courses is None:
            from alexandria_desktop.ui.courses.courses_page import CoursesPage

            page = CoursesPage(self._context)
            page.sidebar_wanted.connect(self._open_sidebar)
            page.counted.connect(self._on_courses_counted)
            page.built.connect(self._context.navigator.build_course)
            page.begun.connect(self._on_course_begun)
            page.taken.connect(self._context.navigator.take_course)
            page.sidebar.setVisible(self._is_narrow)
            self.pages.addWidget(page)
            self._courses = page
        return self._courses

    @property
    def _shows_courses(self) -> bool:
        return self._courses is not None and self.pages.currentWidget() is self._courses

    def show_courses(self) -> None:
        """Show all courses."""
        self.go(COURSES)

    def show_account(self, page: AccountPage) -> None:
        """Show the account; its page is the window's, which knows what keeps the library in step."""
        if self.account is None:
            self.account = page
            page.sidebar.setVisible(self._is_narrow)
            page.sidebar_wanted.connect(self._open_sidebar)
            self.pages.addWidget(page)
        self.go(ACCOUNT)

    @property
    def topic(self) -> str:
        """Which of the guide's screens is shown."""
        shown = self.pages.currentWidget()
        if shown is self.notes:
            return "notes"
        return "courses" if self._shows_courses else "account" if shown is self.account else "shelf"

    def go(self, place: Place) -> None:
        """Show a place."""
        self.sidebar.show_place(place)
        if place.is_shelf:
            self.pages.setCurrentWidget(self.books)
            self.browsing.go(place)
            self.books.show_heading()
        elif place == ACCOUNT and self.account is not None:
            self.pages.setCurrentWidget(self.account)
            self.account.refresh()
        elif place == COURSES:
            self.pages.setCurrentWidget(self.courses)
            self.courses.refresh()
        else:
            self.pages.setCurrentWidget(self.notes)
            self.notes.refresh()
        if self._is_narrow:
            self.take_focus()

    def on_changes(self, changes: Changes) -> None:
        """Hear what was written."""
        if changes.touches(*_BOOKS, *_COLLECTIONS):
            self.browsing.refresh_soon()
        if changes.touches(*_COLLECTIONS, *_NOTES, "user_libraries", "courses", "course_enrollments"):
            self._refresh_sidebar()
        if changes.touches("covers"):
            for cache in self.books.caches:
                cache.look_again()
        if self.account is not None and self.pages.currentWidget() is self.account:
            self.account.on_changes(changes)
        if changes.touches(*_NOTES) and self.pages.currentWidget() is self.notes:
            self.notes.refresh()
        if changes.touches(*_COURSES) and self._shows_courses:
            self.courses.refresh()

    def do(self, command_id: str) -> None:
        """Carry out a command of the library."""
        on_notes = self.pages.currentWidget() is self.notes
        on_books = self.pages.currentWidget() is self.books
        books = [] if not on_books else self.books.selected()
        match command_id:
            case "open-book" if books:
                self.actions_on_books.open((self.books.current() or books[0]).id)
            case "edit-book" if books:
                self.actions_on_books.edit((self.books.current() or books[0]).id)
            case "remove-book" if books and self.browsing.place != REMOVED:
                self.actions_on_books.remove(books)
            case "filter":
                shown = self.courses if self._shows_courses else self.notes if on_notes else self.books
                shown.focus_filter() if shown is self.pages.currentWidget() else None
            case "grid" | "list":
                self.go(ALL_BOOKS) if not on_books else None
                self.books.use_view(GRID if command_id == "grid" else LIST, keep=True)
            case "all-books":
                self.go(ALL_BOOKS)
            case "reading-now":
                self.go(CONTINUE)
            case "removed-books":
                self.go(REMOVED)
            case "new-collection":
                self.actions_on_books.begin_collection([book.id for book in self.books.view.books_selected()])
            case "sidebar":
                self._toggle_sidebar()

    # --- events -------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the sidebar beside the books, or behind a button."""
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the commands of the library; Escape closes a sidebar that lies over the books."""
        if event.key() == Qt.Key.Key_Escape and self._scrim.isVisible():
            self.take_focus()
            return
        command = command_for(event, Area.LIBRARY)
        if command is None:
            super().keyPressEvent(event)
        else:
            self.do(command.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close the sidebar at a press beside it."""
        if watched is self._scrim and isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            self.take_focus()
            return True
        return super().eventFilter(watched, event)

    # --- the sidebar --------------------------------------------------------------------------------------------

    @property
    def _is_narrow(self) -> bool:
        return self.width() < NARROW

    def _lay_out(self) -> None:
        narrow = self._is_narrow
        self.books.toolbar.sidebar.setVisible(narrow)
        self.notes.sidebar.setVisible(narrow)
        if self._courses is not None:
            self._courses.sidebar.setVisible(narrow)
        if self.account is not None:
            self.account.sidebar.setVisible(narrow)
        if not narrow:
            self._scrim.hide()
        self.sidebar.setVisible(not narrow or self._scrim.isVisible())
        left = 0 if narrow else WIDTH
        self.sidebar.setGeometry(0, 0, WIDTH, self.height())
        self.pages.setGeometry(QRect(left, 0, self.width() - left, self.height()))
        self._scrim.setGeometry(self.rect())

    def _open_sidebar(self) -> None:
        self._scrim.show()
        self._scrim.raise_()
        self.sidebar.show()
        self.sidebar.raise_()
        self.sidebar.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_sidebar(self) -> None:
        if self._scrim.isVisible():
            self._scrim.hide()
            self.sidebar.setVisible(not self._is_narrow)

    def _toggle_sidebar(self) -> None:
        if not self._is_narrow:
            self.sidebar.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif self._scrim.isVisible():
            self.take_focus()
        else:
            self._open_sidebar()

    def _refresh_sidebar(self) -> None:
        library = self._context.library
        self._context.tasks.run(lambda: _surroundings(library), self._on_surroundings, self._context.navigator.report)

    def _on_surroundings(self, found: _Surroundings) -> None:
        self.sidebar.files_here = found.files_here
        self.places.set_collections(found.collections)
        self._counts = replace(self._counts, notes=found.notes, courses=found.courses)
        self.places.set_counts(self._counts)
        place = self.browsing.place
        if place.kind is PlaceKind.COLLECTION and self.places.collection(place.collection) is None:
            self.go(ALL_BOOKS)
        if self._to_name is not None and self.places.collection(self._to_name) is not None:
            place, self._to_name = of_collection(self._to_name), None
            self.sidebar.name_collection(place)
        self.books.show_heading()

    def _on_notes_counted(self, notes: int) -> None:
        self._counts = replace(self._counts, notes=notes)
        self.places.set_counts(self._counts)

    def _on_course_begun(self, course_id: UUID) -> None:
        self._context.navigator.build_course(course_id, is_new=True)

    def _on_courses_counted(self, courses: int) -> None:
        self._counts = replace(self._counts, courses=courses)
        self.places.set_counts(self._counts)

    def _on_read(self) -> None:
        books = self.browsing.books
        self._counts = replace(self._counts, books=len(books), reading=self.browsing.reading_count())
        self.places.set_counts(self._counts)
        self.places.set_series(self.browsing.series())

    def _on_new_collection(self) -> None:
        self.actions_on_books.begin_collection()

    def _on_collection_begun(self, collection: UUID) -> None:
        self._to_name = collection
        if self._is_narrow:
            self._open_sidebar()
        self._refresh_sidebar()

    def _on_collection_removed(self, collection: Collection) -> None:
        self.actions_on_books.remove_collection(collection)

    def _on_files_chosen(self, collection: Collection, always: bool) -> None:
        self.actions_on_books.keep_here(collection, always=always)

    def _on_dropped(self, place: Place | None, books: list[UUID]) -> None:
        if place is None:
            self.actions_on_books.begin_collection(books)
            return
        collection = self.places.collection(place.collection)
        if collection is not None:
            self.actions_on_books.put_in(collection, books)

    # --- books --------------------------------------------------------------------------------------------------

    def _place_name(self) -> str:
        return self.places.name_of(self.browsing.place)

    def _on_settings(self, settings: dict[str, object]) -> None:
        self.browsing.sort_as_kept(settings)
        self.books.use_view(str(settings.get(VIEW_SETTING, GRID)))
        self.refresh()

    def _on_menu(self, books: list[BookRow], at: QPoint) -> None:
        has_account = self.sidebar.files_here is not None
        menu = book_menu(
            books,
            self.browsing.place,
            self.places.collections,
            self.actions_on_books,
            self.do,
            self,
            has_account=has_account,
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _on_finder(self) -> None:
        self._context.navigator.show_finder()


class Scrim(QWidget):
    """Dims what lies under a sidebar that is open over it."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a breath of dark."""
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, 72))


def _surroundings(library: Library) -> _Surroundings:
    return _Surroundings(
        library.shelf.collections(), library.notes.count(), library.count_courses(), library.collections_kept_here()
    )
