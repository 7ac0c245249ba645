"""Search inside pages."""

from __future__ import annotations

import pytest

from alexandria_desktop.pdf.finding import FoldedPages
from alexandria_desktop.pdf.folding import fold, folded_needle

PAGE = "Der Caf\u00e9-Besitzer las \u201eStra\u00dfe\u201c und e\ufb03cient, well- known words.\nWar\u2019s end."


def found(needle: str, page: str = PAGE) -> list[str]:
    pages = FoldedPages(lambda _: page)
    return [page[hit.start : hit.end] for hit in pages.hits(0, folded_needle(needle))]


@pytest.mark.parametrize(
    ("needle", "words"),
    [
        ("cafe", ["Caf\u00e9"]),
        ("CAF\u00c9", ["Caf\u00e9"]),
        ("strasse", ["Stra\u00dfe"]),
        ("efficient", ["e\ufb03cient"]),
        ("wellknown", ["well- known"]),
        ("well-known", ["well- known"]),
        ("known  words", ["known words"]),
        ("words. war's", ["words.\nWar\u2019s"]),
        ("w", ["w", "w", "w", "W"]),
        ("nothing", []),
    ],
)
def test_words_are_found_however_they_are_written(needle: str, words: list[str]) -> None:
    assert found(needle) == words


def test_accents_written_apart_belong_to_their_letter() -> None:
    assert found("cafe", "Cafe\u0301 open") == ["Cafe\u0301"]


def test_a_hit_shows_what_stands_around_it() -> None:
    (hit,) = FoldedPages(lambda _: "one two three").hits(4, "two")
    assert (hit.page, hit.before, hit.found, hit.after) == (4, "one ", "two", " three")


def test_a_page_is_read_once() -> None:
    read: list[int] = []

    def text(number: int) -> str:
        read.append(number)
        return "words"

    pages = FoldedPages(text)
    assert list(pages.hits(1, "words"))
    assert list(pages.hits(1, "word"))
    assert read == [1]


def test_folding_twice_changes_nothing() -> None:
    assert fold(fold(PAGE)) == fold(PAGE)
