"""What can be done with books on a shelf: each is written by a task, and told with a way to undo it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from alexandria_desktop.library.shelf import Shelf
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.collections import Collection
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.details_dialog import DetailsDialog

NEW_COLLECTION = "New collection"


class BookActions(QObject):
    """The verbs of the shelf."""

    collection_begun = Signal(object)
    """(UUID): a collection was made, and wants a name."""

    def __init__(self, context: Context, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window

    @property
    def _shelf(self) -> Shelf:
        return self._context.library.shelf

    def open(self, book: UUID) -> None:
        """Open a book where the reader was."""
        self._context.navigator.open_book(book)

    def edit(self, book: UUID) -> DetailsDialog:
        """Show everything about a book, to be changed."""
        dialog = DetailsDialog(self._context, book, self._window)
        dialog.open()
        return dialog

    def remove(self, books: Sequence[BookRow]) -> None:
        """Take books off the shelf; Undo brings them back."""
        ids = [book.id for book in books]
        if not ids:
            return
        what = f"“{books[0].title}”" if len(books) == 1 else f"{len(books):,} books"
        kept = "Its notes are kept." if len(books) == 1 else "Their notes are kept."
        self._write(lambda: self._shelf.remove(ids), f"Removed {what}. {kept}", lambda: self._shelf.bring_back(ids))

    def bring_back(self, books: Sequence[BookRow]) -> None:
        """Put removed books on the shelf again."""
        ids = [book.id for book in books]
        words = f"“{books[0].title}” is back." if len(books) == 1 else f"{len(books):,} books are back."
        self._write(lambda: self._shelf.bring_back(ids), words, lambda: self._shelf.remove(ids))

    def fetch(self, books: Sequence[BookRow]) -> None:
        """Bring the files of books here that are elsewhere."""
        self._context.navigator.fetch_files([book.id for book in books if not book.is_here])

    def give_back(self, books: Sequence[BookRow]) -> None:
        """Take the files of books off this computer, if the server has them; Undo fetches them again."""
        here = [book.id for book in books if book.is_here]
        what = f"The file of “{books[0].title}” is" if len(here) == 1 else f"The files of {len(here):,} books are"
        library, navigator = self._context.library, self._context.navigator

        def done(_: int) -> None:
            navigator.say(f"{what} off this computer.", undo=lambda: navigator.fetch_files(here))

        self._context.tasks.run(lambda: library.files.give_back(here), done, navigator.report)

    def keep_here(self, collection: Collection, *, always: bool) -> None:
        """Say whether the files of a collection are always on this computer."""
        library, navigator = self._context.library, self._context.navigator

        def work() -> None:
            library.files.keep_here(collection.id, always=always)

        def done(_: None) -> None:
            kept = "are always kept on this computer" if always else "are fetched when they are wanted"
            navigator.say(f"The files of “{collection.name}” {kept}.")
            if always:
                navigator.do("sync")

        self._context.tasks.run(work, done, navigator.report)

    def rate(self, books: Sequence[BookRow], rating: int | None) -> None:
        """Give books one to five stars, or none."""
        before = [(book.id, book.rating) for book in books]
        words = f"Rated {rating} of 5 stars." if rating else "Rating taken away."

        def write(ratings: Sequence[tuple[UUID, int | None]]) -> None:
            for book, stars in ratings:
                self._shelf.rate(book, stars)

        self._write(lambda: write([(book, rating) for book, _ in before]), words, lambda: write(before))

    def put_in(self, collection: Collection, books: Sequence[UUID]) -> None:
        """Put books in a collection; Undo takes out those that were not in it before."""

        def work() -> list[UUID]:
            inside = {row.id for row in self._shelf.books(collection=collection.id)}
            fresh = [book for book in books if book not in inside]
            self._shelf.put_in(collection.id, fresh)
            return fresh

        def done(fresh: list[UUID]) -> None:
            number = f"{len(fresh):,} {'book' if len(fresh) == 1 else 'books'}"
            if fresh:
                self._say(f"Put {number} in “{collection.name}”.", lambda: self._shelf.take_out(collection.id, fresh))
            else:
                self._context.navigator.say(f"“{collection.name}” has them already.")

        self._context.tasks.run(work, done, self._context.navigator.report)

    def take_out(self, collection: UUID, name: str, books: Sequence[BookRow]) -> None:
        """Take books out of a collection; they stay in the library."""
        ids = [book.id for book in books]
        number = f"{len(ids):,} {'book' if len(ids) == 1 else 'books'}"
        self._write(
            lambda: self._shelf.take_out(collection, ids),
            f"Took {number} out of “{name}”.",
            lambda: self._shelf.put_in(collection, ids),
        )

    def begin_collection(self, books: Sequence[UUID] = ()) -> None:
        """Begin a collection, with books in it if there are any; ``collection_begun`` tells when it can be named."""

        def work() -> UUID:
            made = self._shelf.make_collection(NEW_COLLECTION)
            if books:
                self._shelf.put_in(made, books)
            return made

        self._context.tasks.run(work, self.collection_begun.emit, self._context.navigator.report)

    def rename_collection(self, collection: UUID, name: str) -> None:
        """Give a collection another name."""
        self._context.tasks.run(
            lambda: self._shelf.rename_collection(collection, name), None, self._context.navigator.report
        )

    def remove_collection(self, collection: Collection) -> None:
        """Remove a collection; Undo brings it back with what was in it."""
        self._write(
            lambda: self._shelf.remove_collection(collection.id),
            f"Removed “{collection.name}”. Its books stay in the library.",
            lambda: self._shelf.bring_back_collection(collection.id),
        )

    def _write(self, work: Callable[[], object], words: str, undo: Callable[[], object]) -> None:
        self._context.tasks.run(work, lambda _: self._say(words, undo), self._context.navigator.report)

    def _say(self, words: str, undo: Callable[[], object]) -> None:
        context = self._context
        context.navigator.say(words, undo=lambda: _run(context, undo))


def _run(context: Context, undo: Callable[[], object]) -> None:
    context.tasks.run(undo, None, context.navigator.report)
