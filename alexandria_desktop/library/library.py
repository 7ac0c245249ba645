"""The library: everything that the window and the command line talk to.

Its parts are made when they are first asked for: a window that shows a page needs neither the search nor the import,
and their libraries take a quarter of a second to load.
"""

from __future__ import annotations

import logging
import platform
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from alexandria_desktop.base.clock import Clock, utc_now
from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.base.paths import LibraryPaths, default_library
from alexandria_desktop.library.core import Core, Listener
from alexandria_desktop.library.shelf import Shelf
from alexandria_desktop.store import file_wishes, preferences
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.files import known_sources
from alexandria_desktop.store.identity import ensure_identity, has_home, identity_of, recall, remember
from alexandria_desktop.store.notes import needing_placement
from alexandria_desktop.store.passages import books_to_index
from alexandria_desktop.text.canonical import TEXT_VERSION

if TYPE_CHECKING:
    from alexandria_desktop.library.arriving import Arrivals
    from alexandria_desktop.library.attempting import Attempts
    from alexandria_desktop.library.authoring import Authoring
    from alexandria_desktop.library.book_files import BookFiles, Carried
    from alexandria_desktop.library.care import Care
    from alexandria_desktop.library.compiling import Compiling
    from alexandria_desktop.library.course_packs import CoursePacks
    from alexandria_desktop.library.course_versions import Versions
    from alexandria_desktop.library.courses import Courses
    from alexandria_desktop.library.elsewhere.bringing import Bringing, Brought
    from alexandria_desktop.library.elsewhere.looking import Found
    from alexandria_desktop.library.finding import Finding
    from alexandria_desktop.library.importing import Importer, Outcome, Report
    from alexandria_desktop.library.joining import Joining
    from alexandria_desktop.library.layers import Layer, Layers
    from alexandria_desktop.library.learning import Learning
    from alexandria_desktop.library.looks import Looks
    from alexandria_desktop.library.material import Material
    from alexandria_desktop.library.noting import Notebook
    from alexandria_desktop.library.reading import ReadingRoom
    from alexandria_desktop.library.syncing import Syncing
    from alexandria_desktop.library.teaching import Teaching
    from alexandria_desktop.library.vector_packs import VectorPacks
    from alexandria_desktop.store.integrity import Check

_log = logging.getLogger(__name__)


