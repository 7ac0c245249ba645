"""Versions of courses that their teacher keeps on this device: each a whole course as it was, with a line about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema.ids import uuid7
from sync.schema.tables import table

MOST = 100
"""Versions of a course that are kept; the oldest go."""


@dataclass(frozen=True, slots=True)
class Version:
    """A course as it was, without its content."""

    id: UUID
    course_id: UUID
    words: str
    saved_at: datetime


def save_version(unit: UnitOfWork, course_id: UUID, words: str, document: Mapping[str, Any]) -> UUID | None:
    """Keep a version and return its id; None where the latest one says the same."""
    kept = table("course_versions")
    latest = select(kept.c.document_json).where(kept.c.course_id == course_id).order_by(kept.c.id.desc()).limit(1)
    if unit.connection.execute(latest).scalar() == document:
        return None
    version_id = uuid7()
    values = {"id": version_id, "course_id": course_id, "words": words, "document_json": dict(document)}
    unit.connection.execute(insert(kept).values(**values, saved_at=unit.now))
    old = select(kept.c.id).where(kept.c.course_id == course_id).order_by(kept.c.id.desc()).offset(MOST)
    unit.connection.execute(delete(kept).where(kept.c.id.in_(old.scalar_subquery())))
    unit.touch("course_versions", version_id)
    return version_id


def versions_of(connection: Connection, course_id: UUID) -> list[Version]:
    """Return the versions of a course, the latest first."""
    kept = table("course_versions")
    columns = (kept.c.id, kept.c.course_id, kept.c.words, kept.c.saved_at)
    chosen = select(*columns).where(kept.c.course_id == course_id).order_by(kept.c.id.desc())
    return [Version(*row) for row in connection.execute(chosen)]


def version_document(connection: Connection, version_id: UUID) -> tuple[UUID, Any]:
    """Return a version's course id and document; raises ReaderError(course.unknown)."""
    kept = table("course_versions")
    chosen = select(kept.c.course_id, kept.c.document_json).where(kept.c.id == version_id)
    row = connection.execute(chosen).first()
    if row is None:
        raise ReaderError(
            Code.COURSE_UNKNOWN, "This version of the course is not kept any more.", detail=str(version_id)
        )
    return row.course_id, row.document_json
