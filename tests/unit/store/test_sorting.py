"""Titles and names sort as on a bookshelf."""

from __future__ import annotations

import pytest

from alexandria_desktop.store.sorting import author_key, title_key


@pytest.mark.parametrize(
    ("title", "language", "key"),
    [
        ("The Whale", "en", "whale"),
        ("A", "en", "a"),
        ("Die Verwandlung", "de", "verwandlung"),
        ("Die Hard", "en", "die hard"),
        ("L’Étranger", "fr", "etranger"),
        ("“Quoted”", None, "quoted"),
        ("Volume 2", "en", "volume 000002"),
        ("白鯨", "ja", "白鯨"),
    ],
)
def test_a_title_sorts_by_its_first_word_of_weight(title: str, language: str | None, key: str) -> None:
    assert title_key(title, language) == key


@pytest.mark.parametrize(
    ("authors", "key"),
    [
        (("Herman Melville",), "melville, herman"),
        (("Melville, Herman",), "melville, herman"),
        (("Homer",), "homer"),
        (("Ann Lee", "Bo Day"), "lee, ann; day, bo"),
    ],
)
def test_an_author_sorts_by_surname(authors: tuple[str, ...], key: str) -> None:
    assert author_key(authors) == key


def test_a_book_by_nobody_stands_last() -> None:
    assert author_key(()) > author_key(("Zzyzx",))
