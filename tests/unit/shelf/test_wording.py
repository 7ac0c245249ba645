"""Books are put into words for eyes and ears."""

from __future__ import annotations

from dataclasses import replace

from alexandria_desktop.ui.shelf.wording import authors_line, counted, language_name, percent, size_words, spoken
from tests.unit.shelf.test_filtering import a_book

MOBY = a_book("Moby Dick", "Herman Melville", progress=61.6)


def test_a_book_is_read_out_with_author_and_progress() -> None:
    assert spoken(MOBY) == "Moby Dick, by Herman Melville, 62 percent read"
    assert spoken(replace(MOBY, progress=0.0, authors=())) == "Moby Dick, unread"
    assert spoken(replace(MOBY, progress=99.5)) == "Moby Dick, by Herman Melville, finished"


def test_many_authors_become_a_few() -> None:
    assert authors_line(a_book("x", "A", "B")) == "A and B"
    assert authors_line(a_book("x", "A", "B", "C", "D")) == "A and 3 others"


def test_a_book_that_was_begun_is_never_at_nothing() -> None:
    assert percent(0.2) == "1 %"
    assert percent(0) == ""


def test_numbers_have_their_unit() -> None:
    assert counted(1, "book", "books") == "1 book"
    assert counted(10_000, "book", "books") == "10,000 books"
    assert size_words(1_530_000) == "1.5 MB"
    assert size_words(42_000) == "42 KB"


def test_a_language_has_its_name_or_its_tag() -> None:
    assert language_name("de") == "German"
    assert language_name("tlh") in ("tlh", "Klingon")
