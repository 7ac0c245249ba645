"""Versions of a teacher's course: kept on this device, compared, brought back."""

from __future__ import annotations

from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library import course_documents
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import course_versions, courses
from alexandria_desktop.store.course_versions import Version
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.authoring.comparing import Difference, differences
from alexandria_desktop.teach.document import CourseDocument


class Versions:
    """What a course was before."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def save(self, course_id: UUID, words: str = "Saved by hand") -> UUID | None:
        """Keep the course as it is now; None where the latest version says the same."""

        def write(unit: UnitOfWork) -> UUID | None:
            document = course_documents.read_course(unit.connection, course_id)
            return course_versions.save_version(unit, course_id, words, document.to_json())

        return self._core.write(write)

    def all(self, course_id: UUID) -> list[Version]:
        """Return the versions of a course, the latest first."""
        with self._core.reading() as connection:
            return course_versions.versions_of(connection, course_id)

    def document(self, version_id: UUID) -> CourseDocument:
        """Return a course as it was; raises ReaderError(course.unknown)."""
        with self._core.reading() as connection:
            return CourseDocument.from_json(course_versions.version_document(connection, version_id)[1])

    def compare(self, version_id: UUID) -> list[Difference]:
        """Return what has changed since a version."""
        with self._core.reading() as connection:
            course_id, kept = course_versions.version_document(connection, version_id)
            return differences(CourseDocument.from_json(kept), course_documents.read_course(connection, course_id))

    def restore(self, version_id: UUID) -> UUID | None:
        """Make the course what it was; returns the version that keeps what it is now, to undo by restoring that.

        Raises ReaderError(course.not-yours).
        """
        user_id = self._core.identity.user_id

        def write(unit: UnitOfWork) -> UUID | None:
            course_id, kept = course_versions.version_document(unit.connection, version_id)
            if courses.get_course(unit.connection, course_id).creator_id != user_id:
                raise ReaderError(Code.COURSE_NOT_YOURS, "Only the person who made this course can change it.")
            present = course_documents.read_course(unit.connection, course_id)
            before = course_versions.save_version(unit, course_id, "Before a version was restored", present.to_json())
            course_documents.write_course(unit, user_id, CourseDocument.from_json(kept), into=course_id)
            latest = course_versions.versions_of(unit.connection, course_id)
            return before or latest[0].id

        return self._core.write(write)
