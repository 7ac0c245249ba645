"""The one way in for what readers drop on the window: books and folders, calibre libraries, files of clippings."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.errors import AlexandriaError, Code, ReaderError
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.elsewhere.calibre import Described, best_of, described, files_of
from alexandria_desktop.library.elsewhere.clippings import Clippings, ClippingsReport, holds_clippings
from alexandria_desktop.library.elsewhere.looking import is_calibre_library
from alexandria_desktop.library.importing import Outcome, Progress, Report, Status, files_in
from alexandria_desktop.store import books, identity

if TYPE_CHECKING:
    from alexandria_desktop.library.library import Library

COPIES = "known_copies"
"""Under this name this device keeps the files that hold what is in the library already."""
MOST_COPIES = 20_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of all that was brought in."""

    outcomes: tuple[Outcome, ...] = ()
    clippings: ClippingsReport | None = None
    """Where a file of clippings was among it, or clippings of earlier waited for the books."""


class Bringing:
    """Sorts out what is brought in, and has each kind taken in as it needs."""

    def __init__(self, core: Core, library: Library) -> None:
        self._core = core
        self._library = library
        self.clippings = Clippings(core, library.notes)

    def bring_in(
        self, paths: Sequence[Path], *, report: Report | None = None, cancel: threading.Event | None = None
    ) -> Brought:
        """Bring in files and folders; see ``Library.import_paths`` for ``report`` and ``cancel``."""
        clippings = [path for path in paths if holds_clippings(path)]
        files, known = self._sorted_out([path for path in paths if path not in clippings])
        outcomes = self._books(files, known, report, cancel) if files else []
        told = self.clippings.bring_in(clippings) if clippings else self._waiting(outcomes)
        return Brought(tuple(outcomes), told)

    def _sorted_out(self, paths: Sequence[Path]) -> tuple[list[Path], dict[Path, Described]]:
        files: list[Path] = []
        known: dict[Path, Described] = {}
        for path in paths:
            if path.is_dir() and is_calibre_library(path):
                of_it = {one.path: one for one in files_of(path)}
                if not of_it:
                    raise ReaderError(Code.IMPORT_EMPTY, "This calibre library has no book that can be read here.")
                known |= of_it
                files += of_it
            else:
                files.append(path)
        listed = list(dict.fromkeys(files_in(files)))
        known |= self._lying_in_calibre([path for path in listed if path not in known])
        chosen = frozenset(best_of(known.values()))
        # Of a book that calibre has in several formats one file is enough, unless the reader named the others.
        named = frozenset(paths)
        return [path for path in listed if path not in known or path in chosen or path in named], known

    def _lying_in_calibre(self, files: Sequence[Path]) -> dict[Path, Described]:
        """Also a file by itself may be calibre's, as where an import that was cut off goes on."""
        try:
            return described([path for path in files if path.is_file()])
        except AlexandriaError as error:
            _log.info("calibre's word on its files was not read: %s %s", error.code, error.detail)
            return {}

    def _books(
        self,
        files: Sequence[Path],
        known: dict[Path, Described],
        report: Report | None,
        cancel: threading.Event | None,
    ) -> list[Outcome]:
        before = self._on_the_shelf() if known else frozenset()

        def told(progress: Progress) -> None:
            outcome = progress.outcome
            said = known.get(outcome.path)
            is_new = outcome.status is Status.IMPORTED and outcome.book_id not in before
            if said is not None and is_new and outcome.book_id is not None:
                self._describe(outcome.book_id, said)
            if report is not None:
                report(progress)

        outcomes = self._library.import_paths(files, report=told, cancel=cancel)
        self._remember_copies([one.path for one in outcomes if one.status is Status.DUPLICATE])
        return outcomes

    def _remember_copies(self, paths: Sequence[Path]) -> None:
        """Remember copies of what is here, so that a look around does not offer them for ever."""
        if not paths:
            return
        with self._core.reading() as connection:
            known = known_copies(connection)
        kept = sorted(known | {str(path.absolute()) for path in paths})[-MOST_COPIES:]
        self._core.write(lambda unit: identity.remember(unit.connection, COPIES, kept))

    def _on_the_shelf(self) -> frozenset[UUID]:
        rows = [*self._library.shelf.books(), *self._library.shelf.removed()]
        return frozenset(row.id for row in rows)

    def _describe(self, book_id: UUID, said: Described) -> None:
        user = self._core.identity.user_id
        with self._core.reading() as connection:
            own = books.get_book(connection, user, book_id)
        tags = tuple(dict.fromkeys([*own.tags, *said.book.tags]))
        self._core.write(books.update_metadata, book_id, said.over(own.metadata), tags=tags, genre=own.genre)
        if said.book.rating is not None:
            self._core.write(books.rate, user, book_id, said.book.rating)

    def _waiting(self, outcomes: Sequence[Outcome]) -> ClippingsReport | None:
        """Put clippings that waited for a book on it, once it is here."""
        arrived = [one.book_id for one in outcomes if one.status is Status.IMPORTED and one.book_id is not None]
        return self.clippings.place_waiting() if arrived and self.clippings.has_waiting() else None


def known_copies(connection: Connection) -> frozenset[str]:
    """Return the files on this computer that are known to be copies of books in the library."""
    kept = identity.recall(connection, COPIES)
    return frozenset(one for one in kept if isinstance(one, str)) if isinstance(kept, list) else frozenset()
