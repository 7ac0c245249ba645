"""Which stretches of the books are to be read for an objective: near it, unlike each other, each in one place only.

The choice is by maximal marginal relevance (Carbonell and Goldstein, "The use of MMR", SIGIR 1998): the next passage is
the one that fits best and repeats least of what is chosen. A chosen passage takes its neighbours along where they fit
nearly as well, because an argument cut after two hundred words is no reading.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from alexandria_desktop.teach.compiling.readability import COMMON, difficulty
from alexandria_desktop.teach.compiling.relevance import LEAST, Scores
from alexandria_desktop.teach.compiling.sources import Shelf
from alexandria_desktop.text.words import word_count

LONGEST = 600
"""Words of a stretch."""
_SHORTEST = 50
"""Words of a passage below which it is no reading."""
_BELOW_BEST = 0.6
"""The part of the best passage's score that another must have."""
_NEIGHBOUR = 0.72
"""The part of a passage's score that its neighbour must have to be taken along."""
_FIT = 0.72
"""How much fitting weighs against repeating."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a book: some neighbouring passages."""

    objective: int
    book: int
    section: int
    start: int
    end: int
    pieces: tuple[int, ...]
    """Numbers among all passages of the shelf."""
    score: float
    words: int
    chapter: str = ""
    difficulty: float = 0.0


def choose(
    shelf: Shelf, scores: Scores, *, words: int, is_cancelled: Callable[[], bool] = lambda: False
) -> list[list[Excerpt]]:
    """Return for each objective the stretches to read, the best first; ``words`` is what one may take at most."""
    # Each objective is measured by its own best passage, else one of common words would take all of the others'.
    tops = np.maximum(scores.whole.max(axis=1, keepdims=True), LEAST)
    owners = np.argmax(scores.whole / tops, axis=0)
    usable = scores.whole.max(axis=0) >= _NEIGHBOUR * LEAST
    for number in np.flatnonzero(usable):
        usable[number] = _is_reading(shelf, int(number))
    taken = np.zeros(len(shelf.pieces), dtype=bool)
    found: list[list[Excerpt]] = []
    for objective in range(len(scores.whole)):
        mine = scores.whole[objective]
        best = float(mine[usable & (owners == objective)].max(initial=0.0))
        free = usable & (owners == objective) & (mine >= max(LEAST, _BELOW_BEST * best))
        chosen: list[tuple[int, ...]] = []
        left = words
        while left > 0 and not is_cancelled():
            seed = _next(shelf, mine, free & ~taken, [number for run in chosen for number in run])
            if seed is None:
                break
            run = _grown(shelf, mine, seed, usable & ~taken)
            taken[list(run)] = True
            chosen.append(run)
            left -= sum(_length(shelf, number) for number in run)
        found.append(_as_excerpts(shelf, objective, mine, _joined(shelf, chosen)))
    return found


def _is_reading(shelf: Shelf, number: int) -> bool:
    book, piece = shelf.pieces[number]
    section = shelf.sources[book].sections[piece.section]
    return _length(shelf, number) >= _SHORTEST and section.share_aside(piece.start, piece.end) < 0.4


def _length(shelf: Shelf, number: int) -> int:
    return word_count(shelf.text(number))


def _next(shelf: Shelf, mine: np.ndarray, free: np.ndarray, chosen: Sequence[int]) -> int | None:
    places = np.flatnonzero(free)
    if not len(places):
        return None
    worth = _FIT * mine[places]
    vectors = shelf.vectors
    if chosen and vectors is not None:
        worth = worth - (1 - _FIT) * (vectors[places] @ vectors[list(chosen)].T).max(axis=1)
    return int(places[int(np.argmax(worth))])


def _grown(shelf: Shelf, mine: np.ndarray, seed: int, free: np.ndarray) -> tuple[int, ...]:
    run = [seed]
    least = _NEIGHBOUR * float(mine[seed])
    length = _length(shelf, seed)
    while True:
        near = [one for one in (run[0] - 1, run[-1] + 1) if _goes_on(shelf, seed, one, free) and mine[one] >= least]
        near = [one for one in near if length + _length(shelf, one) <= LONGEST]
        if not near:
            return tuple(run)
        one = max(near, key=lambda number: (float(mine[number]), -number))
        length += _length(shelf, one)
        run = sorted([*run, one])


def _goes_on(shelf: Shelf, seed: int, number: int, free: np.ndarray) -> bool:
    if not 0 <= number < len(shelf.pieces) or not free[number]:
        return False
    (book, one), (other_book, other) = shelf.pieces[seed], shelf.pieces[number]
    return book == other_book and (one.section, one.heading) == (other.section, other.heading)


def _joined(shelf: Shelf, runs: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Join runs that touch, where together they are no longer than a stretch may be."""
    found: list[tuple[int, ...]] = []
    for run in sorted(runs):
        before = found[-1] if found else None
        if (
            before is not None
            and before[-1] + 1 == run[0]
            and _goes_on(shelf, before[-1], run[0], np.ones(len(shelf.pieces), dtype=bool))
        ):
            whole = (*before, *run)
            if sum(_length(shelf, number) for number in whole) <= LONGEST * 1.25:
                found[-1] = whole
                continue
        found.append(run)
    return found


def _as_excerpts(shelf: Shelf, objective: int, mine: np.ndarray, runs: Sequence[tuple[int, ...]]) -> list[Excerpt]:
    familiar = shelf.frequencies.commonest(COMMON)
    found = []
    for run in runs:
        book, first = shelf.pieces[run[0]]
        last = shelf.pieces[run[-1]][1]
        text = shelf.sources[book].sections[first.section].text[first.start : last.end]
        found.append(
            Excerpt(
                objective=objective,
                book=book,
                section=first.section,
                start=first.start,
                end=last.end,
                pieces=run,
                score=round(float(mine[list(run)].max()), 4),
                words=word_count(text),
                chapter=first.chapter or first.heading,
                difficulty=round(difficulty(text, familiar), 2),
            )
        )
    return sorted(found, key=lambda one: (-one.score, one.book, one.section, one.start))
