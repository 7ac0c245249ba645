"""Layers: notes on a book that a teacher gives to a course. Each is an item of the course, and so goes where it goes.

A layer's notes are in its item's ``metadata_json["blocks"]``, as a lesson's blocks are, and what book they are about in
``metadata_json["layer"]``. A layer has no row among the lessons, so that nobody has to take it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, select

from alexandria_desktop.store.course_parts import LONGEST, add_item
from alexandria_desktop.store.course_rows import CourseRow
from alexandria_desktop.store.lessons import BLOCKS
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema.tables import table

LAYER = "layer"


@dataclass(frozen=True, slots=True)
class LayerRow:
    """The notes of a course on one book."""

    id: UUID
    """Its item."""
    course_id: UUID
    course: str
    """The course's title."""
    edition: str
    """SHA-256 of the file that the notes were made in."""
    title: str
    """The book's."""
    author: str
    blocks: Mapping[str, Any] = field(default_factory=dict)


def layers_of(connection: Connection, course_content_id: UUID) -> list[LayerRow]:
    """Return the layers of a course, by the titles of their books."""
    found = connection.execute(_query().where(table("content_items").c.root_id == course_content_id))
    return _sorted(found)


def layers_given_to(connection: Connection, user_id: UUID) -> list[LayerRow]:
    """Return the layers of all courses that somebody takes or helps to teach, and did not make."""
    enrolled, items = table("course_enrollments"), table("content_items")
    mine = and_(
        enrolled.c.course_id == table("courses").c.id,
        enrolled.c.user_id == user_id,
        enrolled.c.status.in_(("active", "completed")),
        enrolled.c.deleted_at.is_(None),
    )
    chosen = _query().join(enrolled, mine).where(items.c.creator_id.is_distinct_from(user_id))
    return _sorted(connection.execute(chosen))


def put_layer(
    unit: UnitOfWork,
    user_id: UUID,
    course: CourseRow,
    known: LayerRow | None,
    book: Mapping[str, str],
    blocks: Mapping[str, Any],
) -> UUID:
    """Make a layer, or bring a known one to these blocks by id, and return its id. ``book``: edition, title, author."""
    metadata = layer_metadata(book, blocks)
    if known is None:
        return add_item(unit, user_id, course, "lesson", book["title"], metadata)
    unit.update("content_items", known.id, {"metadata_json": metadata, "title": book["title"][:LONGEST]})
    return known.id


def layer_metadata(book: Mapping[str, str], blocks: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a layer's item keeps; ``book``: edition, title, author."""
    return {LAYER: dict(book), BLOCKS: dict(blocks)}


def remove_layer(unit: UnitOfWork, layer_id: UUID) -> None:
    """Take a layer out of its course."""
    unit.remove("content_items", layer_id)


def _query() -> Select[Any]:
    items, courses, lessons = table("content_items"), table("courses"), table("lessons")
    roots = items.alias("root")
    return (
        select(items.c.id, items.c.metadata_json, courses.c.id.label("course_id"), roots.c.title.label("course"))
        .join(courses, courses.c.content_id == items.c.root_id)
        .join(roots, roots.c.id == items.c.root_id)
        .join(lessons, lessons.c.content_id == items.c.id, isouter=True)
        .where(
            items.c.content_type == "lesson",
            lessons.c.id.is_(None),
            items.c.deleted_at.is_(None),
            items.c.is_stub.is_(False),
            roots.c.deleted_at.is_(None),
        )
    )


def _sorted(rows: Any) -> list[LayerRow]:
    found = [_layer(row) for row in rows if isinstance((row.metadata_json or {}).get(LAYER), Mapping)]
    return sorted(found, key=lambda one: (one.title, str(one.id)))


def _layer(row: Row[Any]) -> LayerRow:
    book, blocks = row.metadata_json[LAYER], row.metadata_json.get(BLOCKS)
    return LayerRow(
        id=row.id,
        course_id=row.course_id,
        course=row.course,
        edition=str(book.get("edition") or ""),
        title=str(book.get("title") or ""),
        author=str(book.get("author") or ""),
        blocks=blocks if isinstance(blocks, Mapping) else {},
    )
