"""Lessons: the easier book first, each book in its order, cut near the wanted time and rather at chapters."""

from __future__ import annotations

from alexandria_desktop.teach.compiling.excerpts import Excerpt
from alexandria_desktop.teach.compiling.path import cut, in_reading_order


def excerpt(book: int, start: int, *, words: int = 100, difficulty: float = 40.0, chapter: str = "") -> Excerpt:
    return Excerpt(0, book, 0, start, start + words, (start,), 0.5, words, chapter, difficulty)


def test_the_easier_book_is_read_first_and_each_in_its_own_order() -> None:
    hard = [excerpt(0, 500, difficulty=60), excerpt(0, 100, difficulty=50)]
    easy = [excerpt(1, 900, difficulty=30), excerpt(1, 200, difficulty=40)]
    ordered = in_reading_order([*hard, *easy])
    assert [(one.book, one.start) for one in ordered] == [(1, 200), (1, 900), (0, 100), (0, 500)]


def test_lessons_share_the_words_evenly() -> None:
    stages = cut([excerpt(0, number) for number in range(9)], words=300, most=5)
    assert [stage.words for stage in stages] == [300, 300, 300]


def test_there_are_no_more_lessons_than_wanted() -> None:
    stages = cut([excerpt(0, number) for number in range(9)], words=100, most=2)
    assert [len(stage.excerpts) for stage in stages] in ([4, 5], [5, 4])


def test_a_lesson_ends_with_a_chapter_that_ends_thereabouts() -> None:
    parts = [excerpt(0, number, chapter="one" if number < 4 else "two") for number in range(10)]
    first, _ = cut(parts, words=500, most=2)
    assert len(first.excerpts) == 4


def test_nothing_is_no_lesson() -> None:
    assert cut([], words=300, most=3) == []
