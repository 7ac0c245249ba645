"""What is read begins and ends at paragraphs, and takes no words of another stretch."""

from __future__ import annotations

from alexandria_desktop.teach.compiling.excerpts import Excerpt
from alexandria_desktop.teach.compiling.paragraphs import at_paragraphs
from alexandria_desktop.teach.compiling.sources import Shelf
from tests.support.sources import source

TITLE = "The hive"
FIRST = "Bees live in a hive. They build combs of wax."
SECOND = "But the combs are heavy. A hive needs a strong floor. Beekeepers know it."
THIRD = "Winter is long. The bees hang together."
TEXT = "\n".join((TITLE, FIRST, SECOND, THIRD))


def read(start: int, end: int, *others: tuple[int, int]) -> str:
    book = source(("The hive", TEXT), asides=[((0, len(TITLE)),)])
    spans = ((start, end), *others)
    chosen = [[Excerpt(0, 0, 0, one, two, (number,), 0.5, 10) for number, (one, two) in enumerate(spans)]]
    found = at_paragraphs(Shelf((book,)), chosen)[0][0]
    return TEXT[found.start : found.end]


def place(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


def test_a_stretch_goes_back_to_its_paragraph_and_on_to_its_end() -> None:
    assert read(*place("The bees hang")) == THIRD


def test_a_paragraph_that_leans_takes_the_one_before_along() -> None:
    assert read(*place("A hive needs a strong floor.")) == f"{FIRST}\n{SECOND}"


def test_the_title_of_a_chapter_is_not_read_again() -> None:
    assert read(0, place("combs of wax.")[1]) == FIRST


def test_no_words_of_another_stretch_are_taken() -> None:
    assert read(*place("Beekeepers know it."), place("But the combs are heavy. A hive needs a strong floor.")) == (
        "Beekeepers know it."
    )
