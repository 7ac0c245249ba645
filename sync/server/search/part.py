"""The routes of search."""

from __future__ import annotations

from sync.server.gateway.routing import Core, Part, Route, Who
from sync.server.search import packs
from sync.server.search.finding import Search
from sync.server.search.passages import hand_in

LARGEST_BOOK = 64 * 1024**2
"""Bytes of all passages of one item as JSON; the longest novels have some six million."""


def make_search(_core: Core) -> Part:
    """Return the part of the server that finds."""
    search = Search()
    return Part(
        routes=(
            Route(
                "POST",
                "/v1/search",
                search.find,
                "Items, passages and notes for what somebody typed, best first.",
                who=Who.VISITOR,
                ends_with_client=True,
                tag="search",
            ),
            Route(
                "PUT",
                "/v1/items/{content_id}/passages",
                hand_in,
                "Hand in the passages of an item of one's own, in place of those that it had.",
                max_body_bytes=LARGEST_BOOK,
                tag="search",
            ),
            Route("POST", "/v1/packs/have", packs.have, "Say which packs of vectors are here for me.", tag="packs"),
            Route(
                "GET",
                "/v1/packs/{content_id}/{model_key}",
                packs.read,
                "Return the vectors of an item by one model, or a part of them.",
                ends_with_client=True,
                produces="*/*",
                tag="packs",
            ),
        )
    )
