"""What a laptop must hold, by direct SQL as its person: what they may see, as far as they want it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from sync.schema.tables import table
from tests.support.server import ServerDatabase
from tests.sync.laptops import Laptop

Row = tuple[str, UUID]
Held = dict[Row, dict[str, Any]]

COMPARED = {
    "user_notes": ("note_text", "color", "content_id", "deleted_at"),
    "user_libraries": ("content_id", "deleted_at", "progress"),
    "student_progress": ("lesson_id", "status", "time_spent"),
    "content_items": ("title", "visibility", "status"),
    "books": ("author", "content_id"),
    "courses": ("content_id",),
    "lessons": ("content_id", "course_id"),
    "organizations": ("name",),
    "user_organizations": ("org_id", "user_id"),
    "user_profiles": ("user_id",),
    "course_enrollments": ("course_id", "status"),
    "user_content_access": ("content_id",),
}
_MINE = ("user_notes", "user_libraries", "student_progress", "course_enrollments", "user_content_access")
_BY_SIGHT = ("organizations", "user_organizations")
_GRANTED = """
    select a.content_id from user_content_access a
    where a.user_id = %(me)s and (a.access_expires_at is null or a.access_expires_at > now())
    union select c.content_id from courses c join course_enrollments e on e.course_id = c.id
    where e.user_id = %(me)s and e.status in ('active', 'completed')"""
# What is on the shelf, what was given to them, what they made. A card in a shop window is nobody's until they may open
# it; a shelf wants what can be opened.
_OPENED = f"""
    select i.id from content_items i
    where i.creator_id = %(me)s or coalesce(i.root_id, i.id) in ({_GRANTED})
      or (i.visibility <> 'marketplace' and coalesce(i.root_id, i.id) in (
        select l.content_id from user_libraries l where l.user_id = %(me)s and l.deleted_at is null))"""


def visible_rows(database: ServerDatabase, me: UUID) -> Held:
    """Return the rows that the person's laptops must hold."""
    found: Held = {}
    with database.as_user(me) as connection:
        for name, columns in COMPARED.items():
            query = f"select id, {', '.join(columns)} from {name} t where {_where(name)}"
            for row in connection.execute(query, {"me": me}):
                found[name, row[0]] = dict(zip(columns, row[1:], strict=True))
    return found


def held(laptop: Laptop) -> Held:
    """Return the rows that a laptop holds; what is only a stub of an item is not one."""
    found: Held = {}
    stubs: set[UUID] = set()
    with laptop.database.reading() as connection:
        # Items first: a stub's book is part of the stub.
        for name in ("content_items", *(other for other in COMPARED if other != "content_items")):
            columns = COMPARED[name]
            for row in connection.execute(select(table(name))).mappings():
                if name == "content_items" and row["is_stub"]:
                    stubs.add(row["id"])
                elif name != "books" or row["content_id"] not in stubs:
                    found[name, row["id"]] = {column: row[column] for column in columns}
    return found


def _where(name: str) -> str:
    if name in _MINE:
        return "t.user_id = %(me)s"
    if name in _BY_SIGHT:
        return "true"
    if name == "user_profiles":
        # Publishers' names are looked up when wanted; those of one's organisations come by themselves.
        return "t.user_id = %(me)s or t.user_id in (select m.user_id from user_organizations m)"
    if name == "content_items":
        return f"t.id in ({_OPENED})"
    return f"t.content_id in ({_OPENED})"
