"""Quotes without context stand where their numbers say, and where nothing says it they are not placed."""

from __future__ import annotations

import pytest

from alexandria_desktop.annotate.sequence import place_in_order
from alexandria_desktop.text.book_text import BookText
from tests.support.epubs import prose

REFRAIN = "So it was."
CHAPTERS = [f"{prose(number, 12)} The {word} lamp was lit. {REFRAIN} {prose(number + 50, 12)}"
            for number, word in enumerate(("first", "second", "third", "fourth", "fifth"), 1)]  # fmt: skip
TEXT = BookText(CHAPTERS)
LAMPS = [TEXT.text.index(f"The {word} lamp was lit.") for word in ("first", "second", "third", "fourth", "fifth")]
REFRAINS = [place + len(TEXT.text[place:].partition(REFRAIN)[0]) for place in LAMPS]


def lamp(place: int) -> str:
    return TEXT.text[LAMPS[place] : TEXT.text.index(".", LAMPS[place]) + 1]


def number(offset: int) -> int:
    """As a device counts: in steps of its own, from a number of its own on."""
    return 7 + offset // 130


def starts(*quotes: tuple[str, int | None], also: tuple[tuple[str, int | None], ...] = ()) -> list[int | None]:
    return [None if place is None else place[0] for place in place_in_order(quotes, TEXT, also=also)]


def test_words_that_stand_once_need_no_number() -> None:
    assert starts((lamp(2), None)) == [LAMPS[2]]


def test_words_that_stand_often_are_placed_nowhere_without_a_number_or_without_others() -> None:
    assert starts((REFRAIN, None)) == [None]
    assert starts((REFRAIN, number(REFRAINS[3]))) == [None]
    assert starts((REFRAIN, None), (lamp(0), number(LAMPS[0])), (lamp(4), number(LAMPS[4])))[0] is None


@pytest.mark.parametrize("place", range(5))
def test_words_that_stand_often_are_found_by_the_numbers_of_those_around(place: int) -> None:
    others = tuple((lamp(other), number(LAMPS[other])) for other in (0, 4))
    assert starts((REFRAIN, number(REFRAINS[place])), *others)[0] == REFRAINS[place]
    assert starts((REFRAIN, number(REFRAINS[place])), also=others) == [REFRAINS[place]]


def test_between_two_neighbours_one_place_is_enough_whatever_the_steps() -> None:
    assert starts((lamp(1), 1), (REFRAIN, 2), (lamp(2), 900))[1] == REFRAINS[1]


def test_a_number_that_is_out_of_line_misleads_nobody() -> None:
    others = [(lamp(other), number(LAMPS[other])) for other in (0, 1, 3, 4)]
    assert starts(*others, (lamp(2), number(LAMPS[4]) + 50), (REFRAIN, number(REFRAINS[2])))[-1] == REFRAINS[2]


def test_a_place_halfway_between_two_is_left_open() -> None:
    others = ((lamp(0), number(LAMPS[0])), (lamp(4), number(LAMPS[4])))
    between = number((REFRAINS[1] + REFRAINS[2]) // 2)
    assert starts((REFRAIN, between), *others)[0] is None


def test_words_that_are_not_there_are_placed_nowhere_and_a_slip_in_many_does_no_harm() -> None:
    assert starts(("Nobody wrote this sentence, ever.", 40)) == [None]
    whole = TEXT.text[LAMPS[2] : REFRAINS[2] + 60]
    assert starts((whole.replace("third", "thrid"), 40)) == [LAMPS[2]]
    assert starts((lamp(2).replace("third", "sixth"), 40)) == [None], "another lamp is another lamp"


def test_words_that_stand_five_hundred_times_are_found_at_the_end_of_a_book_too() -> None:
    text = BookText(["Here it begins. " + "It was so, and then. " * 500 + "Here it ends."])
    end, last = text.text.index("Here it ends"), text.text.rindex("It was so")
    found = place_in_order([("Here it begins", 0), ("Here it ends", end), ("It was so", last)], text)
    assert found[2] is not None
    assert found[2][0] == last
