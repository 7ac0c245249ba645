"""Course packs and files of answers: a course goes to students without a server, and their answers come back.

A pack is written by whoever made a course. Whoever opens it takes the course as if a server had put them into it; see
``store/course_packs.py`` for how it lies in the library.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from uuid import UUID

from alexandria_desktop.library import course_answers, pack_opening, pack_writing
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.course_answers import SavedAnswers, TakenAnswers
from alexandria_desktop.library.pack_key import PackKey, pack_key
from alexandria_desktop.library.pack_opening import Arrived, ImportFiles, OpenedPack, PackView
from alexandria_desktop.library.pack_writing import BookChoice, WrittenPack
from alexandria_desktop.store import course_packs
from alexandria_desktop.teach.packs.writing import Progress, StoppedError, cut_off


class CoursePacks:
    """Writes and opens course packs."""

    def __init__(self, core: Core, import_files: ImportFiles) -> None:
        self._core = core
        self._import_files = import_files

    # --- the teacher --------------------------------------------------------------------------------------------

    def books(self, course_id: UUID) -> list[BookChoice]:
        """Return the books that a course speaks of; ``is_free`` proposes which may be given."""
        return pack_writing.books_of(self._core, course_id)

    def name(self) -> str:
        """Return the name that the reader goes by; empty where they never gave one."""
        return pack_writing.author_of(self._core)

    def key(self) -> PackKey:
        """Return the key that signs, made where there is none.

        Raises SurroundingsError(secrets.not-kept, secrets.unreadable).
        """
        return pack_key(self._core)

    def cut_off(self, target: Path) -> tuple[int, int] | None:
        """Return how many bytes of how many an earlier copy to this place has; None where none was cut off."""
        return cut_off(target)

    def write(
        self,
        course_id: UUID,
        target: Path,
        give: Collection[UUID] = (),
        *,
        author: str = "",
        on_progress: Progress = lambda _done, _all: None,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> WrittenPack:
        """Write a course with the books ``give`` into a pack, going on with a copy that was cut off.

        Keys of graded assessments never go along. Raises ReaderError(course.not-yours), StoppedError where
        ``is_cancelled`` says so, SurroundingsError for a place or a disk that does not keep things.
        """
        return pack_writing.write(
            self._core, course_id, target, give, author=author, on_progress=on_progress, is_cancelled=is_cancelled
        )

    def take_answers(self, path: Path) -> TakenAnswers:
        """Take a student's answers into a course that the reader teaches.

        Raises ReaderError: course.damaged, course.not-yours, import.missing.
        """
        return course_answers.take(self._core, path)

    # --- the student --------------------------------------------------------------------------------------------

    def look(self, path: Path) -> PackView:
        """Say what a pack is and check all of it, without taking anything; errors as ``open`` says."""
        return pack_opening.look(self._core, path)

    def open(self, path: Path, *, accept_key: bool = False) -> OpenedPack:
        """Take the course of a pack, and bring the books that come with it onto the shelf.

        Again with a later issue, the course becomes that one; progress and attempts stay. ``accept_key`` takes an
        issue that is signed by another key than the one before. Raises ReaderError: course.pack-unsigned, -changed,
        -cut-off, -damaged, -newer, -older, -other-key, -clash, or course.invalid.
        """
        return pack_opening.open_pack(self._core, path, self._import_files, accept_key=accept_key)

    def came_in_a_file(self) -> set[UUID]:
        """Return the courses that came in a pack and that no server has told of."""
        with self._core.reading() as connection:
            return course_packs.packs_taken(connection, self._core.identity.user_id)

    def put_away(self, course_id: UUID) -> None:
        """Take a course that came in a pack off the reader's courses; what they did in it stays."""
        self._core.write(course_packs.put_away, self._core.identity.user_id, course_id)

    def bring_back(self, course_id: UUID) -> None:
        """Undo a ``put_away``."""
        self._core.write(course_packs.put_away, self._core.identity.user_id, course_id, is_gone=False)

    def save_answers(self, course_id: UUID, target: Path, *, name: str = "") -> SavedAnswers:
        """Save what the reader handed in of a course into a file for the teacher.

        Raises ReaderError(course.unknown), or SurroundingsError where the place does not take it.
        """
        return course_answers.save(self._core, course_id, target, name=name)


__all__ = [
    "Arrived",
    "BookChoice",
    "CoursePacks",
    "OpenedPack",
    "PackView",
    "SavedAnswers",
    "StoppedError",
    "TakenAnswers",
    "WrittenPack",
]
