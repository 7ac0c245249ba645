"""Import: files become books, several at a time; each success is kept at once, each failure is one sentence.

What is still to do is written down first, so that an import that was cut off goes on at the next start.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from alexandria_desktop.base.errors import AlexandriaError, Code, ReaderError, SurroundingsError
from alexandria_desktop.ingest.detect import SUFFIXES, fingerprint
from alexandria_desktop.library.arriving import Arrivals
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.covers import keep_cover
from alexandria_desktop.library.editions import Carried, Editions
from alexandria_desktop.library.prepare import Prepared
from alexandria_desktop.library.workers import WorkerPool
from alexandria_desktop.store import books, identity
from alexandria_desktop.store.book_rows import Added, Arrival, NewFile
from alexandria_desktop.store.unit_of_work import UnitOfWork

PENDING = "import_pending"
"""Under this name the library remembers the files of an import that is under way."""


class Status(StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    path: Path
    status: Status
    book_id: UUID | None = None
    title: str | None = None
    code: Code | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is."""

    done: int
    total: int
    outcome: Outcome


Report = Callable[[Progress], None]


class Importer:
    """Brings files into the library."""

    def __init__(
        self, core: Core, arrivals: Arrivals, editions: Editions, index: Callable[[UUID, Prepared], Future[None]]
    ) -> None:
        self._core = core
        self._arrivals = arrivals
        self._editions = editions
        self._index = index
        self._pool: WorkerPool | None = None
        self._lock = threading.Lock()

    def import_paths(
        self, paths: Sequence[Path], *, report: Report | None = None, cancel: threading.Event | None = None
    ) -> list[Outcome]:
        """Import files and folders (with all in them); returns what became of each file, in order.

        ``report`` is called on a thread of the import. Setting ``cancel`` ends it after the files in hand.
        """
        listed = list(dict.fromkeys(files_in(paths)))
        self._remember(listed)
        outcomes: dict[Path, Outcome] = {}
        pool = self._workers()
        with ThreadPoolExecutor(max_workers=pool.count, thread_name_prefix="import") as threads:
            waiting = iter(listed)
            running: dict[Future[Outcome], Path] = {}
            for path in waiting:
                running[threads.submit(self._import_one, path)] = path
                if len(running) < 2 * pool.count:
                    continue
                self._collect(running, outcomes, len(listed), report)
                if cancel is not None and cancel.is_set():
                    break
            while running:
                self._collect(running, outcomes, len(listed), report)
        for path in listed:
            outcomes.setdefault(path, Outcome(path, Status.FAILED, code=Code.IMPORT_CANCELLED, message="Not imported."))
        self._remember([])
        return [outcomes[path] for path in listed]

    def read(self, path: Path, edition: str) -> UUID:
        """Bring one file in, text and all; raises what reading it raised."""
        kept = self._keep(path, edition, self._workers().prepare(path, edition))
        assert kept.book_id is not None
        return kept.book_id

    def replace(self, book_id: UUID, path: Path) -> Carried:
        """Make a file the edition of a book that is read, whatever its title says; notes and place are carried over."""
        edition = fingerprint(path)
        with self._arrivals.turn(edition):
            prepared = self._workers().prepare(path, edition)
            carried = self._editions.take_over(
                book_id, prepared, self._arrivals.store_file(path, edition, prepared.book.format)
            )
            self._index(book_id, prepared).result()
            self._keep_cover(book_id, prepared, even_if_there_is_one=True)
        return carried

    def finish(self, book_id: UUID, path: Path, edition: str) -> None:
        """Read a book's text for the index, and its cover where it has none yet."""
        prepared = self._workers().prepare(path, edition)
        self._index(book_id, prepared).result()
        self._keep_cover(book_id, prepared)

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.close()

    def _workers(self) -> WorkerPool:
        with self._lock:
            if self._pool is None:
                self._pool = WorkerPool()
            return self._pool

    def _collect(
        self, running: dict[Future[Outcome], Path], outcomes: dict[Path, Outcome], total: int, report: Report | None
    ) -> None:
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            outcome = future.result()
            outcomes[running.pop(future)] = outcome
            if report is not None:
                report(Progress(len(outcomes), total, outcome))

    def _keep_cover(self, book_id: UUID, prepared: Prepared, *, even_if_there_is_one: bool = False) -> None:
        with self._core.reading() as connection:
            known = books.get_book(connection, self._core.identity.user_id, book_id)
        if prepared.cover is not None and (even_if_there_is_one or known.row.cover is None):
            keep_cover(self._core.paths.covers, prepared.cover)
            self._core.write(
                books.update_metadata,
                book_id,
                known.metadata,
                tags=known.tags,
                genre=known.genre,
                cover=prepared.cover.sha256,
            )

    def _import_one(self, path: Path) -> Outcome:
        try:
            return self._bring_in(path)
        except AlexandriaError as error:
            return Outcome(path, Status.FAILED, code=error.code, message=error.message)
        except OSError as error:
            known = _explain(error, path)
            return Outcome(path, Status.FAILED, code=known.code, message=known.message)

    def _bring_in(self, path: Path) -> Outcome:
        if not path.exists():
            raise ReaderError(Code.IMPORT_MISSING, "There is no such file.")
        edition = fingerprint(path)
        with self._arrivals.turn(edition):
            present = self._arrivals.find(edition)
            if present is not None:
                return self._duplicate(path, present)
            prepared = self._workers().prepare(path, edition)
            return self._keep(path, edition, prepared)

    def _duplicate(self, path: Path, book_id: UUID) -> Outcome:
        with self._core.reading() as connection:
            title = books.get_book(connection, self._core.identity.user_id, book_id).row.title
        return Outcome(path, Status.DUPLICATE, book_id, title, message="This book is already in the library.")

    def _keep(self, path: Path, edition: str, prepared: Prepared) -> Outcome:
        kept = self._arrivals.store_file(path, edition, prepared.book.format)
        if prepared.cover is not None:
            keep_cover(self._core.paths.covers, prepared.cover)
        title = prepared.book.metadata.title
        other = self._editions.same_book(prepared)
        if other is not None:
            moved = self._editions.take_over(other, prepared, kept)
            self._index(other, prepared).result()
            return Outcome(path, Status.IMPORTED, other, title, message=moved.sentence)
        added = self._core.write(self._add, prepared, kept)
        self._index(added.id, prepared).result()
        sentence = "Brought back." if added.arrival is Arrival.BROUGHT_BACK else ""
        return Outcome(path, Status.IMPORTED, added.id, title, message=sentence)

    def _add(self, unit: UnitOfWork, prepared: Prepared, kept: NewFile) -> Added:
        return books.add_book(
            unit,
            self._core.identity.user_id,
            prepared.book.metadata,
            prepared.book.format,
            kept,
            cover=prepared.cover.sha256 if prepared.cover else None,
            page_count=len(prepared.book.sections) if prepared.book.format.is_paged else None,
        )

    def _remember(self, paths: Sequence[Path]) -> None:
        listed = [str(path.absolute()) for path in paths]
        self._core.write(lambda unit: identity.remember(unit.connection, PENDING, listed))


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield files as given, and from folders those that may be books."""
    for path in paths:
        if path.is_dir():
            inside = (child for child in sorted(path.rglob("*")) if child.is_file())
            yield from (child for child in inside if _may_be_book(child))
        else:
            yield path


def _may_be_book(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts[-2:])
    return not hidden and (path.suffix.lower() in SUFFIXES or path.name.lower().endswith(".fb2.zip"))


def _explain(error: OSError, path: Path) -> AlexandriaError:
    if error.errno == errno.ENOSPC:
        return SurroundingsError(Code.STORE_FULL, "The disk is full; the file was not imported. Nothing else was lost.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return SurroundingsError(Code.IMPORT_MISSING, "The file may not be read by this account.", detail=str(path))
    return SurroundingsError(Code.IMPORT_DAMAGED, "The file cannot be read from the disk.", detail=str(error))
