"""What a figure means is said in a sentence, and nothing is said of too few answers."""

from __future__ import annotations

import pytest

from alexandria_desktop.teach.judging import saying
from alexandria_desktop.teach.judging.items import ItemFigures


def figures(upper_lower: float | None, *, answered: int = 20, difficulty: float = 0.5) -> ItemFigures:
    return ItemFigures("q", answered, difficulty, None if upper_lower is None else 0.25, upper_lower)


@pytest.mark.parametrize(
    ("index", "words", "said"),
    [
        (0.5, "+50 points", "by 50 points of 100: the question tells clearly"),
        (0.32, "+32 points", "tells fairly well"),
        (0.2, "+20 points", "tells a little"),
        (0.1, "+10 points", "hardly tells who knows the matter; it may be unclear"),
        (-0.2, "-20 points", "look whether the right answer is the one that is marked"),
        (None, "nobody is ahead", "no best and no weakest"),
    ],
)
def test_the_index_is_said_in_points_and_in_a_sentence(index: float | None, words: str, said: str) -> None:
    assert saying.difference_words(figures(index)) == words
    assert said in saying.meaning(figures(index))


def test_what_everybody_knows_is_not_called_unclear() -> None:
    assert "nearly everybody had it right" in saying.meaning(figures(0.05, difficulty=0.95))


def test_of_too_few_answers_nothing_is_said() -> None:
    few = figures(0.9, answered=9)
    assert saying.difference(few) is None
    assert saying.difference_words(few) == "too few answers"
    assert saying.meaning(few) == "The best and the weakest are compared from 10 answers on; there are 9."
    assert saying.difference(figures(0.9, answered=10)) == 0.9
