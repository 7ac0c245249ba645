"""Vectors of an item as one file: whoever may open the item may have them, for everybody else there are none."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import numpy as np
import orjson
import zstandard
from msgspec import Meta, Struct
from starlette.responses import Response

from sync.protocol.packs import MEDIA_TYPE, MOST_ITEMS, MOST_PASSAGES, Pack, quantised, written
from sync.server.blobs.ranges import Span, Unsatisfiable, asked_span, etag_of, is_unchanged
from sync.server.gateway.database import fetch_all
from sync.server.gateway.errors import Refused, not_found
from sync.server.gateway.routing import Call

ModelKey = Annotated[str, Meta(min_length=1, max_length=100)]

# Ids, places and the moments of writing say whether anything is another; the vectors are not read for that.
_TAGS = """
select e.content_id, count(*) as count,
  encode(sha256(convert_to(string_agg(
    concat_ws(' ', e.id, e.chunk_index, extract(epoch from e.updated_at)), ',' order by e.chunk_index, e.id), 'UTF8')),
    'hex') as tag
from content_embeddings e join embedding_models m on m.id = e.model_id
where e.content_id = any (%(items)s) and m.model_key = %(model)s and e.embedding is not null
group by e.content_id
"""
_VECTORS = """
select e.id, e.chunk_index, e.chunk_text, e.embedding::text as vector
from content_embeddings e join embedding_models m on m.id = e.model_id
where e.content_id = %(item)s and m.model_key = %(model)s and e.embedding is not null
order by e.chunk_index, e.id
"""


class PacksQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """Items to look for, and the model whose vectors are wanted."""

    model: ModelKey
    items: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_ITEMS)]


class PacksAnswer(Struct, frozen=True):
    """The tag of each pack that I may have, by item. The others are missing or not for me, and nobody says which."""

    packs: dict[str, str]


async def have(call: Call, body: PacksQuestion) -> PacksAnswer:
    """Say which packs are here for who asks, so that a whole library asks once."""
    async with call.database.as_user(call.person) as connection:
        rows = await fetch_all(connection, _TAGS, items=body.items, model=body.model)
    return PacksAnswer(packs={str(row["content_id"]): _tag(row) for row in rows if row["count"] <= MOST_PASSAGES})


async def read(call: Call, content_id: UUID, model_key: ModelKey) -> Response:
    """Return a pack, or the one range of it that is asked for."""
    async with call.database.as_user(call.person, of_one_moment=True) as connection:
        found = await fetch_all(connection, _TAGS, items=[content_id], model=model_key)
        if not found or found[0]["count"] > MOST_PASSAGES:
            raise not_found("This pack")
        etag = etag_of(_tag(found[0]))
        headers = {
            "ETag": etag,
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-cache",
            "Vary": "Authorization",
        }
        if is_unchanged(call.request.headers, etag):
            return Response(status_code=304, headers=headers)
        rows = await fetch_all(connection, _VECTORS, item=content_id, model=model_key)
    content = await asyncio.to_thread(_packed, content_id, model_key, rows)
    try:
        span = asked_span(call.request.headers, etag, len(content))
    except Unsatisfiable:
        whole = {"Content-Range": f"bytes */{len(content)}"}
        raise Refused(416, "range_not_satisfiable", "The pack ends before this range.", whole) from None
    if span is not None:
        headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{len(content)}"
    part = span or Span(0, len(content))
    status = 200 if span is None else 206
    return Response(content[part.start : part.stop], status, headers, media_type=MEDIA_TYPE)


def _packed(content_id: UUID, model: str, rows: Sequence[Mapping[str, Any]]) -> bytes:
    scales, vectors = quantised(np.array([orjson.loads(row["vector"]) for row in rows], np.float32))
    text = hashlib.sha256()
    for row in rows:
        text.update(hashlib.sha256(row["chunk_text"].encode()).digest())
    places = np.array([row["chunk_index"] for row in rows], np.uint32)
    ids = tuple(row["id"] for row in rows)
    return written(Pack(content_id, model, text.hexdigest(), ids, places, scales, vectors))


def _tag(row: Mapping[str, Any]) -> str:
    """Return the tag of a pack: a range goes on only in bytes of the same compressor."""
    return hashlib.sha256(f"2 {zstandard.__version__} {row['count']} {row['tag']}".encode()).hexdigest()
