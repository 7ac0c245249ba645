"""Teaching a course: grading what came in, the class at a glance, and what the answers say of the questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library import course_documents
from alexandria_desktop.library.core import Core
from alexandria_desktop.store import grades
from alexandria_desktop.store.grades import ClassAttempt, ClassProgress
from alexandria_desktop.store.sorting import title_key
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.judging.class_table import Cell, ClassTable, Heading, Score, Step, StudentRow
from alexandria_desktop.teach.judging.items import ItemFigures, item_figures
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.handed_in import HandedIn
from sync.assessing.judging import (
    KEY,
    Attempted,
    Judgement,
    Try,
    by_person_in,
    judge,
    key_digest,
    needs_grading,
    tries_before,
    waits_for_person,
)
from sync.assessing.questions.grading import Grade
from sync.assessing.result import QUESTIONS, grades_from_json


@dataclass(frozen=True, slots=True)
class ToGrade:
    """An attempt that waits for a person."""

    attempt: ClassAttempt
    student: str
    assessment: AssessmentDocument
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class ClassView:
    """All that a teacher sees of a course."""

    course: CourseDocument
    table: ClassTable
    items: Mapping[str, list[ItemFigures]]
    """By assessment id."""
    to_grade: tuple[ToGrade, ...]
    """Oldest first."""


@dataclass(frozen=True)
class _Class:
    """What the library holds of a class, read at one moment."""

    course: CourseDocument
    names: Mapping[UUID, str]
    attempts: tuple[tuple[ClassAttempt, AssessmentDocument], ...]
    """Of all but the teacher, with their assessments, oldest first."""
    progress: tuple[ClassProgress, ...]

    def earlier(self, attempt: ClassAttempt) -> int:
        """Return how many attempts of the same student come before one."""
        return tries_before(_try(attempt), self._tries.get((attempt.user_id, attempt.assessment_id), ()))

    def judged(
        self, attempt: ClassAttempt, assessment: AssessmentDocument, by_person: Mapping[str, Grade] | None = None
    ) -> Judgement:
        """Return an attempt as it is graded."""
        handed = HandedIn.from_json(attempt.answers)
        one = Attempted(attempt.id, handed, attempt.started_at, attempt.submitted_at, self.earlier(attempt))
        return judge(self.course.settings, assessment, one, by_person)

    @cached_property
    def _tries(self) -> Mapping[tuple[UUID, UUID], list[Try]]:
        found: dict[tuple[UUID, UUID], list[Try]] = defaultdict(list)
        for one, _ in self.attempts:
            found[one.user_id, one.assessment_id].append(_try(one))
        return found


class Teaching:
    """What a teacher does with the courses that they teach."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def look(self, course_id: UUID) -> ClassView:
        """Grade what needs no person, and return all there is to see of a class."""
        self.grade_what_came(course_id)
        found = self._read(course_id)
        return ClassView(found.course, _table(found), _items(found), tuple(_waiting(found)))

    def grade_what_came(self, course_id: UUID) -> int:
        """Grade every attempt that needs no person, and anew where the key changed; returns how many."""
        found = self._read(course_id)
        digests = {one.id: key_digest(one) for one in found.course.assessments}
        judged = []
        for attempt, assessment in found.attempts:
            told, digest = _told(attempt), digests[assessment.id]
            if not assessment.keys or not needs_grading(told, assessment, digest, found.earlier(attempt)):
                continue
            by_hand = by_person_in(told)
            judgement = found.judged(attempt, assessment, by_hand)
            if not judgement.waits:
                judged.append((attempt, judgement, by_hand, digest))
        # A class of hundreds is graded in pieces: a note that is written meanwhile waits for one of them at most.
        for begin in range(0, len(judged), _PIECE):
            self._core.write(self._put_all, judged[begin : begin + _PIECE])
        return len(judged)

    def to_grade(self, course_id: UUID) -> list[ToGrade]:
        """Return the attempts that wait for a person, oldest first."""
        return list(_waiting(self._read(course_id)))

    def grade(self, course_id: UUID, attempt_id: UUID, by_person: Mapping[str, Grade]) -> Judgement:
        """Grade an attempt with a person's grades for some questions. Raises ReaderError(course.unknown)."""
        found = self._read(course_id)
        for attempt, assessment in found.attempts:
            if attempt.id == attempt_id:
                given = {**by_person_in(_told(attempt)), **by_person}
                judgement = found.judged(attempt, assessment, given)
                self._core.write(self._put_all, [(attempt, judgement, given, key_digest(assessment))])
                return judgement
        raise ReaderError(Code.COURSE_UNKNOWN, "There is no such attempt in this course.", detail=str(attempt_id))

    def class_table(self, course_id: UUID) -> ClassTable:
        """Return where everybody is."""
        return _table(self._read(course_id))

    def items(self, course_id: UUID) -> Mapping[str, list[ItemFigures]]:
        """Return what the answers say of the questions, by assessment."""
        return _items(self._read(course_id))

    def _read(self, course_id: UUID) -> _Class:
        with self._core.reading() as connection:
            course = course_documents.read_course(connection, course_id)
            by_id = {UUID(one.id): one for one in course.assessments}
            me = self._core.identity.user_id
            attempts = tuple(
                (one, by_id[one.assessment_id])
                for one in grades.class_attempts(connection, list(by_id))
                if one.user_id != me
            )
            names = grades.students_of(connection, course_id)
            return _Class(course, names, attempts, tuple(grades.class_progress(connection, course_id)))

    def _put_all(self, unit: UnitOfWork, judged: Iterable[_Judged]) -> None:
        for attempt, found, by_person, digest in judged:
            grades.put_grade(
                unit,
                self._core.identity.user_id,
                attempt.id,
                attempt.user_id,
                score=found.score,
                passed=found.passed,
                feedback={**found.to_json(by_person), KEY: digest},
            )


