"""A proposal from books in memory, with no model at all: what it promises, in any script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from alexandria_desktop.teach.compiling.closeness import Models
from alexandria_desktop.teach.compiling.proposal import Proposal
from alexandria_desktop.teach.compiling.propose import Wish, propose
from alexandria_desktop.teach.compiling.sources import Source, Vectors
from tests.support.bees import DANCE, HONEY, QUEEN, WINTER
from tests.support.sources import source

ARABIC = (
    "النحل يعيش في الخلية. الملكة أم النحل كله في الخلية. العسل في الخلية كثير في الصيف. النحل يجمع الرحيق من "
    "الأزهار ويحمل الرحيق إلى الخلية. الرحيق سائل خفيف، والعسل سائل ثقيل. يجفف النحل الرحيق بأجنحته في الليل حتى "
    "يصير الرحيق عسلا. الملكة تضع البيض في الخلية كل يوم من أيام الصيف. الشمع من النحل، والشمع بيت العسل في الخلية. "
    "يحفظ النحل العسل في الشمع حتى الشتاء. في الشتاء يأكل النحل العسل في الخلية. "
)
JAPANESE = "蜂は巣に住む。女王は蜂の母である。蜜は巣に蓄えられる。蜂は花から蜜を集めて巣に運ぶ。" * 12
HONEY_ASKED = "Describe how honey is ripened and stored"


def bees(title: str = "Bees") -> Source:
    chapters = (("The dance", DANCE), ("The queen", QUEEN), ("Honey", HONEY), ("The winter", WINTER))
    return source(*((name, "\n".join(parts)) for name, parts in chapters), title=title)


def made(*sources: Source, objectives: tuple[str, ...] = (HONEY_ASKED,), minutes: int = 5) -> Proposal:
    wish = Wish(objectives=objectives, minutes_per_lesson=minutes, questions_per_lesson=2)
    found = propose(sources, wish, Models())
    assert found is not None
    return found


def test_words_alone_find_the_chapter() -> None:
    assert {one.chapter for lesson in made(bees()).lessons for one in lesson.passages} == {"Honey"}


def test_why_a_passage_is_there_is_told() -> None:
    passage = made(bees()).lessons[0].passages[0]
    assert passage.shared == ("honey", "ripened", "stored")
    assert 0 < passage.score <= 1


def test_no_passage_serves_two_objectives() -> None:
    found = made(bees(), objectives=(HONEY_ASKED, "Explain how ripe honey is stored for the winter"))
    ids = [one.id for lesson in found.lessons for one in lesson.passages]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("book", "objective"),
    [
        (source(("النحل", ARABIC * 3), language="ar", title="ar"), "كيف يصير الرحيق عسلا"),
        (source(("蜂", JAPANESE), language="ja", title="ja"), "蜂は蜜を集める"),
        (source(("", "12 34 56. " * 200), title="numbers"), HONEY_ASKED),
        (source(("", "word " * 900), title="one sentence"), "Explain the word"),
    ],
    ids=["arabic", "japanese", "numbers", "no sentences"],
)
def test_any_script_and_any_text_gives_a_proposal_or_a_reason(book: Source, objective: str) -> None:
    found = made(book, objectives=(objective,))
    assert len(found.lessons) + len(found.unmet) >= 1


def test_arabic_passages_are_found_by_their_words() -> None:
    found = made(source(("النحل", ARABIC * 3), language="ar", title="ar"), objectives=("كيف يصير الرحيق عسلا",))
    assert "الرحيق" in found.lessons[0].passages[0].text


def test_books_without_words_meet_no_objective() -> None:
    empty = source(("", ""), title="empty")
    assert made(empty).unmet[0].reason == "None of the chosen books has words to read."


def test_what_is_cancelled_gives_nothing() -> None:
    assert propose([bees()], Wish(objectives=(HONEY_ASKED,)), Models(), is_cancelled=lambda: True) is None


def near(texts: Sequence[str]) -> Vectors:
    """Embed texts by which of four words they have; a model of that many words."""
    counts = np.array([[text.lower().count(word) for word in ("honey", "queen", "dance", "winter")] for text in texts])
    norms = np.linalg.norm(counts, axis=1, keepdims=True)
    unit: Vectors = np.divide(counts, norms, out=np.zeros(counts.shape), where=norms > 0).astype(np.float32)
    return unit


def told_of(book: Source, *objectives: str) -> list[tuple[int, int]]:
    told: list[tuple[int, int]] = []
    vectors = near([book.text(piece) for piece in book.pieces])
    propose(
        [replace(book, vectors=vectors)],
        Wish(objectives=objectives),
        Models(embed=near, fine=near, fine_languages=frozenset({"en"})),
        on_progress=lambda done, of, _words: told.append((done, of)),
    )
    return told


def test_how_far_it_is_is_told_objective_by_objective() -> None:
    assert told_of(bees(), HONEY_ASKED, "Tell how bees dance") == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_it_can_be_stopped_between_two_objectives() -> None:
    book = bees()
    asked: list[int] = []
    wish = Wish(objectives=(HONEY_ASKED, "Tell how bees dance"))
    models = Models(embed=near)
    vectors = near([book.text(piece) for piece in book.pieces])
    stopped = propose(
        [replace(book, vectors=vectors)],
        wish,
        models,
        is_cancelled=lambda: len(asked) > 0,
        on_progress=lambda done, _of, _words: asked.append(done),
    )
    assert stopped is None
    assert asked == [0]


def test_a_lesson_that_is_left_out_leaves_no_hole_in_the_order() -> None:
    objectives = (HONEY_ASKED, "Explain how the queen rules the hive", "Tell how bees dance on the comb")
    found = made(bees(), objectives=objectives)
    first, middle, last = found.lessons
    assert last.after == (middle.id,)
    chosen = {one.id for lesson in (first, last) for one in lesson.passages}
    assert [lesson.after for lesson in found.only(chosen).lessons] == [(), (first.id,)]
