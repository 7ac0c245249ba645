"""A world in which every text is a marker of its own: whatever crosses a wire tells which row it is of."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql
from psycopg.types.json import Jsonb

from sync.retrieval.static_model import StaticModel
from sync.schema.ids import uuid7
from sync.server.auth.tokens import TokenKind, digest, new_token
from sync.server.gateway.database import Database
from sync.server.search.embedding import embed_waiting
from tests.server.policies.world import World, build
from tests.server.serving import make_settings
from tests.support.server import ServerDatabase

WORD = "leviathan"
"""Stands beside every marker, so that one search looks for all."""

TEXTS = {
    "assessment_attempts": "answers_json", "assessment_keys": "answers_json", "assessments": "questions_json",
    "attempt_grades": "feedback_json", "books": "author", "community_themes": "name",
    "content_embeddings": "chunk_text", "content_files": "file_name", "content_items": "title",
    "courses": "course_code", "devices": "name", "organizations": "name", "purchase_items": "item_snapshot",
    "purchases": "billing_address", "reading_sessions": "theme_key", "recommendation_sessions": "session_context",
    "requests": "payload_json", "user_activity": "metadata_json", "user_collections": "name",
    "user_content_interactions": "interaction_data", "user_libraries": "notes", "user_notes": "note_text",
    "user_profiles": "display_name", "user_queries": "query_text", "user_themes": "theme_name", "users": "name",
}  # fmt: skip
"""A column of each table that takes a text; the rest of the world has none, or nobody's."""

Row = tuple[str, UUID]


@dataclass
class Secrets:
    """The world's rows by their markers, and who may see them now."""

    database: ServerDatabase
    world: World
    markers: dict[bytes, Row] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """What book files are, by their hashes; each is a marker of its ``content_files`` row."""
    tokens: dict[str, str] = field(default_factory=dict)

    def seen_by(self, person: UUID) -> set[bytes]:
        """Return the markers of rows that somebody may see now, by direct SQL as them."""
        by_table: dict[str, list[UUID]] = {}
        for name, row in self.markers.values():
            by_table.setdefault(name, []).append(row)
        rows: set[Row] = set()
        with self.database.as_user(person) as connection:
            for name, ids in by_table.items():
                query = sql.SQL("select id from {} where id = any(%s)").format(sql.Identifier(name))
                if name == "content_embeddings":  # asked of their items: their own policy is looked at here
                    query += sql.SQL(" and app.can_open(content_id)")
                rows |= {(name, one) for (one,) in connection.execute(query, (ids,))}
        return {marker for marker, row in self.markers.items() if row in rows}

    def change(self, *statements: str) -> None:
        """Change the world, past every policy."""
        with self.database.as_superuser() as connection:
            for statement in statements:
                connection.execute(statement.encode())


def make_secrets(database: ServerDatabase) -> Secrets:
    """Build the world, write a marker into every row, and sign everybody in."""
    with database.as_superuser() as connection:
        world = build(connection)
        found = Secrets(database, world)
        for name in world.people:
            found.tokens[name] = new_token(TokenKind.SESSION)
            world.add(
                "user_sessions", f"of {name}", user_id=world.people[name], token=digest(found.tokens[name]),
                expires_at="2100-01-01",
            )  # fmt: skip
        for name, column in TEXTS.items():
            target = sql.Identifier(name)
            for (row,) in connection.execute(sql.SQL("select id from {}").format(target)).fetchall():
                marker = f"M{uuid4().hex[:18]}"
                found.markers[marker.encode()] = (name, row)
                statement = sql.SQL("update {} set {} = %s where id = %s").format(target, sql.Identifier(column))
                connection.execute(statement, (_filled(name, column, marker), row))
        for (row,) in connection.execute("select id from content_embeddings").fetchall():
            found.markers[row.bytes] = ("content_embeddings", row)  # in a pack there are no words
        for (row,) in connection.execute("select id from content_files").fetchall():
            content = f"F{uuid4().hex}".encode()
            found.markers[content] = ("content_files", row)
            sha256 = hashlib.sha256(content).hexdigest()
            found.files[sha256] = content
            connection.execute("update content_files set sha256 = %s where id = %s", (sha256, row))
    asyncio.run(_embed(database))
    return found


async def _embed(database: ServerDatabase) -> None:
    """Give all passages vectors, whoever may open their items."""
    opened = Database(make_settings(database))
    await opened.open()
    try:
        assert await embed_waiting(opened, StaticModel()) > 2
    finally:
        await opened.close()


def _filled(name: str, column: str, marker: str) -> Any:
    if name == "assessments":
        return Jsonb([{"id": str(uuid7()), "text": marker}])
    if column.endswith(("_json", "_snapshot", "_address", "_data", "_context")):
        return Jsonb({"a": f"{WORD} {marker}"})
    if name in ("content_items", "content_embeddings", "user_notes"):
        return f"{WORD} {marker}"
    return marker
