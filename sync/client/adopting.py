"""The first sign-in of a library that people have written in: it becomes the account's, in one transaction.

The ids of its owner, and every id that was derived from the owner's, are written anew everywhere; then everything is
put in line to be told to the server, each row with the moment of its last change. Two laptops that imported the same
file before they had an account derive the same ids now, and the server merges them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Table, and_, delete, insert, select, update

from sync.client.departing import OWN
from sync.client.facts import HYBRID_CLOCK, forget_position, recall, remember
from sync.client.retelling import AUTHORED, clocks_of, written_by_me
from sync.client.waiting import OUTBOX, Key, parents_first
from sync.schema import natural
from sync.schema.clock import next_reading, reading_at
from sync.schema.policy import policy_of
from sync.schema.tables import library_tables, table
from sync.schema.types import Uuid

_IDS = "adopted_ids"
_USER = "user_id"
_POINTERS = frozenset({"row_id", "note_id", "resource_id", "theme_id", "reading_session_id", "subject_id"})
"""Columns that hold an id without a foreign key that says of what."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """What the adoption changed."""

    ids: Mapping[UUID, UUID]
    """Old ids and new ones; for what is kept beside the library's file, such as the index."""
    queued: int


def adopt(connection: Connection, user_id: UUID, now: datetime) -> Adopted:
    """Make the library the account's; harmless where it is already. Run with references unchecked."""
    owner = UUID(str(recall(connection, _USER)))
    ids = _new_ids(connection, owner, user_id) if owner != user_id else {}
    if ids:
        _rewrite(connection, ids)
    remember(connection, _USER, str(user_id))
    forget_position(connection)
    return Adopted(ids, _queue_everything(connection, now, is_known=owner == user_id))


def _new_ids(connection: Connection, owner: UUID, user_id: UUID) -> dict[UUID, UUID]:
    """Return every id that changes; of ids that look derived, only those that are."""
    ids = {owner: user_id}
    files = table("content_files")
    for row in connection.execute(select(files.c.content_id, files.c.sha256)):
        if row.content_id == natural.imported_item(owner, row.sha256):
            ids[row.content_id] = natural.imported_item(user_id, row.sha256)
    for found in (_books, _files, _shelf, _members, _preferences, _progress, _ratings, _relationships):
        ids |= {old: new for old, new in found(connection, ids, owner, user_id) if old != new}
    ids |= {natural.theme_preference(owner): natural.theme_preference(user_id)}
    return ids


Pairs = Iterator[tuple[UUID, UUID]]


def _books(connection: Connection, ids: Mapping[UUID, UUID], *_: UUID) -> Pairs:
    for one in connection.execute(select(table("books").c.content_id)).scalars():
        yield natural.book(one), natural.book(ids.get(one, one))


def _files(connection: Connection, ids: Mapping[UUID, UUID], *_: UUID) -> Pairs:
    files = table("content_files")
    for row in connection.execute(select(files.c.content_id, files.c.sha256)):
        item = ids.get(row.content_id, row.content_id)
        yield natural.content_file(row.content_id, row.sha256), natural.content_file(item, row.sha256)


def _shelf(connection: Connection, ids: Mapping[UUID, UUID], owner: UUID, user_id: UUID) -> Pairs:
    for one in connection.execute(select(table("user_libraries").c.content_id)).scalars():
        yield natural.shelf_place(owner, one), natural.shelf_place(user_id, ids.get(one, one))


def _members(connection: Connection, ids: Mapping[UUID, UUID], *_: UUID) -> Pairs:
    members = table("collection_items")
    for row in connection.execute(select(members.c.collection_id, members.c.content_id)):
        item = ids.get(row.content_id, row.content_id)
        yield (
            natural.collection_member(row.collection_id, row.content_id),
            natural.collection_member(row.collection_id, item),
        )


def _preferences(connection: Connection, _ids: Mapping[UUID, UUID], owner: UUID, user_id: UUID) -> Pairs:
    kept = table("user_preferences")
    for row in connection.execute(select(kept.c.preference_type, kept.c.preference_value)):
        yield (
            natural.preference(owner, row.preference_type, row.preference_value),
            natural.preference(user_id, row.preference_type, row.preference_value),
        )


def _progress(connection: Connection, ids: Mapping[UUID, UUID], owner: UUID, user_id: UUID) -> Pairs:
    for one in connection.execute(select(table("student_progress").c.lesson_id)).scalars():
        yield natural.lesson_progress(owner, one), natural.lesson_progress(user_id, ids.get(one, one))


def _ratings(connection: Connection, ids: Mapping[UUID, UUID], owner: UUID, user_id: UUID) -> Pairs:
    for one in connection.execute(select(table("theme_ratings").c.theme_id)).scalars():
        yield natural.theme_rating(owner, one), natural.theme_rating(user_id, ids.get(one, one))


def _relationships(connection: Connection, ids: Mapping[UUID, UUID], *_: UUID) -> Pairs:
    kept = table("content_relationships")
    columns = kept.c.source_content_id, kept.c.target_content_id, kept.c.relationship_type
    for source, target, kind in connection.execute(select(*columns)):
        yield (
            natural.relationship(source, target, kind),
            natural.relationship(ids.get(source, source), ids.get(target, target), kind),
        )


