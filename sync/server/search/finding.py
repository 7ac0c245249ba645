"""One search: what was typed becomes a query and a vector, the database names rows, and the person reads them.

Naming happens past the policies, because Postgres uses no text index beneath row-level security; reading happens
through them. So what the person may not see cannot leave, even if what was named were wrong.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct

from sync.retrieval.fusion import MEANING_WEIGHT, fuse
from sync.retrieval.static_model import LANGUAGES, StaticModel, static_model_is_here
from sync.schema.vectors import STATIC_MODEL_ID
from sync.server.gateway.database import Connection, become_anonymous, become_user, fetch_all, fetch_one
from sync.server.gateway.routing import Call
from sync.server.search.hits import ItemHit, NoteHit, PassageHit, read_items, read_notes, read_passages

CANDIDATES = 100
"""Passages taken from each list before they are joined."""
SPARE = 4
"""How many times as many are named as are wanted; some may fall away when they are read."""

Kind = Literal["items", "passages", "notes"]


class SearchRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked for."""

    query: Annotated[str, Meta(min_length=1, max_length=400)]
    """Words; "in quotes" together, -not, or."""
    mode: Literal["all", "words", "meaning"] = "all"
    kinds: Annotated[tuple[Kind, ...], Meta(min_length=1, max_length=3)] = ("items", "passages", "notes")
    limit: Annotated[int, Meta(ge=1, le=50)] = 20
    """The most of each kind."""
    content_id: UUID | None = None
    """Look only in this item and what belongs to it."""


class SearchAnswer(Struct, frozen=True):
    """What was found, each kind best first."""

    items: list[ItemHit]
    passages: list[PassageHit]
    notes: list[NoteHit]
    by_meaning: bool
    """Whether meaning was looked at too; without a model on the server words alone are."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, as the database reads it."""

    typed: str
    all_words: str | None
    any_word: str | None

    @property
    def names_something(self) -> bool:
        """Whether near meanings would only be in the way: a single word, or words in quotes."""
        return '"' in self.typed or len(self.typed.split()) == 1


class Search:
    """Answers searches; keeps the model between them."""

    def __init__(self) -> None:
        self._model = StaticModel() if static_model_is_here() else None

    async def find(self, call: Call, body: SearchRequest) -> SearchAnswer:
        """Answer one search."""
        wants_meaning = body.mode != "words" and "passages" in body.kinds and self._model is not None
        # Off the loop: the first call loads the model's files.
        vector = await asyncio.to_thread(self._vector, body.query) if wants_meaning else None
        async with call.database.as_gateway(call.identity) as connection:
            query = await _read(connection, body.query)
            named = await self._name(connection, body, query, vector)
            if call.identity is None:
                await become_anonymous(connection)
            else:
                await become_user(connection, call.identity)
            return SearchAnswer(
                items=await read_items(connection, named["items"], body.limit),
                passages=await read_passages(connection, named["passages"], query.all_words, body.limit),
                notes=await read_notes(connection, named["notes"], query.all_words, body.limit),
                by_meaning=vector is not None,
            )

    async def _name(
        self, connection: Connection, body: SearchRequest, query: Query, vector: str | None
    ) -> dict[str, dict[UUID, float]]:
        named: dict[str, dict[UUID, float]] = {"items": {}, "passages": {}, "notes": {}}
        if "passages" in body.kinds:
            named["passages"] = await _name_passages(connection, body, query, vector)
        if query.all_words is None:
            return named
        words = {"all_words": query.all_words, "any_word": query.any_word, "most": body.limit * SPARE}
        if "items" in body.kinds and body.content_id is None:
            rows = await fetch_all(
                connection, "select * from gateway.search_items(%(all_words)s, %(any_word)s, %(most)s)", **words
            )
            named["items"] = _scores(rows)
        if "notes" in body.kinds:
            rows = await fetch_all(
                connection,
                "select * from gateway.search_notes(%(all_words)s, %(any_word)s, %(scope)s, %(most)s)",
                **words,
                scope=body.content_id,
            )
            named["notes"] = _scores(rows)
        return named

    def _vector(self, typed: str) -> str | None:
        """Return the query's vector as Postgres writes it; None where no word of it is known."""
        assert self._model is not None
        numbers = self._model.embed([typed])[0]
        return vector_text(numbers.tolist()) if numbers.any() else None


def vector_text(numbers: Iterable[float]) -> str:
    """Return a vector as Postgres reads it."""
    return "[" + ",".join(f"{number:.7g}" for number in numbers) + "]"


async def _read(connection: Connection, typed: str) -> Query:
    row = await fetch_one(connection, "select * from gateway.read_query(%(typed)s)", typed=typed)
    assert row is not None
    return Query(typed, row["all_words"], row["any_word"])


async def _name_passages(
    connection: Connection, body: SearchRequest, query: Query, vector: str | None
) -> dict[UUID, float]:
    rows = await fetch_all(
        connection,
        "select * from gateway.search_passages(%(all_words)s, %(any_word)s, %(vector)s, %(model)s, %(languages)s,"
        " %(scope)s, %(most)s)",
        all_words=None if body.mode == "meaning" and vector else query.all_words,
        any_word=query.any_word,
        vector=vector,
        model=STATIC_MODEL_ID,
        languages=sorted(LANGUAGES),
        scope=body.content_id,
        most=CANDIDATES,
    )
    by_words = _scores(row for row in rows if row["found_by"] == "words")
    by_meaning = _scores(row for row in rows if row["found_by"] == "meaning")
    if body.mode != "meaning" and by_words and query.names_something:
        return by_words
    return fuse(by_words, by_meaning, meaning=1.0 if body.mode == "meaning" else MEANING_WEIGHT)


def _scores(rows: Iterable[Mapping[str, Any]]) -> dict[UUID, float]:
    return {row["id"]: row["score"] for row in rows}
