"""Which passages belong to which objective: by the words they share, and by how near their meanings are.

By words: the part of the objective's own words, the rare ones counting more, that a passage or its heading has; a
second and third time count less (the saturation of BM25: Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009). By meaning: the cosine, measured against what passages of these books have at the median. Neighbours
lend a passage a part of what they have, for an argument goes over more than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alexandria_desktop.teach.compiling.sources import Embed, Shelf, Vectors
from alexandria_desktop.teach.compiling.tongues import Tongue, tongue
from alexandria_desktop.teach.compiling.words import Word, stem, stems_of, words_of
from alexandria_desktop.text.fold import fold

LEAST = 0.34
"""Of a passage's score, for it to be taken at all."""
_MEANING = 0.55
"""The part of meaning in a score; words have the rest."""
_NEIGHBOURS = 0.15
_SATURATION = 0.5
_FAR, _NEAR = 0.10, 0.42
"""Cosines above the median that count as nothing and as all."""


@dataclass(frozen=True, slots=True)
class Objective:
    """What a student is to be able to do, and the words in it that say what it is about."""

    text: str
    words: tuple[str, ...]
    stems: tuple[str, ...]

    @property
    def matter(self) -> str:
        """The words that it is about."""
        return " ".join(self.words) or self.text


@dataclass(frozen=True, slots=True)
class Scores:
    """How well each passage fits each objective, 0 to about 1; shape (objectives, passages)."""

    whole: Vectors
    words: Vectors
    meaning: Vectors


def objective_of(text: str, languages: Sequence[str]) -> Objective:
    """Read an objective: what the student does and small words are left out of its matter."""
    tongues = [tongue(language) for language in languages or ("en",)]
    told = [word for word in words_of(text) if not _is_said_of_students(word, tongues)]
    chosen = tuple(dict.fromkeys(word.text for word in told))
    stems = tuple(dict.fromkeys(one for word in chosen for one in stems_of(word))) or tuple(stems_of(text))
    return Objective(text, chosen, stems)


def _is_said_of_students(word: Word, tongues: Sequence[Tongue]) -> bool:
    plain = fold(word.text)
    return any(plain in one.small or plain in one.asking for one in tongues)


def score(shelf: Shelf, objectives: Sequence[Objective], embed: Embed | None) -> Scores:
    """Return how well every passage fits every objective."""
    words = np.stack([_by_words(shelf, one) for one in objectives])
    meaning = _by_meaning(shelf, objectives, embed)
    raw = words if meaning is None else _MEANING * meaning + (1 - _MEANING) * words
    return Scores(_lent(shelf, raw), words, np.zeros_like(words) if meaning is None else meaning)


def _by_words(shelf: Shelf, objective: Objective) -> Vectors:
    counted = shelf.frequencies
    weights = {one: counted.weight(one) for one in objective.stems}
    most = max(weights.values(), default=0.0)
    # A word that stands nowhere tells against the books: it counts as much as the rarest of the others.
    whole = sum(weight or most for weight in weights.values()) or 1.0
    found = np.zeros(len(shelf.pieces), dtype=np.float32)
    headings: dict[tuple[str, str], set[str]] = {}
    for number, ((_, piece), stems) in enumerate(zip(shelf.pieces, shelf.stems, strict=True)):
        named = headings.setdefault((piece.chapter, piece.heading), set(stems_of(f"{piece.chapter} {piece.heading}")))
        total = 0.0
        for one, weight in weights.items():
            times = stems.count(one) + (1.0 if one in named else 0.0)
            if times:
                total += weight * min(1.0, (1 + _SATURATION / 2) * times / (times + _SATURATION))
        found[number] = min(1.0, total / whole)
    return found


def _by_meaning(shelf: Shelf, objectives: Sequence[Objective], embed: Embed | None) -> Vectors | None:
    vectors = shelf.vectors
    if embed is None or vectors is None or not len(vectors):
        return None
    asked = embed([one.text for one in objectives]) + embed([one.matter for one in objectives])
    cosines = asked @ vectors.T / 2
    above = cosines - np.median(cosines, axis=1, keepdims=True)
    near: Vectors = np.clip((above - _FAR) / (_NEAR - _FAR), 0.0, 1.0).astype(np.float32)
    return near


def _lent(shelf: Shelf, raw: Vectors) -> Vectors:
    lent = raw.copy()
    pieces = shelf.pieces
    for number in range(1, len(pieces)):
        (book, one), (other_book, other) = pieces[number - 1], pieces[number]
        if book == other_book and one.section == other.section:
            lent[:, number] += _NEIGHBOURS * raw[:, number - 1]
            lent[:, number - 1] += _NEIGHBOURS * raw[:, number]
    whole: Vectors = lent / (1 + 2 * _NEIGHBOURS)
    return whole


def shared_words(text: str, objective: Objective) -> tuple[str, ...]:
    """Return the words of an objective that stand in a text, as the objective writes them."""
    there = set(stems_of(text))
    return tuple(word for word in objective.words if stem(word) in there or there & set(stems_of(word)))
