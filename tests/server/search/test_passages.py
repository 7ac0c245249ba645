"""Handing passages in, embedding them once, and finding them by meaning."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest

from sync.schema.vectors import STATIC_MODEL_ID
from tests.server.search.conftest import Searched
from tests.server.search.test_words import hand_in

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

SEA = "The captain hunted the white whale across every ocean."
TEA = "She poured the tea and buttered the toast."


def rows(searched: Searched) -> list[tuple[Any, ...]]:
    with searched.database.as_superuser() as connection:
        return connection.execute(
            "select chunk_index, chunk_text, embedding is not null, model_id, visibility, creator_id, text_length"
            " from content_embeddings where content_id = %s order by chunk_index",
            (searched.item("public"),),
        ).fetchall()


async def test_passages_take_from_their_item_what_they_repeat(searched: Searched) -> None:
    answer = await hand_in(searched, [{"text": SEA, "heading": "Chapter 1"}, {"text": TEA}])
    assert answer.json() == {"kept": 0, "added": 2, "removed": 2}
    creator = searched.world.people["creator"]
    assert rows(searched) == [
        (0, SEA, False, None, "public", creator, len(SEA)),
        (1, TEA, False, None, "public", creator, len(TEA)),
    ]


async def test_what_has_not_changed_keeps_its_vector(searched: Searched) -> None:
    await hand_in(searched, [{"text": SEA}, {"text": TEA}])
    await searched.embed()
    answer = await hand_in(searched, [{"text": SEA}, {"text": "She drank it."}])
    assert answer.json() == {"kept": 1, "added": 1, "removed": 1}
    assert [(text, embedded) for _, text, embedded, *_ in rows(searched)] == [(SEA, True), ("She drank it.", False)]


async def test_two_jobs_at_once_embed_each_passage_once(searched: Searched) -> None:
    await hand_in(searched, [{"text": f"{SEA} {number}"} for number in range(600)])
    with searched.database.as_superuser() as connection:
        (waiting,) = connection.execute("select count(*) from content_embeddings where embedding is null").fetchone()  # type: ignore[misc]
    done = await asyncio.gather(searched.embed(), searched.embed())
    assert sum(done) == waiting
    assert {model for _, _, embedded, model, *_ in rows(searched) if embedded} == {STATIC_MODEL_ID}
    assert all(embedded for _, _, embedded, *_ in rows(searched))


async def test_a_passage_is_found_by_what_it_means(searched: Searched) -> None:
    await hand_in(searched, [{"text": SEA}, {"text": TEA}])
    await searched.embed()
    found = await searched.search(
        "stranger", "breakfast at home", mode="meaning", content_id=str(searched.item("public"))
    )
    assert [one["text"] for one in found["passages"]] == [TEA, SEA] or found["passages"][0]["text"] == TEA


async def test_a_language_that_the_model_does_not_know_is_found_by_words_alone(searched: Searched) -> None:
    await hand_in(searched, [{"text": "Die Katze trinkt Milch.", "language": "de"}, {"text": "The cat drinks milk."}])
    await searched.embed()
    within = {"content_id": str(searched.item("public"))}
    by_meaning = await searched.search("stranger", "a cat and its milk", mode="meaning", **within)
    assert [one["text"] for one in by_meaning["passages"]] == ["The cat drinks milk."]
    by_words = await searched.search("stranger", "katzen", **within)
    assert [one["text"] for one in by_words["passages"]] == ["Die Katze trinkt Milch."]


@pytest.mark.parametrize("actor", ["stranger", "reader", "member", "admin"])
async def test_only_the_creator_hands_passages_in(searched: Searched, actor: str) -> None:
    before = rows(searched)
    assert (await hand_in(searched, [{"text": "mine"}], actor)).status_code == 404
    assert rows(searched) == before


async def test_a_vector_of_the_wrong_length_is_refused(searched: Searched) -> None:
    with searched.database.as_superuser() as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("update content_embeddings set embedding = '[1,2]', model_id = %s", (STATIC_MODEL_ID,))


async def test_the_copies_follow_an_item_that_becomes_private(searched: Searched) -> None:
    with searched.database.as_superuser() as connection:
        connection.execute("update content_items set visibility = 'private' where id = %s", (searched.item("public"),))
    assert {visibility for *_, visibility, _, _ in rows(searched)} == {"private"}
