"""How hard a text is to read: LIX, and the share of words that are rare in the chosen books.

LIX is the mean number of words in a sentence plus the percentage of words with more than six letters (C. H. Björnsson,
"Läsbarhet", 1968; "Readability of newspapers in 11 languages", Reading Research Quarterly 18, 1983). It counts letters
and not syllables, so one rule serves every language that writes letters; figures of two languages are not compared.
Unfamiliar words are what Dale and Chall (1948) add; theirs is a list of English, ours the commonest words of the books.
"""

from __future__ import annotations

from collections.abc import Set

from alexandria_desktop.teach.compiling.words import is_spaced, words_of
from alexandria_desktop.text.sentences import sentence_spans
from alexandria_desktop.text.words import word_count

LONG = 6
COMMON = 3_000
"""Stems that count as familiar."""
_RARITY = 0.5


def lix(text: str) -> float:
    """Return LIX: under 30 very easy, over 60 very hard; the length of sentences alone where no spaces are written."""
    sentences = max(1, sum(1 for _ in sentence_spans(text, 0, len(text))))
    if not is_spaced(text):
        return word_count(text) / sentences
    words = words_of(text)
    if not words:
        return 0.0
    return len(words) / sentences + 100 * sum(len(one.text) > LONG for one in words) / len(words)


def difficulty(text: str, familiar: Set[str]) -> float:
    """Return LIX and half a point for each per cent of words that are not familiar; ``familiar`` holds stems."""
    words = [one for one in words_of(text) if not one.is_number]
    if not words or not is_spaced(text):
        return lix(text)
    return lix(text) + _RARITY * 100 * sum(one.stem not in familiar for one in words) / len(words)
