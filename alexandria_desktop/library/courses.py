"""Courses as the window and the command line see them: listed, read whole, exported."""

from __future__ import annotations

from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library import course_documents
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import assessments, courses, lessons, pace
from alexandria_desktop.store.course_rows import CourseRow, CourseSummary
from alexandria_desktop.teach.authoring.duration import Pace, minutes_of, pace_of
from alexandria_desktop.teach.blocks import ChapterBlock
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from sync.assessing.assessment import AssessmentDocument


class Courses:
    """The courses that the reader makes, teaches or takes."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def list(self) -> list[CourseSummary]:
        """Return all of them, the one changed last first."""
        with self._core.reading() as connection:
            return courses.list_courses(connection, self._core.identity.user_id)

    def row(self, course_id: UUID) -> CourseRow:
        """Return a course without what is in it; raises ReaderError(course.unknown)."""
        with self._core.reading() as connection:
            return courses.get_course(connection, course_id)

    def document(self, course_id: UUID) -> CourseDocument:
        """Return a whole course, with the keys that this library holds."""
        with self._core.reading() as connection:
            return course_documents.read_course(connection, course_id)

    def seen_by_students(self, course_id: UUID) -> CourseDocument:
        """Return a whole course as a student gets it: with the keys of practice only."""
        return self.document(course_id).without_graded_keys()

    def lesson(self, lesson_id: UUID) -> LessonDocument:
        """Return one lesson."""
        with self._core.reading() as connection:
            return course_documents.lesson_of(lessons.get_lesson(connection, lesson_id))

    def assessment(self, assessment_id: UUID) -> AssessmentDocument:
        """Return one assessment, with its keys where this library holds them."""
        with self._core.reading() as connection:
            return course_documents.assessment_of(assessments.get_assessment(connection, assessment_id))

    def of_item(self, content_id: UUID) -> UUID | None:
        """Return the course of an item: a course, a lesson or an assessment."""
        with self._core.reading() as connection:
            return courses.find_course(connection, content_id)

    def resolve(self, named: str) -> UUID:
        """Return the one course that an id or a part of a title names; raises course.unknown or course.ambiguous."""
        found = self.list()
        exact = [one for one in found if named in (str(one.id), str(one.content_id))]
        exact = exact or [one for one in found if one.title.casefold() == named.casefold()]
        close = exact or [one for one in found if named.casefold() in one.title.casefold()]
        if len(close) == 1:
            return close[0].id
        if not close:
            raise ReaderError(Code.COURSE_UNKNOWN, f"No course in the library is called “{named}”.")
        raise ReaderError(
            Code.COURSE_AMBIGUOUS, f"{len(close)} courses match “{named}”; more of the title tells them apart."
        )

    def is_mine(self, course_id: UUID) -> bool:
        """Whether the reader made a course, and so may change it."""
        return self.row(course_id).creator_id == self._core.identity.user_id

    def pace(self) -> Pace:
        """Return how fast this reader reads, by their sittings with books."""
        with self._core.reading() as connection:
            return pace_of(*pace.read_so_far(connection, self._core.identity.user_id))

    def minutes(self, document: CourseDocument) -> dict[str, int]:
        """Return what each lesson takes, by its id: what the teacher says, else reckoned from words and pace."""
        chosen = self.pace()
        found: dict[str, int] = {}
        with self._core.reading() as connection:
            for lesson in document.lessons:
                asked = [one for one in document.assessments if one.lesson_id == lesson.id]
                places = [block.place for block in lesson.blocks if isinstance(block, ChapterBlock)]
                characters = sum(
                    pace.chapter_length(connection, book_id, place.locator)
                    for place in places
                    if (book_id := course_documents.as_id(place.book_id)) is not None
                )
                found[lesson.id] = lesson.minutes or minutes_of(
                    lesson, asked, pace=chosen, chapter_characters=characters
                )
        return found
