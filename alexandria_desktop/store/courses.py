"""Courses: made, listed, changed, published, removed and brought back.

A course is two rows, its item and what is known of it as a course; the second's id follows from the first's. What has
no column of its own is in the item's ``metadata_json``, which merges leaf by leaf.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.course_parts import LONGEST, bring_back_part, remove_part
from alexandria_desktop.store.course_rows import Audience, CourseRow, CourseSummary, Role, Status
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.ids import uuid7
from sync.schema.tables import table


def add_course(unit: UnitOfWork, user_id: UUID, title: str) -> UUID:
    """Make an empty draft and return its course id."""
    content_id = uuid7()
    course_id = natural.course(content_id)
    unit.insert(
        "content_items",
        {
            "id": content_id,
            "title": title[:LONGEST],
            "content_type": "course",
            "module_name": "lms",
            "creator_id": user_id,
            "metadata_json": {},
            "tags": [],
            "visibility": Audience.INVITED.value,
            "status": Status.DRAFT.value,
        },
    )
    unit.insert("courses", {"id": course_id, "content_id": content_id, "prerequisites": [], "learning_objectives": []})
    return course_id


def change_course(
    unit: UnitOfWork,
    course_id: UUID,
    *,
    title: str | None = None,
    description: str | None = None,
    code: str | None = None,
    difficulty: str | None = None,
    minutes: int | None = None,
    objectives: tuple[str, ...] | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Change what is known of a course; None leaves a fact as it is, and 0 minutes takes the teacher's word back.

    ``metadata`` replaces its members one by one; None for a member takes it away. Raises ReaderError(course.unknown).
    """
    known = get_course(unit.connection, course_id)
    item: dict[str, Any] = {}
    if title is not None:
        item["title"] = title[:LONGEST]
    if description is not None:
        item["description"] = description
    if metadata is not None:
        item["metadata_json"] = changed_members(known.metadata, metadata)
    course: dict[str, Any] = {}
    if code is not None:
        course["course_code"] = code[:50] or None
    if difficulty is not None:
        course["difficulty_level"] = difficulty[:50] or None
    if minutes is not None:
        course["estimated_duration"] = minutes or None
    if objectives is not None:
        course["learning_objectives"] = list(objectives)
    unit.update("content_items", known.content_id, item)
    unit.update("courses", course_id, course)


def get_course(connection: Connection, course_id: UUID) -> CourseRow:
    """Return a course, removed or not; raises ReaderError(course.unknown)."""
    items, courses = table("content_items"), table("courses")
    chosen = select(items, courses).join(courses, courses.c.content_id == items.c.id).where(courses.c.id == course_id)
    found = connection.execute(chosen).first()
    if found is None:
        raise unknown_course(course_id)
    return _course(found, items, courses)


def find_course(connection: Connection, content_id: UUID) -> UUID | None:
    """Return the course of an item, or of one that belongs to it."""
    items, courses = table("content_items"), table("courses")
    root = select(func.coalesce(items.c.root_id, items.c.id)).where(items.c.id == content_id).scalar_subquery()
    return connection.execute(select(courses.c.id).where(courses.c.content_id == root)).scalar()


def set_status(
    unit: UnitOfWork,
    course_id: UUID,
    status: Status,
    *,
    audience: Audience | None = None,
    organization_id: UUID | None = None,
) -> None:
    """Publish, archive or withdraw a course with its lessons and assessments, which students see only published."""
    known = get_course(unit.connection, course_id)
    changes: dict[str, Any] = {"status": status.value}
    if audience is not None:
        changes |= {"visibility": audience.value, "organization_id": organization_id}
    unit.update("content_items", known.content_id, changes)
    items = table("content_items")
    inside = select(items.c.id).where(items.c.root_id == known.content_id, items.c.deleted_at.is_(None))
    for content_id in unit.connection.execute(inside).scalars().all():
        unit.update("content_items", content_id, changes)


def remove_course(unit: UnitOfWork, course_id: UUID) -> None:
    """Remove a course; ``bring_back_course`` undoes it. What is in it stays as it was."""
    remove_part(unit, "courses", course_id)


def bring_back_course(unit: UnitOfWork, course_id: UUID) -> None:
    """Undo the removal of a course."""
    bring_back_part(unit, "courses", course_id)


def list_courses(connection: Connection, user_id: UUID) -> list[CourseSummary]:
    """Return the courses that the reader makes, teaches or takes, the one changed last first."""
    items, courses = table("content_items"), table("courses")
    rows = connection.execute(_mine_or_taken(user_id)).all()
    parts, done = _parts(connection), _finished(connection, user_id)
    found = [_summary(row, items, courses, user_id, parts, done) for row in rows]
    return sorted(found, key=lambda one: (one.updated_at, one.title), reverse=True)


