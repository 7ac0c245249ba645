"""Sentences to be found in the book: asked for by what they do or speak of, and all that answer are right."""

from __future__ import annotations

from alexandria_desktop.teach.compiling.excerpts import Excerpt
from alexandria_desktop.teach.compiling.objectives import objective_of
from alexandria_desktop.teach.compiling.passage_questions import Search, searches
from alexandria_desktop.teach.compiling.sentences import good_sentences
from alexandria_desktop.teach.compiling.sources import Shelf
from alexandria_desktop.teach.compiling.usage import Usage
from alexandria_desktop.teach.compiling.words import Frequencies, stems_of
from tests.support.sources import source

AROUND = (
    " The nectar is thin, and the nectar is sweet. Bees carry the nectar in, for the nectar of the day feeds the brood."
    " The syrup of the comb is honey, and the syrup is thick. Of syrup there is much; a syrup is stored."
)


def found(*sentences: str) -> tuple[str, list[Search]]:
    text = " ".join(sentences) + AROUND
    book = source(("Honey", text))
    excerpt = Excerpt(0, 0, 0, 0, len(text), (0,), 1.0, 100, "Honey")
    lesson, shelf = Frequencies([stems_of(text)]), Shelf((book, source(("Sea", "Ships sail on the sea."))))
    good = good_sentences(shelf, [excerpt], lesson, objective_of("Say how nectar is ripened", ["en"]), None)
    return text, searches(shelf, [Usage(one) for one in shelf.sources], good, lesson)


def test_a_term_that_is_explained_is_asked_for_by_what_it_means() -> None:
    sentence = "Nectar that was dried by the wings of many bees in the night is called syrup."
    _, asked = found(sentence)
    prompts = {one.prompt for one in asked if one.sentence.text == sentence}
    assert prompts == {"In “Honey”, find the sentence that says what is meant by “syrup”."}


def test_a_reason_is_asked_for_as_one() -> None:
    sentence = "Ripe syrup keeps for years in the comb because no yeast grows where nectar was dried."
    _, asked = found(sentence)
    assert any("gives a reason" in one.prompt for one in asked if one.sentence.text == sentence)


def test_each_sentence_that_answers_is_right() -> None:
    one = "Young bees in the dark hive turn nectar into syrup with the wind of wings."
    other = "Old bees at the open door hand nectar on, and syrup is made of it by younger sisters."
    text, asked = found(one, other)
    (search,) = [each for each in asked if each.sentence.text == one]
    assert {text[start:end] for start, end in search.answers} == {one, other}


def test_what_four_sentences_answer_is_not_asked() -> None:
    same = [f"{word} bees in the dark hive turn nectar into syrup with the wind of wings." for word in
            ("Young", "Strong", "Busy", "Many")]  # fmt: skip
    _, asked = found(*same)
    assert asked == []
