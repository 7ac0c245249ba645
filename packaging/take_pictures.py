"""Take the pictures of the guide and the README from the real window, on books made for it.

They are drawn into memory, so no screen is needed. ``--check`` takes them anew and compares; it fails where the window
looks otherwise than its pictures.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock
from uuid import UUID

from sample_books import write_sample_books
from sample_course import garden_course

if TYPE_CHECKING:
    from PIL import Image

    from alexandria_desktop.library.library import Library
    from alexandria_desktop.ui.main_window import MainWindow
    from alexandria_desktop.ui.session import Session
    from alexandria_desktop.ui.tour import Tour

PICTURES = Path(__file__).resolve().parents[1] / "resources" / "pictures"
WIDTH, HEIGHT = 1280, 800
THEMES = {"": "paper", "-dark": "night"}
GRAIN = (64, 40)
"""Pictures are compared at this size: what is left of letters is grey, so that a font's edge is no difference."""
MOST_APART = 3.0
"""Of 255: the mean difference from which on a picture is another; a panel that opens makes 10 and more."""
QUALITY = 82
SOUGHT = "waiting for the morning light"
READER, GARDENS = "Harbour Almanac", "Primer of Gardens"

READER_ID = UUID("7d6a3c1e-5b20-7f64-9c1d-2f8e4a90b6d3")
"""Whose library it is: covers made of type take their colours from the ids of books, and these from their reader's."""

HIGHLIGHTS = (
    ("A lamp does not ask who lights it", "yellow", "Her whole argument, in seven words."),
    ("A night on which nothing happens, her father used to say, is a night that somebody kept.", "green", ""),
    ("a light which waits for one ship alone is no light at all but a candle in a window", "pink",
     "And yet she waits. Compare the ending of the chapter on fog."),
)  # fmt: skip
PROGRESS = {READER: 0.04, GARDENS: 0.62, "Eleven Bridges": 0.34, "Glass Orchard": 1.0}
COLLECTIONS = {"For the train": ("Night Trains", "Slow Ship"), "Garden class": (GARDENS, "Bee-Keeper")}


@dataclass(frozen=True, slots=True)
class Shelf:
    """The library that is shown, and what in it is looked at."""

    library: Library
    novel: UUID
    garden: UUID
    course: UUID


def main(arguments: Sequence[str]) -> int:
    """Take the pictures; with ``--check`` return 1 where one is not like its file any more."""
    parser = argparse.ArgumentParser(prog="pictures", description="Take the pictures of the guide anew.")
    parser.add_argument("--out", type=Path, default=PICTURES, metavar="DIR", help="where they go (resources/pictures)")
    parser.add_argument("--check", action="store_true", help="only compare with those that are there")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="alexandria-pictures-") as name:
        passing = Path(name)
        os.environ["ALEXANDRIA_STATE"] = str(passing / "state")
        raw = take(passing)
        if options.check:
            apart = [(file.stem, how_far(file, options.out / f"{file.stem}.webp")) for file in raw]
            for stem, far in apart:
                print(f"{stem:<16} {far:5.1f}{'  looks otherwise' if far > MOST_APART else ''}")
            return 1 if any(far > MOST_APART for _, far in apart) else 0
        options.out.mkdir(parents=True, exist_ok=True)
        size = sum(_keep(file, options.out / f"{file.stem}.webp") for file in raw)
    print(f"{len(raw)} pictures in {options.out}, {size / 1024:,.0f} KB.")
    return 0


def take(folder: Path) -> list[Path]:
    """Open the window on a library of the sample books, walk through it, and return the pictures."""
    from alexandria_desktop.app import make_application
    from alexandria_desktop.library.library import Library
    from alexandria_desktop.store import identity
    from alexandria_desktop.ui.session import Session

    application = make_application()
    with mock.patch.object(identity, "uuid7", return_value=READER_ID):
        library = Library.open(folder / "library")
    session = Session(application, library)
    try:
        return _walk(session, _fill(session.library, folder), folder / "pictures")
    finally:
        session.close()


def how_far(one: Path, other: Path) -> float:
    """Return how far two pictures are from each other, 0 to 255."""
    from PIL import Image, ImageChops, ImageStat

    if not other.exists():
        return 255.0
    with Image.open(one) as first, Image.open(other) as second:
        apart = ImageChops.difference(_coarse(first), _coarse(second))
    return float(ImageStat.Stat(apart).mean[0])


