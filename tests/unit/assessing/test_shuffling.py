"""The order of things: the same for the same attempt everywhere, and telling nothing of the right one."""

from __future__ import annotations

from collections import Counter

from sync.assessing.assessment import AssessmentDocument, Pool
from sync.assessing.paper import paper
from sync.assessing.questions.model import Choice, Matching, MultipleChoice, Ordering, Question, TrueFalse
from sync.assessing.questions.shuffling import scattered, shown, shuffled

CHOICES = tuple(Choice(id=one, text=one) for one in "abcde")


def ids(questions: tuple[Question, ...]) -> list[str]:
    return [one.id for one in questions]


def test_the_order_of_an_attempt_never_changes() -> None:
    assert shuffled("abcdefgh", "attempt-1", str) == tuple("bdhfcgea")
    assert shuffled("hgfedcba", "attempt-1", str) == shuffled("abcdefgh", "attempt-1", str)
    assert shuffled("abcdefgh", "attempt-2", str) != shuffled("abcdefgh", "attempt-1", str)


def test_every_order_is_about_as_likely() -> None:
    first = Counter(shuffled("abcd", f"attempt-{at}", str)[0] for at in range(2_000))
    assert all(400 < count < 600 for count in first.values())


def test_choices_are_shuffled_only_where_the_question_allows() -> None:
    fixed = MultipleChoice(id="q", choices=CHOICES, is_shuffled=False)
    assert shown(fixed, "s") == fixed
    loose = shown(MultipleChoice(id="q", choices=CHOICES), "s")
    assert isinstance(loose, MultipleChoice)
    assert loose.choices != CHOICES
    assert sorted(one.id for one in loose.choices) == list("abcde")


def test_order_and_match_are_always_shuffled() -> None:
    ordering, matching = Ordering(id="q", items=CHOICES), Matching(id="m", premises=CHOICES, responses=CHOICES)
    assert shown(ordering, "s") != ordering
    shuffled_match = shown(matching, "s")
    assert isinstance(shuffled_match, Matching)
    assert shuffled_match.premises == CHOICES
    assert shuffled_match.responses != CHOICES


def test_scattered_choices_do_not_depend_on_the_order_given() -> None:
    assert scattered(CHOICES) == scattered(reversed(CHOICES))


def test_a_paper_draws_from_pools_and_asks_the_rest() -> None:
    questions = tuple(TrueFalse(id=one) for one in "abcdef")
    test = AssessmentDocument(id="t", questions=questions, pools=(Pool(id="p", questions=tuple("bcde"), draw=2),))
    drawn = [ids(paper(test, f"attempt-{at}")) for at in range(50)]
    assert all(len(one) == 4 and one[0] == "a" and one[-1] == "f" for one in drawn)
    assert len({tuple(one) for one in drawn}) == 6
    assert ids(paper(test, "attempt-7")) == drawn[7]


def test_a_paper_is_shuffled_where_the_assessment_says_so() -> None:
    questions = tuple(TrueFalse(id=one) for one in "abcdef")
    test = AssessmentDocument(id="t", questions=questions, is_shuffled=True)
    assert ids(paper(test, "x")) != list("abcdef")
    assert sorted(ids(paper(test, "x"))) == list("abcdef")


def test_a_pool_that_names_no_questions_is_one_of_all_that_no_other_names() -> None:
    questions = tuple(TrueFalse(id=one, prompt=one) for one in "abcdefgh")
    pools = (Pool(id="p", questions=("a", "b"), draw=1), Pool(id="others", draw=3))
    test = AssessmentDocument(id="t", questions=questions, pools=pools)
    for attempt in ("one", "two", "three"):
        asked = [one.id for one in paper(test, attempt)]
        assert len(asked) == 4
        assert len(set(asked) & {"a", "b"}) == 1
