"""A phrase that somebody typed is found by its words, or not at all."""

from __future__ import annotations

import pytest

from alexandria_desktop.annotate.phrase import find_phrase
from alexandria_desktop.text.book_text import BookText

TEXT = (
    "He goes home. It was “over”: wait. Then they go\nhome, again, homeward bound: the old régime. "
    "A man wants a wife. 我爱你，他说。"
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("a man wants a wife.", "A man wants a wife."),
        ('"over"', "“over”"),
        ("“A man wants a wife.”", "A man wants a wife."),  # of the signs, those that stand there
        ("re\u0301gime", "régime"),
        ("over.", "over"),  # other signs: the words count
        ("GO HOME!", "go\nhome"),
        ("home, again", "home, again"),
        ("home,", "home,"),  # the second “home”, for its comma
        ("homew", "homew"),  # a part of a word, where no whole one fits
        ("我爱你。", "我爱你"),
        ("“", "“"),
    ],
)
def test_the_words_are_found_as_the_book_writes_them(typed: str, found: str) -> None:
    place = find_phrase(typed, BookText([TEXT]))
    assert place is not None
    assert TEXT[slice(*place)] == found


def test_whole_words_come_before_parts_of_others() -> None:
    assert find_phrase("go", BookText(["Long ago he goes; they go."])) == (23, 25)


@pytest.mark.parametrize("typed", ["A man wants a life.", "they goes", "§", " "])
def test_other_words_are_not_put_in_their_place(typed: str) -> None:
    assert find_phrase(typed, BookText([TEXT])) is None


def test_a_picture_book_has_no_words() -> None:
    assert find_phrase("home", BookText(["", ""])) is None
