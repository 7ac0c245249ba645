"""What a teacher does to a course; each change is on the disk, and in line for the server, before the call returns.

Only whoever made a course may change it. A change reads what is there now and replaces only what it is about, so that
a round of sync between two of them takes nothing back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library import course_documents
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.course_documents import Added
from alexandria_desktop.library.course_files import add_picture
from alexandria_desktop.store import assessments, courses, lesson_notes, lessons
from alexandria_desktop.store.course_rows import Audience, Status
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.authoring.order_keys import insertion
from alexandria_desktop.teach.authoring.prerequisites import circle
from alexandria_desktop.teach.blocks import Block
from alexandria_desktop.teach.document import CourseDocument, LessonDocument, LessonKind
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.media import Media
from sync.assessing.questions.keys import Key, answers_to_json, rubrics_to_json
from sync.assessing.questions.model import Question

P = ParamSpec("P")
T = TypeVar("T")


class Authoring:
    """Changes courses."""

    def __init__(self, core: Core) -> None:
        self._core = core

    # --- courses ------------------------------------------------------------------------------------------------

    def make_course(self, title: str) -> UUID:
        """Make an empty draft and return its id."""
        return self._core.write(courses.add_course, self._user, title)

    def bring_in(self, document: CourseDocument) -> UUID:
        """Make a draft from a document, as a copy with ids of its own, and return its id."""
        return self._core.write(course_documents.write_course, self._user, document)

    def change_course(self, course_id: UUID, **facts: Any) -> None:
        """Change title, description, code, difficulty, minutes, objectives or metadata; see ``change_course``."""
        self._on_course(course_id, courses.change_course, course_id, **facts)

    def set_status(
        self,
        course_id: UUID,
        status: Status,
        *,
        audience: Audience | None = None,
        organization_id: UUID | None = None,
    ) -> None:
        """Publish a course, archive it or make it a draft again."""
        self._on_course(
            course_id, courses.set_status, course_id, status, audience=audience, organization_id=organization_id
        )

    def remove_course(self, course_id: UUID) -> None:
        """Remove a course; ``bring_back_course`` undoes it."""
        self._on_course(course_id, courses.remove_course, course_id)

    def bring_back_course(self, course_id: UUID) -> None:
        """Undo the removal of a course."""
        self._on_course(course_id, courses.bring_back_course, course_id)

    def add_parts(self, course_id: UUID, new: Sequence[LessonDocument], asked: Sequence[AssessmentDocument]) -> Added:
        """Put lessons with their quizzes at the end of a course, all or none; ``remove_parts`` undoes it."""
        return self._on_course(course_id, course_documents.add_documents, self._user, course_id, new, asked)

    def remove_parts(self, added: Added) -> None:
        """Remove what was put in together; ``bring_back_parts`` undoes it."""
        self._on_course(added.course_id, _each_part, added, assessments.remove_assessment, lessons.remove_lesson)

    def bring_back_parts(self, added: Added) -> None:
        """Undo the removal of what was put in together."""
        self._on_course(
            added.course_id, _each_part, added, assessments.bring_back_assessment, lessons.bring_back_lesson
        )

    # --- lessons ------------------------------------------------------------------------------------------------

    def add_lesson(
        self, course_id: UUID, title: str, *, kind: LessonKind = LessonKind.TEXT, at: int | None = None
    ) -> UUID:
        """Make a lesson before the one that stands at ``at``, or at the end, and return its id."""
        return self._on_course(course_id, _add_lesson, self._user, course_id, title, kind, at)

    def change_lesson(self, lesson_id: UUID, **facts: Any) -> None:
        """Change title, kind, minutes or metadata of a lesson; see ``lessons.change_lesson``."""
        self._on_lesson(lesson_id, lessons.change_lesson, lesson_id, **facts)

    def move_lesson(self, lesson_id: UUID, at: int) -> int:
        """Put a lesson at a place among the others, counted without it; returns where it stood."""
        return self._on_lesson(lesson_id, _move_lesson, lesson_id, at)

    def require(self, lesson_id: UUID, first: Sequence[UUID]) -> None:
        """Say which lessons come before one; raises ReaderError(course.circle), naming it, if they wait for it."""
        self._on_lesson(lesson_id, _require, lesson_id, first)

    def remove_lesson(self, lesson_id: UUID) -> None:
        """Remove a lesson with its blocks; ``bring_back_lesson`` undoes it."""
        self._on_lesson(lesson_id, lessons.remove_lesson, lesson_id)

    def bring_back_lesson(self, lesson_id: UUID) -> None:
        """Undo the removal of a lesson."""
        self._on_lesson(lesson_id, lessons.bring_back_lesson, lesson_id)

    def teacher_notes(self, lesson_id: UUID) -> str:
        """Return the reader's own notes on a lesson, which no student is ever sent."""
        with self._core.reading() as connection:
            lesson = lessons.get_lesson(connection, lesson_id)
            return lesson_notes.read(connection, self._user, lesson.content_id)

    def write_teacher_notes(self, lesson_id: UUID, text: str) -> None:
        """Write the reader's own notes on a lesson."""
        with self._core.reading() as connection:
            content_id = lessons.get_lesson(connection, lesson_id).content_id
        self._core.write(lesson_notes.write, self._user, content_id, text)

    def add_picture(self, course_id: UUID, path: Path, *, alt: str = "") -> Media:
        """Take a picture into a course; raises ReaderError(course.invalid) for what is none that a page can show."""
        with self._core.reading() as connection:
            _insist_on_author(connection, self._user, course_id)
        return add_picture(self._core, course_id, path, alt=alt)

    # --- blocks -------------------------------------------------------------------------------------------------

    def add_block(self, lesson_id: UUID, block: Block, *, at: int | None = None) -> Block:
        """Put a block before the one that stands at ``at``, or at the end; returns it with its order key."""
        return self._on_lesson(lesson_id, _place_block, lesson_id, block, at)

    def put_block(self, lesson_id: UUID, block: Block) -> None:
        """Replace a block that is there; one that was taken away meanwhile stands again where it stood."""
        self._on_lesson(lesson_id, lessons.put_blocks, lesson_id, {block.id: block.to_json()})

    def move_block(self, lesson_id: UUID, block_id: str, at: int) -> int:
        """Put a block at a place among the others, counted without it; returns where it stood."""
        return self._on_lesson(lesson_id, _move_block, lesson_id, block_id, at)

    def remove_block(self, lesson_id: UUID, block_id: str) -> None:
        """Take a block away; ``put_block`` with the block undoes it."""
        self._on_lesson(lesson_id, lessons.put_blocks, lesson_id, {block_id: None})

    # --- assessments --------------------------------------------------------------------------------------------

    def add_assessment(
        self, course_id: UUID, lesson_id: UUID | None, title: str, *, mode: Mode = Mode.PRACTICE
    ) -> UUID:
        """Make an assessment without questions, in a lesson or the course as a whole, and return its id."""
        return self._on_course(
            course_id, assessments.add_assessment, self._user, course_id, lesson_id, title=title, mode=mode.value
        )

    def change_assessment(self, assessment_id: UUID, document: AssessmentDocument) -> None:
        """Bring an assessment's title, rules and pools to what a document says; questions and keys stay."""
        self._on_assessment(assessment_id, _change_assessment, assessment_id, document)

    def put_question(self, assessment_id: UUID, question: Question, key: Key | None, *, at: int | None = None) -> None:
        """Put a question and, apart from it, its key; ``at`` moves it, else it stays or goes to the end."""
        keys = {question.id: key} if key is not None else {}
        self._on_assessment(
            assessment_id,
            assessments.put_question,
            assessment_id,
            question.id,
            question.to_json(),
            answers=answers_to_json(keys).get(question.id),
            rubric=rubrics_to_json(keys).get(question.id),
            at=at,
        )

    def remove_question(self, assessment_id: UUID, question_id: str) -> None:
        """Take a question and its key away; ``put_question`` undoes it."""
        self._on_assessment(
            assessment_id, assessments.put_question, assessment_id, question_id, None, answers=None, rubric=None
        )

    def remove_assessment(self, assessment_id: UUID) -> None:
        """Remove an assessment; ``bring_back_assessment`` undoes it."""
        self._on_assessment(assessment_id, assessments.remove_assessment, assessment_id)

    def bring_back_assessment(self, assessment_id: UUID) -> None:
        """Undo the removal of an assessment."""
        self._on_assessment(assessment_id, assessments.bring_back_assessment, assessment_id)

    # --- who may ------------------------------------------------------------------------------------------------

    @property
    def _user(self) -> UUID:
        return self._core.identity.user_id

    def _on_course(
        self, course_id: UUID, work: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        def allowed(unit: UnitOfWork) -> T:
            _insist_on_author(unit.connection, self._user, course_id)
            return work(unit, *args, **kwargs)

        return self._core.write(allowed)

    def _on_lesson(
        self, lesson_id: UUID, work: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with self._core.reading() as connection:
            course_id = lessons.get_lesson(connection, lesson_id).course_id
        return self._on_course(course_id, work, *args, **kwargs)

    def _on_assessment(
        self, assessment_id: UUID, work: Callable[Concatenate[UnitOfWork, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with self._core.reading() as connection:
            content_id = assessments.get_assessment(connection, assessment_id).content_id
            course_id = courses.find_course(connection, content_id)
        if course_id is None:
            raise courses.unknown_course(assessment_id)
        return self._on_course(course_id, work, *args, **kwargs)


def _insist_on_author(connection: Connection, user_id: UUID, course_id: UUID) -> None:
    if courses.get_course(connection, course_id).creator_id != user_id:
        raise ReaderError(
            Code.COURSE_NOT_YOURS, "Only the person who made this course can change it.", detail=str(course_id)
        )


def _each_part(
    unit: UnitOfWork,
    added: Added,
    on_assessment: Callable[[UnitOfWork, UUID], None],
    on_lesson: Callable[[UnitOfWork, UUID], None],
) -> None:
    for one in added.assessments:
        on_assessment(unit, one)
    for one in added.lessons:
        on_lesson(unit, one)


def _add_lesson(unit: UnitOfWork, user_id: UUID, course_id: UUID, title: str, kind: LessonKind, at: int | None) -> UUID:
    there = lessons.lessons_of(unit.connection, course_id)
    place = insertion([one.order_key for one in there], len(there) if at is None else at)
    for number, key in place.others.items():
        lessons.change_lesson(unit, there[number].id, order_key=key)
    return lessons.add_lesson(unit, user_id, course_id, title=title, kind=kind.value, order_key=place.key)


def _move_lesson(unit: UnitOfWork, lesson_id: UUID, at: int) -> int:
    known = lessons.get_lesson(unit.connection, lesson_id)
    there = lessons.lessons_of(unit.connection, known.course_id)
    stood = next((number for number, one in enumerate(there) if one.id == lesson_id), 0)
    others = [one for one in there if one.id != lesson_id]
    place = insertion([one.order_key for one in others], at)
    for number, key in place.others.items():
        lessons.change_lesson(unit, others[number].id, order_key=key)
    lessons.change_lesson(unit, lesson_id, order_key=place.key)
    return stood


def _require(unit: UnitOfWork, lesson_id: UUID, first: Sequence[UUID]) -> None:
    known = lessons.get_lesson(unit.connection, lesson_id)
    there = {str(one.id): one for one in lessons.lessons_of(unit.connection, known.course_id)}
    wanted = tuple(dict.fromkeys(str(one) for one in first if str(one) in there))
    required: dict[str, Sequence[str]] = {name: one.prerequisites for name, one in there.items()}
    round_way = circle({**required, str(lesson_id): wanted})
    if round_way:
        names = ", then ".join(f"“{there[one].title}”" for one in (*round_way, round_way[0]))
        raise ReaderError(
            Code.COURSE_CIRCLE, f"Then a lesson would have to come before itself: {names}.", detail=str(lesson_id)
        )
    lessons.change_lesson(unit, lesson_id, prerequisites=wanted)


def _place_block(unit: UnitOfWork, lesson_id: UUID, block: Block, at: int | None) -> Block:
    row = lessons.get_lesson(unit.connection, lesson_id)
    there = [one for one in course_documents.blocks_of(row) if one.id != block.id]
    place = insertion([one.order for one in there], len(there) if at is None else at)
    placed = replace(block, order=place.key)
    changes: dict[str, Mapping[str, Any]] = {
        there[number].id: replace(there[number], order=key).to_json() for number, key in place.others.items()
    }
    lessons.put_blocks(unit, lesson_id, {**changes, placed.id: placed.to_json()})
    return placed


def _move_block(unit: UnitOfWork, lesson_id: UUID, block_id: str, at: int) -> int:
    there = course_documents.blocks_of(lessons.get_lesson(unit.connection, lesson_id))
    stood = next((number for number, one in enumerate(there) if one.id == block_id), None)
    if stood is None:
        raise ReaderError(Code.COURSE_UNKNOWN, "This part of the lesson is not there any more.", detail=block_id)
    _place_block(unit, lesson_id, there[stood], at)
    return stood


def _change_assessment(unit: UnitOfWork, assessment_id: UUID, document: AssessmentDocument) -> None:
    known = course_documents.assessment_of(assessments.get_assessment(unit.connection, assessment_id))
    course_documents.write_assessment(
        unit, assessment_id, replace(document, questions=known.questions, keys=known.keys)
    )
