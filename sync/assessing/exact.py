"""Exact numbers of keys and formats, within bounds in which counting and printing them costs nothing."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

MAX_EXPONENT = 400
MAX_DIGITS = 100


def exact(text: str) -> Decimal:
    """Return the number that a text is; raises ValueError where it is none, or larger than anybody means.

    ``1e999999999`` is a number in a few bytes whose digits would fill the memory.
    """
    try:
        value = Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(f"{text[:60]!r} is no number") from error
    if not value.is_finite() or len(value.as_tuple().digits) > MAX_DIGITS:
        raise ValueError(f"{text[:60]!r} is no number")
    if value.adjusted() > MAX_EXPONENT or int(value.as_tuple().exponent) < -MAX_EXPONENT:
        raise ValueError(f"{text[:60]!r} is too large or too fine")
    return value
