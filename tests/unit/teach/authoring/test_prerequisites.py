"""A lesson never waits for itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alexandria_desktop.teach.authoring.prerequisites import circle, levels, open_lessons

graphs = st.dictionaries(st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefgh")), max_size=7)


def test_a_chain_is_no_circle() -> None:
    assert circle({"a": (), "b": ("a",), "c": ("a", "b")}) == ()


def test_a_circle_is_named_from_lesson_to_lesson() -> None:
    assert circle({"a": ("c",), "b": ("a",), "c": ("b",), "d": ("a",)}) == ("a", "c", "b")


def test_a_lesson_that_requires_itself_is_a_circle() -> None:
    assert circle({"a": ("a",)}) == ("a",)


@given(graphs)
def test_a_circle_is_found_exactly_where_there_is_one(graph: dict[str, set[str]]) -> None:
    found = circle(graph)
    for one, other in zip(found, (*found[1:], *found[:1]), strict=True):
        assert other in graph[one]
    left = dict(graph)
    while ready := [one for one, first in left.items() if not first & left.keys()]:
        for one in ready:
            del left[one]
    assert bool(found) == bool(left)


@given(graphs)
def test_a_lesson_stands_behind_all_that_come_first(graph: dict[str, set[str]]) -> None:
    found = levels(graph)
    assert found.keys() == graph.keys()
    if not circle(graph):
        assert all(found[one] > found[other] for one, first in graph.items() for other in first if other in graph)


def test_a_lesson_opens_when_all_before_it_are_finished_and_those_that_are_gone_do_not_count() -> None:
    required = {"a": (), "b": ("a",), "c": ("a", "b", "gone")}
    assert open_lessons(required, ()) == {"a"}
    assert open_lessons(required, ("a",)) == {"a", "b"}
    assert open_lessons(required, ("a", "b")) == {"a", "b", "c"}
