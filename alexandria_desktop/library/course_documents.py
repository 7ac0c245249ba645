"""Rows of the store as a CourseDocument, and a CourseDocument as rows.

What has no column of its own: of a course ``language`` and ``settings``; of a lesson ``objectives`` and ``blocks``; of
an assessment ``instructions``, ``is_shuffled`` and ``pools``, all in the item's metadata, objects where two devices may
add to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.store import assessments, courses, layers, lessons
from alexandria_desktop.store.course_rows import AssessmentRow, CourseRow, LessonRow
from alexandria_desktop.store.layers import LayerRow
from alexandria_desktop.store.lessons import BLOCKS
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.authoring.order_keys import insertion, spread
from alexandria_desktop.teach.blocks import Block, blocks_from_json
from alexandria_desktop.teach.document import CourseDocument, LayerDocument, LessonDocument, LessonKind
from alexandria_desktop.teach.unreadable import said_to_reader
from sync.assessing.assessment import AssessmentDocument, assessment_of_row
from sync.assessing.questions.keys import answers_to_json, rubrics_to_json
from sync.assessing.questions.model import questions_to_json
from sync.assessing.rich_text import sanitised


def read_course(connection: Connection, course_id: UUID) -> CourseDocument:
    """Return a course with all that is in it; raises ReaderError(course.unknown)."""
    row = courses.get_course(connection, course_id)
    inside = [lesson_of(one) for one in lessons.lessons_of(connection, course_id)]
    asked = [assessment_of(one) for one in assessments.assessments_of(connection, row.content_id)]
    over = tuple(layer_of(one) for one in layers.layers_of(connection, row.content_id))
    return replace(course_of(row), lessons=tuple(inside), assessments=tuple(asked), layers=over)


def course_of(row: CourseRow) -> CourseDocument:
    """Return what is known of a course, without lessons and assessments."""
    settings = row.metadata.get("settings")
    return CourseDocument(
        id=str(row.id),
        title=row.title,
        description=sanitised(row.description),
        language=str(row.metadata.get("language") or ""),
        objectives=row.objectives,
        difficulty=row.difficulty,
        code=row.code,
        settings=settings if isinstance(settings, Mapping) else {},
    )


def lesson_of(row: LessonRow) -> LessonDocument:
    """Return a lesson."""
    return LessonDocument(
        id=str(row.id),
        title=row.title,
        kind=LessonKind(row.kind) if row.kind in set(LessonKind) else LessonKind.TEXT,
        objectives=_words(row.metadata.get("objectives")),
        minutes=row.minutes,
        prerequisites=row.prerequisites,
        blocks=blocks_of(row),
    )


def layer_of(row: LayerRow) -> LayerDocument:
    """Return the notes on a book that a course gives."""
    blocks = blocks_from_json(row.blocks)
    return LayerDocument(id=str(row.id), edition=row.edition, title=row.title, author=row.author, blocks=blocks)


def blocks_of(row: LessonRow) -> tuple[Block, ...]:
    """Return a lesson's blocks in the order of display."""
    kept = row.metadata.get(BLOCKS)
    return blocks_from_json(kept) if isinstance(kept, Mapping) else ()


def assessment_of(row: AssessmentRow) -> AssessmentDocument:
    """Return an assessment, with keys where this library holds them."""
    with said_to_reader():
        return assessment_of_row(
            row.id,
            lesson_id=row.lesson_id,
            title=row.title,
            mode=row.mode,
            passing_score=row.passing_score,
            time_limit=row.time_limit,
            max_attempts=row.max_attempts,
            metadata=row.metadata,
            questions=row.questions,
            answers=row.answers,
            rubrics=row.rubrics,
        )


def write_course(unit: UnitOfWork, user_id: UUID, document: CourseDocument, into: UUID | None = None) -> UUID:
    """Make a course from a document, or bring the course ``into`` to what the document says; returns its id.

    A lesson or assessment of ``into`` that the document does not name is removed, and can be brought back.
    """
    course_id = into or courses.add_course(unit, user_id, document.title)
    courses.change_course(
        unit,
        course_id,
        title=document.title,
        description=document.description,
        code=document.code,
        difficulty=document.difficulty,
        objectives=document.objectives,
        metadata={"language": document.language or None, "settings": dict(document.settings) or None},
    )
    known = {one.id: one for one in lessons.lessons_of(unit.connection, course_id, removed=True)}
    ids: dict[str, UUID] = {}
    for lesson, key in zip(document.lessons, spread(len(document.lessons)), strict=True):
        ids[lesson.id] = _write_lesson(unit, user_id, course_id, lesson, key, known)
    for lesson in document.lessons:
        required = tuple(str(ids[one]) for one in lesson.prerequisites if one in ids and ids[one] != ids[lesson.id])
        lessons.change_lesson(unit, ids[lesson.id], prerequisites=required)
    for one in known.values():
        if not one.removed and one.id not in ids.values():
            lessons.remove_lesson(unit, one.id)
    _write_assessments(unit, user_id, course_id, document, ids)
    _write_layers(unit, user_id, course_id, document)
    return course_id


@dataclass(frozen=True, slots=True)
class Added:
    """Lessons and assessments that were put into a course together."""

    course_id: UUID
    lessons: tuple[UUID, ...] = ()
    assessments: tuple[UUID, ...] = ()


