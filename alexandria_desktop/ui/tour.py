"""A tour of the window that needs nobody at it: every book is opened, something is sought, pictures are kept.

For machines without a screen. The window is the real one, drawn into memory.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.search.finder import Hit, Mode
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.ui.session import Session

PATIENCE = 30.0
STILL = 0.12
"""Seconds between two pictures that must be alike before one is kept."""

LIGHT, SEPIA, DARK = "paper", "sepia", "night"
NOTE = "A note of the tour: it stands at its words, and a search finds it again."


@dataclass(frozen=True, slots=True)
class Opened:
    """How the opening of a book went."""

    row: BookRow
    seconds: float
    picture: Path | None
    problem: str = ""


class Tour:
    """Walks through a session's window; each stop leaves a picture in ``folder``."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._window = session.window
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def start(self, *, width: int = 1280, height: int = 800) -> None:
        """Show the window, at the library."""
        self._window.resize(width, height)
        self._session.start()

    def library(self) -> list[Path]:
        """Look at the shelf, by day and by night."""
        self._window.show_library()
        pictures = []
        for name, theme in (("library", LIGHT), ("library-dark", DARK)):
            with self.theme(theme):
                pictures.append(self.picture(name))
        return pictures

    def open_book(self, row: BookRow, number: int) -> Opened:
        """Open a book and keep a picture of the page where it opens."""
        problem, seconds = self._open(row.id)
        if problem:
            return Opened(row, seconds, None, problem)
        return Opened(row, seconds, self.picture(f"book-{number:02}-{_file_name(row.title)}"))

    def themes(self, book_id: UUID) -> list[Path]:
        """Read a page by day, in sepia and by night."""
        self._open(book_id)
        pictures = []
        for name in (LIGHT, SEPIA, DARK):
            with self.theme(name):
                pictures.append(self.picture(f"reader-{name}"))
        return pictures

    def notes(self, place: Hit) -> list[Path]:
        """Write a note on the words that were found, and look at it beside the page."""
        self._window.show_library()
        self._session.library.notes.add(place.book_id, place.locator, text=NOTE, color="green")
        self._window.open_book(place.book_id, place.locator)
        self.wait(lambda: self._window.reader.notes_panel.model.rowCount() > 0)
        self._window.reader.do("notes")
        pictures = [self.picture("notes")]
        self._window.reader.do("notes")
        return pictures

    def find(self, words: str, *, mode: Mode = Mode.ALL) -> tuple[list[Hit], float]:
        """Search the library; returns what was found and the seconds it took."""
        begun = time.perf_counter()
        hits = self._session.library.finding.search(words, mode=mode, limit=5)
        return hits, time.perf_counter() - begun

    def finder(self, words: str) -> list[Path]:
        """Look at the search over the library."""
        self._window.show_library()
        self._window.show_finder(words)
        return [self.picture("finder")]

    def courses(self, place: Hit) -> list[Path]:
        """Make a small course, and look at each of its screens by day and by night."""
        from alexandria_desktop.ui.tour_course import sample_course

        library, window = self._session.library, self._window
        course = library.authoring.bring_in(sample_course(place))
        document = library.courses.document(course)

        def show_page() -> None:
            window.take_course(course)
            screen = window.courses.screen
            self.wait(lambda: screen.page.go.isVisible())

        def show_questions() -> None:
            quiz = window.courses.screen.quiz
            window.courses.screen.open_assessment(document.assessments[0].id)
            self.wait(lambda: quiz.sitting is not None or quiz.intro.begin.isEnabled())
            quiz.start()
            self.wait(lambda: quiz.sitting is not None)

        stops: dict[str, Callable[[], None]] = {
            "courses": window.show_courses,
            "course-builder": lambda: window.build_course(course),
            "course": show_page,
            "course-lesson": lambda: window.courses.screen.open_lesson(document.lessons[0].id),
            "course-questions": show_questions,
            "course-class": lambda: window.teach_course(course),
        }
        pictures = []
        for name, show in stops.items():
            show()
            for suffix, theme in (("", LIGHT), ("-dark", DARK)):
                with self.theme(theme):
                    pictures.append(self.picture(f"{name}{suffix}"))
        window.show_library()
        return pictures

    # --- waiting ------------------------------------------------------------------------------------------------

    def _open(self, book_id: UUID) -> tuple[str, float]:
        """Open a book; returns what went wrong, or nothing, and the seconds until its page was painted."""
        problems: list[AlexandriaError] = []
        painted: list[float] = []

        def on_painted() -> None:
            painted.append(time.perf_counter())

        reader = self._window.reader
        reader.failed_opening.connect(problems.append)
        self._window.book_shown.connect(on_painted)
        begun = time.perf_counter()
        self._window.open_book(book_id)
        self.wait(lambda: painted or problems)
        reader.failed_opening.disconnect(problems.append)
        self._window.book_shown.disconnect(on_painted)
        seconds = (painted[0] if painted else time.perf_counter()) - begun
        if problems:
            return f"{problems[0].message} [{problems[0].code}]", seconds
        return ("" if painted else f"Its page was not painted within {PATIENCE:.0f} seconds."), seconds

    @contextmanager
    def theme(self, name: str) -> Iterator[None]:
        """Dress the window in a theme for a while."""
        before = self._session.appearance.theme
        self._session.appearance.use(self._session.library.looks.named(name))
        try:
            yield
        finally:
            self._session.appearance.use(before)

    def picture(self, name: str) -> Path:
        """Keep a picture of the window once it stands still."""
        file = self._folder / f"{name}.png"
        taken: list[QImage] = []

        def stands_still() -> bool:
            taken.append(self._window.grab().toImage())
            return len(taken) > 2 and taken[-1] == taken[-2] == taken[-3]

        self.wait(stands_still, seconds=4.0, every=STILL)
        taken[-1].save(str(file))
        return file

    def wait(self, condition: Callable[[], object], *, seconds: float = PATIENCE, every: float = 0.01) -> bool:
        """Let the window live until something is so; returns whether it came to be."""
        loop, deadline = QEventLoop(), time.perf_counter() + seconds
        answer: list[bool] = []

        def look() -> None:
            if condition():
                answer.append(True)
            if answer or time.perf_counter() > deadline:
                loop.quit()

        clock = QTimer(interval=int(every * 1000))
        clock.timeout.connect(look)
        clock.start()
        loop.exec()
        clock.stop()
        return bool(answer)


def _file_name(title: str) -> str:
    return re.sub(r"\W+", "-", title.lower()).strip("-")[:48] or "untitled"
