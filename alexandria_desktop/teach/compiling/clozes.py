"""Sentences with a word left out.

The word is a term: a noun by the company it keeps (after articles and prepositions, before small words and stops, over
all the books), a name or a number; rare in the books, and coming back where the lesson reads. Nothing else in the
sentence gives it away. Other words of the same shape, that the lesson does not use in that place, are offered beside it
where three are found; else the student writes the word.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from alexandria_desktop.teach.compiling.sentences import Sentence
from alexandria_desktop.teach.compiling.sources import Shelf, Source
from alexandria_desktop.teach.compiling.tongues import Tongue, tongue
from alexandria_desktop.teach.compiling.words import Frequencies, Word, stem, words_of
from alexandria_desktop.text.fold import fold

CHOICES = 4
_RECURS = 3
"""Times that a word stands in what the lesson reads."""
_SHORTEST = 4
"""Letters of a word that is left out; numbers may be shorter."""
_BEFORE, _AFTER = 0.15, 0.45
"""Shares of a word's places that follow an article or preposition, and that come before a small word or a stop."""
_ENDING = 3
"""Letters by which the shapes of two words are compared."""


@dataclass(slots=True)
class _Company:
    """Where a word stands in the books."""

    times: int = 0
    after_small: int = 0
    before_small: int = 0
    capital: int = 0
    forms: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Usage:
    """How words are used in a book."""

    source: Source

    @cached_property
    def _tongue(self) -> Tongue:
        return tongue(self.source.language)

    @cached_property
    def _company(self) -> dict[str, _Company]:
        found: dict[str, _Company] = defaultdict(_Company)
        for section in self.source.sections:
            self._count(section.text, words_of(section.text), found)
        return found

    def _count(self, text: str, words: Sequence[Word], found: dict[str, _Company]) -> None:
        known = self._tongue
        for at, word in enumerate(words):
            one = found[fold(word.text)]
            one.times += 1
            one.forms[word.text] += 1
            before = words[at - 1] if at else None
            after = words[at + 1] if at + 1 < len(words) else None
            if before is not None and fold(before.text) in known.before_nouns:
                one.after_small += 1
            if after is None or fold(after.text) in known.small or _has_stop(text, word.end, after.start):
                one.before_small += 1
            if word.text[:1].isupper() and before is not None and not _has_stop(text, before.end, word.start):
                one.capital += 1

    def is_noun(self, word: str) -> bool:
        """Whether a word stands where nouns stand."""
        one = self._company.get(fold(word))
        if one is None or one.times < _RECURS or _looks_otherwise(word, self.source.language):
            return False
        if self._tongue.nouns_are_capital:
            return word[:1].isupper() and one.capital >= 0.9 * one.times
        return one.after_small >= _BEFORE * one.times and one.before_small >= _AFTER * one.times

    def is_name(self, word: str) -> bool:
        """Whether a word is written with a capital wherever it stands in a sentence."""
        one = self._company.get(fold(word))
        return one is not None and not self._tongue.nouns_are_capital and one.capital > 0.5 * one.times

    def times(self, word: str) -> int:
        """Return how often a word stands in the book."""
        one = self._company.get(fold(word))
        return one.times if one is not None else 0

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """All words that stand where nouns stand, as they are mostly written, the most frequent first."""
        shown = [max(sorted(one.forms), key=one.forms.__getitem__) for one in self._company.values()]
        found = [word for word in shown if len(word) >= _SHORTEST and self.is_noun(word) and not self.is_name(word)]
        return tuple(sorted(found, key=lambda word: (-self.times(word), word)))


@dataclass(frozen=True, slots=True)
class Blank:
    """A sentence and the word to leave out of it."""

    sentence: Sentence
    word: Word
    """In the sentence's text."""
    others: tuple[str, ...]
    """Wrong words to offer beside it; empty where it is to be written."""
    worth: float


