"""A hybrid logical clock in one integer: 48 bits of Unix milliseconds, then 16 bits of count.

It never runs backwards, and a reading that was seen from elsewhere pushes it on, so that "later" holds between devices
whose clocks disagree by a little. A reading more than five minutes ahead of our own time is not followed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

COUNT_BITS = 16
LIMIT_AHEAD = timedelta(minutes=5)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def reading_at(moment: datetime) -> int:
    """Return the first reading of a moment."""
    return ((moment - _EPOCH) // _MILLISECOND) << COUNT_BITS


def moment_of(reading: int) -> datetime:
    """Return the moment of a reading, to the millisecond."""
    return _EPOCH + _MILLISECOND * (reading >> COUNT_BITS)


def next_reading(last: int, now: datetime) -> int:
    """Return a reading later than ``last`` and not before ``now``."""
    return max(last + 1, reading_at(now))


def bounded(seen: int, now: datetime) -> int:
    """Return a foreign reading, cut to five minutes ahead of ``now``."""
    return min(seen, latest_at(now))


def latest_at(now: datetime) -> int:
    """Return the highest reading that is believed."""
    return reading_at(now + LIMIT_AHEAD)
