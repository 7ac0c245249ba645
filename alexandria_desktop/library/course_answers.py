"""Answers without a server: a student saves them into a file, the teacher takes the file in and grades."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ReaderError, SurroundingsError
from alexandria_desktop.base.whole_file import write_whole
from alexandria_desktop.library import course_documents
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import attempts, carried_answers, courses
from alexandria_desktop.store.carried_answers import GivenAttempt
from alexandria_desktop.store.course_rows import Role
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.taking.answers_file import LARGEST, AnswersFile, answers_of

_TEACHES = frozenset({Role.AUTHOR, Role.TEACHER, Role.ASSISTANT})


@dataclass(frozen=True, slots=True)
class SavedAnswers:
    """What a file of answers holds."""

    file: Path
    attempts: int
    still_open: int
    """Attempts that were begun and not handed in; they are not in the file."""


@dataclass(frozen=True, slots=True)
class TakenAnswers:
    """What a teacher took out of a file of answers."""

    course_id: UUID
    course: str
    student: str
    new: int
    """Attempts that were not here yet."""
    known: int
    """Attempts that were here already; what was handed in first stands."""
    strange: int
    """Attempts at quizzes that the course does not have, which were left out."""


def save(core: Core, course_id: UUID, target: Path, *, name: str) -> SavedAnswers:
    """Save what the reader handed in of a course; errors as ``CoursePacks.save_answers`` says."""
    user_id = core.identity.user_id
    with core.reading() as connection:
        course = course_documents.read_course(connection, course_id)
        quizzes = [UUID(one.id) for one in course.assessments]
        handed = [one for quiz in quizzes for one in attempts.attempts_of(connection, user_id, quiz)]
        opened = [quiz for quiz in quizzes if attempts.open_attempt(connection, user_id, quiz) is not None]
        progress = carried_answers.progress_in(connection, user_id, course_id)
    file = AnswersFile(
        course_id=course_id,
        course_title=course.title,
        student_id=user_id,
        student=name.strip()[:200],
        made_at=core.database.clock(),
        attempts=tuple(
            GivenAttempt(one.id, one.assessment_id, one.number, one.answers, one.started_at, one.submitted_at)
            for one in handed
            if one.submitted_at is not None
        ),
        progress=tuple(progress),
    )  # fmt: skip
    _write(target, file.to_bytes())
    return SavedAnswers(target, len(file.attempts), len(opened))


def look(path: Path) -> AnswersFile:
    """Read a file of answers and take nothing; raises ReaderError(course.damaged or import.missing)."""
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise ReaderError(Code.IMPORT_MISSING, "The file of answers cannot be read.", detail=str(error)) from error
    if len(data) > LARGEST:
        raise ReaderError(Code.COURSE_DAMAGED, "The file is far larger than answers are, and was not read.")
    return answers_of(data)


def take(core: Core, path: Path) -> TakenAnswers:
    """Take a student's answers in; errors as ``CoursePacks.take_answers`` says."""
    file = look(path)
    with core.reading() as connection:
        _insist_on_teacher(core, connection, file)
        course = course_documents.read_course(connection, file.course_id)
    quizzes, lessons = {one.id for one in course.assessments}, {one.id for one in course.lessons}
    fitting = [one for one in file.attempts if str(one.assessment_id) in quizzes]

    def write(unit: UnitOfWork) -> int:
        carried_answers.put_into_class(unit, file.course_id, file.student_id, file.student)
        for one in file.progress:
            if str(one.lesson_id) in lessons:
                carried_answers.take_progress(unit, file.course_id, file.student_id, one)
        new = 0
        for handed in fitting:
            new += carried_answers.take_attempt(unit, file.course_id, file.student_id, handed)
        carried_answers.follow_students(unit)
        return new

    new = core.write(write)
    return TakenAnswers(
        file.course_id, course.title, file.student, new, len(fitting) - new, len(file.attempts) - len(fitting)
    )


def _insist_on_teacher(core: Core, connection: Connection, file: AnswersFile) -> None:
    mine = {one.id: one.role for one in courses.list_courses(connection, core.identity.user_id)}
    if mine.get(file.course_id) not in _TEACHES:
        raise ReaderError(
            Code.COURSE_NOT_YOURS,
            f"These are answers to “{file.course_title}”, a course that this library does not teach.",
            detail=str(file.course_id),
        )
    if file.student_id == core.identity.user_id:
        raise ReaderError(Code.COURSE_NOT_YOURS, "These are your own answers, which are here already.")


def _write(target: Path, data: bytes) -> None:
    try:
        write_whole(target, data)
    except OSError as error:
        raise SurroundingsError(
            Code.STORE_FULL, "The answers could not be saved to that place.", detail=str(error)
        ) from error
