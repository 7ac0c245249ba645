"""Wrong words to offer beside the right one: of the same kind and number, fitting the place, and of the same field.

What is offered must not tell by its grammar: it is seen in the book after the same small word that stands before the
gap (which minds "a" and "an", and genders), and rather before the same word that follows. It must not be right too: a
word of the sentence, or one that means nearly the same, is none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexandria_desktop.teach.compiling.sentences import Sentence
from alexandria_desktop.teach.compiling.sources import Embed
from alexandria_desktop.teach.compiling.usage import Usage
from alexandria_desktop.teach.compiling.words import Frequencies, Word, stem
from alexandria_desktop.text.fold import fold

WANTED = 3
_CONSIDERED = 120
_ALIKE = 0.26
"""Cosine of two single words, by the model of the passages, from which on they may mean the same in the gap."""


def distractors(
    usage: Usage, sentence: Sentence, word: Word, lesson: Frequencies, embed: Embed | None
) -> tuple[str, ...]:
    """Return three wrong words; none at all where there are not three good ones."""
    pool = usage.names if usage.is_name(word.text) else usage.nouns
    place = sentence.words.index(word)
    before = sentence.words[place - 1].text if place else ""
    after = sentence.words[place + 1].text if place + 1 < len(sentence.words) else ""
    there = {one.stem for one in sentence.words}
    fitting = [
        other
        for other in pool
        if stem(other) not in there
        and usage.times(other) * 8 >= usage.times(word.text)
        and _same_shape(other, word.text)
        and not gives_away(other, word.text)
        and _goes_after(usage, before, other)
        and (not after or usage.is_small(after) or not usage.together(other, after))
    ]
    fitting.sort(key=lambda other: (-_fit(usage, other, after, lesson), -usage.times(other), other))
    chosen = _one_of_a_stem(fitting)[:_CONSIDERED]
    ranked = _by_meaning(chosen, word.text, embed)
    return tuple(ranked[:WANTED]) if len(ranked) >= WANTED else ()


def _goes_after(usage: Usage, before: str, other: str) -> bool:
    """Whether a word fits the grammar after another, but not the matter: "favourable changes" may be right too."""
    seen = bool(before) and usage.together(before, other) > 0
    return seen if usage.is_small(before) else not seen


def gives_away(one: str, other: str) -> bool:
    """Whether a word tells another: the same, or one of the same root."""
    if stem(one) == stem(other):
        return True
    length = min(len(one), len(other), 5)
    return length >= 4 and fold(one)[:length] == fold(other)[:length]


def _fit(usage: Usage, other: str, after: str, lesson: Frequencies) -> int:
    """Return how well a word fits the place: before the same word, and read in the lesson."""
    return int(bool(after) and usage.together(other, after) > 0) + min(2, lesson.times(stem(other)))


def _one_of_a_stem(words: Sequence[str]) -> list[str]:
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(stem(word), word)
    return list(found.values())


def _by_meaning(words: list[str], word: str, embed: Embed | None) -> list[str]:
    """Return words of the same field first, without those that mean the same."""
    if embed is None or not words:
        return words
    cosines = embed(words) @ embed([word])[0]
    order = np.argsort(-cosines, kind="stable")
    return [words[at] for at in order if cosines[at] < _ALIKE]


def _same_shape(other: str, word: str) -> bool:
    return _is_plural(other) == _is_plural(word) and abs(len(other) - len(word)) <= 6


def _is_plural(word: str) -> bool:
    plain = fold(word)
    return plain.endswith("s") and not plain.endswith(("ss", "us", "is"))
