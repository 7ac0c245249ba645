"""Teaching a course: grading what came in, the class at a glance, and what the answers say of the questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library import course_documents
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import grades
from alexandria_desktop.store.grades import ClassAttempt
from alexandria_desktop.store.sorting import title_key
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.document import AssessmentDocument, CourseDocument
from alexandria_desktop.teach.judging.class_table import Cell, ClassTable, Heading, Score, Step, StudentRow
from alexandria_desktop.teach.judging.items import ItemFigures, item_figures
from alexandria_desktop.teach.judging.rules import BY_PERSON, Judgement, judge
from alexandria_desktop.teach.questions.grading import Grade
from alexandria_desktop.teach.taking.handed_in import HandedIn
from alexandria_desktop.teach.taking.result import grades_from_json


@dataclass(frozen=True, slots=True)
class ToGrade:
    """An attempt that waits for a person."""

    attempt: ClassAttempt
    student: str
    assessment: AssessmentDocument
    judgement: Judgement


class Teaching:
    """What a teacher does with the courses that they teach."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def grade_what_came(self, course_id: UUID) -> int:
        """Grade every attempt that needs no person; returns how many were graded."""

        def write(unit: UnitOfWork) -> int:
            course = course_documents.read_course(unit.connection, course_id)
            count = 0
            for attempt, assessment in self._attempts(unit.connection, course):
                if attempt.grade is not None or not assessment.keys:
                    continue
                found = _judged(course, assessment, attempt)
                if not found.result.waiting:
                    self._put(unit, attempt, found)
                    count += 1
            return count

        return self._core.write(write)

    def to_grade(self, course_id: UUID) -> list[ToGrade]:
        """Return the attempts that wait for a person, oldest first."""
        with self._core.reading() as connection:
            course = course_documents.read_course(connection, course_id)
            names = grades.students_of(connection, course_id)
            found = []
            for attempt, assessment in self._attempts(connection, course):
                if attempt.grade is None and assessment.keys:
                    judgement = _judged(course, assessment, attempt)
                    if judgement.result.waiting:
                        found.append(ToGrade(attempt, names.get(attempt.user_id, ""), assessment, judgement))
            return found

    def grade(self, course_id: UUID, attempt_id: UUID, by_person: Mapping[str, Grade]) -> Judgement:
        """Grade an attempt with a person's grades for some questions. Raises ReaderError(course.unknown)."""

        def write(unit: UnitOfWork) -> Judgement:
            course = course_documents.read_course(unit.connection, course_id)
            for attempt, assessment in self._attempts(unit.connection, course):
                if attempt.id == attempt_id:
                    given = {**_by_hand(attempt), **by_person}
                    found = _judged(course, assessment, attempt, given)
                    self._put(unit, attempt, found, given)
                    return found
            raise ReaderError(Code.COURSE_UNKNOWN, "There is no such attempt in this course.", detail=str(attempt_id))

        return self._core.write(write)

    def class_table(self, course_id: UUID) -> ClassTable:
        """Return where everybody is."""
        with self._core.reading() as connection:
            course = course_documents.read_course(connection, course_id)
            names = grades.students_of(connection, course_id)
            cells: dict[UUID, dict[str, Cell]] = defaultdict(dict)
            for one in grades.class_progress(connection, course_id):
                step = Step(one.status) if one.status in set(Step) else Step.IN_PROGRESS
                cells[one.user_id][str(one.lesson_id)] = Cell(step, one.seconds, one.changed_at)
            scores: dict[UUID, dict[str, Score]] = defaultdict(dict)
            for attempt, assessment in self._attempts(connection, course):
                known = scores[attempt.user_id].get(assessment.id, Score())
                scores[attempt.user_id][assessment.id] = _with(known, attempt)
        students = [StudentRow(str(one), name, cells[one], scores[one]) for one, name in names.items()]
        return ClassTable(
            [Heading(one.id, one.title) for one in course.lessons],
            [Heading(one.id, one.title) for one in course.assessments],
            sorted(students, key=lambda row: (title_key(row.name, ""), row.student)),
        )

    def items(self, course_id: UUID) -> Mapping[str, list[ItemFigures]]:
        """Return what the answers say of the questions, by assessment."""
        found: dict[str, list[ItemFigures]] = {}
        with self._core.reading() as connection:
            course = course_documents.read_course(connection, course_id)
            shares: dict[str, list[dict[str, float]]] = defaultdict(list)
            for attempt, assessment in self._attempts(connection, course):
                grades_given = grades_from_json(attempt.grade.feedback.get("questions")) if attempt.grade else {}
                if grades_given:
                    shares[assessment.id].append(
                        {one: given.points / given.out_of for one, given in grades_given.items() if given.out_of}
                    )
        for assessment_id, attempts in shares.items():
            found[assessment_id] = item_figures(attempts)
        return found

    def _put(self, unit: UnitOfWork, attempt: ClassAttempt, found: Judgement, by_person: Collection[str] = ()) -> None:
        grades.put_grade(
            unit,
            self._core.identity.user_id,
            attempt.id,
            attempt.user_id,
            score=found.score,
            passed=found.passed,
            feedback=found.to_json(by_person),
        )

    def _attempts(
        self, connection: Connection, course: CourseDocument
    ) -> list[tuple[ClassAttempt, AssessmentDocument]]:
        """Return the attempts of all but the teacher, with their assessments."""
        by_id = {UUID(one.id): one for one in course.assessments}
        me = self._core.identity.user_id
        return [
            (one, by_id[one.assessment_id])
            for one in grades.class_attempts(connection, list(by_id))
            if one.user_id != me
        ]


def _judged(
    course: CourseDocument,
    assessment: AssessmentDocument,
    attempt: ClassAttempt,
    by_person: Mapping[str, Grade] | None = None,
) -> Judgement:
    handed = HandedIn.from_json(attempt.answers)
    return judge(course, assessment, str(attempt.id), handed, attempt.submitted_at, by_person)


def _by_hand(attempt: ClassAttempt) -> dict[str, Grade]:
    """Return what a person said of an attempt before; it stands until they say something else."""
    if attempt.grade is None:
        return {}
    named = attempt.grade.feedback.get(BY_PERSON)
    grades_given = grades_from_json(attempt.grade.feedback.get("questions"))
    return {one: grades_given[one] for one in (named if isinstance(named, list) else ()) if one in grades_given}


def _with(known: Score, attempt: ClassAttempt) -> Score:
    grade = attempt.grade
    if grade is None:
        return Score(known.best, known.passed, known.tried + 1, known.waiting + 1)
    best = grade.score if known.best is None else max(known.best, grade.score)
    return Score(best, known.passed or grade.passed, known.tried + 1, known.waiting)
