"""Reading in the real window: opening, turning, another theme."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from PySide6.QtGui import QImage

from alexandria_desktop.app import make_application
from alexandria_desktop.library.guide import guide_book
from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.session import Session
from tests.performance.figures import Figure, figure, p95_figure, ratio
from tests.performance.made import book_id_of, book_of_short_sections, longest_book
from tests.performance.watching import rest, until

OPENINGS, TURNS, THEMES = 7, 60, ("sepia", "night", "paper")


def measure(folder: Path) -> list[Figure]:
    """Measure what a reader does with a book."""
    with Library.open(folder / "reading") as library:  # closed again: the processes that import are no part of reading
        guide = guide_book(library)
        long = book_id_of(library, longest_book(folder))
        short = book_id_of(library, book_of_short_sections(folder))
    application = make_application()
    library = Library.open(folder / "reading")
    reader = _Reader(Session(application, library))
    title = library.shelf.details(long).row.title
    opened = [reader.open(long) for _ in range(OPENINGS)]
    small = [reader.open(guide) for _ in range(OPENINGS)]
    figures = [
        figure("open to first page, longest book", opened, aim=300, note=title),
        figure("open to first page, the guide", small, aim=300),
        ratio("open, longest book against the guide", min(opened), min(small), note="best of each"),
    ]
    reader.open(long)
    rest(1.0)
    inside = [reader.turn() for _ in range(TURNS)]
    figures.append(p95_figure("page turn to new pixels, p95", inside, aim=50, note=title))
    reader.open(short)
    rest(1.0)
    crossed, before = [], reader.section
    for _ in range(TURNS):
        milliseconds = reader.turn()
        if reader.section != before:
            crossed.append(milliseconds)
        before = reader.section
        rest(0.3)  # a reader reads; meanwhile the next section is made ready
    if crossed:
        note = "the next section had been made ready"
        figures.append(p95_figure("page turn into the next section, p95", crossed, aim=50, note=note))
    themes = [reader.use_theme(name) for _ in range(4) for name in THEMES]
    figures.append(figure("theme change to new pixels", themes, aim=100))
    reader.close()
    return figures


class _Reader:
    """Someone at the window."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._window = session.window
        self._window.resize(1280, 800)
        session.start()
        rest(2.0)

    @property
    def section(self) -> int:
        """The number of the chapter that is shown."""
        where = self._window.reader.where
        return where.chapter_index if where is not None and where.chapter_index is not None else -1

    def open(self, book_id: UUID) -> float:
        """Open a book from the shelf; returns the milliseconds until its page was painted."""
        self._window.show_library()
        rest(0.4)
        painted: list[bool] = []
        self._window.book_shown.connect(lambda: painted.append(True))
        self._window.open_book(book_id)
        taken = until(lambda: painted)
        rest(0.3)
        return taken

    def turn(self) -> float:
        """Turn a page; returns the milliseconds until other pixels are there."""
        return self._until_changed(lambda: self._window.reader.do("forward"))

    def use_theme(self, name: str) -> float:
        """Read in another theme; returns the milliseconds until the page is drawn in it."""
        theme = self._session.library.looks.named(name)
        taken = self._until_changed(lambda: self._session.appearance.use(theme))
        rest(0.3)
        return taken

    def close(self) -> None:
        """Go home."""
        self._window.close()
        self._session.close()

    def _until_changed(self, act: Callable[[], object]) -> float:
        before = self._picture()
        act()
        return until(lambda: self._picture() != before, every=1)

    def _picture(self) -> QImage:
        surface = self._window.reader.surface
        assert surface is not None
        return surface.picture().toImage()
