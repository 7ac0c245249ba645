"""Sentences with a word left out.

The word is a term: a noun or a name that comes back where the lesson reads and stands there more often than elsewhere
in the books. Nothing else in the sentence gives it away, neither a word of its root nor one that it always follows.
Where three good wrong words are found they are offered beside it; else the student writes it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from alexandria_desktop.teach.compiling.distractors import distractors, gives_away
from alexandria_desktop.teach.compiling.sentences import Sentence
from alexandria_desktop.teach.compiling.sources import Embed, Shelf
from alexandria_desktop.teach.compiling.usage import Usage
from alexandria_desktop.teach.compiling.words import Frequencies, Word
from alexandria_desktop.text.fold import fold

_RECURS = 3
"""Times that a word stands in what the lesson reads."""
_BOUND = 0.5
"""The share of a word's places followed by another from which on it tells that other."""
_JOINED = re.compile(r"[’'‐-]")
_UNOFFERED = 0.4
"""What a gap that must be written is worth beside one with choices."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A sentence and the word to leave out of it."""

    sentence: Sentence
    word: Word
    """In the sentence's text."""
    others: tuple[str, ...]
    """Wrong words to offer beside it; empty where it is to be written."""
    worth: float


def blanks(
    shelf: Shelf, usages: Sequence[Usage], sentences: Sequence[Sentence], lesson: Frequencies, embed: Embed | None
) -> list[Blank]:
    """Return for each sentence that has one the best word to leave out, the best sentence first."""
    found = []
    for sentence in sentences:
        usage = usages[sentence.excerpt.book]
        words = [word for word in sentence.words[1:] if _can_be_blank(sentence, word, usage, lesson)]
        words.sort(key=lambda word: (-telling(shelf, word, lesson), word.start))
        for word in words[:1]:
            others = distractors(usage, sentence, word, lesson, embed)
            worth = sentence.worth * telling(shelf, word, lesson) * (1.0 if others else _UNOFFERED)
            if worth > 0:
                found.append(Blank(sentence, word, others, worth))
    return sorted(found, key=lambda one: (-one.worth, one.sentence.excerpt.book, one.sentence.start))


def telling(shelf: Shelf, word: Word, lesson: Frequencies) -> float:
    """Return how much a word is a term of the lesson: rare in the books, back again here, and here above all."""
    counted = shelf.frequencies
    here = lesson.times(word.stem) / max(1, lesson.total)
    anywhere = counted.times(word.stem) / max(1, counted.total)
    above = math.log(here / anywhere) if here > 0 and anywhere > 0 else 0.0
    return counted.weight(word.stem) * math.sqrt(min(lesson.times(word.stem), 8)) * (0.2 + min(max(above, 0.0), 2.5))


def _can_be_blank(sentence: Sentence, word: Word, usage: Usage, lesson: Frequencies) -> bool:
    if word.is_number or _JOINED.search(word.text) or lesson.times(word.stem) < _RECURS:
        return False
    if not usage.is_noun(word.text) and not usage.is_name(word.text):
        return False
    if any(one is not word and gives_away(one.text, word.text) for one in sentence.words):
        return False
    place = sentence.words.index(word)
    before, beside = sentence.words[place - 1], sentence.words[place - 1 : place + 2]
    has_capital = word.text[:1].isupper() and not usage.tongue.nouns_are_capital
    if has_capital and any(one is not word and _has_capital(one, usage) for one in beside):
        return False  # a part of a longer name, as of "New Zealand"
    if fold(before.text) in usage.tongue.owning:
        return False
    is_bound = usage.together(before.text, word.text) > _BOUND * usage.times(before.text)
    return usage.is_small(before.text) or not is_bound


def _has_capital(word: Word, usage: Usage) -> bool:
    return word.text[:1].isupper() and not usage.is_small(word.text)
