"""Choose the words of a passage to show and to light up: the sentence that fits best, with the found words marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alexandria_desktop.text.fold import fold
from alexandria_desktop.text.sentences import sentence_spans

LENGTH = 220


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line to show, and where in the passage it and its sentence lie."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """Ranges of ``text`` that match the query."""
    start: int
    """The sentence, in the passage's text."""
    end: int


def make_snippet(passage: str, words: Sequence[str], first: int = 0, last: int | None = None) -> Snippet:
    """Return the best line of a passage (between two offsets of it) for the words of a query."""
    stop = len(passage) if last is None else last
    folded = fold(passage)
    pattern = _pattern(words)
    spans = list(sentence_spans(passage, first, stop)) or [(first, stop)]
    start, end = max(spans, key=lambda span: _worth(folded, span, pattern))
    low, high = _window(passage, start, end, _first(folded, start, end, pattern))
    text = " ".join(passage[low:high].split())
    before = "…" if low > start or (low > 0 and not _ends_sentence(passage, low)) else ""
    after = "…" if high < end else ""
    shown = f"{before}{text}{after}"
    marks = tuple(match.span() for match in pattern.finditer(fold(shown))) if pattern is not None else ()
    return Snippet(shown, marks, start, end)


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Match the words and what grows from their stems (``whale`` also finds ``whales`` and ``whaling``)."""
    stems = sorted({_stem(fold(word)) for word in words if word}, key=len, reverse=True)
    if not stems:
        return None
    spaced = [re.escape(stem) for stem in stems if stem.isascii() or not _is_unspaced(stem)]
    unspaced = [re.escape(stem) for stem in stems if not stem.isascii() and _is_unspaced(stem)]
    parts = ([rf"\b(?:{'|'.join(spaced)})\w{{0,5}}"] if spaced else []) + unspaced
    return re.compile("|".join(parts))


def _stem(word: str) -> str:
    if len(word) > 5:
        return re.sub(r"(?:ing|ies|ed|es|s|e|y)$", "", word)
    return re.sub(r"(?:s|e)$", "", word) if len(word) > 3 else word


def _is_unspaced(word: str) -> bool:
    return any("\u0e00" <= character <= "\u0eff" or "\u3040" <= character <= "\ud7af" for character in word)


def _worth(folded: str, span: tuple[int, int], pattern: re.Pattern[str] | None) -> tuple[int, int]:
    if pattern is None:
        return (0, 0)
    found = [match.group()[:4] for match in pattern.finditer(folded, *span)]
    return (len(set(found)), len(found))


def _first(folded: str, start: int, end: int, pattern: re.Pattern[str] | None) -> int:
    match = pattern.search(folded, start, end) if pattern is not None else None
    return match.start() if match else start


def _window(passage: str, start: int, end: int, first: int) -> tuple[int, int]:
    """Return at most LENGTH characters of a sentence around its first found word, cut at white space."""
    if end - start <= LENGTH:
        return start, end
    low = start if first - start < LENGTH // 2 else first - LENGTH // 3
    if low > start:
        space = passage.find(" ", low, first)
        low = space + 1 if space != -1 else low
    high = min(end, low + LENGTH)
    if high < end:
        space = passage.rfind(" ", low, high)
        high = space if space > first else high
    return low, high


def _ends_sentence(passage: str, position: int) -> bool:
    return passage[:position].rstrip()[-1:] in tuple('.!?…。！？"”’»\n') or passage[position - 1 : position] == "\n"
