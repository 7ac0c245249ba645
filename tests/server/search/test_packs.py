"""Vectors in packs: whole, resumable, and only for who may open the item."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import pytest

from sync.protocol import packs
from sync.retrieval.static_model import KEY, StaticModel, embedded_text
from tests.server.policies.world import ACTORS
from tests.server.search.conftest import Searched
from tests.server.search.test_words import hand_in

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

SEA = "The captain hunted the white whale across every ocean."
TEA = "She poured the tea and buttered the toast."


async def get(searched: Searched, actor: str, item: UUID, model: str = KEY, **headers: str) -> httpx.Response:
    return await searched.client.get(f"/v1/packs/{item}/{model}", headers={**searched.headers(actor), **headers})


async def have(searched: Searched, actor: str, items: list[UUID]) -> dict[str, str]:
    body: dict[str, Any] = {"model": KEY, "items": [str(item) for item in items]}
    answer = await searched.client.post("/v1/packs/have", json=body, headers=searched.headers(actor))
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()["packs"]
    return found


def may_open(searched: Searched, actor: str) -> set[UUID]:
    """Return the items with vectors that one of the people sees, asked of the database as them."""
    with searched.database.as_user(searched.world.people[actor]) as connection:
        rows = connection.execute("select distinct content_id from content_embeddings where embedding is not null")
        return {row[0] for row in rows}


async def test_a_pack_holds_the_vectors_of_all_passages_in_their_order(searched: Searched) -> None:
    await hand_in(searched, [{"text": SEA, "heading": "One"}, {"text": TEA}])
    await searched.embed()
    answer = await get(searched, "stranger", searched.item("public"))
    assert answer.status_code == 200
    pack = packs.read(answer.content)
    assert (pack.content_id, pack.model, pack.places.tolist()) == (searched.item("public"), KEY, [0, 1])
    with searched.database.as_superuser() as connection:
        (title,) = connection.execute("select title from content_items where id = %s", (pack.content_id,)).fetchone()  # type: ignore[misc]
    meant = StaticModel().embed([embedded_text(title, "One", SEA), embedded_text(title, None, TEA)])
    assert (np.sum(pack.floats() * meant, axis=1) > 0.999).all()


async def test_a_pack_that_is_known_is_not_sent_again_until_a_passage_changes(searched: Searched) -> None:
    item = searched.item("public")
    await hand_in(searched, [{"text": SEA}, {"text": TEA}])
    await searched.embed()
    tag = (await get(searched, "stranger", item)).headers["etag"]
    assert (await have(searched, "stranger", [item])) == {str(item): tag.strip('"')}
    again = await get(searched, "stranger", item, **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    await hand_in(searched, [{"text": SEA}, {"text": "She drank it."}])
    await searched.embed()
    changed = await get(searched, "stranger", item, **{"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] != tag) == (200, True)


async def test_a_vector_that_was_made_anew_in_its_place_makes_another_tag(searched: Searched) -> None:
    item = searched.item("public")
    await hand_in(searched, [{"text": SEA}])
    await searched.embed()
    before = packs.read((await get(searched, "stranger", item)).content)
    tags = await have(searched, "stranger", [item])
    await make_anew(searched, item, TEA)
    after = packs.read((await get(searched, "stranger", item)).content)
    assert (after.ids, after.places.tolist()) == (before.ids, before.places.tolist())
    assert after.vectors.tolist() != before.vectors.tolist()
    assert await have(searched, "stranger", [item]) != tags


async def make_anew(searched: Searched, item: UUID, words: str) -> None:
    """Give the passages of an item other words and vectors, past every policy."""
    with searched.database.as_superuser() as connection:
        connection.execute(
            "update content_embeddings set chunk_text = %s, embedding = null where content_id = %s", (words, item)
        )
    await searched.embed()


# Whoever asks for tags waits, with the sight that the question began with, until the lock is let go.
GATE = """
create function public.gate() returns boolean language plpgsql as $$
begin
  if current_query() like '%string_agg%' then perform pg_advisory_xact_lock_shared(4242); end if;
  return true;