def _coarse(picture: Image.Image) -> Image.Image:
    from PIL import Image

    return picture.convert("L").resize(GRAIN, Image.Resampling.BOX)


def _keep(raw: Path, target: Path) -> int:
    from PIL import Image

    with Image.open(raw) as picture:
        picture.convert("RGB").save(target, "WEBP", quality=QUALITY, method=6)
    return target.stat().st_size


def _fill(library: Library, folder: Path) -> Shelf:
    """Import the books, mark them, put them in collections, and make a course."""
    library.import_paths(write_sample_books(folder / "books"))
    shelf = library.shelf
    novel = shelf.resolve(READER)
    for quote, color, text in HIGHLIGHTS:
        library.notes.add(novel, library.notes.find_quote(novel, quote), text=text, color=color)
    for name, titles in COLLECTIONS.items():
        collection = shelf.make_collection(name)
        books = [row.id for row in shelf.books() if any(title in row.title for title in titles)]
        shelf.put_in(collection, books)
    for title, progress in PROGRESS.items():
        _read_up_to(library, shelf.resolve(title), progress)
    garden = shelf.resolve(GARDENS)
    course = library.authoring.bring_in(garden_course(library, garden))
    return Shelf(library, novel, garden, course)


def _read_up_to(library: Library, book: UUID, progress: float) -> None:
    from contextlib import closing

    from sync.places.locator import EpubTarget, Locator

    with closing(library.reading.open(book)) as opened:
        place = opened.at_progression(progress)
        href = opened.book.sections[place.section].href
    library.reading.mark_opened(book)
    library.reading.save_position(book, Locator(EpubTarget(href, place.offset, place.offset), progression=progress))


def _walk(session: Session, shelf: Shelf, folder: Path) -> list[Path]:
    """Go from stop to stop; each leaves a picture by day and one by night."""
    from alexandria_desktop.ui.tour import Tour

    tour = Tour(session, folder)
    tour.start(width=WIDTH, height=HEIGHT)
    pictures = []
    for name, show in _stops(session.window, tour, shelf).items():
        show()
        for suffix, theme in THEMES.items():
            with tour.theme(theme):
                pictures.append(tour.picture(f"{name}{suffix}"))
    return pictures


def _stops(window: MainWindow, tour: Tour, shelf: Shelf) -> dict[str, Callable[[], None]]:
    """Return what brings each screen up, by the picture's name; some begin on the screen before them."""
    document = shelf.library.courses.document(shelf.course)

    def read() -> None:
        shown: list[bool] = []
        window.book_shown.connect(lambda: shown.append(True))
        window.open_book(shelf.novel)
        tour.wait(lambda: shown and window.reader.notes_panel.model.rowCount() > 0)

    def notes() -> None:
        read()
        window.reader.do("notes")

    def look() -> None:
        window.reader.do("notes")
        window.reader.do("look")

    def build() -> None:
        window.build_course(shelf.course)
        builder = window.courses.builder
        tour.wait(lambda: builder.tree.count() > 0 and builder.book.books.count() > 0)
        builder.tree.go_to_lesson(document.lessons[0].id)
        builder.book.show_book(shelf.garden)

    def question() -> None:
        quiz = window.courses.screen.quiz
        window.courses.screen.open_assessment(document.assessments[0].id)
        tour.wait(lambda: quiz.sitting is not None or quiz.intro.begin.isEnabled())
        quiz.start()
        tour.wait(lambda: quiz.sitting is not None)

    def lesson() -> None:
        window.take_course(shelf.course)
        tour.wait(lambda: window.courses.screen.page.go.isVisible())
        window.courses.screen.open_lesson(document.lessons[0].id)

    def find() -> None:
        window.show_library()
        window.help.hide_keys()
        window.show_finder(SOUGHT)

    def keys() -> None:
        window.show_library()
        window.do("shortcuts")

    return {
        "library": window.show_library,
        "reader": notes,
        "look": look,
        "builder": build,
        "lesson": lesson,
        "question": question,
        "keys": keys,
        "finder": find,
    }


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.exit(main(sys.argv[1:]))
