"""Place quotes without context by their order: each brings a number that grows along the book, as a reader counts it.

What stands once in the text shows how numbers and offsets go together; what stands often is then looked for where its
number says. Numbers need no unit, only their order and, between two that are known, their distance.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from alexandria_desktop.annotate.anchor import nearest, place_by_quote
from alexandria_desktop.annotate.phrase import places_of
from alexandria_desktop.text.book_text import BookText
from sync.places.locator import Quote

Place = tuple[int, int]
"""Two book offsets."""
_Known = list[tuple[int, int]]
"""Numbers and offsets, both rising."""


def place_in_order(
    quotes: Sequence[tuple[str, int | None]], text: BookText, *, also: Sequence[tuple[str, int | None]] = ()
) -> list[Place | None]:
    """Return where each quote stands, or None where its words are not there, or several places are as likely.

    ``also``: quotes of the same book, numbered alike, that need no place but tell of the order.
    """
    found = [places_of(words, text) for words, _ in (*quotes, *also)]
    told = {(number, places[0][0]) for (_, number), places in zip((*quotes, *also), found, strict=True)
            if number is not None and len(places) == 1}  # fmt: skip
    known = _rising(sorted(told))
    return [_choose(words, number, places, known, text) for (words, number), places in zip(quotes, found, strict=False)]


def _choose(words: str, number: int | None, places: list[Place], known: _Known, text: BookText) -> Place | None:
    if not places:
        alike = place_by_quote(Quote(words), text)
        return None if alike is None else (alike.start, alike.end)
    if len(places) > 1 and number is not None:
        places = _by_number(number, places, known)
    return places[0] if len(places) == 1 else None


def _by_number(number: int, places: list[Place], known: _Known) -> list[Place]:
    """Return the places that are left when they must stand between those that are known before and behind."""
    numbers = [one for one, _ in known]
    before, behind = bisect_left(numbers, number) - 1, bisect_right(numbers, number)
    low = known[before][1] if before >= 0 else 0
    high = known[behind][1] if behind < len(known) else None
    between = [place for place in places if low <= place[0] and (high is None or place[0] <= high)]
    expected = _expected(number, known)
    return nearest(between, expected) if len(between) > 1 and expected is not None else between


def _expected(number: int, known: _Known) -> float | None:
    """Return the offset that a number stands for, by the two that are known next to it; None where there are no two."""
    if len(known) < 2:
        return None
    at = min(max(bisect_left(known, (number, 0)), 1), len(known) - 1)
    (one, low), (other, high) = known[at - 1], known[at]
    return low + (number - one) * (high - low) / (other - one)


def _rising(told: _Known) -> _Known:
    """Return the longest run of pairs in which both grow: what is out of line was found in a wrong place."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    # Of equal numbers one at most may be taken, so the higher offset comes first.
    told = sorted(told, key=lambda pair: (pair[0], -pair[1]))
    for index, (_, offset) in enumerate(told):
        place = bisect_left(ends, offset)
        before.append(last[place - 1] if place else None)
        if place == len(ends):
            ends.append(offset)
            last.append(index)
        else:
            ends[place], last[place] = offset, index
    chain: _Known = []
    at = last[-1] if last else None
    while at is not None:
        chain.append(told[at])
        at = before[at]
    return chain[::-1]
