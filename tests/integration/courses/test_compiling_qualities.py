"""What every proposal holds to, whatever the books: tried with real ones in four languages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from alexandria_desktop.library.library import Library
from alexandria_desktop.teach.compiling.proposal import Proposal, ProposedItem
from alexandria_desktop.teach.compiling.telling import GAP, prompt_of, right_of, wrong_of
from sync.assessing.questions.answers import Selected
from sync.assessing.questions.grading import Verdict, grade
from sync.assessing.questions.keys import FindPassageKey
from sync.assessing.questions.model import Cloze, FindPassage
from sync.places.locator import EpubTarget
from tests.support.data import shared_data

BOOKS = {
    "en": ("charles-darwin_the-origin-of-species", "bertrand-russell_the-problems-of-philosophy"),
    "de": ("de_nietzsche_also-sprach-zarathustra",),
    "fr": ("fr_voltaire_candide",),
    "ja": ("ja_soseki_botchan_vertical",),
}
OBJECTIVES = {
    "en": (
        "Explain why more creatures are born than can survive, and what checks their increase",
        "Describe how natural selection differs from selection by man",
        "Explain the difference between knowledge by acquaintance and knowledge by description",
        "Say why induction cannot be proved by experience",
    ),
    "de": ("Verstehen, was der Übermensch ist", "Erklären, was Zarathustra vom Mitleid lehrt"),
    "fr": ("Expliquer l’optimisme de Pangloss", "Décrire le tremblement de terre de Lisbonne"),
    "ja": ("坊っちゃんと清",),
}
MADE = {"en": (6, 10), "de": (1, 2), "fr": (1, 2), "ja": (0, 0)}
"""Lessons and items at least."""

pytestmark = [pytest.mark.data, pytest.mark.nightly]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with Library.open(tmp_path_factory.mktemp("compiling") / "library", vectors="numpy") as opened:
        data = shared_data()
        opened.import_paths([data / f"epub/books/{name}.epub" for names in BOOKS.values() for name in names])
        yield opened


def propose(library: Library, language: str) -> Proposal:
    ids = [row.id for row in library.shelf.books() if (row.language or "").startswith(language)]
    assert len(ids) == len(BOOKS[language])
    found = library.compiling.propose(
        ids, OBJECTIVES[language], minutes_per_lesson=10, questions_per_lesson=3, lessons_per_objective=3
    )
    assert found is not None
    return found


OTHERS = [pytest.param(one, marks=pytest.mark.nightly) for one in sorted(BOOKS) if one != "en"]


@pytest.fixture(scope="module", params=["en", *OTHERS])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def proposal(library: Library, language: str) -> Proposal:
    return propose(library, language)


def items(proposal: Proposal) -> list[ProposedItem]:
    return [item for lesson in proposal.lessons for item in lesson.items]


def text_at(library: Library, item_or_passage: object) -> str:
    place = item_or_passage.place  # type: ignore[attr-defined]
    opened = library.reading.open(next(row.id for row in library.shelf.books() if str(row.id) == place.book_id))
    try:
        target = place.locator.target
        assert isinstance(target, EpubTarget)
        section = next(one.index for one in opened.book.sections if one.href == target.href)
        return opened.text(section).text[target.start : target.end]
    finally:
        opened.close()


def test_something_is_proposed(proposal: Proposal, language: str) -> None:
    lessons, asked = MADE[language]
    assert len(proposal.lessons) >= lessons
    assert len(items(proposal)) >= asked


def test_passages_and_sentences_stand_at_their_places(library: Library, proposal: Proposal) -> None:
    for lesson in proposal.lessons:
        assert all(text_at(library, one) == one.text for one in lesson.passages)
        assert all(text_at(library, one) == one.sentence for one in lesson.items)


def test_no_words_are_read_twice(proposal: Proposal) -> None:
    spans = sorted(
        (one.place.book_id, one.place.locator.target.href, one.place.locator.target.start, one.place.locator.target.end)
        for lesson in proposal.lessons
        for one in lesson.passages
        if isinstance(one.place.locator.target, EpubTarget)
    )
    for (book, href, _, end), (other_book, other_href, start, _) in pairwise(spans):
        assert (book, href) != (other_book, other_href) or end <= start


def test_no_sentence_is_asked_about_twice_and_each_is_read_in_its_lesson(proposal: Proposal) -> None:
    sentences = [item.sentence for item in items(proposal)]
    assert len(set(sentences)) == len(sentences)
    for lesson in proposal.lessons:
        assert all(any(item.sentence in one.text for one in lesson.passages) for item in lesson.items)


def test_the_answer_of_a_gap_is_nowhere_in_its_sentence_and_the_right_words_make_it_whole(proposal: Proposal) -> None:
    for item in items(proposal):
        if isinstance(item.question, Cloze):
            prompt, (right,) = prompt_of(item), right_of(item)
            assert prompt.count(GAP) == 1
            assert right.lower() not in prompt.lower().replace(GAP, "").split()
            assert prompt.replace(GAP, right) == item.sentence
            assert right not in wrong_of(item)
            assert len(set(wrong_of(item))) in (0, 3)


def test_the_sentence_is_a_right_answer_where_it_is_to_be_found(proposal: Proposal) -> None:
    for item in items(proposal):
        if isinstance(item.question, FindPassage):
            assert isinstance(item.key, FindPassageKey)
            assert 1 <= len(item.key.passages) <= 3
            given = Selected(place=item.place.locator)
            assert grade(item.question, item.key, given).verdict is Verdict.RIGHT


def test_each_lesson_waits_for_the_one_before_it_in_the_order_of_objectives(proposal: Proposal, language: str) -> None:
    before: tuple[str, ...] = ()
    for lesson in proposal.lessons:
        assert lesson.after == before
        before = (lesson.id,)
    order = [OBJECTIVES[language].index(lesson.objective) for lesson in proposal.lessons]
    assert order == sorted(order)


def test_the_same_books_and_objectives_give_the_same_proposal(
    library: Library, proposal: Proposal, language: str
) -> None:
    assert propose(library, language) == proposal


def test_an_objective_that_the_books_do_not_speak_of_is_told(library: Library) -> None:
    ids = [row.id for row in library.shelf.books() if (row.language or "").startswith("en")]
    found = library.compiling.propose(ids, ["Describe how enzymes catalyse reactions"])
    assert found is not None
    assert found.lessons == ()
    assert "“enzymes” and “catalyse” stand nowhere" in found.unmet[0].reason
