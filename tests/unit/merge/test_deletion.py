"""Rows that one device deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.merge import Change, Conflict
from tests.support.merging import START, Row, change, insert, row

LATER = START + timedelta(hours=1)
ALIVE = row("user_notes", note_text="milk", is_private=True, deleted_at=None)


def deleting(clock: int = 70, **more: Any) -> Change:
    return change(ALIVE, clock, deleted_at=START, **more)


def in_all_orders(*changes: Change) -> Row:
    first, *others = (ALIVE.after(*chosen) for chosen in permutations(changes))
    assert all(first.state == other.state for other in others)
    return first


def test_a_row_that_nobody_changed_is_deleted() -> None:
    after = ALIVE.after(deleting())
    assert (after.values["deleted_at"], after.clocks["deleted_at"], after.conflicts) == (START, 70, ())


def test_an_edit_is_kept_against_a_deletion_in_either_order_and_said() -> None:
    edit = change(ALIVE, 60, note_text="oat milk")
    after = in_all_orders(edit, deleting())
    assert (after.values["note_text"], after.values["deleted_at"]) == ("oat milk", None)
    assert ALIVE.after(edit, deleting()).conflicts == (Conflict("deleted_at", START, None, None, both_kept=False),)
    assert ALIVE.after(deleting(), edit).conflicts == (Conflict("deleted_at", None, START, None, both_kept=False),)


def test_what_was_edited_before_the_deletion_is_kept_too() -> None:
    after = in_all_orders(change(ALIVE, 60, note_text="oat milk"), deleting(is_private=False))
    assert (after.values["note_text"], after.values["is_private"], after.values["deleted_at"]) == (
        "oat milk",
        False,
        None,
    )


def test_a_change_that_changes_nothing_brings_nothing_back() -> None:
    assert ALIVE.after(deleting(), change(ALIVE, 99, note_text="milk")).values["deleted_at"] == START


def test_a_row_deleted_twice_stays_deleted_without_a_conflict() -> None:
    after = in_all_orders(deleting(60), change(ALIVE, 61, deleted_at=LATER))
    assert (after.values["deleted_at"], after.conflicts) == (LATER, ())


def test_three_devices_keep_the_edit_in_all_orders() -> None:
    after = in_all_orders(deleting(60), change(ALIVE, 99, deleted_at=LATER), change(ALIVE, 55, note_text="tea"))
    assert (after.values["note_text"], after.values["deleted_at"]) == ("tea", None)


def test_a_deletion_taken_back_on_purpose_is_no_conflict() -> None:
    dead = ALIVE.after(deleting())
    after = dead.after(change(dead, 80, deleted_at=None))
    assert (after.values["deleted_at"], after.clocks["deleted_at"], after.conflicts) == (None, 80, ())


def test_what_is_made_again_over_a_tombstone_has_its_own_values() -> None:
    dead = row("user_libraries", id=1, notes="old", rating=5, added_at=START, deleted_at=START)
    again = insert(60, id=1, notes="new", rating=None, added_at=LATER, deleted_at=None)
    after = dead.after(again)
    assert after.values == {"id": 1, "notes": "new", "rating": None, "added_at": START, "deleted_at": None}
    assert not after.conflicts
    assert after.after(again).state == after.state


def retold(**clocks: int) -> Change:
    """The row as another laptop tells it again, which may have written on in it."""
    return Change(dict(ALIVE.values), {}, {"*": 50, **clocks}, max(50, *clocks.values(), 0))


def test_a_row_told_again_does_not_come_back_by_it_in_either_order() -> None:
    gone = Change({**ALIVE.values, "deleted_at": START}, {}, {"*": 50, "deleted_at": 40}, 50)
    nothing = row("user_notes")
    for first, second in ((gone, retold()), (retold(), gone)):
        after = nothing.after(first, second)
        assert (after.values["deleted_at"], after.conflicts) == (START, ())


def test_a_row_told_again_with_an_edit_that_the_removal_had_not_seen_is_kept_and_said() -> None:
    gone = Change({**ALIVE.values, "deleted_at": START}, {}, {"*": 50, "deleted_at": 70}, 70)
    edited = replace(retold(note_text=60), values={**ALIVE.values, "note_text": "oat milk"})
    nothing = row("user_notes")
    for first, second in ((gone, edited), (edited, gone)):
        after = nothing.after(first, second)
        assert after.values["deleted_at"] is None
        assert "oat milk" in str(after.values["note_text"])
        assert [one.column for one in after.conflicts if one.column == "deleted_at"]


def test_an_edit_by_a_slow_clock_keeps_a_row_that_is_told_again() -> None:
    gone = Change({**ALIVE.values, "deleted_at": START}, {}, {"*": 50, "deleted_at": 70}, 70)
    edited = replace(retold(note_text=10), values={**ALIVE.values, "note_text": "oat milk"})
    nothing = row("user_notes")
    for first, second in ((gone, edited), (edited, gone)):
        after = nothing.after(first, second)
        assert after.values["deleted_at"] is None, "whoever removed it had not seen the edit"
        assert "oat milk" in str(after.values["note_text"])


def test_an_edit_that_is_told_twice_brings_nothing_back() -> None:
    edit = change(ALIVE, 60, note_text="oat milk")
    edited = ALIVE.after(edit)
    dead = Row(edited.table, edited.values, edited.clocks).after(change(edited, 70, deleted_at=START))
    again = replace(edit, clocks={**edit.clocks, "*": 50})
    assert dead.merge(again).values == {}
    later = replace(again, clocks={"*": 50, "note_text": 61})
    assert dead.merge(later).values["deleted_at"] is None, "written anew, it does"


def test_a_row_appended_once_is_not_brought_back_by_being_sent_again() -> None:
    dead = row("user_queries", query_text="why", deleted_at=START)
    late = Change({"query_text": "who"}, {"query_text": "what"}, {}, 60)
    assert dead.merge(late).values == {}


_CHANGES = st.one_of(
    st.builds(
        lambda at, hours: change(ALIVE, at, deleted_at=START + timedelta(hours=hours)), *[st.integers(51, 54)] * 2
    ),
    st.builds(lambda at, private: change(ALIVE, at, is_private=private), st.integers(51, 54), st.booleans()),
    st.builds(
        lambda at, private: change(ALIVE, at, is_private=private, deleted_at=LATER), st.integers(51, 54), st.booleans()
    ),
)


@settings(max_examples=60, deadline=None)
@given(changes=st.lists(_CHANGES, min_size=3, max_size=3))
def test_deletions_and_edits_give_the_same_row_in_all_orders(changes: list[Change]) -> None:
    in_all_orders(*changes)
