"""Lessons of a course: made, ordered, changed block by block, removed and brought back.

A lesson's blocks are in its item's ``metadata_json["blocks"]``, an object by block id, so that two devices that change
different blocks both keep what they wrote. Every change reads what is there now and replaces only what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.course_parts import LONGEST, add_item, bring_back_part, is_here, remove_part, with_items
from alexandria_desktop.store.course_rows import LessonRow
from alexandria_desktop.store.courses import changed_members, get_course
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.tables import table

BLOCKS = "blocks"


def add_lesson(
    unit: UnitOfWork,
    user_id: UUID,
    course_id: UUID,
    *,
    title: str,
    kind: str,
    order_key: str,
    minutes: int | None = None,
    prerequisites: tuple[str, ...] = (),
    metadata: Mapping[str, Any] | None = None,
) -> UUID:
    """Make a lesson and return its id; it is as published as its course."""
    course = get_course(unit.connection, course_id)
    content_id = add_item(unit, user_id, course, "lesson", title, metadata or {})
    return unit.insert(
        "lessons",
        {
            "id": natural.lesson(content_id),
            "content_id": content_id,
            "course_id": course_id,
            "root_id": course.content_id,
            "order_key": order_key,
            "order_index": 0,  # the server counts it
            "lesson_type": kind,
            "duration": minutes,
            "prerequisites": list(prerequisites),
        },
    )


def change_lesson(
    unit: UnitOfWork,
    lesson_id: UUID,
    *,
    title: str | None = None,
    kind: str | None = None,
    order_key: str | None = None,
    minutes: int | None = None,
    prerequisites: tuple[str, ...] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Change what is known of a lesson; None leaves a fact as it is, and 0 minutes takes the teacher's word back.

    ``metadata`` replaces its members one by one; None for a member takes it away. Raises ReaderError(course.unknown).
    """
    known = get_lesson(unit.connection, lesson_id)
    item: dict[str, Any] = {}
    if title is not None:
        item["title"] = title[:LONGEST]
    if metadata is not None:
        item["metadata_json"] = changed_members(known.metadata, metadata)
    lesson: dict[str, Any] = {}
    if kind is not None:
        lesson["lesson_type"] = kind
    if order_key is not None:
        lesson["order_key"] = order_key
    if minutes is not None:
        lesson["duration"] = minutes or None
    if prerequisites is not None:
        lesson["prerequisites"] = list(prerequisites)
    unit.update("content_items", known.content_id, item)
    unit.update("lessons", lesson_id, lesson)


def put_blocks(unit: UnitOfWork, lesson_id: UUID, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Put blocks by id, and take away those that are None; returns what stood there before, None where nothing did."""
    known = get_lesson(unit.connection, lesson_id)
    blocks = known.metadata.get(BLOCKS) or {}
    before = {block_id: blocks.get(block_id) for block_id in changes}
    changed = {**known.metadata, BLOCKS: changed_members(blocks, changes)}
    unit.update("content_items", known.content_id, {"metadata_json": changed})
    return before


def remove_lesson(unit: UnitOfWork, lesson_id: UUID) -> None:
    """Remove a lesson; ``bring_back_lesson`` undoes it."""
    remove_part(unit, "lessons", lesson_id)


def bring_back_lesson(unit: UnitOfWork, lesson_id: UUID) -> None:
    """Undo the removal of a lesson."""
    bring_back_part(unit, "lessons", lesson_id)


def get_lesson(connection: Connection, lesson_id: UUID) -> LessonRow:
    """Return a lesson, removed or not; raises ReaderError(course.unknown)."""
    found = connection.execute(with_items("lessons").where(table("lessons").c.id == lesson_id)).first()
    if found is None:
        raise ReaderError(Code.COURSE_UNKNOWN, "There is no such lesson in the library.", detail=str(lesson_id))
    return _lesson(found)


def lessons_of(connection: Connection, course_id: UUID, *, removed: bool = False) -> list[LessonRow]:
    """Return the lessons of a course in order; with ``removed`` also those that can be brought back."""
    lessons = table("lessons")
    chosen = with_items("lessons").where(lessons.c.course_id == course_id, is_here("lessons", removed=removed))
    return [_lesson(row) for row in connection.execute(chosen.order_by(lessons.c.order_key, lessons.c.id))]


def _lesson(found: Row[Any]) -> LessonRow:
    return LessonRow(
        id=found.id,
        content_id=found.content_id,
        course_id=found.course_id,
        title=found.title,
        kind=found.lesson_type or "text",
        order_key=found.order_key,
        minutes=found.duration,
        prerequisites=tuple(str(one) for one in found.prerequisites or ()),
        metadata=found.metadata_json or {},
        removed=found.deleted_at is not None or found.item_deleted_at is not None,
    )
