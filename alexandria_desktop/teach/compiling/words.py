"""Words of a text, what they have in common, and how often they stand in the books.

A word is compared by its stem: accents and case aside, without the commonest endings, and then no more than its first
six letters. Cutting at a fixed length does nearly as well as stemmers made for a language (McNamee and Mayfield,
"Character n-gram tokenization for European language text retrieval", Information Retrieval 7, 2004), and it needs
nothing to be known of the language. Chinese, Japanese and Korean are taken in pairs of characters.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from alexandria_desktop.text.fold import fold
from alexandria_desktop.text.words import cjk_bigrams, has_cjk, has_thai

STEM = 6
"""Letters of a word that count."""

_MARKS = "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u064b-\u065f\u0670\u0900-\u0dff"
_LETTER = rf"(?:[^\W\d_]|[{_MARKS}])"
_WORD = re.compile(rf"{_LETTER}+(?:(?:(?<={_LETTER}{_LETTER}{_LETTER})['’]|[‐-]){_LETTER}+)*|\d+(?:[.,]\d+)*")
"""An apostrophe after one or two letters parts words: "l'empire", "qu'il"."""
_ARTICLE = re.compile(r"^(?:[وفبك]?ال|لل)(?=..)")
_ENDINGS = ("ingly", "edly", "ing", "ed", "es", "s", "e")


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands."""

    text: str
    start: int
    end: int
    stem: str

    @property
    def is_number(self) -> bool:
        """Whether it is written in digits."""
        return self.text[:1].isdigit()


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Return the words between two offsets of a text."""
    return [
        Word(match.group(), match.start(), match.end(), stem(match.group()))
        for match in _WORD.finditer(text, start, len(text) if end is None else end)
    ]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where the words of a text stand."""
    return [match.span() for match in _WORD.finditer(text)]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return what a word is compared by."""
    plain = _ARTICLE.sub("", fold(word).replace("'s", ""))
    if plain.endswith("ies") or plain.endswith("ied"):
        plain = plain[:-3] + "y"
    elif not plain.endswith("ss"):
        for ending in _ENDINGS:
            if plain.endswith(ending) and len(plain) - len(ending) >= 4:
                plain = plain[: -len(ending)]
                break
    return plain[:STEM]


def stems_of(text: str) -> list[str]:
    """Return the stems of a text in order; pairs of characters of scripts that write no spaces."""
    found = [stem(match) for match in _WORD.findall(text)]
    if has_cjk(text):
        found += cjk_bigrams(text).split()
    if has_thai(text):
        found += [text[at : at + 3] for at in range(0, len(text) - 2)]
    return found


def is_spaced(text: str) -> bool:
    """Whether words are written apart, so that one of them can be left out."""
    return not has_cjk(text) and not has_thai(text)


class Frequencies:
    """How often stems stand in some texts."""

    def __init__(self, texts: Iterable[list[str]]) -> None:
        self._words: Counter[str] = Counter()
        self._texts: Counter[str] = Counter()
        self.count = 0
        for stems in texts:
            self.count += 1
            self._words.update(stems)
            self._texts.update(set(stems))
        self.total = sum(self._words.values())

    def times(self, one: str) -> int:
        """Return how often a stem stands in all."""
        return self._words[one]

    def texts(self, one: str) -> int:
        """Return in how many of the texts a stem stands."""
        return self._texts[one]

    def weight(self, one: str) -> float:
        """Return how much a stem tells: the inverse document frequency of BM25, 0 for what stands everywhere."""
        known = self._texts[one]
        return math.log(1.0 + (self.count - known + 0.5) / (known + 0.5)) if known else 0.0

    def commonest(self, many: int) -> frozenset[str]:
        """Return the stems that stand most often."""
        ranked = sorted(self._words.items(), key=lambda pair: (-pair[1], pair[0]))
        return frozenset(one for one, _ in ranked[:many])

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)