class Library:
    """An open library; close it when done."""

    def __init__(self, core: Core, *, vectors: str = "auto") -> None:
        self._core = core
        self._vectors = vectors
        self._making = threading.RLock()
        self.shelf = Shelf(core)

    @cached_property
    def reading(self) -> ReadingRoom:
        """Opens books and remembers where the reader is."""
        from alexandria_desktop.library.reading import ReadingRoom

        with self._making:
            return self.__dict__.get("reading") or ReadingRoom(self._core)

    @cached_property
    def notes(self) -> Notebook:
        """The reader's notes."""
        from alexandria_desktop.library.noting import Notebook

        with self._making:
            return self.__dict__.get("notes") or Notebook(self._core, self.reading)

    def count_courses(self) -> int:
        """Return how many courses there are, without loading what reads them: the sidebar asks at each start."""
        from alexandria_desktop.store.courses import count_courses

        with self._core.reading() as connection:
            return count_courses(connection, self._core.identity.user_id)

    @cached_property
    def courses(self) -> Courses:
        """The courses that the reader makes, teaches or takes."""
        from alexandria_desktop.library.courses import Courses

        with self._making:
            return self.__dict__.get("courses") or Courses(self._core)

    @cached_property
    def authoring(self) -> Authoring:
        """Changes the reader's own courses."""
        from alexandria_desktop.library.authoring import Authoring

        with self._making:
            return self.__dict__.get("authoring") or Authoring(self._core)

    @cached_property
    def course_versions(self) -> Versions:
        """What the reader's own courses were before."""
        from alexandria_desktop.library.course_versions import Versions

        with self._making:
            return self.__dict__.get("course_versions") or Versions(self._core)

    @cached_property
    def course_packs(self) -> CoursePacks:
        """Courses and answers that travel in files."""
        from alexandria_desktop.library.course_packs import CoursePacks

        with self._making:
            return self.__dict__.get("course_packs") or CoursePacks(self._core, self.import_paths)

    @cached_property
    def material(self) -> Material:
        """What a teacher takes into a lesson out of books."""
        from alexandria_desktop.library.material import Material

        with self._making:
            made = self.__dict__.get("material")
            return made or Material(self._core, self.reading, self.notes, self.finding)

    @cached_property
    def compiling(self) -> Compiling:
        """Proposes lessons and questions from books."""
        from alexandria_desktop.library.compiling import Compiling

        with self._making:
            made = self.__dict__.get("compiling")
            return made or Compiling(self._core, self.reading, self.finding, self.courses, self.authoring)

    @cached_property
    def looks(self) -> Looks:
        """Themes, and the one in use."""
        from alexandria_desktop.library.looks import Looks

        with self._making:
            return self.__dict__.get("looks") or Looks(self._core)

    @cached_property
    def finding(self) -> Finding:
        """Search, and the index behind it."""
        from alexandria_desktop.library.finding import Finding

        with self._making:
            made = self.__dict__.get("finding") or Finding(self._core, vectors=self._vectors)
            self.__dict__["finding"] = made
            return made

    @cached_property
    def syncing(self) -> Syncing:
        """The account, and keeping in step with it."""
        from alexandria_desktop.library.syncing import Syncing

        with self._making:
            made = self.__dict__.get("syncing") or Syncing(self._core)
            self.__dict__["syncing"] = made
            return made

    @cached_property
    def teaching(self) -> Teaching:
        """Grading, and the class at a glance."""
        from alexandria_desktop.library.teaching import Teaching

        with self._making:
            return self.__dict__.get("teaching") or Teaching(self._core)

    def hand_in_overdue(self) -> int:
        """Hand in the attempts whose time ended while nobody looked; loads nothing of courses where none is open."""
        from alexandria_desktop.store.attempts import open_attempts

        with self._core.reading() as connection:
            known = open_attempts(connection, self._core.identity.user_id)
        return self.attempts.hand_in_overdue() if known else 0

    @cached_property
    def learning(self) -> Learning:
        """How far the reader is in courses."""
        from alexandria_desktop.library.learning import Learning

        with self._making:
            return self.__dict__.get("learning") or Learning(self._core)

    @cached_property
    def layers(self) -> Layers:
        """Notes that teachers give to books."""
        from alexandria_desktop.library.editions import Editions
        from alexandria_desktop.library.layers import Layers

        with self._making:
            return self.__dict__.get("layers") or Layers(self._core, Editions(self._core))

    def layers_of(self, book_id: UUID) -> list[Layer]:
        """Return what teachers say of a book; loads nothing of courses where no course gives any notes."""
        from alexandria_desktop.store.layers import layers_given_to

        with self._core.reading() as connection:
            known = layers_given_to(connection, self._core.identity.user_id)
        return self.layers.of_book(book_id) if known else []

    @cached_property
    def joining(self) -> Joining:
        """Invitations to courses, and asking to be put into one."""
        from alexandria_desktop.library.joining import Joining

        with self._making:
            return self.__dict__.get("joining") or Joining(self._core)

    @cached_property
    def attempts(self) -> Attempts:
        """The reader's attempts at assessments."""
        from alexandria_desktop.library.attempting import Attempts

        with self._making:
            return self.__dict__.get("attempts") or Attempts(self._core)

    @cached_property
    def files(self) -> BookFiles:
        """The files of the account's books: which are here, which come, which go."""
        from alexandria_desktop.library.book_files import BookFiles

        with self._making:
            made = self.__dict__.get("files") or BookFiles(self._core, self.syncing)
            self.__dict__["files"] = made
            return made

    def fetch_file(
        self,
        book_id: UUID,
        *,
        on_progress: Callable[[int, int], None] = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Bring the file of a book here from the account's server; errors as ``BookFiles.bring`` says."""
        self.files.bring(book_id, on_progress=on_progress, is_cancelled=is_cancelled)
        self.catch_up()

    def carry_files(
        self,
        *,
        anyhow: bool = False,
        on_begin: Callable[[], None] = lambda: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> Carried:
        """Send and bring the files that the reader wants elsewhere and here, after a round; see ``BookFiles.carry``."""
        carried = self.files.carry(anyhow=anyhow, on_begin=on_begin, is_cancelled=is_cancelled)
        if carried.fetched:
            self.catch_up()
        self._carry_vectors(anyhow=anyhow, is_cancelled=is_cancelled)
        return carried

    def stop_carrying(self) -> None:
        """Cut off what ``carry_files`` has under way; for who has said so in ``is_cancelled`` and will not wait."""
        self.files.stop()
        packs: VectorPacks | None = self.__dict__.get("vector_packs")
        if packs is not None:
            packs.stop()

    def hang_up(self) -> None:
        """Cut off whatever is said to a server, for the end of the program."""
        self.stop_carrying()
        syncing: Syncing | None = self.__dict__.get("syncing")
        if syncing is not None:
            syncing.hang_up()

    def _carry_vectors(self, *, anyhow: bool, is_cancelled: Callable[[], bool]) -> None:
        """Bring the server's vectors; nobody waits for them, so what goes wrong is tried again and not shown."""
        try:
            self.vector_packs.carry(anyhow=anyhow, is_cancelled=is_cancelled)
        except AlexandriaError as fault:
            _log.info("vectors were not brought: %s %s", fault.code, fault.detail)
        except OSError as fault:  # a full disk, say
            _log.info("vectors were not brought: %s", fault)

    @cached_property
    def vector_packs(self) -> VectorPacks:
        """The server's vectors for what is on the shelf."""
        from alexandria_desktop.library.vector_packs import VectorPacks

        with self._making:
            made = self.__dict__.get("vector_packs") or VectorPacks(self._core, self.syncing)
            self.__dict__["vector_packs"] = made
            return made

    @cached_property
    def care(self) -> Care:
        """Backups and the doctor."""
        from alexandria_desktop.library.care import Care

        return Care(self._core, self.finding, self.reading)

    @cached_property
    def _arrivals(self) -> Arrivals:
        from alexandria_desktop.library.arriving import Arrivals

        with self._making:
            made = self.__dict__.get("_arrivals") or Arrivals(self._core)
            self.__dict__["_arrivals"] = made
            return made

    @cached_property
    def _importer(self) -> Importer:
        from alexandria_desktop.library.editions import Editions
        from alexandria_desktop.library.importing import Importer

        with self._making:
            made = self.__dict__.get("_importer") or Importer(
                self._core, self._arrivals, Editions(self._core), self.finding.put
            )
            self.__dict__["_importer"] = made
            return made

    @cached_property
    def _bringing(self) -> Bringing:
        from alexandria_desktop.library.elsewhere.bringing import Bringing

        return Bringing(self._core, self)

    @classmethod
    def open(
        cls,
        root: Path | None = None,
        *,
        clock: Clock = utc_now,
        vectors: str = "auto",
        start_afresh: bool = False,
        check: bool = False,
    ) -> Library:
        """Open a library folder, making it where there is none; errors as ``Database.open`` says."""
        paths = LibraryPaths((root or default_library()).expanduser().absolute())
        database = Database.open(paths, clock=clock, start_afresh=start_afresh, check=check)
        try:
            with database.reading() as connection:
                identity = identity_of(connection)
            if identity is None:
                name = platform.node() or "This computer"
                identity = database.write(ensure_identity, device_name=name, platform=platform.system()).value
        except BaseException:
            database.close()
            raise
        return cls(Core(database, identity), vectors=vectors)

    @property
    def paths(self) -> LibraryPaths:
        """Where the library keeps its things."""
        return self._core.paths

    def import_paths(
        self, paths: Sequence[Path], *, report: Report | None = None, cancel: threading.Event | None = None
    ) -> list[Outcome]:
        """Import files and folders; returns what became of each file."""
        outcomes = self._importer.import_paths(paths, report=report, cancel=cancel)
        self.finding.after_import()
        missing = set(self.finding.missing())
        if any(outcome.book_id in missing for outcome in outcomes):
            self.catch_up()  # a book that was kept, and whose import was cut off before its text was indexed
        return outcomes

    def bring_in(
        self, paths: Sequence[Path], *, report: Report | None = None, cancel: threading.Event | None = None
    ) -> Brought:
        """Bring in whatever readers have: books, folders, calibre libraries, files of clippings."""
        return self._bringing.bring_in(paths, report=report, cancel=cancel)

    def look_around(self, cancel: threading.Event | None = None) -> list[Found]:
        """Return what of books is on this computer and not in the library yet; takes a few seconds at most."""
        from alexandria_desktop.library.elsewhere.bringing import known_copies
        from alexandria_desktop.library.elsewhere.looking import look_around

        with self._core.reading() as connection:
            known = known_sources(connection) | known_copies(connection)
        return look_around(known=known, cancel=cancel)

    def place_notes(self, book_id: UUID) -> int:
        """Look in a book for the words of notes that were made in another edition; returns how many were looked for."""
        with self._core.reading() as connection:
            pending = needing_placement(connection, self._core.identity.user_id, book_id)
        if not pending:
            return 0  # the usual case, which reads no book
        from alexandria_desktop.library.editions import Editions

        Editions(self._core).place_pending(book_id)
        return len(pending)

    def replace_edition(self, book_id: UUID, path: Path) -> None:
        """Make a file the edition of a book that is read; its notes move to the same words."""
        self._importer.replace(book_id, path)
        self.finding.after_import()

    def renew_shipped(self, *, but_not: UUID | None = None) -> list[UUID]:
        """Give the guide and the sample on the shelf this program's own text; returns those that got it."""
        from alexandria_desktop.library.guide import Guide
        from alexandria_desktop.library.sample import sample_manuscript
        from alexandria_desktop.library.shipped import renew

        return renew(self, (Guide(), sample_manuscript()), but_not=but_not)

    def open_file(self, path: Path) -> UUID:
        """Return the book of a file, put on the shelf if it is new; ``catch_up`` then reads its text."""
        return self._arrivals.add_unread(path, lambda found, edition: self._importer.read(found, edition))

    def interrupted_import(self) -> list[Path]:
        """Return the files of an import that was cut off; importing them again goes on where it stopped."""
        from alexandria_desktop.library.importing import PENDING

        with self._core.reading() as connection:
            kept = recall(connection, PENDING)
        return [Path(path) for path in kept if isinstance(path, str)] if isinstance(kept, list) else []

    def catch_up(self, *, cancel: threading.Event | None = None) -> int:
        """Index what is missing, for example after index.db was lost; returns how many books were indexed."""
        with self._core.reading() as connection:
            missing = books_to_index(connection, self._core.identity.user_id, text_version=TEXT_VERSION)
        if not missing:
            return 0  # the usual case, which loads no search at all
        return self.finding.catch_up(self.reading, self._importer.finish, cancel=cancel)

    def repair(self) -> list[Check]:
        """Check everything and repair what can be computed again."""
        return self.care.examine(finish=self._importer.finish)

    def note_use(self) -> None:
        """Keep that this installation of the program uses the library."""
        from alexandria_desktop.library.programs import note_use

        note_use(self._core)

    def settings(self) -> dict[str, Any]:
        """Return what the reader set."""
        with self._core.reading() as connection:
            return preferences.read_settings(connection, self._core.identity.user_id)

    def set(self, changes: Mapping[str, Any]) -> None:
        """Change settings."""
        self._core.write(preferences.change_settings, self._core.identity.user_id, changes)

    def recall(self, key: str) -> object:
        """Return a single fact that this device keeps about the library, or None."""
        with self._core.reading() as connection:
            return recall(connection, key)

    def remember(self, key: str, value: object) -> None:
        """Keep a single fact about the library on this device."""
        self._core.write(lambda unit: remember(unit.connection, key, value))

    def has_account(self) -> bool:
        """Whether the library has a home, an account or a folder; to ask loads nothing of sync."""
        with self._core.reading() as connection:
            return has_home(connection)

    def collections_kept_here(self) -> frozenset[UUID] | None:
        """Return the collections whose files are always on this computer; None where there is no account."""
        with self._core.reading() as connection:
            return file_wishes.always_here(connection) if has_home(connection) else None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with the Changes of each write; returns what ends it."""
        return self._core.subscribe(listener)

    def data_version(self) -> int:
        """Return a number that changes when another process has written to the library."""
        return self._core.database.data_version()

    def close(self) -> None:
        """Finish what is in line and close everything."""
        for part in ("_importer", "reading"):
            if part in self.__dict__:
                self.__dict__[part].close()
        self._core.database.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
