"""What holds for every rule, whatever the values."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.merge import Change, reading_of
from sync.merge.clocks import LeafClocks, readings
from sync.merge.order import order, same
from sync.schema.policy import Merge, policy_of
from tests.support.merging import CASES, JSON, Row, cases

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Three changes at once converge where a column is a value, or members with clocks of their own. They do not in general
# where text overlaps, where an object and a scalar contend for one place, and in where new objects of a list come.
OF_THREE = ["clock", "maximum", "last reading", "furthest", "server", "fixed", "set", "atomic"]


def equal(one: Row, other: Row) -> bool:
    return same(dict(one.values), dict(other.values)) and dict(one.clocks) == dict(other.clocks)


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("name", CASES)
@quick
@given(data=st.data())
def test_two_changes_in_either_order_give_the_same_row_and_clocks(name: str, tied: bool, data: st.DataObject) -> None:
    row, (one, other) = data.draw(cases(name=name, changes=2, tied=tied))
    assert equal(row.after(one, other), row.after(other, one))


@pytest.mark.parametrize("name", OF_THREE)
@quick
@given(data=st.data())
def test_three_changes_in_all_orders_give_the_same_row_and_clocks(name: str, data: st.DataObject) -> None:
    row, changes = data.draw(cases(name=name, changes=3))
    first, *others = (row.after(*chosen) for chosen in permutations(changes))
    assert all(equal(first, other) for other in others)


@pytest.mark.parametrize("name", CASES)
@quick
@given(data=st.data())
def test_a_change_that_comes_again_changes_nothing(name: str, data: st.DataObject) -> None:
    row, changes = data.draw(cases(name=name, changes=3))
    after = row.after(changes[0])
    assert equal(after, after.after(changes[0]))
    after = row.after(*changes[:2])
    assert equal(after, after.after(changes[1]))
    if after.values != row.values:
        # Where the row is again as it was, a change that comes again cannot be told from a new one.
        assert equal(after, after.after(changes[0]))


@pytest.mark.parametrize("name", CASES)
@quick
@given(data=st.data())
def test_no_reading_of_a_clock_goes_down(name: str, data: st.DataObject) -> None:
    row, changes = data.draw(cases(name=name, changes=2))
    after = row.after(changes[0])
    later = after.after(changes[1])
    for before, then in ((row, after), (after, later)):
        for column, stored in before.clocks.items():
            assert reading_of(then.clocks[column]) >= reading_of(stored)
            old, new = LeafClocks(stored), LeafClocks(then.clocks[column])
            assert all(new.at(pointer) >= old.at(pointer) for pointer in readings(stored))


@pytest.mark.parametrize("name", ["clock", "atomic"])
@quick
@given(data=st.data())
def test_a_value_is_there_or_lost_to_a_later_one_and_reported(name: str, data: st.DataObject) -> None:
    row, changes = data.draw(cases(name=name, changes=3))
    after = row.after(*changes)
    for change in changes:
        for column, value in change.values.items():
            if same(value, change.base[column]) or same(value, after.values[column]):
                continue
            assert reading_of(after.clocks[column]) >= change.reading(column)
            assert any(
                conflict.column == column and (same(conflict.mine, value) or same(conflict.theirs, value))
                for conflict in after.conflicts
            )


@quick
@given(data=st.data())
def test_a_leaf_is_there_or_reported_and_none_is_invented(data: st.DataObject) -> None:
    row, changes = data.draw(cases(name="any leaves", changes=2))
    after = row.after(*changes)
    kept = leaves(after.values["attributes_json"])
    before = leaves(row.values["attributes_json"])
    lost = [leaves(side, at.pointer) for at in after.conflicts for side in (at.mine, at.theirs)]
    known = dict(before)
    for change in changes:
        written = leaves(change.values["attributes_json"])
        known |= written
        for pointer, value in written.items():
            # An object that others put something in, or took the last thing out of, is no empty object any more.
            if before.get(pointer) != value and value != order({}):
                assert kept.get(pointer) == value or any(one.get(pointer) == value for one in lost)
    everything = [before, *(leaves(change.values["attributes_json"]) for change in changes)]
    for pointer, value in kept.items():
        assert value == order({}) or any(side.get(pointer) == value for side in everything)


@quick
@given(data=st.data())
def test_a_member_of_a_set_stays_unless_somebody_took_it_out(data: st.DataObject) -> None:
    row, changes = data.draw(cases(name="set", changes=3))
    base, after = ({*(one.values["tags"] or ())} for one in (row, row.after(*changes)))
    sides = [{*(change.values["tags"] or ())} for change in changes]
    assert after == (base.intersection(*sides)) | set().union(*sides) - base


@pytest.mark.parametrize("rule", list(Merge))
@quick
@given(values=st.lists(JSON, min_size=3, max_size=3), clocks=st.lists(JSON, min_size=1, max_size=1), data=st.data())
def test_no_json_is_too_strange(rule: Merge, values: list[Any], clocks: list[Any], data: st.DataObject) -> None:
    places = {
        Merge.LAST_READING: ("user_libraries", "progress"),
        Merge.FURTHEST: ("user_libraries", "furthest_position"),
    }
    for table, column in [places.get(rule) or place_of(rule)]:
        base = data.draw(st.sampled_from([{}, {column: values[0]}]))
        change = Change({column: values[1]}, base, {}, 60)
        Row(table, {column: values[2]}, {column: clocks[0]}).after(change, change)


@quick
@given(one=JSON, other=JSON)
def test_the_order_of_values_is_total_and_knows_equal_ones(one: Any, other: Any) -> None:
    assert (order(one) < order(other)) + (order(one) > order(other)) + same(one, other) == 1


def place_of(rule: Merge) -> tuple[str, str]:
    case = next(
        case for name, case in CASES.items() if policy_of(case.table).merge_of(next(iter(case.columns))) is rule
    )
    return case.table, next(iter(case.columns))


def leaves(value: Any, at: str = "") -> dict[str, Any]:
    """Return a document's leaves by pointer, written apart from how the merge does it."""
    if not isinstance(value, dict) or not value:
        return {at: order(value)}
    found = {}
    for key, member in value.items():
        found |= leaves(member, f"{at}/{key.replace('~', '~0').replace('/', '~1')}")
    return found
