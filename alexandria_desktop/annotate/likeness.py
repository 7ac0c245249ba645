"""Tell quickly whether two texts are much the same: how many runs of six words they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alexandria_desktop.text.fold import fold

RUN = 6
EVERY = 4
"""One run in so many is kept, chosen by its content, so that both texts choose alike."""


def share_of_runs(one: Iterable[str], other: Iterable[str]) -> float:
    """Return the part of the shorter text's runs that the other has, 0 to 1; 0 for texts too short to tell."""
    mine, theirs = set(_runs(one)), set(_runs(other))
    shorter = min(len(mine), len(theirs))
    return len(mine & theirs) / shorter if shorter >= 8 else 0.0


def _runs(texts: Iterable[str]) -> Iterator[int]:
    for text in texts:
        folded = fold(text)
        words = folded.split() if " " in folded[:400] else list(folded)
        for index in range(len(words) - RUN + 1):
            value = hash(tuple(words[index : index + RUN]))
            if value % EVERY == 0:
                yield value