def blanks(shelf: Shelf, usages: Sequence[Usage], sentences: Sequence[Sentence], lesson: Frequencies) -> list[Blank]:
    """Return for each sentence that has one the best word to leave out, the best sentence first."""
    found = []
    for sentence in sentences:
        usage = usages[sentence.excerpt.book]
        words = sorted(
            (word for word in sentence.words if _can_be_blank(sentence, word, usage, lesson, shelf)),
            key=lambda word: (-_telling(shelf, word, lesson), word.start),
        )
        for word in words[:1]:
            others = distractors(usage, sentence, word, lesson)
            found.append(Blank(sentence, word, others, sentence.worth * _telling(shelf, word, lesson)))
    return sorted(found, key=lambda one: (-one.worth, one.sentence.start))


def _telling(shelf: Shelf, word: Word, lesson: Frequencies) -> float:
    return shelf.frequencies.weight(word.stem) * math.sqrt(min(lesson.times(word.stem), 8))


def _can_be_blank(sentence: Sentence, word: Word, usage: Usage, lesson: Frequencies, shelf: Shelf) -> bool:
    if word.start == sentence.words[0].start or shelf.frequencies.is_common(word.stem):
        return False
    alike = [one for one in sentence.words if one is not word and _gives_away(one, word)]
    if alike or re.search(r"[’'‐-]", word.text):
        return False
    if word.is_number:
        return len(word.text) >= 2
    if len(word.text) < _SHORTEST or lesson.times(word.stem) < _RECURS:
        return False
    return usage.is_noun(word.text) or usage.is_name(word.text)


def _gives_away(one: Word, word: Word) -> bool:
    """Whether a word of the sentence tells another: the same, or of the same root."""
    if one.stem == word.stem:
        return True
    length = min(len(one.text), len(word.text), 5)
    return length >= 4 and fold(one.text)[:length] == fold(word.text)[:length]


def distractors(usage: Usage, sentence: Sentence, word: Word, lesson: Frequencies) -> tuple[str, ...]:
    """Return three wrong words of the same shape and about as frequent, none of the sentence; else none at all."""
    if word.is_number or usage.is_name(word.text):
        return ()
    there = {one.stem for one in sentence.words}
    times = usage.times(word.text)
    alike = [
        other
        for other in usage.nouns
        if _same_shape(other, word.text)
        and stem(other) not in there
        and not _gives_away(Word(other, 0, 0, stem(other)), word)
        and times / 6 <= usage.times(other) <= times * 6
    ]
    alike.sort(key=lambda other: (-min(lesson.times(stem(other)), 3), _unlike(other, word.text), other))
    chosen: list[str] = []
    for other in alike:
        if all(stem(other) != stem(one) for one in chosen):
            chosen.append(_cased(other, word.text))
    return tuple(chosen[: CHOICES - 1]) if len(chosen) >= CHOICES - 1 else ()


def _same_shape(other: str, word: str) -> bool:
    return fold(other) != fold(word) and _is_plural(other) == _is_plural(word) and abs(len(other) - len(word)) <= 5


def _is_plural(word: str) -> bool:
    plain = fold(word)
    return plain.endswith("s") and not plain.endswith(("ss", "us", "is"))


def _unlike(other: str, word: str) -> int:
    """Return how unlike the endings and lengths of two words are."""
    same = 0
    for one, two in zip(reversed(fold(other)), reversed(fold(word)), strict=False):
        if one != two or same == _ENDING:
            break
        same += 1
    return 2 * (_ENDING - same) + abs(len(other) - len(word)) // 2


def _cased(other: str, word: str) -> str:
    return other.capitalize() if word[:1].isupper() else other


def _has_stop(text: str, start: int, end: int) -> bool:
    return any(sign in ".,;:!?—–()\n“”«»،؛" for sign in text[start:end])


def _looks_otherwise(word: str, language: str) -> bool:
    """Whether a word's ending is one of adverbs, participles or adjectives."""
    endings: dict[str, tuple[str, ...]] = {
        "en": ("ly", "ed", "ing", "able", "ible", "ous", "ful", "less", "ive", "ical", "est"),
        "fr": ("ment", "ant", "eux"),
        "es": ("mente", "ando", "iendo"),
        "it": ("mente", "ando", "endo"),
    }
    return fold(word).endswith(endings.get(language.split("-")[0], ()))
