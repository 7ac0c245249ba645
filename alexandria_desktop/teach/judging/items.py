"""What the answers of a class say of the questions.

Difficulty is the mean share of the points that was reached (1: everybody had it right). Discrimination is the
correlation of a question's share with the share of all other questions (the corrected item-total correlation, for right
and wrong answers the point-biserial one): near 0 or below, the question does not tell who knows the matter. The second
measure of it is the upper-lower index of T. L. Kelley, "The selection of upper and lower groups for the validation of
test items", Journal of Educational Psychology 30 (1939): the mean share of the best 27 % less that of the weakest 27 %,
ranked here by all other questions too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

FEWEST = 5
"""Attempts below which a correlation says nothing."""
GROUP = 0.27
"""The part of a class that is its upper group, and as much its lower one."""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """What is known of one question."""

    question: str
    answered: int
    difficulty: float
    """0 to 1."""
    discrimination: float | None
    """-1 to 1; None with fewer than ``FEWEST`` attempts, or where all answers were worth the same."""
    upper_lower: float | None
    """-1 to 1; None with fewer than ``FEWEST`` attempts, or where the other questions rank nobody."""


def item_figures(attempts: Sequence[Mapping[str, float]]) -> list[ItemFigures]:
    """Return the figures of every question; each attempt gives the share of the points by question, 0 to 1."""
    questions = dict.fromkeys(question for attempt in attempts for question in attempt)
    return [_figures(question, [attempt for attempt in attempts if question in attempt]) for question in questions]


def _figures(question: str, attempts: Sequence[Mapping[str, float]]) -> ItemFigures:
    own = [attempt[question] for attempt in attempts]
    rest = [
        sum(share for other, share in attempt.items() if other != question) / max(1, len(attempt) - 1)
        for attempt in attempts
    ]
    difficulty = sum(own) / len(own)
    if len(own) < FEWEST:
        return ItemFigures(question, len(own), difficulty, None, None)
    return ItemFigures(question, len(own), difficulty, _correlation(own, rest), _upper_lower(own, rest))


def _upper_lower(own: Sequence[float], rest: Sequence[float]) -> float | None:
    if max(rest) - min(rest) < 1e-9:
        return None
    size = max(1, round(GROUP * len(own)))
    return _mean_of_first(own, [-one for one in rest], size) - _mean_of_first(own, rest, size)


def _mean_of_first(own: Sequence[float], ranks: Sequence[float], size: int) -> float:
    """Return the mean share of the ``size`` lowest ranks; those who tie for the last seats share them evenly."""
    # Sums of shares differ in their last digits by the order of the questions: that must not break a tie.
    ranks = [round(one, 9) for one in ranks]
    edge = sorted(ranks)[size - 1]
    inside = [share for share, rank in zip(own, ranks, strict=True) if rank < edge]
    tied = [share for share, rank in zip(own, ranks, strict=True) if rank == edge]
    return (sum(inside) + (size - len(inside)) * sum(tied) / len(tied)) / size


def _correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    count = len(left)
    mean_left, mean_right = sum(left) / count, sum(right) / count
    spread_left = sqrt(sum((one - mean_left) ** 2 for one in left))
    spread_right = sqrt(sum((one - mean_right) ** 2 for one in right))
    if spread_left < 1e-9 or spread_right < 1e-9:
        return None
    together = sum((one - mean_left) * (other - mean_right) for one, other in zip(left, right, strict=True))
    return max(-1.0, min(1.0, together / (spread_left * spread_right)))
