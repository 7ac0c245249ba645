"""Find a phrase that somebody typed: its words, one after the other, whatever signs stand between them.

Unlike a note that is carried into another edition, a phrase brings no surroundings that could speak for a place where
other words stand. So words that differ are not found at all.
"""

from __future__ import annotations

from alexandria_desktop.annotate.alignment import Words
from alexandria_desktop.text.book_text import BookText
from alexandria_desktop.text.fold import fold


def find_phrase(phrase: str, text: BookText) -> tuple[int, int] | None:
    """Return the book offsets of a phrase, or None; case, accents and signs may differ.

    Whole words come before a part of one, and of several places with the same words the one with the same signs.
    """
    exact, folded = fold(phrase), text.folded
    sought = Words.of(exact)
    if not sought.words:
        return _as_it_stands(exact, folded)
    there, many = Words.of(folded), len(sought.words)
    before, after = exact[: sought.starts[0]], exact[sought.ends[-1] :]
    places = [
        with_signs(folded, there.starts[first], there.ends[first + many - 1], before, after)
        for first, word in enumerate(there.words)
        if word == sought.words[0] and there.words[first : first + many] == sought.words
    ]
    alike = (place for place in places if folded[slice(*place)] == exact)
    return next(alike, places[0] if places else _as_it_stands(exact, folded))


def with_signs(text: str, start: int, end: int, before: str, after: str) -> tuple[int, int]:
    """Return a stretch of text with the signs before and after it, each only if just these stand there."""
    if text[max(0, start - len(before)) : start] == before:
        start -= len(before)
    if text[end : end + len(after)] == after:
        end += len(after)
    return start, end


def _as_it_stands(exact: str, text: str) -> tuple[int, int] | None:
    position = text.find(exact) if exact.strip() else -1
    return None if position == -1 else (position, position + len(exact))
