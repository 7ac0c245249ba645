"""Read what somebody typed: words, phrases in quotes, scripts without spaces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from alexandria_desktop.text.stopwords import ENGLISH_STOP_WORDS
from alexandria_desktop.text.words import cjk_bigrams, has_cjk, has_thai

_PHRASE = re.compile(r'["“”«»„]([^"“”«»„]+)["“”«»„]')
MAX_LENGTH = 400
MAX_TERMS = 24


@dataclass(frozen=True, slots=True)
class Query:
    """A query ready to be planned."""

    text: str
    terms: tuple[str, ...]
    """Words that carry meaning, in order, each once."""
    phrases: tuple[tuple[str, ...], ...]
    """Words that must stand together: what was put in quotes."""
    all_words: tuple[str, ...]
    """Every word, stop words too."""
    bigrams: str = ""
    """The pairs of Chinese, Japanese or Korean characters, spaced."""
    thai: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be looked for."""
        return not (self.all_words or self.bigrams or self.thai)


def parse_query(typed: str) -> Query:
    """Return a typed line as a query; never fails, whatever was typed."""
    text = unicodedata.normalize("NFC", typed.strip())[:MAX_LENGTH]
    phrases = tuple(words for match in _PHRASE.finditer(text) if (words := _words(match.group(1))))
    words = _words(text)
    if has_cjk(text):
        words = tuple(word for word in words if not has_cjk(word))
    if has_thai(text):
        words = tuple(word for word in words if not has_thai(word))
    terms = tuple(dict.fromkeys(word for word in words if word not in ENGLISH_STOP_WORDS)) or tuple(
        dict.fromkeys(words)
    )
    return Query(
        text=text,
        terms=terms[:MAX_TERMS],
        phrases=phrases,
        all_words=words[:MAX_TERMS],
        bigrams=cjk_bigrams(text),
        thai="".join(character for character in text if has_thai(character)),
    )


def _words(text: str) -> tuple[str, ...]:
    """Split like the index's tokenizer: letters, digits and marks stay together, all else parts."""
    words: list[str] = []
    current: list[str] = []
    for character in text.lower():
        if unicodedata.category(character)[0] in "LNM":
            current.append(character)
        elif current:
            words.append("".join(current))
            current = []
    if current:
        words.append("".join(current))
    return tuple(words)


def quoted(word: str) -> str:
    """Return a word as an FTS5 string."""
    return '"' + word.replace('"', '""') + '"'
