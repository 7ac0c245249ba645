"""Taking a course: how far the reader is, which lessons are done, and what was passed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.attempting import result_for
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import attempts, books, files, progress
from alexandria_desktop.store.progress import LessonProgress, State
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.taking import path
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.media import Media


@dataclass(frozen=True, slots=True)
class Trying:
    """How a student stands with one assessment."""

    tried: int = 0
    is_open: bool = False
    """Whether an attempt was begun and not handed in."""
    best: float | None = None
    """Percent of the best attempt; None where none is graded here."""
    is_satisfied: bool = False
    """Whether it was passed, or handed in where a person has yet to grade it."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a student stands in a course."""

    lessons: Mapping[str, LessonProgress] = field(default_factory=dict)
    """By lesson id; a lesson that is not named was not begun."""
    tries: Mapping[str, Trying] = field(default_factory=dict)
    """By assessment id."""

    @property
    def done(self) -> frozenset[str]:
        """The ids of the lessons that are done."""
        return frozenset(one for one, found in self.lessons.items() if found.state is State.COMPLETED)


class Learning:
    """What the reader does in courses."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def standing(self, course: CourseDocument) -> Standing:
        """Return how the reader stands in a course."""
        with self._core.reading() as connection:
            return self._standing(connection, course)

    def note_time(
        self, course: CourseDocument, lesson: LessonDocument, seconds: int, *, is_through: bool = False
    ) -> Standing:
        """Keep that a lesson was worked on, and count it as done where the course's rule says so."""

        def write(unit: UnitOfWork) -> None:
            known = self._standing(unit.connection, course)
            satisfied = {one for one, found in known.tries.items() if found.is_satisfied}
            before = known.lessons.get(lesson.id, LessonProgress())
            seen = is_through or before.state is State.COMPLETED
            is_done = path.is_done(course, lesson, seen=seen, satisfied=satisfied)
            progress.note_progress(
                unit,
                self._core.identity.user_id,
                UUID(course.id),
                UUID(lesson.id),
                state=State.COMPLETED if is_done else State.IN_PROGRESS,
                more_seconds=seconds,
            )

        self._core.write(write)
        return self.standing(course)

    def find_book(self, edition: str, title: str, author: str) -> UUID:
        """Return a teacher's book as it is on this reader's shelf; raises ReaderError(book.unknown)."""
        user_id = self._core.identity.user_id
        with self._core.reading() as connection:
            found = books.find_by_edition(connection, user_id, edition)
            if found is None:
                # Another edition may be on the shelf; the words are looked for in it.
                found = books.find_titled(connection, user_id, title, author)
        if found is None:
            named = f"“{title}”" if title else "The book"
            raise ReaderError(Code.BOOK_UNKNOWN, f"{named} is not on your shelf. Import it, and this opens it.")
        return found

    def file_of(self, media: Media) -> Path | None:
        """Return where a file of a course is on this device; None where it is not here."""
        with self._core.reading() as connection:
            kept = files.kept_files(connection).get(media.sha256)
        path = self._core.paths.root / kept if kept is not None else None
        return path if path is not None and path.is_file() else None

    def _standing(self, connection: Connection, course: CourseDocument) -> Standing:
        user_id = self._core.identity.user_id
        found = progress.progress_of(connection, user_id, UUID(course.id))
        tries = {one.id: self._tried(connection, user_id, one) for one in course.assessments}
        return Standing({str(lesson): known for lesson, known in found.items()}, tries)

    def _tried(self, connection: Connection, user_id: UUID, assessment: AssessmentDocument) -> Trying:
        known = attempts.attempts_of(connection, user_id, UUID(assessment.id))
        is_open = attempts.open_attempt(connection, user_id, UUID(assessment.id)) is not None
        results = [result_for(connection, assessment, one) for one in known]
        best = max((float(one.percent) for one in results if one is not None and not one.waiting), default=None)
        # What waits for a person to grade it keeps no student from going on.
        return Trying(len(known), is_open, best, any(one is None or one.passed is not False for one in results))
