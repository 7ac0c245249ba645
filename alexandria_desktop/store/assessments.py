"""Assessments and, in a row of their own, their keys: an answer never stands in the row that students get."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, select

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.course_parts import LONGEST, add_item, bring_back_part, is_here, remove_part, with_items
from alexandria_desktop.store.course_rows import AssessmentRow
from alexandria_desktop.store.courses import changed_members, get_course
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.tables import table


def add_assessment(
    unit: UnitOfWork, user_id: UUID, course_id: UUID, lesson_id: UUID | None, *, title: str, mode: str
) -> UUID:
    """Make an assessment without questions and return its id; it is as published as its course."""
    course = get_course(unit.connection, course_id)
    content_id = add_item(unit, user_id, course, "assessment", title, {})
    assessment_id = natural.assessment(content_id)
    unit.insert(
        "assessments",
        {
            "id": assessment_id,
            "content_id": content_id,
            "lesson_id": lesson_id,
            "root_id": course.content_id,
            "mode": mode,
            "questions_json": [],
            "passing_score": Decimal(70),
            "max_attempts": None,
        },
    )
    unit.insert(
        "assessment_keys",
        {
            "id": natural.assessment_key(assessment_id),
            "assessment_id": assessment_id,
            "root_id": course.content_id,
            "answers_json": {},
            "rubric_json": {},
        },
    )
    return assessment_id


def change_assessment(
    unit: UnitOfWork, assessment_id: UUID, changes: Mapping[str, Any], *, metadata: Mapping[str, Any] | None = None
) -> None:
    """Change columns of an assessment, ``title`` among them, and members of its metadata."""
    known = get_assessment(unit.connection, assessment_id)
    item: dict[str, Any] = {}
    if "title" in changes:
        item["title"] = str(changes["title"])[:LONGEST]
    if metadata is not None:
        item["metadata_json"] = changed_members(known.metadata, metadata)
    unit.update("content_items", known.content_id, item)
    unit.update("assessments", assessment_id, {name: value for name, value in changes.items() if name != "title"})


def put_question(
    unit: UnitOfWork,
    assessment_id: UUID,
    question_id: str,
    question: Mapping[str, Any] | None,
    *,
    answers: Mapping[str, Any] | None,
    rubric: Mapping[str, Any] | None,
    at: int | None = None,
) -> None:
    """Put a question and its key, or with None take both away; ``at`` moves it, else it stays or goes to the end."""
    known = get_assessment(unit.connection, assessment_id)
    places = [one.get("id") for one in known.questions]
    place = places.index(question_id) if question_id in places else len(places)
    questions = [one for one in known.questions if one.get("id") != question_id]
    if question is not None:
        questions.insert(place if at is None else at, dict(question))
    unit.update("assessments", assessment_id, {"questions_json": questions})
    put_keys(unit, assessment_id, {question_id: answers}, {question_id: rubric})


def put_keys(unit: UnitOfWork, assessment_id: UUID, answers: Mapping[str, Any], rubrics: Mapping[str, Any]) -> None:
    """Replace the keys of some questions; None takes one away."""
    known = get_assessment(unit.connection, assessment_id)
    key_id = natural.assessment_key(assessment_id)
    changes = {
        "answers_json": changed_members(known.answers or {}, answers),
        "rubric_json": changed_members(known.rubrics or {}, rubrics),
    }
    if known.answers is not None:
        unit.update("assessment_keys", key_id, changes)
        return
    course = select(table("assessments").c.root_id).where(table("assessments").c.id == assessment_id)
    root_id = unit.connection.execute(course).scalar()
    unit.insert("assessment_keys", {"id": key_id, "assessment_id": assessment_id, "root_id": root_id, **changes})


def remove_assessment(unit: UnitOfWork, assessment_id: UUID) -> None:
    """Remove an assessment; ``bring_back_assessment`` undoes it."""
    remove_part(unit, "assessments", assessment_id)


def bring_back_assessment(unit: UnitOfWork, assessment_id: UUID) -> None:
    """Undo the removal of an assessment."""
    bring_back_part(unit, "assessments", assessment_id)


def get_assessment(connection: Connection, assessment_id: UUID) -> AssessmentRow:
    """Return an assessment, removed or not; raises ReaderError(course.unknown)."""
    found = connection.execute(_query().where(table("assessments").c.id == assessment_id)).first()
    if found is None:
        raise ReaderError(Code.COURSE_UNKNOWN, "There is no such quiz in the library.", detail=str(assessment_id))
    return _assessment(found)


def assessments_of(connection: Connection, course_content_id: UUID, *, removed: bool = False) -> list[AssessmentRow]:
    """Return the assessments of a course's item, oldest first; with ``removed`` also those to be brought back."""
    items = table("content_items")
    chosen = _query().where(items.c.root_id == course_content_id, is_here("assessments", removed=removed))
    # Ids of items are in the order in which they were made.
    return [_assessment(row) for row in connection.execute(chosen.order_by(items.c.id))]


def _query() -> Select[Any]:
    asked, keys = table("assessments"), table("assessment_keys")
    with_key = and_(keys.c.assessment_id == asked.c.id, keys.c.deleted_at.is_(None))
    return with_items("assessments", keys.c.answers_json, keys.c.rubric_json).join(keys, with_key, isouter=True)


def _assessment(found: Row[Any]) -> AssessmentRow:
    return AssessmentRow(
        id=found.id,
        content_id=found.content_id,
        lesson_id=found.lesson_id,
        title=found.title,
        mode=found.mode,
        passing_score=found.passing_score,
        time_limit=found.time_limit,
        max_attempts=found.max_attempts,
        questions=_objects(found.questions_json),
        metadata=found.metadata_json or {},
        answers=found.answers_json,
        rubrics=found.rubric_json,
        removed=found.deleted_at is not None or found.item_deleted_at is not None,
    )


def _objects(data: object) -> list[dict[str, Any]]:
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