end $$;
grant execute on function public.gate() to authenticated;
create policy gate on public.content_embeddings as restrictive for select to authenticated using (public.gate());
"""
WAITS = "select exists (select from pg_locks where locktype = 'advisory' and objid = 4242 and not granted)"


async def test_a_tag_and_its_vectors_are_of_one_moment(searched: Searched) -> None:
    item = searched.item("public")
    await hand_in(searched, [{"text": SEA}])
    await searched.embed()
    before = await get(searched, "stranger", item)
    with searched.database.as_superuser() as connection:
        connection.execute(GATE)
    with searched.database.as_superuser() as holding, searched.database.as_superuser() as looking:
        holding.execute("select pg_advisory_lock(4242)")
        asked = asyncio.create_task(get(searched, "stranger", item))
        while not looking.execute(WAITS).fetchone()[0]:  # type: ignore[index]
            await asyncio.sleep(0.005)
        await make_anew(searched, item, TEA)
        holding.execute("select pg_advisory_unlock(4242)")
        answer = await asked
    assert (answer.headers["etag"], answer.content) == (before.headers["etag"], before.content)
    assert (await get(searched, "stranger", item)).content != before.content


async def test_a_download_goes_on_where_it_was_cut_off(searched: Searched) -> None:
    item = searched.item("public")
    await hand_in(searched, [{"text": f"{SEA} {number}"} for number in range(20)])
    await searched.embed()
    whole = await get(searched, "stranger", item)
    rest = await get(searched, "stranger", item, Range="bytes=100-", **{"If-Range": whole.headers["etag"]})
    assert (rest.status_code, rest.content) == (206, whole.content[100:])
    assert rest.headers["content-range"] == f"bytes 100-{len(whole.content) - 1}/{len(whole.content)}"
    assert (await get(searched, "stranger", item, Range="bytes=99999999-")).status_code == 416
    other = await get(searched, "stranger", item, Range="bytes=100-", **{"If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, whole.content)


async def test_everybody_gets_exactly_the_packs_of_what_they_may_open(searched: Searched) -> None:
    await searched.embed()
    items = [row["value"] for (table, _), row in searched.world.rows.items() if table == "content_items"]
    seen = {actor: may_open(searched, actor) for actor in ACTORS[1:]}
    assert len({frozenset(one) for one in seen.values()}) > 2, "people see different things"
    for actor, open_to in seen.items():
        found = await have(searched, actor, [*items, uuid4()])
        assert {UUID(item) for item in found} == open_to, actor
        for item in items:
            answer = await get(searched, actor, item)
            assert answer.status_code == (200 if item in open_to else 404), (actor, item)


async def test_a_hidden_pack_a_missing_one_and_an_unknown_model_are_answered_alike(searched: Searched) -> None:
    await searched.embed()
    hidden = next(iter(may_open(searched, "creator") - may_open(searched, "stranger")))
    answers = [
        await get(searched, "stranger", hidden),
        await get(searched, "stranger", uuid4()),
        await get(searched, "stranger", searched.item("public"), "no-such-model"),
    ]
    said = [{key: value for key, value in one.json().items() if "id" not in key} for one in answers]
    assert [one.status_code for one in answers] == [404, 404, 404]
    assert said[0] == said[1] == said[2]


async def test_who_is_not_signed_in_gets_none(searched: Searched) -> None:
    assert (await get(searched, "anonymous", searched.item("public"))).status_code == 401


async def test_one_question_names_a_thousand_items_at_most(searched: Searched) -> None:
    body = {"model": KEY, "items": [str(uuid4()) for _ in range(1001)]}
    answer = await searched.client.post("/v1/packs/have", json=body, headers=searched.headers("stranger"))
    assert answer.status_code in (400, 422)
