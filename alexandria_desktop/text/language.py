"""Guess the language of a text from its script and its commonest words; good enough to choose an index by."""

from __future__ import annotations

import re
from collections import Counter

from alexandria_desktop.text.stopwords import STOP_WORD_LISTS

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_WORD = re.compile(r"[^\W\d_]+")
SAMPLE = 20_000


def guess_language(text: str) -> str | None:
    """Return a primary language tag, or None where too little speaks for one."""
    middle = max(0, len(text) // 2 - SAMPLE // 2)
    sample = text[middle : middle + SAMPLE]
    letters = len(_WORD.findall(sample)) and sum(character.isalpha() for character in sample)
    if letters < 40:
        return None
    for language, script in _SCRIPTS:
        if len(script.findall(sample)) > 0.2 * letters:
            return language
    words = Counter(word.lower() for word in _WORD.findall(sample))
    total = sum(words.values())
    shares = {
        language: sum(words[word] for word in listed.split()) / total for language, listed in STOP_WORD_LISTS.items()
    }
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] > 0.15 else None
