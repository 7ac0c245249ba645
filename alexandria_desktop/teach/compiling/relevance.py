"""Which passages belong to which objective: by the words they share, and by how near their meanings are.

By words: the part of the objective's own words, the rare ones counting more, that a passage or its heading has; a
second time counts less than the first (the saturation of BM25: Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009). By meaning: see ``closeness``. Neighbours and the chapter lend a passage a part of what they have,
for an argument goes over more than one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from alexandria_desktop.teach.compiling.closeness import Closeness, Models
from alexandria_desktop.teach.compiling.objectives import Objective
from alexandria_desktop.teach.compiling.sources import Shelf, Vectors
from alexandria_desktop.teach.compiling.words import stems_of

LEAST = 0.36
"""Of a passage's score, for it to be taken at all."""
_TITLE = 0.25
"""What it is worth that a heading names the objective."""
_NEIGHBOURS = 0.12
_CHAPTER, _OF_CHAPTER = 0.25, 3
"""The part of its chapter in a passage's score, and how many of the chapter's best passages speak for it."""
_SATURATION = 0.5


@dataclass(frozen=True, slots=True)
class Scores:
    """How well each passage fits each objective, 0 to about 1; shape (objectives, passages)."""

    whole: Vectors
    words: Vectors
    meaning: Vectors


def score(
    shelf: Shelf,
    objectives: Sequence[Objective],
    models: Models,
    *,
    may_go_on: Callable[[int], bool] = lambda _: True,
) -> Scores | None:
    """Return how well every passage fits every objective; ``may_go_on`` is asked before each, by its number.

    None where it may not.
    """
    counts = _counted(shelf, frozenset(one for objective in objectives for one in objective.stems))
    words = np.stack([_by_words(shelf, one, counts) for one in objectives])
    vectors = shelf.vectors
    if models.embed is None or vectors is None or not len(vectors):
        return Scores(_in_context(shelf, words), words, np.zeros_like(words))
    closeness = Closeness(shelf, vectors, models.embed, models)
    found: list[tuple[Vectors, Vectors]] = []
    for number, one in enumerate(objectives):
        if not may_go_on(number):
            return None
        found.append(closeness.of(one, words[number]))
    whole = np.stack([one for one, _ in found])
    return Scores(_in_context(shelf, whole), words, np.stack([one for _, one in found]))


def _counted(shelf: Shelf, wanted: frozenset[str]) -> list[Counter[str]]:
    """Return how often some stems stand in each passage; over ten books a second look at each would take seconds."""
    return [Counter(one for one in stems if one in wanted) for stems in shelf.stems]


def _by_words(shelf: Shelf, objective: Objective, counts: Sequence[Counter[str]]) -> Vectors:
    counted = shelf.frequencies
    # Who wrote a book, and what it is called, stands in few of its passages and is no word that they lack.
    title = {one for source in shelf.sources for one in stems_of(f"{source.author} {source.title}")}
    weights = {one: counted.weight(one) for one in objective.stems if counted.texts(one) or one not in title}
    most = max(weights.values(), default=0.0)
    # A word that stands nowhere tells against the books: it counts as much as the rarest of the others.
    whole = sum(weight or most for weight in weights.values()) or 1.0
    found = np.zeros(len(shelf.pieces), dtype=np.float32)
    for number, ((_, piece), count) in enumerate(zip(shelf.pieces, counts, strict=True)):
        named = _named(f"{piece.chapter} {piece.heading}")
        total = 0.0
        for one, weight in weights.items():
            times = count[one] + (1.0 if one in named else 0.0)
            if times:
                total += weight * min(1.0, (1 + _SATURATION / 2) * times / (times + _SATURATION))
        found[number] = min(1.0, total / whole + _TITLE * _share_named(named, weights))
    return found


@lru_cache(maxsize=4096)
def _named(heading: str) -> frozenset[str]:
    return frozenset(one for one in stems_of(heading) if len(one) > 3)


def _share_named(named: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return the part of a heading's words that are the objective's; one word alone says little."""
    both = sum(one in named for one in weights)
    return both / len(named) if both > 1 or (both and len(named) == 1) else 0.0


def _in_context(shelf: Shelf, raw: Vectors) -> Vectors:
    """Return scores to which neighbours and the chapter have lent: an argument goes over more than one passage."""
    lent = raw.copy()
    pieces = shelf.pieces
    chapters: dict[tuple[int, int, str, str], list[int]] = {}
    for number, (book, one) in enumerate(pieces):
        chapters.setdefault((book, one.section, one.chapter, one.heading), []).append(number)
        if number and pieces[number - 1][0] == book and pieces[number - 1][1].section == one.section:
            lent[:, number] += _NEIGHBOURS * raw[:, number - 1]
            lent[:, number - 1] += _NEIGHBOURS * raw[:, number]
    lent /= 1 + 2 * _NEIGHBOURS
    whole = lent.copy()
    for numbers in chapters.values():
        best = np.sort(lent[:, numbers], axis=1)[:, -_OF_CHAPTER:].mean(axis=1, keepdims=True)
        whole[:, numbers] = (1 - _CHAPTER) * lent[:, numbers] + _CHAPTER * best
    return whole
