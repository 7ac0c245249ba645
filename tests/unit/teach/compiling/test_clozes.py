"""Which word is left out, and which wrong ones are offered beside it."""

from __future__ import annotations

import pytest

from alexandria_desktop.teach.compiling.clozes import Blank, blanks
from alexandria_desktop.teach.compiling.excerpts import Excerpt
from alexandria_desktop.teach.compiling.objectives import objective_of
from alexandria_desktop.teach.compiling.sentences import good_sentences
from alexandria_desktop.teach.compiling.sources import Shelf, Source
from alexandria_desktop.teach.compiling.usage import Usage
from alexandria_desktop.teach.compiling.words import Frequencies, stems_of
from tests.support.bees import DANCE, HONEY, QUEEN, WINTER
from tests.support.sources import source

MORE = (
    "The door of the hive is narrow, and the comb in the hive is full. The wax of the comb is soft, and the air of the "
    "hive is warm. The brood of the queen is in the comb, and the honey of the year is in the cells. The water of the "
    "brook is near, and the swarm of the summer is in the garden. The nectar of the flowers is thin."
)
GERMAN = (
    "Die Königin ist die Mutter aller Bienen im Stock. Der Honig reift in der Wabe. Die Bienen füllen die Wabe mit "
    "Honig. Der Imker nimmt die Wabe aus dem Stock. Die Königin verlässt den Stock mit dem Schwarm. Der Schwarm folgt "
    "der Königin in einen hohlen Baum, und der Imker fängt den Schwarm mit einem Korb. Der Korb steht im Garten."
)


def bees() -> Source:
    chapters = (("The dance", DANCE), ("The queen", QUEEN), ("Honey", HONEY), ("The winter", WINTER))
    return source(*((title, "\n".join((*parts, MORE))) for title, parts in chapters))


def made(book: Source, section: int, objective: str) -> list[Blank]:
    text = book.sections[section].text
    excerpt = Excerpt(0, 0, section, 0, len(text), (0,), 1.0, 100)
    lesson = Frequencies([stems_of(text)])
    shelf = Shelf((book,))
    found = good_sentences(shelf, [excerpt], lesson, objective_of(objective, [book.language]), None)
    return blanks(shelf, [Usage(book)], found, lesson, None)


@pytest.mark.parametrize("section", [1, 2])
def test_the_word_stands_once_and_nothing_of_its_root_beside_it(section: int) -> None:
    found = made(bees(), section, "Explain the life of the hive")
    assert len(found) > 3
    for blank in found:
        stems = [one.stem for one in blank.sentence.words]
        assert stems.count(blank.word.stem) == 1
        assert blank.word.text.lower() not in {word.lower() for word in blank.others}


def test_the_words_are_nouns_that_the_lesson_speaks_of() -> None:
    words = {blank.word.text.lower() for blank in made(bees(), 2, "Describe how honey is ripened")}
    assert words
    assert words <= {"honey", "nectar", "water", "wax", "comb", "cells", "bees", "hive", "air", "syrup", "winter"}


def test_what_is_offered_was_seen_after_the_same_small_word() -> None:
    book = bees()
    usage = Usage(book)
    offered = [blank for section in (1, 2) for blank in made(book, section, "Explain the hive") if blank.others]
    assert offered
    for blank in offered:
        place = blank.sentence.words.index(blank.word)
        before = blank.sentence.words[place - 1].text
        if usage.is_small(before):
            assert all(usage.together(before, other) for other in blank.others)


def test_an_adjective_is_no_noun() -> None:
    usage = Usage(source(("", "The ripe honey keeps. A ripe comb is full of ripe honey. The ripe honey is sold.")))
    assert not usage.is_noun("ripe")


def test_german_nouns_are_known_by_their_capitals() -> None:
    usage = Usage(source(("", GERMAN), language="de"))
    assert usage.is_noun("Königin")
    assert not usage.is_noun("reift")


def test_a_name_is_written_with_a_capital_everywhere() -> None:
    usage = Usage(source(("", "We read Hume and Kant. Before Hume and after Hume they knew Kant, and so did Kant.")))
    assert usage.is_name("Kant")
    assert not usage.is_name("We")
