"""A book that ships with the program, on the shelf: put there when it is asked for, and renewed with its notes.

The library remembers which text of it this device bound last. Where the program's own text is another, the book is
bound anew and takes the old edition's place as any corrected edition does. Nothing is put on the shelf unasked.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library


class Shipped(Protocol):
    """A book that ships with the program, before it is bound."""

    @property
    def key(self) -> str:
        """What the library calls it in what it remembers."""

    @property
    def title(self) -> str:
        """By title and author it is known where it came from another device."""

    @property
    def author(self) -> str:
        """Who wrote it."""

    def digest(self) -> str:
        """Return what changes whenever the bound book would change."""

    def bind(self, target: Path) -> Path:
        """Write the book, the same bytes for the same words."""


BOUND = "bound"
"""Under this name and the book's key the library remembers the text that was bound last, and its book."""


@dataclass(frozen=True, slots=True)
class _Bound:
    digest: str = ""
    book: UUID | None = None


def on_the_shelf(library: Library, manuscript: Shipped) -> UUID:
    """Return a shipped book with the program's own text, put on the shelf or brought back where need be."""
    bound = _bound(library, manuscript)
    known = _book(library, manuscript, bound)
    if known is not None:
        library.shelf.bring_back([known])
        # Another device may have brought the book here, and not its file.
        if bound.digest == manuscript.digest() and _has_file(library, known):
            return known
    return _bind(library, manuscript, known)


def renew(library: Library, manuscripts: Iterable[Shipped], *, but_not: UUID | None = None) -> list[UUID]:
    """Give the shipped books on the shelf the program's own text where it is newer; returns those that got it."""
    renewed = []
    for manuscript in manuscripts:
        bound = _bound(library, manuscript)
        if bound.digest == manuscript.digest():
            continue
        known = _book(library, manuscript, bound)
        if known is not None and known != but_not and not library.shelf.details(known).removed:
            renewed.append(_bind(library, manuscript, known))
    return renewed


def _bound(library: Library, manuscript: Shipped) -> _Bound:
    kept = library.recall(f"{BOUND}.{manuscript.key}")
    if not isinstance(kept, dict):
        return _Bound()
    return _Bound(str(kept.get("digest", "")), UUID(kept["book"]) if isinstance(kept.get("book"), str) else None)


def _book(library: Library, manuscript: Shipped, bound: _Bound) -> UUID | None:
    """Return the book as this device knows it, removed or not, or as another brought it to the shelf."""
    if bound.book is not None:
        try:
            return library.shelf.details(bound.book).id
        except ReaderError:
            pass  # the library is another's now, or was restored from an older copy
    return library.shelf.titled(manuscript.title, manuscript.author)


def _has_file(library: Library, book: UUID) -> bool:
    file = library.shelf.details(book).file
    return file is not None and file.path is not None and (library.paths.root / file.path).exists()


def _bind(library: Library, manuscript: Shipped, known: UUID | None) -> UUID:
    with tempfile.TemporaryDirectory(prefix="alexandria-binding-") as folder:
        file = manuscript.bind(Path(folder) / f"{manuscript.key}.epub")
        if known is not None:
            library.replace_edition(known, file)
            book = known
        else:
            outcome = library.import_paths([file])[0]
            if outcome.book_id is None:
                raise ReaderError(outcome.code or Code.PROGRAM, outcome.message)
            book = outcome.book_id
    library.remember(f"{BOUND}.{manuscript.key}", {"digest": manuscript.digest(), "book": str(book)})
    return book
