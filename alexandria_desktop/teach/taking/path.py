"""The way through a course: what is open, what is done, what comes next."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from sync.assessing.assessment import AssessmentDocument

RULE = "completion"
"""The name of the course's setting."""


class Completion(StrEnum):
    """When a lesson is done."""

    SEEN = "seen"
    """The student says that they are through with it."""
    PASSED = "passed"
    """And every assessment of the lesson was passed, or handed in where a teacher grades it."""


def rule_of(course: CourseDocument) -> Completion:
    """Return when a lesson of the course is done."""
    return Completion.PASSED if course.settings.get(RULE) == Completion.PASSED else Completion.SEEN


def assessments_of(course: CourseDocument, lesson: LessonDocument) -> tuple[AssessmentDocument, ...]:
    """Return the assessments that belong to a lesson."""
    return tuple(one for one in course.assessments if one.lesson_id == lesson.id)


def loose_assessments(course: CourseDocument) -> tuple[AssessmentDocument, ...]:
    """Return the assessments that belong to no lesson of the course."""
    lessons = {lesson.id for lesson in course.lessons}
    return tuple(one for one in course.assessments if one.lesson_id not in lessons)


def is_open(course: CourseDocument, lesson: LessonDocument, done: Collection[str]) -> bool:
    """Whether all that comes before a lesson is done; what is not in the course any more stands in nobody's way."""
    there = {one.id for one in course.lessons}
    return all(one in done for one in lesson.prerequisites if one in there)


def missing(course: CourseDocument, lesson: LessonDocument, done: Collection[str]) -> tuple[LessonDocument, ...]:
    """Return the lessons that have to be done first."""
    wanted = set(lesson.prerequisites) - set(done)
    return tuple(one for one in course.lessons if one.id in wanted)


def is_done(course: CourseDocument, lesson: LessonDocument, *, seen: bool, satisfied: Collection[str]) -> bool:
    """Whether a lesson counts as done; ``satisfied`` are ids of assessments that were passed or wait for a teacher."""
    if not seen:
        return False
    return rule_of(course) is Completion.SEEN or all(one.id in satisfied for one in assessments_of(course, lesson))


def next_lesson(course: CourseDocument, done: Collection[str]) -> LessonDocument | None:
    """Return the first lesson that is open and not done; None where there is none."""
    return next((one for one in course.lessons if one.id not in done and is_open(course, one, done)), None)
