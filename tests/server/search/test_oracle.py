"""Nobody finds a row that a plain SELECT as that person does not return, and everybody finds all that it does."""

from __future__ import annotations

import pytest

from tests.server.policies.world import ACTORS
from tests.server.search.conftest import WORD, Searched

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]

KINDS = (
    ("items", "content_id", "content_items", "id"),
    ("passages", "passage_id", "content_embeddings", "id"),
    ("notes", "note_id", "user_notes", "id"),
)


def selected(searched: Searched, actor: str, table: str) -> set[str]:
    with searched.database.as_user(searched.world.person(actor)) as connection:
        return {str(one) for (one,) in connection.execute(f"select id from {table}")}  # type: ignore[call-overload]


@pytest.mark.parametrize("actor", ACTORS)
async def test_what_is_found_by_words_is_what_can_be_selected(searched: Searched, actor: str) -> None:
    found = await searched.search(actor, WORD, limit=50)
    for kind, key, table, _ in KINDS:
        assert {one[key] for one in found[kind]} == selected(searched, actor, table), kind


@pytest.mark.parametrize("actor", ACTORS)
async def test_what_is_found_by_meaning_is_what_can_be_selected(searched: Searched, actor: str) -> None:
    assert await searched.embed() > 0
    found = await searched.search(actor, "a sea monster that frightens seamen", limit=50, mode="meaning")
    assert found["by_meaning"]
    assert {one["passage_id"] for one in found["passages"]} == selected(searched, actor, "content_embeddings")


async def test_access_that_has_ended_ends_finding(searched: Searched) -> None:
    bought = str(searched.item("for sale"))
    assert bought in {one["content_id"] for one in (await searched.search("buyer", WORD, limit=50))["passages"]}
    with searched.database.as_superuser() as connection:
        connection.execute("update user_content_access set access_expires_at = now() - interval '1 second'")
    assert bought not in {one["content_id"] for one in (await searched.search("buyer", WORD, limit=50))["passages"]}


async def test_a_wrong_name_for_a_row_is_not_read(searched: Searched) -> None:
    # Were the naming past the policies ever wrong, reading would still be the person's.
    with searched.database.as_superuser() as connection:
        connection.execute(
            "create or replace function gateway.opened(candidates uuid[]) returns uuid[]"
            " language sql stable security definer set search_path = '' as $$ select candidates $$"
        )
    found = await searched.search("stranger", WORD, limit=50)
    assert {one["passage_id"] for one in found["passages"]} == selected(searched, "stranger", "content_embeddings")


async def test_a_search_within_an_item_of_anothers_finds_nothing(searched: Searched) -> None:
    within = {"content_id": str(searched.item("private"))}
    assert (await searched.search("stranger", WORD, **within))["passages"] == []
    assert len((await searched.search("creator", WORD, **within))["passages"]) == 2
