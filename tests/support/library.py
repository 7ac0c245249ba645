"""Things that tests of the store need: a clock that stands still, books and places."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

from alexandria_desktop.book.model import Metadata, Passage
from alexandria_desktop.store import passages
from alexandria_desktop.store.book_rows import NewFile
from alexandria_desktop.store.database import Database
from sync.places.locator import EpubTarget, Locator, Quote


class StillClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


def edition(name: str) -> str:
    """Return what could be the SHA-256 of a file of this name."""
    return hashlib.sha256(name.encode()).hexdigest()


def new_file(name: str) -> NewFile:
    sha = edition(name)
    return NewFile(sha, f"books/{sha}.epub", f"{name}.epub", 1000, f"/elsewhere/{name}.epub")


def metadata(
    title: str = "Moby-Dick", *authors: str, series: str | None = None, index: float | None = None
) -> Metadata:
    return Metadata(title, authors or ("Herman Melville",), "en", series=series, series_index=index)


def place(edition_name: str, start: int = 0, *, progression: float = 0.0, exact: str = "Call me Ishmael") -> Locator:
    target = EpubTarget("text/chapter-1.xhtml", start, start + len(exact))
    return Locator(target, Quote(exact, "", ". Some years ago"), progression, edition(edition_name))


def pairs(text: str) -> str:
    """Stand in for the real cutter: every two letters a word."""
    return " ".join(text[at : at + 2] for at in range(len(text) - 1))


def make(*texts: str) -> list[Passage]:
    return [Passage(0, number * 100, number * 100 + 50, text, "Loomings") for number, text in enumerate(texts)]


def put(database: Database, book: UUID, *texts: str, language: str = "en", name: str = "Moby-Dick") -> range:
    return database.index.run(
        passages.replace_book,
        book,
        make(*texts),
        edition=edition(name),
        text_version=1,
        language=language,
        chapters=["I"] * len(texts),
        segment=pairs,
        now=datetime(2026, 3, 1, tzinfo=UTC),
    )