def count_courses(connection: Connection, user_id: UUID) -> int:
    """Return how many courses the reader makes, teaches or takes."""
    chosen = _mine_or_taken(user_id).subquery()
    return int(connection.execute(select(func.count()).select_from(chosen)).scalar_one())


def items_of(user_id: UUID) -> Select[tuple[UUID]]:
    """Choose the items of the courses that the reader makes, teaches or takes."""
    return _mine_or_taken(user_id).with_only_columns(table("content_items").c.id)


def unknown_course(course_id: object) -> ReaderError:
    """Return the error for a course that is not here."""
    return ReaderError(Code.COURSE_UNKNOWN, "There is no such course in the library.", detail=str(course_id))


def changed_members(known: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document with some members replaced, and those taken away that are None."""
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def _mine_or_taken(user_id: UUID) -> Select[Any]:
    items, courses, enrolled = table("content_items"), table("courses"), table("course_enrollments")
    active = and_(
        enrolled.c.course_id == courses.c.id,
        enrolled.c.user_id == user_id,
        enrolled.c.status.in_(("active", "completed")),
        enrolled.c.deleted_at.is_(None),
    )
    return (
        select(items, courses, enrolled.c.role)
        .join(courses, courses.c.content_id == items.c.id)
        .join(enrolled, active, isouter=True)
        .where(
            items.c.deleted_at.is_(None),
            items.c.is_stub.is_(False),
            or_(items.c.creator_id == user_id, enrolled.c.role.is_not(None)),
        )
    )


def _course(row: Row[Any], items: Any, courses: Any) -> CourseRow:
    found = row._mapping
    return CourseRow(
        id=found[courses.c.id],
        content_id=found[items.c.id],
        creator_id=found[items.c.creator_id],
        title=found[items.c.title],
        description=found[items.c.description] or "",
        status=_status(found[items.c.status]),
        audience=_audience(found[items.c.visibility]),
        organization_id=found[items.c.organization_id],
        code=found[courses.c.course_code] or "",
        difficulty=found[courses.c.difficulty_level] or "",
        minutes=found[courses.c.estimated_duration],
        objectives=tuple(str(one) for one in found[courses.c.learning_objectives] or ()),
        metadata=found[items.c.metadata_json] or {},
        removed=found[items.c.deleted_at] is not None,
    )


def _summary(
    row: Row[Any],
    items: Any,
    courses: Any,
    user_id: UUID,
    parts: Mapping[UUID, tuple[int, int, int, datetime]],
    done: Mapping[UUID, int],
) -> CourseSummary:
    course = _course(row, items, courses)
    lessons, assessments, minutes, changed = parts.get(course.content_id, (0, 0, 0, None))
    updated = row._mapping[items.c.updated_at]
    own = row._mapping[courses.c.updated_at]
    return CourseSummary(
        id=course.id,
        content_id=course.content_id,
        title=course.title,
        description=course.description,
        status=course.status,
        role=Role.AUTHOR if course.creator_id == user_id else Role(row.role),
        difficulty=course.difficulty,
        minutes=course.minutes or minutes or None,
        lessons=lessons,
        assessments=assessments,
        done=min(done.get(course.id, 0), lessons),
        updated_at=max(moment for moment in (updated, own, changed) if moment is not None),
    )


def _parts(connection: Connection) -> dict[UUID, tuple[int, int, int, datetime]]:
    """Return for each course's item: its lessons, assessments, minutes, and the last change in it."""
    items, lessons = table("content_items"), table("lessons")
    chosen: Select[Any] = (
        select(
            items.c.root_id,
            func.sum(_one_if(lessons.c.id.is_not(None))),
            func.sum(_one_if(items.c.content_type == "assessment")),
            func.coalesce(func.sum(lessons.c.duration), 0),
            func.max(items.c.updated_at, type_=items.c.updated_at.type),
        )
        .join(lessons, lessons.c.content_id == items.c.id, isouter=True)
        .where(items.c.root_id.is_not(None), items.c.deleted_at.is_(None), items.c.is_stub.is_(False))
        .group_by(items.c.root_id)
    )
    return {row[0]: (int(row[1]), int(row[2]), int(row[3]), row[4]) for row in connection.execute(chosen)}


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _finished(connection: Connection, user_id: UUID) -> dict[UUID, int]:
    progress = table("student_progress")
    chosen = (
        select(progress.c.course_id, func.count())
        .where(progress.c.user_id == user_id, progress.c.status == "completed", progress.c.deleted_at.is_(None))
        .group_by(progress.c.course_id)
    )
    return {row[0]: int(row[1]) for row in connection.execute(chosen)}


def _status(word: str) -> Status:
    return Status(word) if word in set(Status) else Status.ARCHIVED


def _audience(word: str) -> Audience:
    return Audience(word) if word in set(Audience) else Audience.INVITED
