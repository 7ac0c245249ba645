"""The reader's books: listed, described, removed and brought back, gathered in collections."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Metadata
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.covers import cover_file
from alexandria_desktop.store import books, collections, shelf, text_index
from alexandria_desktop.store.book_rows import BookDetails, BookRow, Order
from alexandria_desktop.store.collections import Collection
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.text.words import cjk_bigrams, has_cjk


class Shelf:
    """What the library screen talks to."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def books(
        self,
        *,
        order: Order = Order.TITLE,
        descending: bool = False,
        collection: UUID | None = None,
        limit: int | None = None,
    ) -> list[BookRow]:
        """Return the books on the shelf, sorted; with ``limit`` only the first of them."""
        with self._core.reading() as connection:
            return shelf.list_rows(
                connection,
                self._core.identity.user_id,
                order=order,
                descending=descending,
                collection=collection,
                limit=limit,
            )

    def removed(self) -> list[BookRow]:
        """Return what was taken off the shelf and can be brought back."""
        with self._core.reading() as connection:
            return shelf.list_rows(connection, self._core.identity.user_id, removed=True)

    def recent(self, limit: int = 6) -> list[BookRow]:
        """Return the books opened last."""
        with self._core.reading() as connection:
            return shelf.recent_rows(connection, self._core.identity.user_id, limit=limit)

    def details(self, book_id: UUID) -> BookDetails:
        """Return everything about a book; raises ReaderError(book.unknown)."""
        with self._core.reading() as connection:
            return books.get_book(connection, self._core.identity.user_id, book_id)

    def resolve(self, named: str) -> UUID:
        """Return the one book that an id or a part of a title names; raises book.unknown or book.ambiguous."""
        user = self._core.identity.user_id
        with self._core.reading() as connection:
            try:
                return books.get_book(connection, user, UUID(named)).id
            except (ValueError, ReaderError):
                found = books.find_books(connection, user, named)
            exact = [one for one in found if books.get_book(connection, user, one).row.title.lower() == named.lower()]
        if len(exact) == 1:
            return exact[0]
        if len(found) == 1:
            return found[0]
        if not found:
            raise ReaderError(Code.BOOK_UNKNOWN, f"No book in the library is called “{named}”.")
        raise ReaderError(
            Code.BOOK_AMBIGUOUS, f"{len(found)} books match “{named}”; more of the title tells them apart."
        )

    def titled(self, title: str, author: str) -> UUID | None:
        """Return the one book on the shelf of exactly this title and author."""
        with self._core.reading() as connection:
            return books.find_titled(connection, self._core.identity.user_id, title, author)

    def cover(self, row: BookRow) -> Path | None:
        """Return the file of a book's cover, or None for a book without one."""
        if row.cover is None:
            return None
        file = cover_file(self._core.paths.covers, row.cover)
        return file if file.exists() else None

    def update(
        self, book_id: UUID, metadata: Metadata, *, tags: Sequence[str] | None = None, genre: str | None = None
    ) -> None:
        """Keep what the reader says of a book; the file itself is never written to."""
        self._core.write(books.update_metadata, book_id, metadata, tags=tags, genre=genre)
        self.refresh_words()

    def rename(self, book_id: UUID, *, title: str, authors: Sequence[str]) -> None:
        """Change a book's title and authors only."""
        known = self.details(book_id)
        changed = dataclasses.replace(known.metadata, title=title, authors=tuple(authors))
        self.update(book_id, changed, tags=known.tags, genre=known.genre)

    def rate(self, book_id: UUID, rating: int | None) -> None:
        """Give a book one to five stars, or none."""
        self._core.write(books.rate, self._core.identity.user_id, book_id, rating)

    def remove(self, book_ids: Sequence[UUID]) -> None:
        """Take books off the shelf; their files, notes and positions stay."""
        self._core.write(_each, books.remove_book, self._core.identity.user_id, book_ids)
        self.refresh_words()

    def bring_back(self, book_ids: Sequence[UUID]) -> None:
        """Undo a removal."""
        self._core.write(_each, books.bring_back, self._core.identity.user_id, book_ids)
        self.refresh_words()

    def collections(self) -> list[Collection]:
        """Return the reader's collections."""
        with self._core.reading() as connection:
            return collections.list_collections(connection, self._core.identity.user_id)

    def collections_of(self, book_id: UUID) -> frozenset[UUID]:
        """Return the collections that hold a book."""
        with self._core.reading() as connection:
            return collections.collections_of(connection, self._core.identity.user_id, book_id)

    def make_collection(self, name: str) -> UUID:
        """Begin a collection."""
        return self._core.write(collections.make_collection, self._core.identity.user_id, name)

    def rename_collection(self, collection_id: UUID, name: str) -> None:
        """Give a collection another name."""
        self._core.write(collections.rename_collection, collection_id, name)

    def remove_collection(self, collection_id: UUID) -> None:
        """Remove a collection; its books stay on the shelf."""
        self._core.write(collections.remove_collection, collection_id)

    def bring_back_collection(self, collection_id: UUID) -> None:
        """Undo the removal of a collection."""
        self._core.write(collections.bring_back_collection, collection_id)

    def put_in(self, collection_id: UUID, book_ids: Sequence[UUID]) -> None:
        """Put books in a collection."""
        user = self._core.identity.user_id

        def write(unit: UnitOfWork) -> None:
            for book in book_ids:
                collections.put_in(unit, user, collection_id, book)

        self._core.write(write)

    def take_out(self, collection_id: UUID, book_ids: Sequence[UUID]) -> None:
        """Take books out of a collection."""

        def write(unit: UnitOfWork) -> None:
            for book in book_ids:
                collections.take_out(unit, collection_id, book)

        self._core.write(write)

    def refresh_words(self) -> None:
        """Bring the index of titles and notes up to what the library says."""
        text_index.refresh(self._core.database, self._core.identity.user_id, segment_words)


def segment_words(text: str) -> str:
    """Return text for the index of titles and notes: Chinese and the like also as pairs of characters."""
    return f"{text} {cjk_bigrams(text)}" if has_cjk(text) else text


def _each(
    unit: UnitOfWork, verb: Callable[[UnitOfWork, UUID, UUID], object], user_id: UUID, book_ids: Sequence[UUID]
) -> None:
    for book_id in book_ids:
        verb(unit, user_id, book_id)
