"""How near passages are to objectives in meaning, looked at closer where it may matter.

The vector of two hundred words is the mean of many things, so the passages that fit best at first are cut into windows
of some sentences, and their best window counts. Where there is a finer model, it reads the best windows of the first
few again, each under its heading; that is slow, and so done for few. Then it reads what stands beside the best of
those: passages beside a fitting one mostly fit too, and may say so in words that the objective does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexandria_desktop.teach.compiling.objectives import Objective
from alexandria_desktop.teach.compiling.sources import Embed, Shelf, Vectors
from alexandria_desktop.text.sentences import sentence_spans
from alexandria_desktop.text.words import word_count

WINDOW = 45
"""Words of a window at least."""
LOOKED_AT = 120
"""Passages of each objective that are cut into windows."""
READ_FIRST, READ_NEXT = 12, 8
"""Passages that the finer model reads, at first and beside the best of those."""
_FEEDING = 6
"""The best passages beside which it reads on."""
_UNREAD = 0.85
"""What the score of a passage is worth that it could have read, and has not."""
_MEANING = 0.55
"""The part of meaning in a score; words have the rest."""
_FAR, _NEAR = 0.10, 0.42
"""Cosines above the median that count as nothing and as all; of windows, which come nearer, a little more."""
_WINDOWED = 0.06
_FINE_FAR, _FINE_NEAR = 0.22, 0.68
"""The same of the finer model, whose cosines mean the same for every question."""


@dataclass(frozen=True, slots=True)
class Models:
    """What turns text into vectors."""

    embed: Embed | None = None
    """The model that the passages' vectors are of; None where words alone count."""
    fine: Embed | None = None
    """A finer, slower one."""
    fine_languages: frozenset[str] = frozenset()
    """The languages whose books the finer one reads, as primary tags."""


class Closeness:
    """Scores the passages of a shelf."""

    def __init__(self, shelf: Shelf, vectors: Vectors, embed: Embed, models: Models) -> None:
        self._shelf = shelf
        self._vectors = vectors
        self._embed = embed
        self._fine = models.fine
        languages = [shelf.sources[book].language.split("-")[0].lower() for book, _ in shelf.pieces]
        self._readable: NDArray[np.bool_] = np.array([one in models.fine_languages for one in languages], dtype=bool)

    def of(self, objective: Objective, words: Vectors) -> tuple[Vectors, Vectors]:
        """Return the whole score of each passage by words and meaning, and the part of meaning alone."""
        asked = self._embed([objective.text]) + self._embed([objective.matter])
        cosines = (asked @ self._vectors.T / 2)[0]
        median = float(np.median(cosines))
        near = _scaled(cosines - median, _FAR, _NEAR)
        first = _best(_coarse(near, words), LOOKED_AT)
        _, closer = best_windows(objective.text, [self._shelf.text(number) for number in first], self._embed)
        near[first] = (near[first] + _scaled(closer - median, _FAR + _WINDOWED, _NEAR + _WINDOWED)) / 2
        if self._fine is None:
            return _coarse(near, words), near
        return self._read(objective, words, near, self._fine)

    def _read(self, objective: Objective, words: Vectors, near: Vectors, fine: Embed) -> tuple[Vectors, Vectors]:
        """Let the finer model read the best passages, then those beside the best of them."""
        asked = fine([objective.text])[0]
        coarse = _coarse(near, words)
        whole, meaning = np.where(self._readable, _UNREAD, 1.0).astype(np.float32) * coarse, near.copy()
        read: list[int] = []
        chosen = [one for one in _best(coarse, READ_FIRST) if self._readable[one]]
        for _ in range(2):
            if not chosen:
                break
            windows, _ = best_windows(objective.text, [self._shelf.text(number) for number in chosen], self._embed)
            told = [self._under_heading(number, text) for number, text in zip(chosen, windows, strict=True)]
            meaning[chosen] = _scaled(fine(told) @ asked, _FINE_FAR, _FINE_NEAR)
            whole[chosen] = 0.3 * words[chosen] + 0.15 * near[chosen] + 0.55 * meaning[chosen]
            read += chosen
            best = sorted(read, key=lambda number: (-float(whole[number]), number))[:_FEEDING]
            beside = (other for one in best for other in self._beside(one) if other not in read)
            chosen = list(dict.fromkeys(beside))[:READ_NEXT]
        return whole, meaning

    def _under_heading(self, number: int, text: str) -> str:
        piece = self._shelf.pieces[number][1]
        heading = piece.chapter or piece.heading
        return f"{heading}. {text}" if heading else text

    def _beside(self, number: int) -> list[int]:
        """Return the passages of the same section that stand beside one."""
        pieces = self._shelf.pieces
        book, piece = pieces[number]
        there = [one for one in (number + 1, number - 1) if 0 <= one < len(pieces)]
        return [one for one in there if (pieces[one][0], pieces[one][1].section) == (book, piece.section)]


def _coarse(near: Vectors, words: Vectors) -> Vectors:
    mixed: Vectors = _MEANING * near + (1 - _MEANING) * words
    return mixed


def _best(worth: Vectors, many: int) -> list[int]:
    return [int(one) for one in np.argsort(-worth, kind="stable")[:many]]


def _scaled(values: Vectors, low: float, high: float) -> Vectors:
    scaled: Vectors = np.clip((values - low) / (high - low), 0.0, 1.0).astype(np.float32)
    return scaled


def best_windows(query: str, texts: Sequence[str], embed: Embed) -> tuple[list[str], Vectors]:
    """Return the window of each text that is nearest to a query, and its cosine."""
    cut = [_windows(text) for text in texts]
    flat = [window for found in cut for window in found]
    if not flat:
        return [], np.zeros(0, dtype=np.float32)
    cosines = embed(flat) @ embed([query])[0]
    chosen: list[str] = []
    nearness: list[float] = []
    at = 0
    for found in cut:
        best = at + int(np.argmax(cosines[at : at + len(found)]))
        chosen.append(flat[best])
        nearness.append(float(cosines[best]))
        at += len(found)
    return chosen, np.array(nearness, dtype=np.float32)


def _windows(text: str) -> list[str]:
    spans = list(sentence_spans(text, 0, len(text)))
    counts = [word_count(text[start:end]) for start, end in spans]
    found: list[str] = []
    for first in range(len(spans)):
        last, words = first, counts[first]
        while words < WINDOW and last + 1 < len(spans):
            last += 1
            words += counts[last]
        found.append(text[spans[first][0] : spans[last][1]])
        if last + 1 == len(spans):
            break
    return found or [text]
