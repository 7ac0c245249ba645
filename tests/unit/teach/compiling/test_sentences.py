"""Which sentences can be asked about: those that stand alone."""

from __future__ import annotations

import pytest

from alexandria_desktop.teach.compiling.excerpts import Excerpt
from alexandria_desktop.teach.compiling.objectives import objective_of
from alexandria_desktop.teach.compiling.sentences import good_sentences, stands_alone
from alexandria_desktop.teach.compiling.sources import Shelf
from alexandria_desktop.teach.compiling.tongues import tongue
from alexandria_desktop.teach.compiling.words import Frequencies, stems_of
from tests.support.sources import source

GOOD = "Natural selection acts solely through the preservation of variations in some way advantageous."


def test_a_statement_stands_alone() -> None:
    assert stands_alone(GOOD, tongue("en"))


@pytest.mark.parametrize(
    "text",
    [
        "This acts solely through the preservation of variations in some way advantageous to them.",
        "But natural selection acts solely through the preservation of variations in some way advantageous.",
        "In these islands natural selection acts solely through the preservation of slight variations.",
        "Natural selection, as we have seen, acts solely through the preservation of slight variations.",
        "How can natural selection act solely through the preservation of slight variations in nature?",
        "natural selection acts solely through the preservation of variations in some way advantageous.",
        "Natural selection “acts solely through the preservation of variations in some way advantageous.",
        "Natural selection acts.",
        "In the next chapter natural selection acts solely through the preservation of slight variations.",
        f"{GOOD[:-1]}; {GOOD[:-1]}; {GOOD}",
    ],
)
def test_what_leans_on_another_asks_or_is_no_whole_does_not(text: str) -> None:
    assert not stands_alone(text, tongue("en"))


def test_a_few_words_in_quotation_marks_name_something() -> None:
    text = "The name of “natural selection” stands for the preservation of variations in some way advantageous."
    assert stands_alone(text, tongue("en"))


@pytest.mark.parametrize(
    ("language", "alone", "leaning"),
    [
        (
            "de",
            "Die Erhaltung der Art ist die Aufgabe aller Tiere in diesem großen Wald.".replace("diesem", "einem"),
            "Aber die Erhaltung der Art ist die Aufgabe aller Tiere in einem großen Wald.",
        ),
        (
            "fr",
            "Le baron de Thunder gouvernait un château de la province avec une grande fermeté.",
            "Il gouvernait un château de la province avec une grande fermeté et beaucoup de bonté.",
        ),
        (
            "ar",
            "الكتاب الجديد يحتوي على قصص كثيرة من تاريخ المدينة القديمة وأهلها الكرام.",
            "وهو يحتوي على قصص كثيرة من تاريخ المدينة القديمة وأهلها الكرام في الجبل.",
        ),
    ],
)
def test_each_language_has_its_own_words_that_lean(language: str, alone: str, leaning: str) -> None:
    assert stands_alone(alone, tongue(language))
    assert not stands_alone(leaning, tongue(language))


def test_a_language_without_spaces_gives_no_sentences() -> None:
    assert not stands_alone("吾輩は猫である。", tongue("ja"))


def test_a_quotation_is_not_asked_about() -> None:
    quoted = "Old natural selection acts solely through the preservation of variations in some way advantageous."
    text = f"{GOOD}\n{quoted}"
    book = source(("", text), asides=[((len(GOOD) + 1, len(text)),)])
    excerpt = Excerpt(0, 0, 0, 0, len(text), (0,), 1.0, 30)
    lesson, asked = Frequencies([stems_of(text)]), objective_of("Explain natural selection", ["en"])
    found = good_sentences(Shelf((book,)), [excerpt], lesson, asked, None)
    assert [one.text for one in found] == [GOOD]
