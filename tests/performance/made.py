"""What is measured on: libraries made of rows, small books by the hundred, one long book; real books where they are."""

from __future__ import annotations

import hashlib
import random
import sys
from pathlib import Path
from uuid import UUID

from alexandria_desktop.book.model import BookFormat, Metadata
from alexandria_desktop.library.library import Library
from alexandria_desktop.store import books
from alexandria_desktop.store.book_rows import NewFile
from alexandria_desktop.store.identity import identity_of
from alexandria_desktop.store.unit_of_work import UnitOfWork
from tests.support.data import shared_data_or_none
from tests.support.epubs import WORDS, make_epub, prose

CHAPTERS = 12


def add_rows(root: Path, count: int) -> None:
    """Put so many books on a shelf as rows alone, without files."""
    chance = random.Random(7)

    def write(unit: UnitOfWork, user_id: UUID) -> None:
        for number in range(count):
            words = " ".join(chance.choices(WORDS, k=3)).capitalize()
            author = " ".join(chance.choices(WORDS, k=2)).title()
            edition = hashlib.sha256(f"row {number}".encode()).hexdigest()
            series = (f"The {WORDS[number % 30]} books", float(number % 9 + 1)) if number % 5 == 0 else (None, None)
            about = Metadata(f"{words} {number}", (author,), "en", series=series[0], series_index=series[1])
            books.add_book(unit, user_id, about, BookFormat.EPUB, NewFile(edition, f"books/{edition}.epub", "a", 9000))

    with Library.open(root) as library:
        database = library._core.database
        with database.reading() as connection:
            identity = identity_of(connection)
        assert identity is not None
        database.write(write, identity.user_id)


def make_small_books(folder: Path, count: int, *, first: int = 0) -> list[Path]:
    """Write so many different small EPUBs: three chapters, some 5,000 words each book."""
    made = []
    for number in range(first, first + count):
        chapters = [
            (f"Chapter {part + 1}", "".join(f"<p>{prose(number * 100 + part * 20 + one, 12)}</p>" for one in range(12)))
            for part in range(3)
        ]
        path = folder / f"small-{number:05}.epub"
        made.append(make_epub(path, chapters, title=f"Small book {number}", identifier=f"urn:made:{number}"))
    return made


def longest_book(folder: Path) -> Path:
    """Return the longest real book there is, else a made one of some 600,000 words."""
    real = real_books()
    if real:
        return max(real, key=lambda path: path.stat().st_size if "pepys" in path.name else 0)
    chapters = [
        (f"Chapter {part + 1}", "".join(f"<p>{prose(part * 500 + one, 12)}</p>" for one in range(140)))
        for part in range(30)
    ]
    return make_epub(folder / "long.epub", chapters, title="The longest made book", identifier="urn:made:long")


def book_of_short_sections(folder: Path) -> Path:
    """Return a book in which a turn often crosses into the next section."""
    chapters = [
        (f"Chapter {part + 1}", "".join(f"<p>{prose(90_000 + part * 50 + one, 12)}</p>" for one in range(16)))
        for part in range(40)
    ]
    return make_epub(folder / "short-sections.epub", chapters, title="Short sections", identifier="urn:made:short")


def real_books() -> list[Path]:
    """Return the real EPUBs of the shared set, or none where it is absent."""
    data = shared_data_or_none()
    return sorted((data / "epub" / "books").glob("*.epub")) if data is not None else []


def book_id_of(library: Library, path: Path) -> UUID:
    """Import a file and return its book."""
    outcome = library.import_paths([path])[0]
    if outcome.book_id is None:
        sys.exit(f"{path.name}: {outcome.message}")
    return outcome.book_id
