"""Find a phrase that somebody typed: its words, one after the other, whatever signs stand between them.

Unlike a note that is carried into another edition, a phrase brings no surroundings that could speak for a place where
other words stand. So words that differ are not found at all.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise, takewhile

from alexandria_desktop.annotate.alignment import CHARACTER, LETTER, Words
from alexandria_desktop.text.book_text import BookText
from alexandria_desktop.text.fold import fold


def find_phrase(phrase: str, text: BookText) -> tuple[int, int] | None:
    """Return the book offsets of a phrase, or None; case, accents and signs may differ.

    Whole words come before a part of one, and of several places with the same words the one with the same signs.
    """
    exact, folded = _folded(phrase), text.folded
    places = places_of(phrase, text)
    alike = (place for place in places if folded[slice(*place)] == exact)
    return next(alike, places[0] if places else _as_it_stands(exact, folded))


def places_of(phrase: str, text: BookText) -> list[tuple[int, int]]:
    """Return the book offsets of every place where the words of a phrase stand whole."""
    exact, folded = _folded(phrase), text.folded
    sought = Words.of(exact)
    if not sought.words:
        return []
    before, after = exact[: sought.starts[0]], exact[sought.ends[-1] :]
    return [
        with_signs(folded, match.start(), match.end(), before, after) for match in _whole(sought.words).finditer(folded)
    ]


def with_signs(text: str, start: int, end: int, before: str, after: str) -> tuple[int, int]:
    """Return a stretch of text with the signs before and after it, as far as just these stand there."""
    ahead = _shared(before[::-1], text[max(0, start - len(before)) : start][::-1])
    behind = _shared(after, text[end : end + len(after)])
    return start - len(ahead.rstrip()), end + len(behind.rstrip())


def _shared(one: str, other: str) -> str:
    """Return what two strings have in common from their beginning on."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(sign for sign, _ in alike)


def _whole(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what matches just these words; cutting a long book into words would take seconds."""
    # What must not stand before the first word comes after it: what begins with letters is found several times faster.
    first = re.escape(words[0])
    parts = [first, "" if CHARACTER.match(words[0]) else f"(?<!{LETTER}{first})"]
    for one, other in pairwise(words):
        may_touch = CHARACTER.match(one) or CHARACTER.match(other)
        parts += [r"\W*" if may_touch else r"\W+", re.escape(other)]
    parts.append("" if CHARACTER.match(words[-1]) else f"(?!{LETTER})")
    return re.compile("".join(parts))


def _folded(phrase: str) -> str:
    return fold(unicodedata.normalize("NFC", phrase))


def _as_it_stands(exact: str, text: str) -> tuple[int, int] | None:
    position = text.find(exact) if exact.strip() else -1
    return None if position == -1 else (position, position + len(exact))
