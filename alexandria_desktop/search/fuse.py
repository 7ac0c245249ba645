"""The two lists of passages, by words and by meaning, as one."""

from __future__ import annotations

from collections.abc import Sequence

from alexandria_desktop.search.lexical import Scored
from sync.retrieval.fusion import MEANING_WEIGHT
from sync.retrieval.fusion import fuse as fuse_scores

__all__ = ["MEANING_WEIGHT", "fuse"]


def fuse(by_words: Sequence[Scored], by_meaning: Sequence[Scored], *, meaning: float = MEANING_WEIGHT) -> list[Scored]:
    """Return both lists as one, best first."""
    total = fuse_scores(_scores(by_words), _scores(by_meaning), meaning=meaning)
    return [Scored(passage, score) for passage, score in total.items()]


def _scores(hits: Sequence[Scored]) -> dict[int, float]:
    return {hit.passage_id: hit.score for hit in hits}
