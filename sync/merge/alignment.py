"""What became of a list of tokens: where it was changed, in time about linear in its length.

Equal ends are matched first. Then runs of tokens that occur once on either side are anchors, long runs before short
ones, and only what lies between them is compared token by token. Where nothing is rare and much is left, the whole
piece counts as rewritten: coarser, never wrong.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

_RUNS = (16, 4, 1)
_SMALL = 128 * 128


class Hunk(NamedTuple):
    """Tokens of the base that were replaced."""

    start: int
    end: int
    tokens: tuple[str, ...]

    @property
    def deletes_only(self) -> bool:
        """Whether nothing came in its place."""
        return not self.tokens


def hunks(base: Sequence[str], now: Sequence[str]) -> list[Hunk]:
    """Return all changes, in order; two never touch."""
    found, i, j = [], 0, 0
    for start, other, length in [*_matches(base, now), (len(base), len(now), 0)]:
        if i < start or j < other:
            found.append(Hunk(i, start, tuple(now[j:other])))
        i, j = start + length, other + length
    return found


def _matches(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return equal runs as (place in a, place in b, length), in order, joined where they touch."""
    found: list[tuple[int, int, int]] = []
    waiting = [(0, len(a), 0, len(b))]
    while waiting:
        i, i_end, j, j_end = waiting.pop()
        start = i
        while i < i_end and j < j_end and a[i] == b[j]:
            i, j = i + 1, j + 1
        if i > start:
            found.append((start, j - (i - start), i - start))
        end = i_end
        while i_end > i and j_end > j and a[i_end - 1] == b[j_end - 1]:
            i_end, j_end = i_end - 1, j_end - 1
        if end > i_end:
            found.append((i_end, j_end, end - i_end))
        if i == i_end or j == j_end:
            continue
        anchors = _anchors(a[i:i_end], b[j:j_end])
        if anchors:
            places = [(i, j), *((i + x, j + y) for x, y in anchors), (i_end, j_end)]
            waiting += [(x, x_end, y, y_end) for (x, y), (x_end, y_end) in pairwise(places)]
        elif (i_end - i) * (j_end - j) <= _SMALL:
            matcher = SequenceMatcher(None, a[i:i_end], b[j:j_end], autojunk=False)
            found += [(i + x, j + y, size) for x, y, size in matcher.get_matching_blocks() if size]
    return _touching_joined(sorted(found))


def _touching_joined(matches: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for i, j, length in matches:
        if found and found[-1][0] + found[-1][2] == i and found[-1][1] + found[-1][2] == j:
            found[-1] = (*found[-1][:2], found[-1][2] + length)
        else:
            found.append((i, j, length))
    return found


def _anchors(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Return places of runs that are rare on both sides, so that both places rise."""
    for length in _RUNS:
        if length > 1 and min(len(a), len(b)) < 4 * length:
            continue
        ours, others = _once(a, length), _once(b, length)
        pairs = [(place, others[run]) for run, place in ours.items() if run in others]
        if pairs:
            return _rising(pairs)
    return []


def _once(side: Sequence[str], length: int) -> dict[tuple[str, ...], int]:
    """Return the place of each run that occurs once, in order."""
    found: dict[tuple[str, ...], int] = {}
    again = set()
    for place, run in enumerate(zip(*(side[shift:] for shift in range(length)), strict=False)):
        if run in found:
            again.add(run)
        else:
            found[run] = place
    return {run: place for run, place in found.items() if run not in again}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest chain of pairs whose second members rise as the first do."""
    tops: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for index, (_, second) in enumerate(pairs):
        place = bisect_left(tops, second)
        before.append(chain[place - 1] if place else -1)
        if place == len(tops):
            tops.append(second)
            chain.append(index)
        else:
            tops[place], chain[place] = second, index
    found = []
    index = chain[-1]
    while index >= 0:
        found.append(pairs[index])
        index = before[index]
    return found[::-1]
