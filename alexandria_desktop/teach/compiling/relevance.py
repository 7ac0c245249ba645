"""Which passages belong to which objective: by the words they share, and by how near their meanings are.

By words: the part of the objective's own words, the rare ones counting more, that a passage or its heading has; a
second time counts less than the first (the saturation of BM25: Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009). By meaning: cosines, see ``closeness``. Neighbours lend a passage a part of what they have, for an
argument goes over more than one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from alexandria_desktop.teach.compiling.closeness import best_windows
from alexandria_desktop.teach.compiling.sources import Embed, Shelf, Vectors
from alexandria_desktop.teach.compiling.tongues import Tongue, tongue
from alexandria_desktop.teach.compiling.words import Word, stem, stems_of, words_of
from alexandria_desktop.text.fold import fold

LEAST = 0.36
"""Of a passage's score, for it to be taken at all."""
_MEANING = 0.55
"""The part of meaning in a score; words have the rest."""
_TITLE = 0.25
"""What it is worth that a heading names the objective."""
_NEIGHBOURS = 0.12
_CHAPTER, _OF_CHAPTER = 0.25, 3
"""The part of its chapter in a passage's score, and how many of the chapter's best passages speak for it."""
_FEEDING = 6
"""The best passages beside which the finer model reads on."""
_UNREAD = 0.85
"""What the score of a passage is worth that the finer model has not read."""
_SATURATION = 0.5
_FAR, _NEAR = 0.10, 0.42
"""Cosines above the median that count as nothing and as all; of windows, which come nearer, a little more."""
_WINDOWED = 0.06
_FINE_FAR, _FINE_NEAR = 0.22, 0.68
"""The same of the finer model, whose cosines mean the same for every question."""
LOOKED_AT = 120
"""Passages of each objective that are cut into windows."""
READ_FIRST, READ_NEXT = 16, 10
"""Passages that the finer model reads."""


@dataclass(frozen=True, slots=True)
class Models:
    """What turns text into vectors."""

    embed: Embed | None = None
    """The model that the passages' vectors are of; None where words alone count."""
    fine: Embed | None = None
    """A finer, slower one."""


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


def score(shelf: Shelf, objectives: Sequence[Objective], models: Models) -> Scores:
    """Return how well every passage fits every objective."""
    words = np.stack([_by_words(shelf, one) for one in objectives])
    vectors = shelf.vectors
    if models.embed is None or vectors is None or not len(vectors):
        return Scores(_in_context(shelf, words), words, np.zeros_like(words))
    found = [
        _by_meaning(shelf, one, words[number], vectors, models.embed, models.fine)
        for number, one in enumerate(objectives)
    ]
    whole = np.stack([one for one, _ in found])
    return Scores(_in_context(shelf, whole), words, np.stack([one for _, one in found]))


def _by_words(shelf: Shelf, objective: Objective) -> Vectors:
    counted = shelf.frequencies
    weights = {one: counted.weight(one) for one in objective.stems}
    most = max(weights.values(), default=0.0)
    # A word that stands nowhere tells against the books: it counts as much as the rarest of the others.
    whole = sum(weight or most for weight in weights.values()) or 1.0
    found = np.zeros(len(shelf.pieces), dtype=np.float32)
    for number, ((_, piece), stems) in enumerate(zip(shelf.pieces, shelf.stems, strict=True)):
        named = _named(f"{piece.chapter} {piece.heading}")
        total = 0.0
        for one, weight in weights.items():
            times = stems.count(one) + (1.0 if one in named else 0.0)
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


def _by_meaning(
    shelf: Shelf, objective: Objective, words: Vectors, vectors: Vectors, embed: Embed, fine: Embed | None
) -> tuple[Vectors, Vectors]:
    """Return the whole score of passages by words and meaning, and the part of meaning alone."""
    asked = embed([objective.text]) + embed([objective.matter])
    cosines = (asked @ vectors.T / 2)[0]
    median = float(np.median(cosines))
    near = _scaled(cosines - median, _FAR, _NEAR)
    first = _best(_coarse(near, words), LOOKED_AT)
    _, closer = best_windows(objective.text, [shelf.text(number) for number in first], embed)
    near[first] = (near[first] + _scaled(closer - median, _FAR + _WINDOWED, _NEAR + _WINDOWED)) / 2
    if fine is None:
        return _coarse(near, words), near
    return _read_closer(shelf, objective, words, near, (embed, fine))


def _coarse(near: Vectors, words: Vectors) -> Vectors:
    mixed: Vectors = _MEANING * near + (1 - _MEANING) * words
    return mixed


def _read_closer(
    shelf: Shelf, objective: Objective, words: Vectors, near: Vectors, models: tuple[Embed, Embed]
) -> tuple[Vectors, Vectors]:
    """Let the finer model read the best, then what stands beside the best of those, and score all by what it says.

    Passages beside a fitting one mostly fit too, and may say so in words that the objective does not have.
    """
    embed, fine_embed = models
    asked = fine_embed([objective.text])[0]
    whole, meaning = _UNREAD * _coarse(near, words), near.copy()
    read: list[int] = []
    chosen = _best(_coarse(near, words), READ_FIRST)
    for _ in range(2):
        texts = [shelf.text(number) for number in chosen]
        windows, _ = best_windows(objective.text, texts, embed)
        told = [_under_heading(shelf, number, text) for number, text in zip(chosen, windows, strict=True)]
        fine = _scaled(fine_embed(told) @ asked, _FINE_FAR, _FINE_NEAR)
        whole[chosen] = 0.3 * words[chosen] + 0.15 * near[chosen] + 0.55 * fine
        meaning[chosen] = fine
        read += chosen
        best = sorted(read, key=lambda number: (-float(whole[number]), number))[:_FEEDING]
        near_by = [other for one in best for other in _around(shelf, one) if other not in read]
        chosen = list(dict.fromkeys(near_by))[:READ_NEXT]
        if not chosen:
            break
    return whole, meaning


def _under_heading(shelf: Shelf, number: int, text: str) -> str:
    piece = shelf.pieces[number][1]
    heading = piece.chapter or piece.heading
    return f"{heading}. {text}" if heading else text


def _around(shelf: Shelf, number: int) -> list[int]:
    """Return the passages of the same section that stand beside one, the nearest first."""
    book, piece = shelf.pieces[number]
    beside = [number + step for step in (1, -1)]
    there = [one for one in beside if 0 <= one < len(shelf.pieces)]
    return [one for one in there if (shelf.pieces[one][0], shelf.pieces[one][1].section) == (book, piece.section)]


def _best(worth: Vectors, many: int) -> list[int]:
    return [int(one) for one in np.argsort(-worth, kind="stable")[:many]]


def _scaled(values: Vectors, low: float, high: float) -> Vectors:
    scaled: Vectors = np.clip((values - low) / (high - low), 0.0, 1.0).astype(np.float32)
    return scaled


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


def shared_words(text: str, objective: Objective) -> tuple[str, ...]:
    """Return the words of an objective that stand in a text, as the objective writes them."""
    there = set(stems_of(text))
    return tuple(word for word in objective.words if stem(word) in there or there & set(stems_of(word)))
