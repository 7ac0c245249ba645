"""Rounds over wires with faults: what is lost is sent again, and nothing happens twice."""

from __future__ import annotations

import itertools

import pytest

from sync.protocol.errors import Unreachable
from tests.sync.faults import Fault, Wire
from tests.sync.laptops import Laptop

pytestmark = pytest.mark.postgres

FAULTS = [Fault.LOST_REQUEST, Fault.LOST_ANSWER, Fault.CUT_ANSWER, Fault.TWICE]


def sync_until_done(laptop: Laptop, *faults: Fault) -> None:
    """Try again as long as the wire fails."""
    left = iter(faults)
    laptop.wrap = lambda endpoint: Wire(endpoint, left)
    for _ in range(len(faults) + 1):
        try:
            laptop.sync()
            break
        except Unreachable:
            continue
    laptop.wrap = None


# A round pulls, pushes, and pulls again if it pushed.
PULLS = [(fault,) for fault in FAULTS]
PUSHES = [(Fault.NONE, first, Fault.NONE, second) for first, second in itertools.product(FAULTS, FAULTS)]


@pytest.mark.parametrize("faults", [*PULLS, *PUSHES], ids=lambda faults: ", ".join(faults))
def test_after_faults_both_laptops_hold_the_same(two: tuple[Laptop, Laptop], faults: tuple[Fault, ...]) -> None:
    one, other = two
    book = one.add_book()
    notes = [one.add_note(book, f"note {number}") for number in range(5)]
    sync_until_done(one, *faults)
    one.change("user_notes", notes[0], note_text="changed")
    one.remove("user_notes", notes[1])
    sync_until_done(one, *faults)
    sync_until_done(other, *faults)
    assert one.waiting() == other.waiting() == []
    assert one.rows("user_notes") == other.rows("user_notes")
    assert {one.note(note) for note in notes} == {"changed", None, "note 2", "note 3", "note 4"}


def test_an_answer_that_was_lost_is_given_again_and_counts_once(two: tuple[Laptop, Laptop]) -> None:
    one, _ = two
    note = one.add_note(one.add_book(), "once")
    one.wrap = lambda endpoint: Wire(endpoint, iter([Fault.NONE, Fault.LOST_ANSWER]))
    with pytest.raises(Unreachable):
        one.sync()
    assert {state for state, _ in one.waiting()} == {"frozen"}
    one.change("user_notes", note, note_text="and later")
    one.wrap = None
    one.sync()
    assert one.waiting() == []
    assert one.rows("user_notes")[note]["revision"] == 2
    assert one.note(note) == "and later"
