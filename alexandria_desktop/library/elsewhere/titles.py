"""Say which book a title and an author from elsewhere mean; two ways of writing one book seldom agree to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz import fuzz

from alexandria_desktop.text.fold import fold

TITLE_ENOUGH = 90.0
TITLE_ALONE = 97.0
AUTHOR_ENOUGH = 72.0
_REST = re.compile(r"\s*(?:[:;(\[–—]|\s-\s).*\Z", re.S)
"""A subtitle, a series in brackets, an edition."""


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    whole: str
    short: str
    authors: tuple[str, ...]


class Titles:
    """The books that may be meant."""

    def __init__(self, books: Iterable[tuple[UUID, str, Sequence[str]]]) -> None:
        self._known = [
            _Known(book_id, _plain(title), _short(title), tuple(_plain(name) for name in (*authors, " ".join(authors))))
            for book_id, title, authors in books
        ]

    def best_match(self, title: str, author: str) -> UUID | None:
        """Return the book that is meant, or None where none is sure enough."""
        whole, short, name = _plain(title), _short(title), _plain(author)
        scored = [(_likeness(whole, short, name, one), one.id) for one in self._known]
        best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return best[1] if best[0] > 0 else None


def _likeness(whole: str, short: str, author: str, book: _Known) -> float:
    """Return how sure it is, 0 for no."""
    like = fuzz.ratio(whole, book.whole, score_cutoff=TITLE_ENOUGH)
    # Of two editions the one whose whole title agrees is meant.
    best = max(like, fuzz.ratio(short, book.short, score_cutoff=TITLE_ENOUGH) - 1.0)
    if best < TITLE_ENOUGH - 1.0:
        return 0.0
    if not author or not any(book.authors):
        return best if best >= TITLE_ALONE else 0.0
    names = max(fuzz.token_set_ratio(author, name) for name in book.authors)
    return best + names / 100 if names >= AUTHOR_ENOUGH else 0.0


def _short(title: str) -> str:
    return _plain(_REST.sub("", title)) or _plain(title)


def _plain(words: str) -> str:
    return " ".join(re.findall(r"\w+", fold(words)))
