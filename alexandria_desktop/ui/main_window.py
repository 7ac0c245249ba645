"""The frame: the library, the reader, the notes; which of them is shown, and what belongs to none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.commands import Area, commands_of
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.packs.suffixes import is_of_courses
from alexandria_desktop.ui.courses.way import CourseWay
from alexandria_desktop.ui.fetching import Fetching
from alexandria_desktop.ui.help.way import HelpWay
from alexandria_desktop.ui.importing import Importing
from alexandria_desktop.ui.reader.screen import ReaderScreen
from alexandria_desktop.ui.reader.way import BookWay
from alexandria_desktop.ui.shelf.screen import LibraryScreen
from alexandria_desktop.ui.still import forget_sight, keep_sight, take_sight
from alexandria_desktop.ui.tasks import Tasks
from alexandria_desktop.ui.widgets.banner import Banner
from alexandria_desktop.ui.widgets.toast import ToastStack
from sync.places.locator import Locator

if TYPE_CHECKING:
    from alexandria_desktop.store.backup import BackupContents
    from alexandria_desktop.ui.account.background import Background
    from alexandria_desktop.ui.courses.packs.way import PackWay
    from alexandria_desktop.ui.finder.dialog import Finder
    from alexandria_desktop.ui.program.way import ProgramWay

SETTLING = 1_200
"""Milliseconds after the start before what can wait begins."""

WATCH_INTERVAL = 2_000
"""Milliseconds between looks at what another process wrote."""


class MainWindow(QMainWindow):
    """The program's window (see ``Navigator``)."""

    book_shown = Signal()
    """The first page of a book is on the screen."""

    def __init__(self, library: Library, tasks: Tasks, appearance: Appearance) -> None:
        super().__init__()
        self._library = library
        self._tasks = tasks
        self.context = Context(library, tasks, appearance, self)
        self.setWindowTitle("Alexandria")
        self.setMinimumSize(640, 480)
        self.resize(1280, 800)
        self.setAcceptDrops(True)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.banner = Banner(appearance)
        self.stack = QStackedWidget()
        self.importing = Importing(self)
        self.fetching = Fetching(self)
        for part in (self.banner, self.stack, self.importing.line, self.fetching.line):
            column.addWidget(part)
        column.setStretch(1, 1)
        self.setCentralWidget(centre)
        self._shelf: LibraryScreen | None = None
        self._finder: Finder | None = None
        self._still: QWidget | None = None
        self.reader = ReaderScreen(self.context)
        self.books = BookWay(self)
        self.courses = CourseWay(self)
        self.help = HelpWay(self)
        self.reader.left.connect(self.courses.leave_reader)
        self.reader.opened.connect(self.book_shown)
        self.reader.rested.connect(self._keep_sight)
        self.stack.addWidget(self.reader)
        self.toasts = ToastStack(centre)
        self._make_actions()
        self._version = 0
        self._background: Background | None = None
        self._packs: PackWay | None = None
        self._program: ProgramWay | None = None
        self._settling = QTimer(self, singleShot=True, interval=SETTLING)
        self._settling.timeout.connect(self._settle_in)
        self._watch = QTimer(self, interval=WATCH_INTERVAL)
        self._watch.timeout.connect(self._look_for_others)

    # --- starting and ending ------------------------------------------------------------------------------------

    def receive_newcomer(self) -> None:
        """Offer the tour over the first book that is opened, if it never was."""
        self.book_shown.connect(self.reader.steps.offer, Qt.ConnectionType.SingleShotConnection)

    def restore_place(self) -> None:
        """Put the window where it was."""
        kept = QSettings(str(self._library.paths.root / "window.ini"), QSettings.Format.IniFormat).value("geometry")
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)

    def take_over(self, still: QWidget) -> None:
        """Come up behind a picture of the last page, and take its place when the live one is painted."""
        self.restoreGeometry(still.saveGeometry())
        self.show()
        still.raise_()
        self._still = still
        for signal in (self.book_shown, self.reader.failed_opening):
            signal.connect(self._drop_still)

    def _drop_still(self) -> None:
        if self._still is not None:
            QTimer.singleShot(80, self._still.close)
            self._still = None

    def after_start(self, *, page_first: bool = False) -> None:
        """Begin what can wait until something is on the screen, and with ``page_first`` until the page is."""
        if page_first:
            for signal in (self.book_shown, self.reader.failed_opening):
                signal.connect(self._settling.start)
        else:
            self._settling.start()

    def _settle_in(self) -> None:
        if self._watch.isActive():
            return  # a second book was opened
        self._watch.start()
        self.background.begin()
        self.program.begin()
        self._tasks.run(self._library.data_version, self._keep_version)
        self._tasks.run(self._library.hand_in_overdue, failed=self.report, priority=-1)
        # An import that was begun just now is under way, and was not cut off.
        pending = [] if self.importing.is_on else self._library.interrupted_import()
        if pending:
            self.import_files([str(path) for path in pending])
        else:
            self._tasks.run(self._library.catch_up, priority=-2)
        opened = self.reader.book_id
        self._tasks.run(lambda: self._library.renew_shipped(but_not=opened), failed=self.report, priority=-3)
        self.books.warm_up()

    def close_all(self) -> None:
        """Keep the open book's place and let go of everything."""
        self._settling.stop()
        self._watch.stop()
        if self._background is not None:
            self._background.end()
        self.importing.stop()
        self.fetching.stop()
        self.courses.close()
        if self._packs is not None:
            self._packs.close()
        if self._program is not None:
            self._program.end()
        self.reader.close_book()
        kept = QSettings(str(self._library.paths.root / "window.ini"), QSettings.Format.IniFormat)
        kept.setValue("geometry", self.saveGeometry())
        kept.sync()
        self.books.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the place and the sight of it before the window goes."""
        if self.stack.currentWidget() is not self.reader:
            forget_sight(self._library.paths.pictures)
        self.reader.close_book()
        super().closeEvent(event)

    def _keep_sight(self) -> None:
        """Keep what is on the screen whenever the reader rests on a page: the next start shows it at once."""
        book_id, reader = self.reader.book_id, self.reader
        if self.stack.currentWidget() is not reader or book_id is None or self._finder_is_open():
            return
        sight, picture = take_sight(self, book_id=book_id, title=reader.title, source=reader.source)
        pictures = self._library.paths.pictures
        self._tasks.run(lambda: keep_sight(pictures, sight, picture), priority=-3)

    def _finder_is_open(self) -> bool:
        return self._finder is not None and isValid(self._finder) and self._finder.isVisible()

    # --- the way around -----------------------------------------------------------------------------------------

    @property
    def made_shelf(self) -> LibraryScreen | None:
        """The library screen if it was looked at already."""
        return self._shelf

    @property
    def shelf(self) -> LibraryScreen:
        """The library screen, made when it is first looked at."""
        if self._shelf is None:
            self._shelf = LibraryScreen(self.context)
            self.stack.addWidget(self._shelf)
            if self._background is not None:
                self._background.tell()
        return self._shelf

    @property
    def background(self) -> Background:
        """What keeps the library in step, made when first wanted: nothing of it is needed for the first page."""
        if self._background is None:
            from alexandria_desktop.ui.account.background import Background

            self._background = Background(self)
        return self._background

    @property
    def packs(self) -> PackWay:
        """The way of course packs and answers, made when first wanted."""
        if self._packs is None:
            from alexandria_desktop.ui.courses.packs.way import PackWay

            self._packs = PackWay(self)
        return self._packs

    @property
    def program(self) -> ProgramWay:
        """The program's own affairs: the page about it, newer versions."""
        if self._program is None:
            from alexandria_desktop.ui.program.way import ProgramWay

            self._program = ProgramWay(self)
        return self._program

    def show_library(self) -> None:
        """Go back to the shelf."""
        self.reader.close_book()
        self.stack.setCurrentWidget(self.shelf)
        self.setWindowTitle("Alexandria")
        self.shelf.refresh()
        self.shelf.take_focus()

    def open_book(self, book_id: UUID, locator: Locator | None = None) -> None:
        """Open a book where the reader was, or at a place, which is lit."""
        self.books.open(book_id, locator)

    def open_named(self, named: str) -> None:
        """Open a book by id or title, or a file, which is imported first if it is new."""
        path = Path(named).expanduser()
        if is_of_courses(path) and path.is_file():
            self.show_library()
            self.packs.open([path])
            return

        def find() -> UUID:
            if path.is_file():
                return self._library.open_file(path)
            return self._library.shelf.resolve(named)

        def fail(error: AlexandriaError) -> None:
            self.show_library()
            self.report(error)

        self._tasks.run(find, self.open_book, fail, priority=5)

    def take_course(self, course_id: UUID) -> None:
        """Show a course as one who takes it."""
        self.courses.take(course_id)

    def build_course(self, course_id: UUID, *, is_new: bool = False) -> None:
        """Open a course of the reader's own in the builder."""
        self.courses.build(course_id, is_new=is_new)

    def teach_course(self, course_id: UUID) -> None:
        """Show the class of a course as one who teaches it."""
        self.courses.teach(course_id)

    def save_pack(self, course_id: UUID) -> None:
        """Let the reader save a course of theirs as a pack."""
        self.packs.save_pack(course_id)

    def save_answers(self, course_id: UUID) -> None:
        """Let the reader save what they handed in of a course, for their teacher."""
        self.packs.save_answers(course_id)

    def choose_answers(self) -> None:
        """Ask for students' answers to bring in."""
        self.packs.choose_answers()

    def show_finder(self, words: str = "", book_id: UUID | None = None) -> None:
        """Open the finder over whatever is shown."""
        from alexandria_desktop.ui.finder.dialog import Finder

        if self._finder is not None and isValid(self._finder):
            self._finder.dismiss()
        finder = Finder(self.context, self, area=self._area())
        self._finder = finder
        finder.commanded.connect(self.do)
        finder.open_with(words, book_id)

    def say(self, sentence: str, undo: Callable[[], None] | None = None) -> None:
        """Show a toast."""
        self.toasts.say(sentence, undo=undo)

    def report(self, error: AlexandriaError) -> None:
        """Show what went wrong."""
        self.banner.show_error(error, can_retry=False)

    # --- commands -----------------------------------------------------------------------------------------------

    def _area(self) -> Area:
        shown = self.stack.currentWidget()
        return Area.READER if shown is self.reader else self.courses.area if shown is not self._shelf else Area.LIBRARY

    def _make_actions(self) -> None:
        for one in commands_of(Area.EVERYWHERE):
            action = QAction(one.words, self)
            action.setShortcuts([QKeySequence(key) for key in one.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setData(one.id)
            action.triggered.connect(self._on_action)
            self.addAction(action)

    def _on_action(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.do(str(action.data()))

    def do(self, command_id: str) -> None:
        """Carry out a command by its id, wherever it belongs."""
        if command_id != "shortcuts":
            self.help.hide_keys()
        actions: dict[str, Callable[[], object]] = {
            "finder": self.show_finder,
            "import": self.choose_files,
            "import-folder": self.importing.choose_folder,
            "find-books": self.importing.find,
            "library": self.show_library,
            "continue": self._continue,
            "all-notes": self._show_notes,
            "courses": self.show_courses,
            "new-course": self._begin_course,
            "join-course": self._join_course,
            "open-pack": lambda: self.packs.choose(),
            "guide": self.help.open_guide,
            "search-guide": self.help.search_guide,
            "shortcuts": self.help.show_keys,
            "sample": self._open_sample,
            "take-tour": self._take_tour,
            "sync": lambda: self.background.sync_now(),
            "account": lambda: self.background.show_account(),
            "differences": lambda: self.background.show_account(differences=True),
            "about": lambda: self.program.show(),
            "check-updates": lambda: self.program.check(),
            "diagnostics": lambda: self.program.copy_diagnostics(),
            "licences": lambda: self.program.show("licences"),
            "backup": self._back_up,
            "full-screen": self._toggle_full_screen,
            "next-theme": self._next_theme,
            "quit": self.close,
        }
        if command_id in actions:
            actions[command_id]()
        elif self._area() is Area.READER:
            self.reader.do(command_id)
        elif self._area() is Area.BUILDER:
            self.courses.builder.do(command_id)
        else:
            self.shelf.do(command_id)

    def _continue(self) -> None:
        def first(rows: list[BookRow]) -> None:
            if rows:
                self.open_book(rows[0].id)

        self._tasks.run(lambda: self._library.shelf.recent(1), first, self.report)

    def _show_notes(self) -> None:
        self.show_library()
        self.shelf.show_notes()

    def show_courses(self) -> None:
        """Go to the list of courses."""
        self.show_library()
        self.shelf.show_courses()

    def _begin_course(self) -> None:
        self.show_courses()
        self.shelf.courses.begin()

    def _join_course(self) -> None:
        self.show_courses()
        self.shelf.courses.join()

    def _open_sample(self) -> None:
        from alexandria_desktop.library.sample import sample_book

        self._tasks.run(lambda: sample_book(self._library), self.open_book, self.report)

    def _take_tour(self) -> None:
        """Point at what a reader uses first, over the open book or else over the sample."""
        if self.stack.currentWidget() is self.reader and self.reader.surface is not None:
            self.reader.steps.begin()
        else:
            self.book_shown.connect(self.reader.steps.begin, Qt.ConnectionType.SingleShotConnection)
            self._open_sample()

    def _back_up(self) -> None:
        def done(contents: BackupContents) -> None:
            self.say(f"Backed up to {contents.file.name}.")

        self._tasks.run(lambda: self._library.care.back_up(), done, self.report)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _next_theme(self) -> None:
        looks = self._library.looks
        current = self.context.appearance.theme.id

        def following() -> Theme:
            themes = looks.themes()
            index = next((number for number, theme in enumerate(themes) if theme.id == current), -1)
            chosen = themes[(index + 1) % len(themes)]
            looks.use(chosen)
            return chosen

        self._tasks.run(following, self.context.appearance.use, self.report)

    # --- importing ----------------------------------------------------------------------------------------------

    def choose_files(self) -> None:
        """Ask for files to import."""
        self.importing.choose_files()

    def import_files(self, paths: list[str]) -> None:
        """Bring files and folders in, with progress at the foot of the window."""
        self.importing.begin(paths)

    def fetch_files(self, books: Sequence[UUID]) -> None:
        """Bring the files of books here, with progress at the foot of the window."""
        self.fetching.fetch(books)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.import_files(paths)

    # --- what changed -------------------------------------------------------------------------------------------

    def on_changes(self, changes: Changes) -> None:
        """Hear what was written, by whichever screen."""
        if self._background is not None:
            self._background.keeping.hear(changes)
        if self._shelf is not None and self.stack.currentWidget() is self._shelf:
            self._shelf.on_changes(changes)
        self.courses.on_changes(changes)
        if self.reader.surface is not None and changes.touches("note_placements", "user_notes"):
            self.reader.refresh_notes()
        if self.reader.surface is not None and changes.touches("content_items", "course_enrollments"):
            self.reader.marking.refresh_layers()

    def _keep_version(self, version: int) -> None:
        self._version = version

    def _look_for_others(self) -> None:
        def compare(version: int) -> None:
            if self._version and version != self._version:
                self.reader.refresh_notes()
                if self._shelf is not None:
                    self._shelf.refresh()
                if self._background is not None:
                    self._background.keeping.look()
            self._version = version

        self._tasks.run(self._library.data_version, compare)
