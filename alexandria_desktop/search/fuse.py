"""Join what was found by words with what was found by meaning: a weighted sum of both lists, each brought to 0..1.

Measured on long documents, the weighted sum beat reciprocal ranks by some seven per cent: how much better the first
hit is than the second matters, and ranks forget it.
"""

from __future__ import annotations

from collections.abc import Sequence

from alexandria_desktop.search.lexical import Scored

MEANING_WEIGHT = 0.3
"""Weight of the list by meaning for a language that its model knows."""


def fuse(by_words: Sequence[Scored], by_meaning: Sequence[Scored], *, meaning: float = MEANING_WEIGHT) -> list[Scored]:
    """Return both lists as one, best first."""
    if meaning <= 0 or not by_meaning:
        return list(by_words)
    if not by_words:
        return list(by_meaning)
    total: dict[int, float] = {}
    for scores, weight in ((_spread(by_words), 1.0 - meaning), (_spread(by_meaning), meaning)):
        for passage, score in scores.items():
            total[passage] = total.get(passage, 0.0) + weight * score
    ranked = sorted(total.items(), key=lambda item: (-item[1], item[0]))
    return [Scored(passage, score) for passage, score in ranked]


def _spread(hits: Sequence[Scored]) -> dict[int, float]:
    best = max(hit.score for hit in hits)
    worst = min(hit.score for hit in hits)
    width = best - worst
    return {hit.passage_id: (hit.score - worst) / width if width > 0 else 1.0 for hit in hits}
