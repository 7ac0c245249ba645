"""Groups of questions as a teacher makes them, and what an attempt draws from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexandria_desktop.teach.authoring import groups
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.formats.catalogue import named
from sync.assessing.assessment import AssessmentDocument, Pool
from sync.assessing.paper import paper
from sync.assessing.questions.keys import TrueFalseKey
from sync.assessing.questions.model import TrueFalse

IDS = "abcdef"
QUESTIONS = tuple(TrueFalse(id=one, prompt=f"Is it {one}?") for one in IDS)
POOLS = (Pool(id="easy", title="Easy", questions=("a", "b", "c"), draw=2), Pool(id="rest", draw=1))


def test_a_question_is_in_one_group_or_in_none() -> None:
    pools = groups.begun((), "a", "one")
    pools = groups.put_into(groups.begun(pools, "b", "two"), "a", "two")
    assert [(pool.title, pool.questions) for pool in pools] == [("Group 2", ("b", "a"))]
    assert groups.put_into(groups.put_into(pools, "a", ""), "b", "") == ()


def test_a_group_that_loses_questions_asks_no_more_than_it_has() -> None:
    pools = groups.put_into(POOLS, "a", "")
    assert pools[0].draw == 2
    assert groups.put_into(pools, "b", "")[0].draw == 1


@given(st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(["", "easy", "hard", "+"])), max_size=12))
def test_whatever_is_put_where_no_group_becomes_a_pool_of_all_the_rest(steps: list[tuple[str, str]]) -> None:
    pools: tuple[Pool, ...] = ()
    for number, (question, group) in enumerate(steps):
        new = group == "+"
        pools = groups.begun(pools, question, f"g{number}") if new else groups.put_into(pools, question, group)
        named_twice = [one for pool in pools for one in pool.questions]
        assert len(named_twice) == len(set(named_twice))
        assert all(pool.questions and 1 <= pool.draw <= len(pool.questions) for pool in pools)


def test_the_rest_stays_what_it_is_beside_new_groups() -> None:
    pools = groups.with_rest(groups.begun(POOLS, "d", "hard"), 2)
    assert [(pool.id, pool.draw) for pool in pools] == [("easy", 2), ("hard", 1), ("rest", 2)]
    assert groups.with_rest(pools, 0) == pools[:2]


def test_a_question_that_is_gone_is_never_drawn() -> None:
    quiz = AssessmentDocument(id="q", questions=QUESTIONS[1:], pools=POOLS[:1])
    for attempt in map(str, range(20)):
        assert [one.id for one in paper(quiz, attempt)][:2] == ["b", "c"]


@pytest.mark.parametrize("name", ["alexandria", "qti21", "qti3"])
def test_groups_come_back_from_every_format_that_can_hold_them(name: str, tmp_path: Path) -> None:
    keys = {one: TrueFalseKey(is_true=True) for one in IDS}
    quiz = AssessmentDocument(id="quiz", lesson_id="l", title="Q", questions=QUESTIONS, pools=POOLS, keys=keys)
    course = CourseDocument(id="c", title="C", lessons=(LessonDocument(id="l", title="L"),), assessments=(quiz,))
    form = named(name)
    assert form.read is not None
    assert form.write is not None
    file = tmp_path / "course"
    form.write(course, file, lambda _: None)
    read = form.read(file).document.assessments[0]
    prompts = {one.id: one.prompt for one in read.questions}  # type: ignore[attr-defined]
    drawn = [(pool.title, pool.draw, sorted(prompts[one] for one in pool.questions)) for pool in read.drawn_from()]
    assert drawn == [
        ("Easy", 2, ["Is it a?", "Is it b?", "Is it c?"]), ("", 1, ["Is it d?", "Is it e?", "Is it f?"]),
    ]  # fmt: skip
