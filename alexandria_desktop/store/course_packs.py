"""Courses that came in a file: rows of somebody else's, kept here without a word to any server.

They are what the server would send if there were one: made by their teacher, with the teacher's ids, at revision 0. So
when this library is later put into the course on a server, the server's rows take the place of these, and nothing is
there twice. What stands on them (progress, attempts) is the reader's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema.ids import uuid7
from sync.schema.tables import table

Rows = Mapping[str, Mapping[UUID, Mapping[str, Any]]]
"""By table and id: the columns that a pack says."""
_ITEMS, _COURSES, _KEYS, _ENROLLED = "content_items", "courses", "assessment_keys", "course_enrollments"


@dataclass(frozen=True, slots=True)
class Taken:
    """Which issue of a course is here, and by whose key."""

    course_id: UUID
    key: bytes
    number: int
    author: str
    made_at: datetime


class Place(Enum):
    """What this library knows of a course that a pack speaks of."""

    NEW = auto()
    FROM_PACK = auto()
    FROM_SERVER = auto()
    MINE = auto()


def taken_pack(connection: Connection, course_id: UUID) -> Taken | None:
    """Return which issue of a course was opened here last."""
    kept = table("taken_packs")
    row = connection.execute(select(kept).where(kept.c.course_id == course_id)).first()
    if row is None:
        return None
    return Taken(row.course_id, bytes.fromhex(row.key), row.number, row.author, row.made_at)


def packs_taken(connection: Connection, user_id: UUID) -> set[UUID]:
    """Return the courses that came in a file and that no server has told of."""
    courses, items, kept = table(_COURSES), table(_ITEMS), table("taken_packs")
    chosen = (
        select(courses.c.id)
        .join(items, items.c.id == courses.c.content_id)
        .join(kept, kept.c.course_id == courses.c.id)
        .where(courses.c.revision == 0, items.c.creator_id != user_id)
    )
    return set(connection.execute(chosen).scalars())


def place_of(connection: Connection, user_id: UUID, course_id: UUID) -> Place:
    """Return what is known of a course here."""
    courses, items = table(_COURSES), table(_ITEMS)
    chosen = select(courses.c.revision, items.c.creator_id, items.c.is_stub).join(
        items, items.c.id == courses.c.content_id
    )
    row = connection.execute(chosen.where(courses.c.id == course_id)).first()
    if row is None:
        return Place.NEW
    if row.creator_id == user_id:
        return Place.MINE
    return Place.FROM_SERVER if row.revision > 0 and not row.is_stub else Place.FROM_PACK


def put_course(unit: UnitOfWork, user_id: UUID, course_item: UUID, rows: Rows, taken: Taken) -> None:
    """Put a course as a pack says it; what the pack names no more is taken away, and comes back when it does again.

    Raises ReaderError(course.pack-clash) where the pack speaks for rows that are not this course's.
    """
    _insist_on_its_own(unit.connection, user_id, course_item, rows)
    for name, known in rows.items():
        for row_id, values in known.items():
            _put(unit, name, row_id, {**values, "deleted_at": None})
    _take_away_others(unit, course_item, rows)
    _enroll(unit, user_id, taken.course_id)
    _note(unit, taken)


def put_away(unit: UnitOfWork, user_id: UUID, course_id: UUID, *, is_gone: bool = True) -> None:
    """Take a course that came in a file off the reader's courses, or bring it back; what they did in it stays."""
    enrolled = table(_ENROLLED)
    chosen = (enrolled.c.user_id == user_id, enrolled.c.course_id == course_id, enrolled.c.revision == 0)
    status = "left" if is_gone else "active"
    unit.connection.execute(update(enrolled).where(*chosen).values(status=status, updated_at=unit.now))
    unit.touch(_ENROLLED, course_id)


