"""Stretches to read, in an order, cut into lessons.

The order of objectives is the teacher's. Within one, books are read one after the other, the easier first, and each in
its own order. A lesson ends near the wanted time, and where a chapter ends if one does so thereabouts. Each lesson
waits for the one before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from alexandria_desktop.teach.compiling.excerpts import Excerpt

_SLACK = 0.35
"""How far from its even share, in parts of one, a lesson may end to end with a chapter."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A lesson to be: what is read in it, for one objective."""

    objective: int
    excerpts: tuple[Excerpt, ...]

    @property
    def words(self) -> int:
        """How many words are read."""
        return sum(one.words for one in self.excerpts)


def in_reading_order(excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Return stretches book by book, the easier book first, each book in its own order."""
    hard = {
        book: fmean(one.difficulty for one in excerpts if one.book == book)
        for book in sorted({one.book for one in excerpts})
    }
    return sorted(excerpts, key=lambda one: (hard[one.book], one.book, one.section, one.start))


def cut(excerpts: Sequence[Excerpt], *, words: int, most: int) -> list[Stage]:
    """Return the lessons of one objective: near ``words`` words each, at most ``most`` of them."""
    ordered = in_reading_order(excerpts)
    if not ordered:
        return []
    total = sum(one.words for one in ordered)
    lessons = max(1, min(most, len(ordered), round(total / max(1, words))))
    ends: list[int] = []
    for number in range(1, lessons):
        first = ends[-1] + 1 if ends else 1
        places = range(first, len(ordered) - (lessons - number) + 1)
        ends.append(min(places, key=lambda place: _cost(ordered, place, number * total / lessons, total / lessons)))
    bounds = [0, *ends, len(ordered)]
    return [Stage(ordered[0].objective, tuple(ordered[begin:end])) for begin, end in pairwise(bounds)]


def _cost(ordered: Sequence[Excerpt], place: int, aim: float, share: float) -> tuple[float, int]:
    """Return how bad it is to end a lesson before the stretch at ``place``."""
    off = abs(sum(one.words for one in ordered[:place]) - aim) / share
    one, other = ordered[place - 1], ordered[place]
    ends_chapter = (one.book, one.chapter) != (other.book, other.chapter)
    return (off - _SLACK if ends_chapter else off, place)
