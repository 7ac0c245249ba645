"""Passages come from the creators of items, whose devices have cut the books; the server only embeds them."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from sync.server.gateway.database import fetch_one
from sync.server.gateway.errors import not_found
from sync.server.gateway.routing import Call

Text = Annotated[str, Meta(min_length=1, max_length=20_000)]
Label = Annotated[str, Meta(max_length=500)]


class Passage(Struct, frozen=True, forbid_unknown_fields=True):
    """One passage of an item."""

    text: Text
    heading: Label | None = None
    """The chapter or section that it stands under."""
    chunk_type: Annotated[str, Meta(pattern="^(paragraph|heading|summary|question|answer)$")] = "paragraph"
    language: Annotated[str, Meta(pattern="^[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8})*$", max_length=35)] | None = None
    location: dict[str, Any] | None = None
    """Its Locator."""


class PassagesBody(Struct, frozen=True, forbid_unknown_fields=True):
    """All passages of an item in their order."""

    passages: Annotated[list[Passage], Meta(max_length=100_000)]


class Kept(Struct, frozen=True):
    """What became of them."""

    kept: int
    """Passages that were there already, with their vectors."""
    added: int
    removed: int


_REPLACE = """
with given as (
    select g.place - 1 as place, g.one ->> 'text' as words, coalesce(g.one ->> 'chunk_type', 'paragraph') as kind,
      g.one ->> 'language' as language, nullif(g.one -> 'location', 'null') as location,
      case when g.one ->> 'heading' is null then '{}'::jsonb
        else jsonb_build_object('heading', g.one ->> 'heading') end as about
    from jsonb_array_elements(%(passages)s::jsonb) with ordinality as g (one, place)),
  kept as (
    select e.id, e.chunk_index from content_embeddings e join given g on g.place = e.chunk_index
    where e.content_id = %(item)s and e.chunk_text = g.words and e.chunk_type = g.kind
      and e.language is not distinct from g.language and e.source_location is not distinct from g.location
      and e.module_metadata = g.about),
  removed as (
    delete from content_embeddings e where e.content_id = %(item)s and e.id not in (select id from kept)
    returning e.id),
  added as (
    insert into content_embeddings (content_id, chunk_text, chunk_index, chunk_type, content_type, module_name,
      text_length, language, source_location, module_metadata)
    select %(item)s, g.words, g.place, g.kind, i.content_type, i.module_name, length(g.words), g.language, g.location,
      g.about
    from given g join content_items i on i.id = %(item)s where g.place not in (select chunk_index from kept)
    returning id)
select (select count(*) from kept) as kept, (select count(*) from added) as added,
  (select count(*) from removed) as removed
"""


async def hand_in(call: Call, content_id: UUID, body: PassagesBody) -> Kept:
    """Take the passages of an item in place of those that it had; what has not changed keeps its vector."""
    async with call.database.as_user(call.person) as connection:
        mine = await fetch_one(
            connection,
            "select from content_items where id = %(item)s and creator_id = %(person)s and deleted_at is null"
            " for update",
            item=content_id,
            person=call.person.user_id,
        )
        if mine is None:
            raise not_found("This item")
        row = await fetch_one(
            connection, _REPLACE, item=content_id, passages=msgspec.json.encode(body.passages).decode()
        )
        assert row is not None
        return Kept(**row)