def _insist_on_its_own(connection: Connection, user_id: UUID, course_item: UUID, rows: Rows) -> None:
    """Raise where an id of the pack is taken by something else: a pack must not write over what it did not bring."""
    items = table(_ITEMS)
    ids = list(rows.get(_ITEMS, {}))
    for begin in range(0, len(ids), 500):
        chosen = select(items.c.id, items.c.root_id, items.c.creator_id, items.c.content_type, items.c.revision)
        for row in connection.execute(chosen.where(items.c.id.in_(ids[begin : begin + 500]))):
            is_in_place = row.id == course_item or row.root_id == course_item
            told = rows[_ITEMS][row.id]
            if not is_in_place or row.content_type != told["content_type"] or row.creator_id == user_id:
                raise clash(str(row.id))
            if row.revision > 0:
                raise clash(f"{row.id} is the server's")


def clash(detail: str) -> ReaderError:
    """Return the error for a pack that speaks for what is not its own."""
    return ReaderError(
        Code.COURSE_PACK_CLASH,
        "This course pack speaks for something in your library that is not its own. Nothing was taken from it.",
        detail=detail,
    )


def _put(unit: UnitOfWork, name: str, row_id: UUID, values: Mapping[str, Any]) -> None:
    target = table(name)
    columns = [target.c[column] for column in values]
    known = unit.connection.execute(select(*columns).where(target.c.id == row_id)).mappings().first()
    if known is None:
        made = {"id": row_id, "created_at": unit.now, "updated_at": unit.now, **values}
        unit.connection.execute(insert(target), [made])
    else:
        differing = {column: value for column, value in values.items() if known[column] != value}
        if not differing:
            return
        changes = {"updated_at": unit.now, **differing}
        unit.connection.execute(update(target).where(target.c.id == row_id).values(changes))
    unit.touch(name, row_id)


def _take_away_others(unit: UnitOfWork, course_item: UUID, rows: Rows) -> None:
    items, keys, asked = table(_ITEMS), table(_KEYS), table("assessments")
    here = select(items.c.id).where(items.c.root_id == course_item, items.c.deleted_at.is_(None))
    for gone in set(unit.connection.execute(here).scalars()) - set(rows.get(_ITEMS, {})):
        _put(unit, _ITEMS, gone, {"deleted_at": unit.now})
    # What was for practice once and is graded now has no key here any more, not even a removed one.
    held = select(keys.c.id).join(asked, asked.c.id == keys.c.assessment_id).where(asked.c.root_id == course_item)
    for gone in set(unit.connection.execute(held).scalars()) - set(rows.get(_KEYS, {})):
        unit.connection.execute(keys.delete().where(keys.c.id == gone))
        unit.touch(_KEYS, gone)


def _enroll(unit: UnitOfWork, user_id: UUID, course_id: UUID) -> None:
    """Let the reader take the course; what a server says of that stands."""
    enrolled = table(_ENROLLED)
    chosen = select(enrolled.c.id).where(enrolled.c.user_id == user_id, enrolled.c.course_id == course_id)
    if unit.connection.execute(chosen).first() is not None:
        put_away(unit, user_id, course_id, is_gone=False)
        return
    row_id = uuid7()
    values = {"user_id": user_id, "course_id": course_id, "role": "student", "status": "active"}
    stamps = {"enrolled_at": unit.now, "created_at": unit.now, "updated_at": unit.now}
    unit.connection.execute(insert(enrolled), [{"id": row_id, **values, **stamps}])
    unit.touch(_ENROLLED, row_id)


def _note(unit: UnitOfWork, taken: Taken) -> None:
    kept = table("taken_packs")
    values = {
        "key": taken.key.hex(), "number": taken.number, "author": taken.author, "made_at": taken.made_at,
        "opened_at": unit.now,
    }  # fmt: skip
    known = unit.connection.execute(update(kept).where(kept.c.course_id == taken.course_id).values(values))
    if known.rowcount == 0:
        unit.connection.execute(insert(kept), [{"course_id": taken.course_id, **values}])
    unit.touch("taken_packs", taken.course_id)
