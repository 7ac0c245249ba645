"""Vectors that a server made, in the table that has their place: index.db's ``content_embeddings``.

The words of a passage are not kept a second time, and do not travel: a row has the place of its passage and the vector.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, delete, insert
from sqlalchemy.exc import IntegrityError

from sync.protocol.packs import NotAPack, Pack
from sync.schema.ids import natural_id
from sync.schema.tables import METADATA
from sync.schema.vectors import ContentEmbedding

_TAG = "pack."
_STAY = "packs-stay"
_TABLE = METADATA.tables[ContentEmbedding.__tablename__]


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """An item that may have vectors on the server."""

    id: UUID
    content_type: str
    module: str


def items_on_shelf(connection: Connection, user_id: UUID) -> list[ShelfItem]:
    """Return what is on the shelf; from a reader's connection."""
    rows = connection.exec_driver_sql(
        """SELECT item.id, item.content_type, item.module_name FROM user_libraries AS place
           JOIN content_items AS item ON item.id = place.content_id
           WHERE place.user_id = ? AND place.deleted_at IS NULL ORDER BY item.id""",
        (user_id.bytes,),
    )
    return [ShelfItem(UUID(bytes=row[0]), row[1], row[2]) for row in rows]


def held(connection: Connection) -> dict[UUID, str]:
    """Return the tags of the packs that are here; from a reader's connection."""
    rows = connection.exec_driver_sql(
        "SELECT key, value FROM idx.index_state WHERE key >= ? AND key < 'pack/'", (_TAG,)
    )
    return {UUID(hex=row[0].removeprefix(_TAG)): row[1] for row in rows}


def stay(connection: Connection) -> str:
    """Return what is another once everything was dropped; from a reader's connection."""
    row = connection.exec_driver_sql("SELECT value FROM idx.index_state WHERE key = ?", (_STAY,)).first()
    return str(row[0]) if row else ""


def keep(connection: Connection, item: ShelfItem, pack: Pack, tag: str, now: datetime, begun: str) -> bool:
    """Put an item's vectors in place of those that were there, in the caller's transaction of index.db.

    Returns False and keeps nothing where everything was dropped since ``stay`` said ``begun``. Raises NotAPack where a
    passage is another item's.
    """
    row = connection.exec_driver_sql("SELECT value FROM index_state WHERE key = ?", (_STAY,)).first()
    if (row[0] if row else "") != begun:
        return False
    drop(connection, [item.id])
    model = natural_id("embedding_model", pack.model)
    shared = {
        "content_id": item.id,
        "model_id": model,
        "chunk_text": "",
        "chunk_type": "paragraph",
        "content_type": item.content_type,
        "module_name": item.module,
        "module_metadata": {"text": pack.text},
        "text_length": 0,
        "origin": "server",
        "created_at": now,
        "updated_at": now,
    }
    rows = zip(pack.ids, pack.places.tolist(), pack.floats().tolist(), strict=True)
    try:
        connection.execute(
            insert(_TABLE),
            [{**shared, "id": id_, "chunk_index": place, "embedding": vector} for id_, place, vector in rows],
        )
    except IntegrityError as fault:
        raise NotAPack("a passage is another item's") from fault
    connection.exec_driver_sql("INSERT INTO index_state VALUES (?, ?)", (_TAG + item.id.hex, tag))
    return True


def drop(connection: Connection, items: Iterable[UUID]) -> None:
    """Remove the vectors of items, in the caller's transaction of index.db."""
    for item in items:
        connection.execute(delete(_TABLE).where(_TABLE.c.content_id == item, _TABLE.c.origin == "server"))
        connection.exec_driver_sql("DELETE FROM index_state WHERE key = ?", (_TAG + item.hex,))


def drop_all(connection: Connection) -> None:
    """Remove the vectors of all items, in the caller's transaction of index.db; what is under way is not kept then."""
    connection.execute(delete(_TABLE).where(_TABLE.c.origin == "server"))
    connection.exec_driver_sql("DELETE FROM index_state WHERE key >= ? AND key < 'pack/'", (_TAG,))
    connection.exec_driver_sql("INSERT OR REPLACE INTO index_state VALUES (?, ?)", (_STAY, secrets.token_hex(8)))
