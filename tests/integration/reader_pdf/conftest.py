"""A library with a PDF in it, and the surface that shows it, in a window of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pymupdf
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.reading import BookFile
from alexandria_desktop.pdf.model import Rect
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.reader.pdf_surface import PdfSurface
from alexandria_desktop.ui.reader.surface import FindState, Selection, Where
from alexandria_desktop.ui.tasks import Tasks
from sync.places.locator import Locator

PAGES = 12
LINES = 24
PATIENCE = 20_000


def line_of(page: int, line: int) -> str:
    return f"Page {page} line {line} tells of whales and of ships."


def make_sample(path: Path) -> Path:
    """Write twelve pages of twenty-four lines with contents, printed numbers and two links on the first page."""
    document = pymupdf.open()
    for number in range(PAGES):
        page = document.new_page(width=400, height=600)
        for line in range(LINES):
            page.insert_text((50, 60 + 22 * line), line_of(number, line), fontsize=12)
    inside = {"kind": pymupdf.LINK_GOTO, "from": pymupdf.Rect(300, 20, 390, 40), "page": 7, "to": pymupdf.Point(0, 300)}
    document[0].insert_link(inside)
    document[0].insert_link(
        {"kind": pymupdf.LINK_URI, "from": pymupdf.Rect(200, 20, 290, 40), "uri": "https://example.org/"}
    )
    document.set_toc([[1, "The beginning", 1], [1, "The middle", 6], [2, "Half way down", 6, 300], [1, "The end", 11]])
    document.set_page_labels(
        [
            {"startpage": 0, "prefix": "", "style": "r", "firstpagenum": 1},
            {"startpage": 2, "prefix": "", "style": "D", "firstpagenum": 1},
        ]
    )
    document.save(path)
    document.close()
    return path


class Nobody:
    """A way to other screens where there are none; it remembers what was reported."""

    def __init__(self) -> None:
        self.reported: list[AlexandriaError] = []

    def open_book(self, book_id: UUID, locator: Locator | None = None) -> None: ...

    def show_library(self) -> None: ...

    def import_files(self, paths: list[str]) -> None: ...

    def choose_files(self) -> None: ...

    def show_finder(self, words: str = "", book_id: UUID | None = None) -> None: ...

    def say(self, sentence: str, undo: Callable[[], None] | None = None) -> None: ...

    def report(self, error: AlexandriaError) -> None:
        self.reported.append(error)


class Reader:
    """A surface in a window, with what it told."""

    def __init__(self, bot: QtBot, context: Context, file: BookFile, size: tuple[int, int] = (640, 480)) -> None:
        self.bot = bot
        self.context = context
        self.surface = PdfSurface(context, file)
        self.view = self.surface._view
        self.painted = 0
        self.moves: list[Where] = []
        self.selections: list[Selection | None] = []
        self.finds: list[FindState] = []
        self.failures: list[AlexandriaError] = []
        self.surface.painted.connect(self._on_painted)
        self.surface.moved.connect(self.moves.append)
        self.surface.selected.connect(self.selections.append)
        self.surface.found.connect(self.finds.append)
        self.surface.failed.connect(self.failures.append)
        self.window = QMainWindow()
        self.window.setCentralWidget(self.surface)
        self.window.resize(*size)
        bot.addWidget(self.window)
        self.window.show()

    def _on_painted(self) -> None:
        self.painted += 1

    def start(self, locator: Locator | None = None, *, light: bool = False) -> Reader:
        self.surface.start(locator, light=light)
        self.until(lambda: self.painted == 1)
        return self

    def until(self, condition: Callable[[], bool]) -> None:
        self.bot.waitUntil(condition, timeout=PATIENCE)

    def know_words(self, page: int) -> None:
        """Wait until the words and links of a page are known."""
        pdf = self.surface._pdf
        assert pdf is not None
        self.until(lambda: pdf.words.known(page) is not None and pdf._links.known(page) is not None)

    def point_of(self, page: int, word: int, along: float = 0.5) -> QPointF:
        """Return where a word of a page is on the screen."""
        pdf = self.surface._pdf
        assert pdf is not None
        words = pdf.words.known(page)
        assert words is not None
        x0, y0, x1, y1 = words.words[word].rect
        return self.point(page, (x0 + (x1 - x0) * along, y0, x0 + (x1 - x0) * along, y1))

    def point(self, page: int, rect: Rect) -> QPointF:
        box = self.view.rect_on_screen(page, rect)
        assert box is not None
        return box.center()

    def place(self) -> Locator:
        make = self.surface.place()
        assert make is not None
        return make()

    def selected(self) -> Locator:
        got: list[Locator] = []
        self.surface.with_selection(got.append)
        self.until(lambda: bool(got))
        return got[0]

    def close(self) -> None:
        self.surface.close_book()


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("library")
    opened = Library.open(folder / "library")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def file(library: Library, tmp_path_factory: pytest.TempPathFactory) -> BookFile:
    """The sample, imported as a reader would."""
    outcome = library.import_paths([make_sample(tmp_path_factory.mktemp("files") / "whales.pdf")])[0]
    assert outcome.book_id is not None, outcome
    return library.reading.file_of(outcome.book_id)


@pytest.fixture
def other(file: BookFile) -> Callable[[Path], BookFile]:
    """Return a way to show any PDF in the sample's stead."""
    return lambda path: replace(file, path=path, edition="another")


@pytest.fixture
def context(library: Library, qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    monkeypatch.setenv("ALEXANDRIA_REDUCED_MOTION", "1")
    tasks = Tasks()
    yield Context(library, tasks, Appearance(), Nobody())
    tasks.wait()


@pytest.fixture
def open_reader(qtbot: QtBot, context: Context) -> Iterator[Callable[..., Reader]]:
    opened: list[Reader] = []

    def make(file: BookFile, size: tuple[int, int] = (640, 480)) -> Reader:
        opened.append(Reader(qtbot, context, file, size))
        return opened[-1]

    yield make
    for reader in opened:
        reader.close()


@pytest.fixture
def reader(open_reader: Callable[..., Reader], file: BookFile) -> Reader:
    """The sample on its first page."""
    return open_reader(file).start()
