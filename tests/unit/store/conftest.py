"""A library in a temporary folder, with a reader and a book in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from alexandria_desktop.base.paths import LibraryPaths
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.store import books
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.identity import ensure_identity
from tests.support.library import StillClock, metadata, new_file


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def paths(tmp_path: Path) -> LibraryPaths:
    return LibraryPaths(tmp_path / "library")


@pytest.fixture
def database(paths: LibraryPaths, clock: StillClock) -> Iterator[Database]:
    with Database.open(paths, clock=clock) as opened:
        yield opened


@pytest.fixture
def reader(database: Database) -> UUID:
    return database.write(ensure_identity).value.user_id


@pytest.fixture
def book(database: Database, reader: UUID) -> UUID:
    return database.write(books.add_book, reader, metadata(), BookFormat.EPUB, new_file("Moby-Dick")).value.id