_Judged = tuple[ClassAttempt, Judgement, Collection[str], str]
"""An attempt, its judgement, the questions graded by hand, and the digest of the key."""
_PIECE = 50


def _told(attempt: ClassAttempt) -> Mapping[str, Any] | None:
    return None if attempt.grade is None else attempt.grade.feedback


def _try(attempt: ClassAttempt) -> Try:
    return Try(attempt.id, attempt.started_at, _told(attempt))


def _waiting(found: _Class) -> Iterable[ToGrade]:
    for attempt, assessment in found.attempts:
        told = _told(attempt)
        if assessment.keys and (told is None or waits_for_person(told)):
            judgement = found.judged(attempt, assessment, by_person_in(told))
            if judgement.waits:
                yield ToGrade(attempt, found.names.get(attempt.user_id, ""), assessment, judgement)


def _table(found: _Class) -> ClassTable:
    cells: dict[UUID, dict[str, Cell]] = defaultdict(dict)
    for one in found.progress:
        step = Step(one.status) if one.status in set(Step) else Step.IN_PROGRESS
        cells[one.user_id][str(one.lesson_id)] = Cell(step, one.seconds, one.changed_at)
    scores: dict[UUID, dict[str, Score]] = defaultdict(dict)
    for attempt, assessment in found.attempts:
        known = scores[attempt.user_id].get(assessment.id, Score())
        scores[attempt.user_id][assessment.id] = _with(known, attempt)
    students = [StudentRow(str(one), name, cells[one], scores[one]) for one, name in found.names.items()]
    return ClassTable(
        [Heading(one.id, one.title) for one in found.course.lessons],
        [Heading(one.id, one.title) for one in found.course.assessments],
        sorted(students, key=lambda row: (title_key(row.name, ""), row.student)),
    )


def _items(found: _Class) -> Mapping[str, list[ItemFigures]]:
    shares: dict[str, list[dict[str, float]]] = defaultdict(list)
    for attempt, assessment in found.attempts:
        given = grades_from_json(attempt.grade.feedback.get(QUESTIONS)) if attempt.grade else {}
        if given and not any(one.needs_person for one in given.values()):
            shares[assessment.id].append({one: got.points / got.out_of for one, got in given.items() if got.out_of})
    return {assessment_id: item_figures(attempts) for assessment_id, attempts in shares.items()}


def _with(known: Score, attempt: ClassAttempt) -> Score:
    grade = attempt.grade
    if grade is None or waits_for_person(grade.feedback):
        return Score(known.best, known.passed, known.tried + 1, known.waiting + 1)
    best = grade.score if known.best is None else max(known.best, grade.score)
    return Score(best, known.passed or grade.passed, known.tried + 1, known.waiting)
