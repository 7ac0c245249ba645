"""What a laptop must hold, by direct SQL as its person: what they may see, as far as they want it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.support.server import ServerDatabase
from tests.sync.laptops import Laptop

MINE = ("user_notes", "user_libraries", "user_collections", "devices", "user_preferences")
_ROOTS = (
    "select i.id from content_items i where i.creator_id = %(me)s or (coalesce(i.root_id, i.id) in ("
    " select l.content_id from user_libraries l where l.user_id = %(me)s and l.deleted_at is null))"
)

Row = tuple[str, UUID]
Held = dict[Row, dict[str, Any]]

_COMPARED = {
    "user_notes": ("note_text", "color", "content_id", "deleted_at"),
    "user_libraries": ("content_id", "deleted_at", "progress"),
    "content_items": ("title", "visibility", "status"),
    "books": ("author", "content_id"),
}


def visible_rows(database: ServerDatabase, me: UUID) -> Held:
    """Return the rows that the person's laptops must hold."""
    found: Held = {}
    with database.as_user(me) as connection:
        for name, columns in _COMPARED.items():
            where = _where(name)
            query = f"select id, {', '.join(columns)} from {name} t where {where}"
            for row in connection.execute(query, {"me": me}):  # type: ignore[call-overload]
                found[name, row[0]] = dict(zip(columns, row[1:], strict=True))
    return found


def held(laptop: Laptop) -> Held:
    """Return the rows that a laptop holds; what is only a stub of an item is not one."""
    from sqlalchemy import select

    from sync.schema.tables import table

    found: Held = {}
    stubs: set[UUID] = set()
    with laptop.database.reading() as connection:
        for name in ("content_items", "books", "user_notes", "user_libraries"):
            columns = _COMPARED[name]
            for row in connection.execute(select(table(name))).mappings():
                if name == "content_items" and row["is_stub"]:
                    stubs.add(row["id"])
                    continue
                if name == "books" and row["content_id"] in stubs:
                    continue
                found[name, row["id"]] = {column: row[column] for column in columns}
    return found


def _where(name: str) -> str:
    if name in MINE:
        return "t.user_id = %(me)s"
    roots = _ROOTS
    # A card in a shop window is nobody's until they may open it; a shelf wants what can be opened.
    opened = f"({roots}) and (t.creator_id = %(me)s or t.visibility <> 'marketplace')"
    if name == "content_items":
        return f"t.id in {opened}"
    return f"t.content_id in (select o.id from content_items o where o.id in {opened.replace('t.', 'o.')})"
