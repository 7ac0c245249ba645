"""What the answers of a class say of the questions.

Difficulty is the mean share of the points that was reached (1: everybody had it right). Discrimination is the
correlation of a question's share with the share of all other questions (the corrected item-total correlation, for right
and wrong answers the point-biserial one): near 0 or below, the question does not tell who knows the matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

FEWEST = 5
"""Attempts below which a correlation says nothing."""


@dataclass(frozen=True, slots=True)
class ItemFigures:
    """What is known of one question."""

    question: str
    answered: int
    difficulty: float
    """0 to 1."""
    discrimination: float | None
    """-1 to 1; None with fewer than ``FEWEST`` attempts, or where all answers were worth the same."""


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
    enough = len(own) >= FEWEST
    return ItemFigures(question, len(own), sum(own) / len(own), _correlation(own, rest) if enough else None)


def _correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    count = len(left)
    mean_left, mean_right = sum(left) / count, sum(right) / count
    spread_left = sqrt(sum((one - mean_left) ** 2 for one in left))
    spread_right = sqrt(sum((one - mean_right) ** 2 for one in right))
    if spread_left < 1e-9 or spread_right < 1e-9:
        return None
    together = sum((one - mean_left) * (other - mean_right) for one, other in zip(left, right, strict=True))
    return max(-1.0, min(1.0, together / (spread_left * spread_right)))
