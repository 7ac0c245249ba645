"""Look closer at passages found by meaning: which few sentences of each fit best, and how the passages rank by those.

A passage of two hundred words speaks of many things, and the mean of its words of none. Each is cut into overlapping
windows of whole sentences; the static model picks the best window of each, and the finer model, where it is here,
ranks the windows. The window is also where a reader should land.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alexandria_desktop.embed.embedder import Embedder
from alexandria_desktop.text.sentences import sentence_spans
from alexandria_desktop.text.words import word_count

WORDS = 40
LOOKED_AT = 50
"""Passages that are looked at closer; with the finer model about half a second's work on two cores."""


@dataclass(frozen=True, slots=True)
class Window:
    """The best few sentences of a passage for a query."""

    start: int
    end: int
    score: float


def best_windows(query: str, texts: Sequence[str], coarse: Embedder, fine: Embedder | None) -> list[Window]:
    """Return the best window of each text, with a score that ranks the texts."""
    spans = [_windows(text) for text in texts]
    flat = [text[start:end] for text, found in zip(texts, spans, strict=True) for start, end in found]
    if not flat:
        return [Window(0, len(text), 0.0) for text in texts]
    scores = coarse.embed(flat) @ coarse.embed([query])[0]
    chosen: list[Window] = []
    position = 0
    for found in spans:
        best = position + int(np.argmax(scores[position : position + len(found)]))
        start, end = found[best - position]
        chosen.append(Window(start, end, float(scores[best])))
        position += len(found)
    if fine is None:
        return chosen
    closer = fine.embed([text[one.start : one.end] for text, one in zip(texts, chosen, strict=True)])
    ranked = closer @ fine.embed([query])[0]
    return [Window(one.start, one.end, float(score)) for one, score in zip(chosen, ranked, strict=True)]


def _windows(text: str) -> list[tuple[int, int]]:
    sentences = list(sentence_spans(text, 0, len(text)))
    counts = [word_count(text[start:end]) for start, end in sentences]
    found: list[tuple[int, int]] = []
    for first in range(len(sentences)):
        last, words = first, counts[first]
        while words < WORDS and last + 1 < len(sentences):
            last += 1
            words += counts[last]
        found.append((sentences[first][0], sentences[last][1]))
        if last + 1 == len(sentences):
            break
    return found or [(0, len(text))]
