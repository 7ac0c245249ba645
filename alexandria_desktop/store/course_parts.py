"""A part of a course is two rows, its item and what is known of it as a lesson or an assessment: kept as one thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, and_, select

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.course_rows import CourseRow
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema.ids import uuid7
from sync.schema.tables import table

LONGEST = 500
"""Letters of a title."""


def add_item(
    unit: UnitOfWork, user_id: UUID, course: CourseRow, kind: str, title: str, metadata: Mapping[str, Any]
) -> UUID:
    """Make the item of a part and return its id; it is as published as its course."""
    content_id = uuid7()
    unit.insert(
        "content_items",
        {
            "id": content_id,
            "title": title[:LONGEST],
            "content_type": kind,
            "module_name": "lms",
            "creator_id": user_id,
            "root_id": course.content_id,
            "metadata_json": dict(metadata),
            "tags": [],
            "visibility": course.audience.value,
            "organization_id": course.organization_id,
            "status": course.status.value,
        },
    )
    return content_id


def remove_part(unit: UnitOfWork, name: str, part_id: UUID) -> None:
    """Remove a row of a table with its item; ``bring_back_part`` undoes it."""
    unit.remove("content_items", _item_of(unit, name, part_id))
    unit.remove(name, part_id)


def bring_back_part(unit: UnitOfWork, name: str, part_id: UUID) -> None:
    """Undo the removal of a row with its item."""
    unit.bring_back("content_items", _item_of(unit, name, part_id))
    unit.bring_back(name, part_id)


def with_items(name: str, *more: Column[Any]) -> Select[Any]:
    """Choose the rows of a table with title, metadata and ``item_deleted_at`` of their items."""
    part, items = table(name), table("content_items")
    return select(part, items.c.title, items.c.metadata_json, items.c.deleted_at.label("item_deleted_at"), *more).join(
        items, items.c.id == part.c.content_id
    )


def is_here(name: str, *, removed: bool) -> ColumnElement[bool]:
    """Return the condition that a row is more than a stub and, but for ``removed``, that nobody took it away."""
    part, items = table(name), table("content_items")
    known = items.c.is_stub.is_(False)
    return known if removed else and_(known, part.c.deleted_at.is_(None), items.c.deleted_at.is_(None))


def _item_of(unit: UnitOfWork, name: str, part_id: UUID) -> UUID:
    part = table(name)
    found: UUID | None = unit.connection.execute(select(part.c.content_id).where(part.c.id == part_id)).scalar()
    if found is None:
        raise ReaderError(
            Code.COURSE_UNKNOWN, "This part of the course is not in the library.", detail=f"{name} {part_id}"
        )
    return found
