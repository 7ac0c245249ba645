"""Which files should go to the account's server and which should be on this computer, by the reader's wishes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, and_, select

from alexandria_desktop.store.courses import items_of
from alexandria_desktop.store.identity import recall, remember
from sync.schema.tables import table

_SHOWN = ("published", "archived")
"""States of a course in which those who take it see it."""
_HASH = re.compile("[0-9a-f]{64}")
_ALWAYS_HERE = "files.always_here"
"""The fact of this computer: ids of collections whose files are always on it. It does not travel."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or another file of a course, which goes and comes without being asked for: lessons need it."""

    row_id: UUID
    name: str
    is_due: bool
    """Whether its teacher has published the course, so that the server has it or will have it soon."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What should go and come, by content; whether the server has it is not known yet."""

    to_send: Mapping[str, tuple[str, str]]
    """One's own files that are here: their path in the library, and their format or media type."""
    covers_to_send: frozenset[str]
    to_fetch: Mapping[str, UUID]
    """Files that should be here and are not, and the books that are read in them."""
    covers: frozenset[str]
    """Covers of the shelf."""
    attachments: Mapping[str, Attachment]
    """Files of the courses that the reader makes, teaches or takes, and that are not here."""

    def __bool__(self) -> bool:
        return bool(self.to_send or self.covers_to_send or self.to_fetch or self.covers or self.attachments)


def wishes(connection: Connection, user_id: UUID, always_here: Collection[UUID], *, send_files: bool) -> Wishes:
    """Return what should go and come. Whether a cover is on the disk is for the caller to see."""
    mine, others = _covers(connection, user_id)
    return Wishes(
        to_send=_published_attachments(connection, user_id) | (own_files(connection, user_id) if send_files else {}),
        covers_to_send=mine,
        to_fetch=_absent_files(connection, user_id, always_here) if always_here else {},
        covers=mine | others,
        attachments=_absent_attachments(connection, user_id),
    )


def always_here(connection: Connection) -> frozenset[UUID]:
    """Return the collections whose files are always on this computer."""
    found = recall(connection, _ALWAYS_HERE)
    return frozenset(UUID(one) for one in found) if isinstance(found, list) else frozenset()


def keep_here(connection: Connection, collection: UUID, *, always: bool) -> None:
    """Say whether the files of a collection are always on this computer."""
    before = always_here(connection)
    chosen = before | {collection} if always else before - {collection}
    remember(connection, _ALWAYS_HERE, sorted(map(str, chosen)))


def own_files(connection: Connection, user_id: UUID) -> dict[str, tuple[str, str]]:
    """Return the hash of each file of one's own books that is here: where it is, and its format."""
    named, local, items = table("content_files"), table("local_files"), table("content_items")
    chosen = (
        select(named.c.sha256, local.c.path, named.c.file_format)
        .join(local, local.c.sha256 == named.c.sha256)
        .join(items, items.c.id == named.c.content_id)
        .where(items.c.creator_id == user_id, named.c.deleted_at.is_(None), local.c.state == "present")
    )
    return {row.sha256: (row.path, row.file_format) for row in connection.execute(chosen)}


def _absent_files(connection: Connection, user_id: UUID, collections: Collection[UUID]) -> dict[str, UUID]:
    """Return the current file of each book of some collections that is not here."""
    members, places, named, local = (
        table(name) for name in ("collection_items", "user_libraries", "content_files", "local_files")
    )
    on_shelf = and_(places.c.content_id == members.c.content_id, places.c.user_id == user_id)
    chosen = (
        select(named.c.sha256, named.c.content_id)
        .join(members, members.c.content_id == named.c.content_id)
        .join(places, on_shelf)
        .join(local, and_(local.c.sha256 == named.c.sha256, local.c.state == "present"), isouter=True)
        .where(
            members.c.collection_id.in_(collections),
            members.c.deleted_at.is_(None),
            places.c.deleted_at.is_(None),
            named.c.deleted_at.is_(None),
            named.c.kind == "original",
            named.c.is_current.is_(True),
            local.c.sha256.is_(None),
        )
    )
    return {row.sha256: row.content_id for row in connection.execute(chosen)}


def _published_attachments(connection: Connection, user_id: UUID) -> dict[str, tuple[str, str]]:
    """Return the files of one's own courses that others may take: where each is, and its media type."""
    named, local, items = table("content_files"), table("local_files"), table("content_items")
    chosen = (
        select(named.c.sha256, local.c.path, named.c.media_type)
        .join(local, local.c.sha256 == named.c.sha256)
        .join(items, items.c.id == named.c.content_id)
        .where(
            items.c.creator_id == user_id,
            items.c.content_type == "course",
            items.c.status.in_(_SHOWN),
            items.c.deleted_at.is_(None),
            named.c.kind == "attachment",
            named.c.deleted_at.is_(None),
            local.c.state == "present",
        )
    )
    return {row.sha256: (row.path, row.media_type or "") for row in connection.execute(chosen)}


def _absent_attachments(connection: Connection, user_id: UUID) -> dict[str, Attachment]:
    named, local, items = table("content_files"), table("local_files"), table("content_items")
    here = and_(local.c.sha256 == named.c.sha256, local.c.state == "present")
    chosen = (
        select(named.c.sha256, named.c.id, named.c.file_name, items.c.status.in_(_SHOWN).label("is_due"))
        .join(items, items.c.id == named.c.content_id)
        .join(local, here, isouter=True)
        .where(
            items.c.id.in_(items_of(user_id)),
            named.c.kind == "attachment",
            named.c.deleted_at.is_(None),
            local.c.sha256.is_(None),
        )
    )
    return {
        row.sha256: Attachment(row.id, row.file_name, bool(row.is_due))
        for row in connection.execute(chosen)
        if _HASH.fullmatch(row.sha256)  # it becomes the name of a file, and somebody else wrote it
    }


def _covers(connection: Connection, user_id: UUID) -> tuple[frozenset[str], frozenset[str]]:
    """Return the covers of the books on the shelf: those of one's own books, and the others'."""
    items, books, places = table("content_items"), table("books"), table("user_libraries")
    chosen = (
        select(books.c.cover_sha256, items.c.creator_id == user_id)
        .join(items, items.c.id == books.c.content_id)
        .join(places, and_(places.c.content_id == items.c.id, places.c.user_id == user_id))
        .where(places.c.deleted_at.is_(None), books.c.cover_sha256.is_not(None))
    )
    rows = connection.execute(chosen).all()
    mine = frozenset(sha256 for sha256, is_mine in rows if is_mine)
    return mine, frozenset(sha256 for sha256, _ in rows) - mine
