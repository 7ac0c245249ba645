"""The small world of the policies with words to find in it, and its people signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from sync.retrieval.static_model import StaticModel
from sync.server.auth.tokens import TokenKind, digest, new_token
from sync.server.gateway.database import Database
from sync.server.search import make_search
from sync.server.search.embedding import embed_waiting
from tests.server.policies.world import ACTORS, World, build
from tests.server.serving import make_app, make_settings, serving
from tests.support.postgres import Cluster
from tests.support.server import ServerDatabase

WORD = "leviathan"
"""Stands in every passage, title and note of the world."""


@dataclass(frozen=True)
class Searched:
    """A world whose people can search it."""

    database: ServerDatabase
    world: World
    client: httpx.AsyncClient
    tokens: Mapping[str, str]

    async def search(self, actor: str, query: str, **more: Any) -> dict[str, Any]:
        """Return what one of the people finds."""
        answer = await self.client.post("/v1/search", json={"query": query, **more}, headers=self.headers(actor))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def headers(self, actor: str) -> dict[str, str]:
        return {} if actor == "anonymous" else {"Authorization": f"Bearer {self.tokens[actor]}"}

    def item(self, name: str) -> UUID:
        return self.world.rows["content_items", name]["value"]

    async def embed(self) -> int:
        """Do what the job does."""
        database = Database(make_settings(self.database))
        await database.open()
        try:
            return await embed_waiting(database, StaticModel())
        finally:
            await database.close()


@pytest.fixture
def world_database(cluster: Cluster, server_template: str) -> Iterator[ServerDatabase]:
    with cluster.database(server_template) as engine:
        yield ServerDatabase(cluster, str(engine.url.database))


@pytest.fixture
async def searched(anyio_backend: str, world_database: ServerDatabase) -> AsyncIterator[Searched]:
    with world_database.as_superuser() as connection:
        world = build(connection)
        tokens = {name: _signed_in(world, name) for name in ACTORS[1:]}
        _fill(world)
    async with serving(make_app(world_database, make_search)) as client:
        yield Searched(world_database, world, client, tokens)


def _signed_in(world: World, name: str) -> str:
    token = new_token(TokenKind.SESSION)
    world.add(
        "user_sessions", f"to search, {name}", user_id=world.people[name], token=digest(token), expires_at="2100-01-01"
    )
    return token


def _fill(world: World) -> None:
    """Give every item two passages, whatever its visibility, and every title and note the same word."""
    run: Callable[..., Any] = world.connection.execute
    run("delete from content_embeddings")
    run(f"update content_items set title = title || ' {WORD}'")
    run(f"update user_notes set note_text = note_text || ' {WORD}'")
    for (item,) in run("select id from content_items").fetchall():
        for place, words in enumerate((f"The {WORD} rose from the deep sea.", f"Sailors feared the {WORD} of old.")):
            run(
                "insert into content_embeddings (content_id, chunk_text, chunk_index, chunk_type, content_type,"
                " module_name, text_length) values (%s, %s, %s, 'paragraph', 'book', 'library', 0)",
                (item, words, place),
            )
