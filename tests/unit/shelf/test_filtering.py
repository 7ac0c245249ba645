"""Words and facets choose among the books of a shelf."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.ui.shelf.filtering import Reading, ShelfFilter, facets_of, haystack, matching

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def a_book(title: str, *authors: str, **more: object) -> BookRow:
    row = BookRow(uuid4(), title, authors, "epub", "en", 0.0, NOW, None, None, None, None, None, None)
    return replace(row, **more)  # type: ignore[arg-type]


SHELF = [
    a_book("Émile", "Jean-Jacques Rousseau", language="fr"),
    a_book("Moby Dick", "Herman Melville", progress=62.0, language="en-us"),
    a_book("Die Verwandlung", "Franz Kafka", language="de", format="pdf", progress=100.0),
    a_book("The Two Towers", "J. R. R. Tolkien", series="The Lord of the Rings", series_index=2.0),
]


def titles(wanted: ShelfFilter) -> list[str]:
    return [row.title for row in matching(SHELF, [haystack(row) for row in SHELF], wanted)]


def test_words_are_found_without_their_accents_and_in_any_order() -> None:
    assert titles(ShelfFilter(words="rousseau emile")) == ["Émile"]


def test_a_book_is_found_by_its_series() -> None:
    assert titles(ShelfFilter(words="lord of")) == ["The Two Towers"]


def test_every_word_must_be_there() -> None:
    assert titles(ShelfFilter(words="moby kafka")) == []


def test_an_empty_filter_keeps_everything_in_order() -> None:
    assert titles(ShelfFilter()) == [row.title for row in SHELF]
    assert not ShelfFilter(words="  ")


def test_books_are_told_apart_by_how_far_they_are_read() -> None:
    assert titles(ShelfFilter(reading=Reading.STARTED)) == ["Moby Dick"]
    assert titles(ShelfFilter(reading=Reading.FINISHED)) == ["Die Verwandlung"]
    assert titles(ShelfFilter(reading=Reading.UNREAD)) == ["Émile", "The Two Towers"]


def test_facets_narrow_one_another() -> None:
    wanted = ShelfFilter(formats=frozenset({"epub"}), languages=frozenset({"en", "de"}))
    assert titles(wanted) == ["Moby Dick", "The Two Towers"]
    assert wanted.facets == 2


def test_facets_are_offered_with_the_most_frequent_first() -> None:
    facets = facets_of(SHELF)
    assert facets.formats == (("epub", 3), ("pdf", 1))
    assert facets.languages[0] == ("en", 2)
