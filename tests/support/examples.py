"""How many examples are tried of a property: a part of them each time, all of them in the slow profile."""

from __future__ import annotations

_PART = 4
_is_nightly = False


def use_all() -> None:
    """Try all of them in this process; said before tests are collected."""
    global _is_nightly
    _is_nightly = True


def examples(most: int) -> int:
    """Return how many examples are tried where the slow profile tries ``most``."""
    return most if _is_nightly else max(20, most // _PART)
