"""Order keys: short strings between which there is always room, so that moving one thing changes that thing alone.

A key is a fraction written in the digits 0-9 and a-z without a trailing zero. They sort alike in every collation, since
small letters follow digits in all of them. Two devices may make the same key; ids then decide, and the next insertion
between the two gives both their neighbours new ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BASE = len(_DIGITS)
_FIRST = "a"
_APPENDED = 3
"""Digits within which keys at the end are counted up; a key that was halved each time would grow."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Insertion:
    """The key of what is put in, and new keys of what is there already, by place; mostly none."""

    key: str
    others: Mapping[int, str] = field(default_factory=dict)


def insertion(keys: Sequence[str], at: int) -> Insertion:
    """Return the key for something that is to stand before ``keys[at]``; ``keys`` are sorted."""
    at = max(0, min(at, len(keys)))
    before = keys[at - 1] if at > 0 else ""
    after = keys[at] if at < len(keys) else None
    is_sound = (not before or _is_key(before)) and (after is None or (_is_key(after) and before < after))
    if is_sound:
        key = _after(before) if after is None else _between(before, after)
        if len(key) <= _LONGEST:
            return Insertion(key)
    fresh = spread(len(keys) + 1)
    return Insertion(fresh[at], {place: fresh[place + (place >= at)] for place in range(len(keys))})


def spread(number: int) -> list[str]:
    """Return so many keys with even room between them."""
    width = 2
    while _BASE**width < _BASE * (number + 1):
        width += 1
    step = _BASE**width // (number + 1)
    return [_written(step * place, width) for place in range(1, number + 1)]


def _after(key: str) -> str:
    if not key:
        return _FIRST
    value = int(key[:_APPENDED].ljust(_APPENDED, "0"), _BASE) + _BASE
    return _written(value, _APPENDED) if value < _BASE**_APPENDED else _between(key, None)


def _between(low: str, high: str | None) -> str:
    """Return a key between two; an empty ``low`` is the least, None the greatest."""
    out = ""
    while True:
        if high is not None:
            same = 0
            while (low[same : same + 1] or "0") == high[same]:
                same += 1
            out, low, high = out + high[:same], low[same:], high[same:]
        first = _DIGITS.index(low[0]) if low else 0
        last = _DIGITS.index(high[0]) if high is not None else _BASE
        if last - first > 1:
            return out + _DIGITS[(first + last) // 2]
        if high is not None and len(high) > 1:
            return out + high[0]
        out, low, high = out + _DIGITS[first], low[1:], None


def _written(value: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        value, digit = divmod(value, _BASE)
        digits = _DIGITS[digit] + digits
    return digits.rstrip("0")


def _is_key(text: str) -> bool:
    return bool(text) and not text.endswith("0") and all(letter in _DIGITS for letter in text)