def _rewrite(connection: Connection, ids: Mapping[UUID, UUID]) -> None:
    connection.exec_driver_sql(f"CREATE TEMP TABLE {_IDS} (old BLOB PRIMARY KEY, new BLOB NOT NULL) WITHOUT ROWID")
    try:
        connection.exec_driver_sql(
            f"INSERT INTO {_IDS} VALUES (?, ?)", [(old.bytes, new.bytes) for old, new in ids.items()]
        )
        for target in library_tables():
            for column in _pointing(target):
                connection.exec_driver_sql(
                    f'UPDATE "{target.name}" SET "{column}" = (SELECT new FROM {_IDS} WHERE old = "{column}")'
                    f' WHERE "{column}" IN (SELECT old FROM {_IDS})'
                )
    finally:
        connection.exec_driver_sql(f"DROP TABLE {_IDS}")


def _pointing(target: Table) -> list[str]:
    """Return the columns that hold ids of rows."""
    return [
        column.name
        for column in target.columns
        if isinstance(column.type, Uuid) and (column.primary_key or column.foreign_keys or column.name in _POINTERS)
    ]


def _queue_everything(connection: Connection, now: datetime, *, is_known: bool) -> int:
    """Put every row that travels in line; what waited before is part of it.

    ``is_known`` says that the new home may have had these rows already: they are told again, removals too.
    """
    waits = {(row.table_name, row.row_id): row for row in connection.execute(select(OUTBOX)).all()} if is_known else {}
    connection.execute(delete(OUTBOX))
    latest = int(recall(connection, HYBRID_CLOCK) or 0)
    entries: list[dict[str, Any]] = []
    for target in library_tables():
        policy = policy_of(target.name)
        if not policy.goes_out or "id" not in target.c:
            continue
        told = _told_again(connection, target, waits, now) if is_known and "field_clocks" in target.c else {}
        others = _brought_in_files(connection, target)
        if "revision" in target.c:
            fresh: dict[str, Any] = {"revision": 0} | ({"field_clocks": {}} if "field_clocks" in target.c else {})
            connection.execute(update(target).values(**fresh))
        entries += _entries(connection, target, told, others, has_origin=policy.has_origin, now=now)
    if entries:
        connection.execute(insert(OUTBOX), entries)
        parents_first(connection)
    remember(connection, HYBRID_CLOCK, next_reading(latest, now))
    return len(entries)


def _told_again(
    connection: Connection, target: Table, waits: Mapping[Key, Row[Any]], now: datetime
) -> dict[UUID, dict[str, int]]:
    """Return the clocks of the rows that another home has counted."""
    found = {}
    for mine in connection.execute(select(target.c.id, target.c.created_at, target.c.field_clocks)).mappings():
        if mine["field_clocks"]:
            found[mine["id"]] = clocks_of(target.name, mine, waits.get((target.name, mine["id"])), now)
    return found


def _entries(
    connection: Connection,
    target: Table,
    told: Mapping[UUID, dict[str, int]],
    others: Set[UUID],
    *,
    has_origin: bool,
    now: datetime,
) -> Iterator[dict[str, Any]]:
    changed = target.c.updated_at if "updated_at" in target.c else target.c.get("created_at")
    chosen = select(target.c.id, changed if changed is not None else target.c.id)
    if "deleted_at" in target.c:
        # What was removed before there was a server needs no tombstone there.
        gone = target.c.deleted_at.is_not(None)
        forgotten = set(connection.execute(select(target.c.id).where(gone)).scalars()) - told.keys()
    else:
        forgotten = set()
    if has_origin:
        chosen = chosen.where(target.c.origin != "device")
    for row in connection.execute(chosen.order_by(target.c.id)):
        if row.id in forgotten or row.id in others:
            continue
        clocks = told.get(row.id, {})
        moment = row[1] if isinstance(row[1], datetime) else now
        yield {
            "table_name": target.name,
            "row_id": row[0],
            "operation": "insert",
            "base_json": {},
            "clocks_json": clocks,
            "base_revision": 0,
            "clock": max(clocks.values(), default=reading_at(min(moment, now))),
            "created_at": now,
            "state": "pending",
        }


def _brought_in_files(connection: Connection, target: Table) -> set[UUID]:
    """Return the rows of others that no home has counted: they came in a file, and are for those others to tell."""
    if target.name == "assessment_attempts":
        carried = table("carried_attempts")
        same = (carried.c.attempt_id == target.c.id, carried.c.taken_at == target.c.created_at)
        return set(connection.execute(select(target.c.id).join(carried, and_(*same))).scalars())
    if "revision" not in target.c:
        return set()
    uncounted = select(target.c.id).where(target.c.revision == 0)
    if target.name in AUTHORED:
        ids = set(connection.execute(uncounted).scalars())
        return ids - written_by_me(connection, target.name, ids)
    if target.name in OWN and "user_id" in target.c:
        me = UUID(str(recall(connection, _USER)))
        return set(connection.execute(uncounted.where(target.c.user_id != me)).scalars())
    return set()
