"""How words are read: forms, accents, scripts without spaces, quotes, and what is enough when not all are there."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.server.search.conftest import Searched

pytestmark = [pytest.mark.postgres, pytest.mark.anyio]


async def hand_in(searched: Searched, passages: list[dict[str, Any]], actor: str = "creator") -> httpx.Response:
    return await searched.client.put(
        f"/v1/items/{searched.item('public')}/passages",
        json={"passages": passages},
        headers=searched.headers(actor),
    )


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("en", "The whales were swimming northward.", "whale swims"),
        ("de", "Über den Bäumen schrien die Vögel.", "vogel baum"),
        ("de", "ÜBER DEN BÄUMEN", "über bäumen"),
        ("fr", "Les élèves étudiaient à l'école.", "eleves ecole"),
        ("ar", "قَرَأَ الكِتَابَ", "قرأ الكتاب"),
        ("he", "בְּרֵאשִׁית בָּרָא", "בראשית"),
        ("zh", "道可道非常道名可名非常名", "非常道"),
        ("ja", "吾輩は猫である。名前はまだ無い。", "猫である"),
        ("th", "สวัสดีชาวโลก", "ชาวโลก"),
        ("el", "Ἐν ἀρχῇ ἦν ὁ λόγος", "αρχη λογος"),
        (None, "Call me Ishmael", "ishmael"),
    ],
)
async def test_words_are_found_as_people_type_them(
    searched: Searched, language: str | None, text: str, query: str
) -> None:
    passages = [{"text": text, **({"language": language} if language else {})}, {"text": "Nothing of the kind."}]
    assert (await hand_in(searched, passages)).status_code == 200
    found = await searched.search("stranger", query, mode="words", kinds=["passages"])
    assert [one["text"] for one in found["passages"]] == [text]


async def test_all_words_together_go_before_any_of_them(searched: Searched) -> None:
    texts = ["a harpoon alone, a harpoon, a harpoon", "the harpoon of Queequeg", "Queequeg"]
    await hand_in(searched, [{"text": one} for one in texts])
    found = await searched.search("stranger", "queequeg harpoon", mode="words", kinds=["passages"])
    assert found["passages"][0]["text"] == texts[1]
    assert {one["text"] for one in found["passages"]} == set(texts)


async def test_words_in_quotes_stand_together_and_a_minus_leaves_out(searched: Searched) -> None:
    await hand_in(searched, [{"text": "a white whale"}, {"text": "a whale, all white"}, {"text": "white sharks"}])
    quoted = await searched.search("stranger", '"white whale"', mode="words", kinds=["passages"])
    assert [one["text"] for one in quoted["passages"]] == ["a white whale"]
    without = await searched.search("stranger", "white -whale", mode="words", kinds=["passages"])
    assert [one["text"] for one in without["passages"]] == ["white sharks"]


@pytest.mark.parametrize("query", ["!!!", "'", "a & | b", "\\", "(((", "<->", "🐋", " ", "the", "%s %(x)s"])
async def test_whatever_is_typed_gets_an_answer(searched: Searched, query: str) -> None:
    found = await searched.search("stranger", query)
    assert isinstance(found["passages"], list)


async def test_a_snippet_marks_the_words_in_code_points(searched: Searched) -> None:
    await hand_in(searched, [{"text": "🐋 The whale breached."}])
    found = await searched.search("stranger", "whale", kinds=["passages"], mode="words")
    snippet = found["passages"][0]["snippet"]
    assert [snippet["text"][begin:end] for begin, end in snippet["marks"]] == ["whale"]


async def test_items_are_found_by_author_and_title_together(searched: Searched) -> None:
    with searched.database.as_superuser() as connection:
        connection.execute(
            "update books set author = 'Herman Melville' where content_id = %s", (searched.item("public"),)
        )
        connection.execute("update content_items set title = 'Moby Dick' where id = %s", (searched.item("public"),))
    found = await searched.search("anonymous", "melville moby", kinds=["items"])
    assert [(one["title"], one["author"]) for one in found["items"]][:1] == [("Moby Dick", "Herman Melville")]