def add_documents(
    unit: UnitOfWork,
    user_id: UUID,
    course_id: UUID,
    new: Sequence[LessonDocument],
    asked: Sequence[AssessmentDocument],
) -> Added:
    """Put lessons at the end of a course, and assessments in them; prerequisites and ``lesson_id`` name new lessons."""
    ids: dict[str, UUID] = {}
    for lesson in new:
        there = [one.order_key for one in lessons.lessons_of(unit.connection, course_id)]
        place = insertion(there, len(there))
        ids[lesson.id] = _write_lesson(unit, user_id, course_id, lesson, place.key, {})
    for lesson in new:
        first = tuple(str(ids[one]) for one in lesson.prerequisites if one in ids)
        lessons.change_lesson(unit, ids[lesson.id], prerequisites=first)
    made: list[UUID] = []
    for one in asked:
        made.append(
            assessments.add_assessment(
                unit, user_id, course_id, ids.get(one.lesson_id), title=one.title, mode=one.mode.value
            )
        )
        write_assessment(unit, made[-1], one)
    return Added(course_id, tuple(ids.values()), tuple(made))


def write_assessment(unit: UnitOfWork, assessment_id: UUID, document: AssessmentDocument) -> None:
    """Bring an assessment to what a document says, questions and keys included; its lesson stays."""
    facts = {
        "title": document.title,
        "mode": document.mode.value,
        "passing_score": Decimal(str(round(document.passing_score, 2))),
        "time_limit": document.time_limit,
        "max_attempts": document.max_attempts,
        "questions_json": questions_to_json(document.questions),
    }
    before = assessments.get_assessment(unit.connection, assessment_id)
    assessments.change_assessment(unit, assessment_id, facts, metadata=assessment_metadata(document))
    answers, rubrics = answers_to_json(document.keys), rubrics_to_json(document.keys)
    gone = dict.fromkeys({**(before.answers or {}), **(before.rubrics or {})})
    assessments.put_keys(unit, assessment_id, {**gone, **answers}, {**gone, **rubrics})


def assessment_metadata(document: AssessmentDocument) -> dict[str, Any]:
    """Return what of an assessment is kept in its item's metadata."""
    pools = {
        pool.id: {"title": pool.title, "questions": list(pool.questions), "draw": pool.draw, "order": key}
        for pool, key in zip(document.pools, spread(len(document.pools)), strict=True)
    }
    return {
        "instructions": document.instructions or None,
        "is_shuffled": document.is_shuffled or None,
        "pools": pools or None,
    }


def _write_lesson(
    unit: UnitOfWork,
    user_id: UUID,
    course_id: UUID,
    lesson: LessonDocument,
    key: str,
    known: Mapping[UUID, LessonRow],
) -> UUID:
    row = known.get(as_id(lesson.id) or course_id)
    facts: dict[str, Any] = {"title": lesson.title, "kind": lesson.kind.value, "order_key": key}
    metadata = {"objectives": list(lesson.objectives) or None}
    blocks = {block.id: block.to_json() for block in _keyed(lesson.blocks)}
    if row is None:
        made = {**{name: value for name, value in metadata.items() if value}, BLOCKS: blocks}
        return lessons.add_lesson(unit, user_id, course_id, minutes=lesson.minutes, metadata=made, **facts)
    if row.removed:
        lessons.bring_back_lesson(unit, row.id)
    lessons.change_lesson(unit, row.id, minutes=lesson.minutes or 0, metadata=metadata, **facts)
    gone = dict.fromkeys(row.metadata.get(BLOCKS) or {})
    lessons.put_blocks(unit, row.id, {**gone, **blocks})
    return row.id


def _write_assessments(
    unit: UnitOfWork, user_id: UUID, course_id: UUID, document: CourseDocument, ids: Mapping[str, UUID]
) -> None:
    content_id = courses.get_course(unit.connection, course_id).content_id
    known = {one.id: one for one in assessments.assessments_of(unit.connection, content_id, removed=True)}
    written: set[UUID] = set()
    for one in document.assessments:
        row, lesson_id = known.get(as_id(one.id) or course_id), ids.get(one.lesson_id)
        if row is None:
            assessment_id = assessments.add_assessment(
                unit, user_id, course_id, lesson_id, title=one.title, mode=one.mode.value
            )
        else:
            assessment_id = row.id
            if row.removed:
                assessments.bring_back_assessment(unit, row.id)
            assessments.change_assessment(unit, row.id, {"lesson_id": lesson_id})
        write_assessment(unit, assessment_id, one)
        written.add(assessment_id)
    for gone in known.values():
        if not gone.removed and gone.id not in written:
            assessments.remove_assessment(unit, gone.id)


def _write_layers(unit: UnitOfWork, user_id: UUID, course_id: UUID, document: CourseDocument) -> None:
    course = courses.get_course(unit.connection, course_id)
    known = {one.id: one for one in layers.layers_of(unit.connection, course.content_id)}
    for layer in document.layers:
        row = known.pop(as_id(layer.id) or course_id, None)
        book = {"edition": layer.edition, "title": layer.title, "author": layer.author}
        layers.put_layer(unit, user_id, course, row, book, {one.id: one.to_json() for one in _keyed(layer.blocks)})
    for gone in known.values():
        layers.remove_layer(unit, gone.id)


def _keyed(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks with order keys that say the order in which they stand."""
    orders = [block.order for block in blocks]
    if all(orders) and all(one < other for one, other in pairwise(orders)):
        return blocks
    return tuple(replace(block, order=key) for block, key in zip(blocks, spread(len(blocks)), strict=True))


def _words(data: object) -> tuple[str, ...]:
    return tuple(str(one) for one in data) if isinstance(data, list | tuple) else ()


def as_id(text: str) -> UUID | None:
    """Return a document's id as a row's, None where it is no such id."""
    try:
        return UUID(text)
    except ValueError:
        return None
