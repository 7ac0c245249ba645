"""Search over the library, and the index behind it kept whole."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.embed.embedder import Embedder
from alexandria_desktop.index.indexer import Indexer
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.prepare import Prepared, embedder
from alexandria_desktop.library.reading import ReadingRoom
from alexandria_desktop.library.shelf import segment_words
from alexandria_desktop.search.finder import BookFacts, Finder, Hit, Mode
from alexandria_desktop.store import notes, passages, shelf, text_index
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.notes import Note
from alexandria_desktop.store.vectors.choose import choose_vector_store
from alexandria_desktop.store.vectors.protocol import Floats, Space
from alexandria_desktop.text.canonical import TEXT_VERSION

Finish = Callable[[UUID, Path, str], None]
"""Reads a book's file and indexes it."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, by kind."""

    books: tuple[BookRow, ...]
    passages: tuple[Hit, ...]
    notes: tuple[Note, ...]


@cache
def fine_model() -> Embedder | None:
    """Return this process's finer model, which reads few texts; None where it is not installed."""
    from alexandria_desktop.embed.minilm import MiniLmEmbedder, minilm_is_here

    return MiniLmEmbedder() if minilm_is_here() else None


class Finding:
    """One search over titles, text and notes."""

    def __init__(self, core: Core, *, vectors: str = "auto") -> None:
        self._core = core
        self._space = Space("wordllama-l2-supercat-256", 256)
        self.store = choose_vector_store(core.paths, vectors)
        self._indexer = Indexer(self.store, self._space)
        self._facts: dict[UUID, BookFacts] | None = None
        self._rows: dict[UUID, BookRow] = {}
        self._lock = threading.Lock()
        self._finder: Finder | None = None
        self._ensured = False
        core.subscribe(self._on_changes)

    def search(self, words: str, *, mode: Mode = Mode.ALL, book: UUID | None = None, limit: int = 20) -> list[Hit]:
        """Return passages, best first."""
        self._ensure()
        with self._core.reading() as connection:
            facts = self._known_books(connection)
            return self._engine().find(
                connection, words, facts, mode=mode, books=None if book is None else [book], limit=limit
            )

    def everything(self, words: str, *, limit: int = 20) -> Found:
        """Return books, passages and notes for what was typed."""
        hits = self.search(words, limit=limit)
        with self._core.reading() as connection:
            self._known_books(connection)
            titles = [self._rows[one] for one in self._engine().find_titles(connection, words) if one in self._rows]
            found = [notes.get_note(connection, one) for one in self._engine().find_notes(connection, words)]
        return Found(tuple(titles), tuple(hits), tuple(found))

    def titles(self, words: str, *, limit: int = 8) -> list[BookRow]:
        """Return books by title, author or series, while somebody types."""
        with self._core.reading() as connection:
            self._known_books(connection)
            found = self._engine().find_titles(connection, words, limit=limit)
            return [self._rows[one] for one in found if one in self._rows]

    def vectors_of(self, ids: Sequence[int]) -> Floats:
        """Return the unit vectors of passages, shape (n, dimension); zeros for one that has none."""
        self._ensure()
        with self._core.reading() as connection:
            return self.store.vectors(connection, self._space, ids)

    def title_of(self, book_id: UUID) -> str | None:
        """Return a book's title as it was last read; never waits for the database."""
        row = self._rows.get(book_id)
        return row.title if row is not None else None

    def put(self, book_id: UUID, prepared: Prepared) -> Future[None]:
        """Index a book in the background."""
        self._ensure()
        now = self._core.database.clock()
        return self._core.database.index.submit(self._indexer.put, book_id, prepared.index, now)

    def after_import(self) -> None:
        """Do what follows an import: titles, upkeep of the vectors, forgetting what left the shelf."""
        self._ensure()
        text_index.refresh(self._core.database, self._core.identity.user_id, segment_words)
        self.forget_removed()
        self._core.database.index.submit(self._indexer.tend).result()

    def forget_removed(self) -> None:
        """Take books that left the shelf out of the index."""
        with self._core.reading() as connection:
            gone = passages.books_to_forget(connection, self._core.identity.user_id)
        for book_id in gone:
            self._core.database.index.submit(self._indexer.remove, book_id).result()

    def missing(self) -> list[UUID]:
        """Return the books whose present edition is not in the index."""
        with self._core.reading() as connection:
            return passages.books_to_index(connection, self._core.identity.user_id, text_version=TEXT_VERSION)

    def catch_up(self, room: ReadingRoom, finish: Finish, *, cancel: threading.Event | None = None) -> int:
        """Index again what is missing, the book read last first; returns how many books were."""
        done = 0
        for book_id in self.missing():
            if cancel is not None and cancel.is_set():
                break
            try:
                file = room.file_of(book_id)
                finish(book_id, file.path, file.edition)
                done += 1
            except AlexandriaError as error:
                _log.info("Not indexed: %s (%s)", book_id, error.message)
        if done:
            self.after_import()
        return done

    def _ensure(self) -> None:
        if not self._ensured:
            self._core.database.index.run(lambda connection: self.store.ensure(connection, self._space))
            self._ensured = True

    def _engine(self) -> Finder:
        if self._finder is None:
            self._finder = Finder(embedder(), self.store, self._space, fine=fine_model())
        return self._finder

    def _known_books(self, connection: Connection) -> dict[UUID, BookFacts]:
        with self._lock:
            if self._facts is None:
                rows = shelf.list_rows(connection, self._core.identity.user_id)
                self._rows = {row.id: row for row in rows}
                self._facts = {
                    row.id: BookFacts(row.title, BookFormat(row.format), row.edition or "")
                    for row in rows
                    if row.format
                }
            return self._facts

    def _on_changes(self, changes: Changes) -> None:
        if changes.touches("content_items", "books", "user_libraries"):
            with self._lock:
                self._facts = None
