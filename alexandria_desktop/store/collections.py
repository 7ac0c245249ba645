"""Collections: shelves that the reader makes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema import natural
from sync.schema.tables import table


@dataclass(frozen=True, slots=True)
class Collection:
    """A shelf of the reader's own."""

    id: UUID
    name: str
    description: str | None
    books: int
    """How many books are in it, removed ones not counted."""


def make_collection(unit: UnitOfWork, user_id: UUID, name: str, *, description: str | None = None) -> UUID:
    """Make an empty collection and return its id."""
    return unit.insert("user_collections", {"user_id": user_id, "name": name, "description": description})


def rename_collection(unit: UnitOfWork, collection_id: UUID, name: str) -> None:
    """Give a collection another name."""
    _insist(unit.update("user_collections", collection_id, {"name": name}), collection_id)


def remove_collection(unit: UnitOfWork, collection_id: UUID) -> None:
    """Remove a collection; its books stay in the library, and ``bring_back_collection`` undoes it."""
    _insist(unit.remove("user_collections", collection_id), collection_id)


def bring_back_collection(unit: UnitOfWork, collection_id: UUID) -> None:
    """Bring a removed collection back with what was in it."""
    _insist(unit.bring_back("user_collections", collection_id), collection_id)


def put_in(unit: UnitOfWork, user_id: UUID, collection_id: UUID, content_id: UUID) -> None:
    """Put a book in a collection; nothing happens where it is in it already."""
    member_id = natural.collection_member(collection_id, content_id)
    if unit.bring_back("collection_items", member_id):
        return
    unit.insert(
        "collection_items",
        {
            "id": member_id,
            "collection_id": collection_id,
            "user_id": user_id,
            "content_id": content_id,
            "added_at": unit.now,
        },
    )


def take_out(unit: UnitOfWork, collection_id: UUID, content_id: UUID) -> None:
    """Take a book out of a collection."""
    unit.remove("collection_items", natural.collection_member(collection_id, content_id))


def list_collections(connection: Connection, user_id: UUID) -> list[Collection]:
    """Return the reader's collections by name."""
    shelves, members, places = table("user_collections"), table("collection_items"), table("user_libraries")
    query = (
        select(shelves.c.id, shelves.c.name, shelves.c.description, func.count(places.c.id))
        .join(members, and_(members.c.collection_id == shelves.c.id, members.c.deleted_at.is_(None)), isouter=True)
        .join(
            places,
            and_(
                places.c.content_id == members.c.content_id,
                places.c.user_id == user_id,
                places.c.deleted_at.is_(None),
            ),
            isouter=True,
        )
        .where(shelves.c.user_id == user_id, shelves.c.deleted_at.is_(None))
        .group_by(shelves.c.id, shelves.c.name, shelves.c.description)
        .order_by(func.lower(shelves.c.name))
    )
    return [Collection(*row) for row in connection.execute(query)]


def collections_of(connection: Connection, user_id: UUID, content_id: UUID) -> frozenset[UUID]:
    """Return the collections that a book is in."""
    members = table("collection_items")
    chosen = select(members.c.collection_id).where(
        members.c.user_id == user_id, members.c.content_id == content_id, members.c.deleted_at.is_(None)
    )
    return frozenset(connection.execute(chosen).scalars())


def _insist(found: bool, collection_id: UUID) -> None:
    if not found:
        raise ReaderError(
            Code.COLLECTION_UNKNOWN, "There is no such collection in the library.", detail=str(collection_id)
        )
