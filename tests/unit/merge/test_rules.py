"""Each rule by example."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import permutations

from sync.merge import Change, Conflict, together
from sync.schema.policy import policy_of
from tests.support.merging import BEFORE, START, Row, change, insert, row

NOTE = "user_notes"
SHELF = "user_libraries"


def converged(on: Row, *changes: Change) -> Row:
    first, *others = (on.after(*chosen) for chosen in permutations(changes))
    assert all(first.state == other.state for other in others)
    return first


def test_what_only_one_device_changed_is_taken() -> None:
    on = row(SHELF, rating=3, finished_at=None)
    after = converged(on, change(on, 60, rating=5), change(on, 61, finished_at=START))
    assert after.values == {"rating": 5, "finished_at": START}
    assert after.clocks == {"rating": 60, "finished_at": 61}
    assert not after.conflicts


def test_the_later_of_two_values_wins_and_the_other_is_reported() -> None:
    on = row(SHELF, rating=3)
    after = on.after(change(on, 70, rating=5), change(on, 60, rating=1))
    assert (after.values, after.clocks) == ({"rating": 5}, {"rating": 70})
    assert after.conflicts == (Conflict("rating", 1, 5, 5, both_kept=False),)


def test_of_two_values_at_one_reading_the_greater_wins() -> None:
    on = row(SHELF, rating=3)
    assert converged(on, change(on, 60, rating=5), change(on, 60, rating=4)).values == {"rating": 5}


def test_the_same_value_from_two_devices_is_no_conflict() -> None:
    on = row(SHELF, rating=3)
    after = on.after(change(on, 60, rating=5), change(on, 70, rating=5))
    assert (after.values, after.clocks, after.conflicts) == ({"rating": 5}, {"rating": 70}, ())


def test_a_value_changed_and_changed_back_leaves_others_changes_alone() -> None:
    on = row(SHELF, rating=3)
    after = converged(on, change(on, 99, rating=3), change(on, 60, rating=5))
    assert (after.values, after.clocks, after.conflicts) == ({"rating": 5}, {"rating": 60}, ())


def test_an_edit_of_what_the_device_knew_is_taken_although_its_clock_is_slow() -> None:
    on = row(SHELF, rating=3)
    merged = on.merge(change(on, BEFORE - 20, rating=5))
    assert (merged.values, merged.clocks, merged.conflicts) == ({"rating": 5}, {"rating": BEFORE}, ())


def test_a_column_without_a_clock_of_its_own_has_that_of_the_change() -> None:
    on = row(SHELF, rating=3)
    assert on.merge(Change({"rating": 5}, {"rating": 3}, {}, 77)).clocks == {"rating": 77}


def test_three_devices_agree_on_a_value_in_all_orders() -> None:
    on = row(SHELF, rating=3)
    after = converged(on, change(on, 60, rating=5), change(on, 62, rating=1), change(on, 61, rating=4))
    assert after.values == {"rating": 1}


def test_the_greater_moment_is_kept_and_none_is_least() -> None:
    on = row(SHELF, last_accessed=None)
    later = START + timedelta(days=1)
    after = converged(on, change(on, 60, last_accessed=later), change(on, 70, last_accessed=START))
    assert (after.values, after.conflicts) == ({"last_accessed": later}, ())
    assert after.merge(change(after, 80, last_accessed=START)).values == {}
    assert after.merge(change(after, 80, last_accessed=None)).values == {}


def place(hours: int, percent: int) -> dict[str, object]:
    return {
        "progress": Decimal(percent),
        "current_position": {"at": percent},
        "position_at": START + timedelta(hours=hours),
    }


def test_the_last_act_of_reading_moves_all_its_columns_together() -> None:
    on = row(SHELF, **place(0, 10))
    back, on_and_on = change(on, 60, **place(3, 5)), change(on, 70, **place(2, 80))
    after = converged(on, back, on_and_on)
    assert (after.values, after.conflicts) == (place(3, 5), ())


def test_a_percentage_travels_with_its_place_though_it_is_as_before() -> None:
    sent = together(policy_of(SHELF), ["position_at", "current_position", "notes"])
    assert sent == ["position_at", "current_position", "notes", "progress"]
    on = row(SHELF, **place(0, 10))
    after = converged(on, change(on, 60, **place(1, 20)), change(on, 61, **place(2, 10)))
    assert after.values == place(2, 10)


def test_the_furthest_place_is_that_of_the_greater_percentage() -> None:
    on = row(SHELF, furthest_progress=Decimal(10), furthest_position={"at": 10})
    one = change(on, 60, furthest_progress=Decimal(90), furthest_position={"at": 90})
    other = change(on, 70, furthest_progress=Decimal(40), furthest_position={"at": 40})
    after = converged(on, one, other)
    assert after.values == {"furthest_progress": Decimal(90), "furthest_position": {"at": 90}}
    assert not after.conflicts


def test_what_the_server_counts_nobody_writes() -> None:
    on = row("student_progress", score=Decimal(50), course_id=1)
    merged = on.merge(change(on, 60, score=Decimal(100), course_id=2))
    assert (merged.values, merged.clocks, merged.conflicts) == ({}, on.clocks, ())


def test_bookkeeping_is_never_merged() -> None:
    on = row(NOTE, revision=3, updated_at=START, field_clocks={})
    assert on.merge(change(on, 60, revision=9, updated_at=None, field_clocks={"x": 1})).values == {}


def test_leaves_of_two_devices_are_joined() -> None:
    on = row(NOTE, attributes_json={"font": {"size": 12, "face": "Literata"}, "old": 1})
    one = change(on, 60, attributes_json={"font": {"size": 14, "face": "Literata"}})
    other = change(on, 61, attributes_json={"font": {"size": 12, "face": "Lexend"}, "old": 1, "ink": ["red"]})
    after = converged(on, one, other)
    assert after.values == {"attributes_json": {"font": {"size": 14, "face": "Lexend"}, "ink": ["red"]}}
    clocks = {"": BEFORE, "/font/face": 61, "/font/size": 60, "/ink": 61, "/old": 60}
    assert (after.clocks, after.conflicts) == ({"attributes_json": clocks}, ())


def test_one_leaf_of_two_devices_is_the_later_ones() -> None:
    on = row(NOTE, attributes_json={"a/b": 1, "c": 1})
    after = on.after(change(on, 70, attributes_json={"a/b": 2, "c": 1}), change(on, 60, attributes_json={"a/b": 3}))
    assert after.values == {"attributes_json": {"a/b": 2}}
    assert after.conflicts == (Conflict("attributes_json", 3, 2, 2, both_kept=False, pointer="/a~1b"),)


def test_a_removed_leaf_stays_removed_against_an_earlier_edit_and_comes_back_by_a_later_one() -> None:
    on = row(NOTE, attributes_json={"a": 1})
    gone = change(on, 60, attributes_json={})
    assert converged(on, gone, change(on, 59, attributes_json={"a": 2})).values == {"attributes_json": {}}
    assert converged(on, gone, change(on, 61, attributes_json={"a": 2})).values == {"attributes_json": {"a": 2}}


def test_an_object_against_a_scalar_is_decided_by_the_clock() -> None:
    on = row(NOTE, attributes_json={"a": {"b": 1, "c": 1}})
    inside, whole = ({"a": {"b": 2, "c": 1}}, {"a": 7})
    for early, late in ((inside, whole), (whole, inside)):
        after = converged(on, change(on, 60, attributes_json=early), change(on, 61, attributes_json=late))
        assert after.values == {"attributes_json": late}


def test_true_is_not_one() -> None:
    on = row(NOTE, attributes_json={"a": 1})
    assert on.merge(change(on, 60, attributes_json={"a": True})).values == {"attributes_json": {"a": True}}


def test_three_devices_agree_on_leaves_in_all_orders() -> None:
    on = row(NOTE, attributes_json={"a": {"x": 1}, "b": 1})
    after = converged(
        on,
        change(on, 60, attributes_json={"a": {"x": 2}, "b": 1, "new": {"one": 1}}),
        change(on, 61, attributes_json={"a": {"x": 3}, "new": {"two": 2}}),
        change(on, 62, attributes_json={"a": {}, "b": 5}),
    )
    assert after.values == {"attributes_json": {"a": {}, "b": 5, "new": {"one": 1, "two": 2}}}


def test_a_late_change_of_one_leaf_makes_no_other_leaf_later() -> None:
    on = row(NOTE, attributes_json={"a": 1, "b": 1})
    changes = [change(on, at, attributes_json={"a": a, "b": b}) for at, a, b in [(60, 5, 1), (61, 6, 1), (70, 1, 2)]]
    assert converged(on, *changes).values == {"attributes_json": {"a": 6, "b": 2}}


def test_a_document_nested_very_deep_is_merged() -> None:
    deep: object = 1
    for _ in range(5000):
        deep = {"a": [deep]}
    on = row(NOTE, attributes_json={"x": 1})
    after = on.after(change(on, 60, attributes_json={"x": deep}), change(on, 61, attributes_json={"x": [deep]}))
    assert len(after.conflicts) == 1


def test_tags_of_two_devices_are_joined_in_a_steady_order() -> None:
    on = row("content_items", tags=["old", "gone", "kept"])
    one = change(on, 60, tags=["old", "kept", "zebra"])
    other = change(on, 61, tags=["old", "gone", "kept", "ape"])
    assert converged(on, one, other).values == {"tags": ["old", "kept", "ape", "zebra"]}


def test_tags_of_one_device_stay_in_its_order() -> None:
    on = row("content_items", tags=["old"])
    after = converged(on, change(on, 60, tags=["old", "z", "a"]), change(on, 61, tags=[]))
    assert after.values == {"tags": ["z", "a"]}


def test_three_devices_agree_on_tags_in_all_orders() -> None:
    on = row("content_items", tags=["a", "b", "c"])
    after = converged(
        on, change(on, 60, tags=["a", "c", "z", "y"]), change(on, 60, tags=["y", "b", "a"]), change(on, 60, tags=["x"])
    )
    assert after.values == {"tags": ["x", "y", "z"]}


def question(name: str, points: int = 1, text: str = "?") -> dict[str, object]:
    return {"id": name, "points": points, "text": text}


def test_questions_are_merged_by_their_id() -> None:
    on = row("assessments", questions_json=[question("q1"), question("q2"), question("q3")])
    one = change(on, 60, questions_json=[question("q1", points=5), question("q1b"), question("q2"), question("q3")])
    other = change(on, 61, questions_json=[question("q3"), question("q1", text="Why?")])
    after = converged(on, one, other)
    joined = [question("q3"), question("q1", points=5, text="Why?"), question("q1b")]
    assert (after.values, after.conflicts) == ({"questions_json": joined}, ())


def test_an_edited_question_stays_though_another_device_removed_it() -> None:
    on = row("assessments", questions_json=[question("q1"), question("q2")])
    edit = change(on, 60, questions_json=[question("q1"), question("q2", points=9)])
    removal = change(on, 99, questions_json=[question("q1")])
    after = converged(on, edit, removal)
    assert after.values == {"questions_json": [question("q1"), question("q2", points=9)]}
    assert [(one.pointer, one.kept) for one in after.conflicts] == [("/q2", question("q2", points=9))]


def test_new_questions_keep_their_place_before_one_that_another_device_removed() -> None:
    on = row("assessments", questions_json=[question("q1")])
    one = change(on, 60, questions_json=[question("qa")])
    other = change(on, 61, questions_json=[question("qb"), question("q1", points=2)])
    after = converged(on, one, other)
    assert after.values == {"questions_json": [question("qa"), question("qb"), question("q1", points=2)]}
    assert after.after(other, one).state == after.state


def test_a_tag_stands_there_once() -> None:
    on = row("content_items", tags=None)
    assert on.after(change(on, 60, tags=["a", "b", "a"])).values == {"tags": ["a", "b"]}


def test_a_tag_written_twice_or_elsewhere_is_no_change_even_against_what_is_no_list() -> None:
    on = row("content_items", tags=["a", "b"])
    for tags in (["a", "b", "a"], ["b", "a"]):
        assert converged(on, change(on, 60, tags=False), change(on, 60, tags=tags)).values == {"tags": False}


def test_two_new_sequences_are_decided_by_the_clock() -> None:
    on = row("assessments", questions_json=[question("q1"), question("q2"), question("q3")])
    one = change(on, 60, questions_json=[question("q3"), question("q1"), question("q2")])
    other = change(on, 61, questions_json=[question("q2"), question("q1"), question("q3")])
    after = converged(on, one, other)
    assert after.values["questions_json"] == other.values["questions_json"]
    assert after.conflicts[0].pointer == "order"


def test_a_list_with_one_name_twice_is_one_value() -> None:
    on = row("assessments", questions_json=[question("q1")])
    twice = change(on, 70, questions_json=[question("q1"), question("q1", points=2)])
    after = converged(on, change(on, 60, questions_json=[question("q1", points=3)]), twice)
    assert after.values == twice.values
    assert len(after.conflicts) == 1


def test_a_value_that_must_stay_whole_is_the_later_ones() -> None:
    on = row("books", authors=["A"])
    after = converged(on, change(on, 60, authors=["A", "B"]), change(on, 61, authors=["C"]))
    assert after.values == {"authors": ["C"]}


def test_a_row_that_the_server_does_not_have_is_taken_as_it_is() -> None:
    made = insert(60, id=1, note_text="tea", location_data=None, attributes_json={"a": 1}, deleted_at=None)
    merged = Row(NOTE, {}).merge(made)
    assert merged.values == made.values
    assert merged.clocks == {"id": 60, "note_text": 60, "attributes_json": {"/a": 60}, "deleted_at": 60}
    assert not merged.conflicts


def test_a_row_made_on_two_devices_is_merged_by_clocks() -> None:
    one = insert(60, rating=4, notes=None, finished_at=START)
    other = insert(61, rating=2, notes="tea", finished_at=None)
    after = converged(Row(SHELF, {}), one, other)
    assert after.values == {"rating": 2, "notes": "tea", "finished_at": START}
    assert [conflict.column for conflict in after.conflicts] == ["rating"]
