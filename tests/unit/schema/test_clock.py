"""The hybrid clock runs forwards, and follows a foreign one only so far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync.schema.clock import LIMIT_AHEAD, bounded, moment_of, next_reading, reading_at

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def test_a_clock_set_back_does_not_turn_readings_back() -> None:
    first = next_reading(0, NOW)
    assert next_reading(first, NOW - timedelta(days=1)) > first


@given(st.lists(st.integers(-600_000, 600_000), min_size=1, max_size=50))
def test_each_reading_is_later_than_the_one_before(offsets: list[int]) -> None:
    last = 0
    for offset in offsets:
        reading = next_reading(last, NOW + timedelta(milliseconds=offset))
        assert reading > last
        last = reading


def test_a_reading_tells_its_moment() -> None:
    assert moment_of(reading_at(NOW)) == NOW


def test_a_clock_far_ahead_is_followed_for_five_minutes_at_most() -> None:
    assert moment_of(bounded(reading_at(NOW + timedelta(days=400)), NOW)) == NOW + LIMIT_AHEAD
    assert bounded(reading_at(NOW), NOW) == reading_at(NOW)
