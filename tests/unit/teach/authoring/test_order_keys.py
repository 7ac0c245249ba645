"""Order keys always leave room, stay short, and sort as they were meant."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alexandria_desktop.teach.authoring.order_keys import insertion, spread


def inserted(keys: list[str], at: int) -> list[str]:
    place = insertion(keys, at)
    moved = [place.others.get(number, key) for number, key in enumerate(keys)]
    return [*moved[:at], place.key, *moved[at:]]


def is_in_order(keys: list[str]) -> bool:
    return all(one < other for one, other in pairwise(keys))


@given(st.lists(st.floats(0, 1), max_size=60))
def test_wherever_things_are_put_the_keys_are_in_order_and_nothing_else_moves(places: list[float]) -> None:
    keys: list[str] = []
    for place in places:
        at = round(place * len(keys))
        assert not insertion(keys, at).others
        keys = inserted(keys, at)
    assert is_in_order(keys)


def test_a_thousand_things_one_after_another_have_short_keys() -> None:
    keys: list[str] = []
    for _ in range(900):
        keys.append(insertion(keys, len(keys)).key)
    assert is_in_order(keys)
    assert max(map(len, keys)) <= 3


def test_a_thousand_things_at_the_same_place_never_need_more_than_the_column_holds() -> None:
    keys = ["a", "b"]
    for _ in range(1000):
        keys = inserted(keys, 1)
        assert max(map(len, keys)) <= 200
    assert is_in_order(keys)


@given(st.lists(st.text("0az Z", max_size=3), max_size=6), st.integers(0, 6))
def test_keys_that_are_alike_or_foreign_make_way_for_new_ones(keys: list[str], at: int) -> None:
    keys = sorted(keys)
    place = min(at, len(keys))
    found = inserted(keys, place)
    before, after = found[:place], found[place + 1 :]
    assert all(key <= found[place] for key in before[-1:])
    assert all(key >= found[place] for key in after[:1])
    if insertion(keys, place).others:
        assert is_in_order(found)


def test_two_alike_keys_do_not_hold_a_third_out() -> None:
    assert is_in_order(inserted(["a", "i", "i", "z"], 2))


@given(st.integers(0, 2000))
def test_a_spread_leaves_room_everywhere(number: int) -> None:
    keys = spread(number)
    assert len(keys) == number
    assert is_in_order(keys)
    assert not any(insertion(keys, at).others for at in range(0, number + 1, 97))
