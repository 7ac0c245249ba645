"""Which books of a shelf are shown: words, and facets that are chosen from what the shelf has. Pure, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.positions import FINISHED
from alexandria_desktop.text.fold import fold


class Reading(StrEnum):
    """How far a reader is with a book."""

    ANY = "any"
    UNREAD = "unread"
    STARTED = "started"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class ShelfFilter:
    """What the reader asked for; empty shows everything."""

    words: str = ""
    formats: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    reading: Reading = Reading.ANY

    @property
    def facets(self) -> int:
        """How many facets are in force; the words not counted."""
        return bool(self.formats) + bool(self.languages) + (self.reading is not Reading.ANY)

    def __bool__(self) -> bool:
        return bool(self.words.strip()) or self.facets > 0


@dataclass(frozen=True, slots=True)
class Facets:
    """What a shelf can be filtered by, the most frequent first, with counts."""

    formats: tuple[tuple[str, int], ...] = ()
    languages: tuple[tuple[str, int], ...] = ()


def reading_of(row: BookRow) -> Reading:
    """Return how far the reader is with a book."""
    if row.progress >= FINISHED:
        return Reading.FINISHED
    return Reading.STARTED if row.progress > 0 or row.last_opened is not None else Reading.UNREAD


def language_of(row: BookRow) -> str:
    """Return the primary tag of a book's language, or nothing."""
    return (row.language or "").split("-")[0]


def haystack(row: BookRow) -> str:
    """Return the words by which a book is found, folded."""
    return fold(" ".join((row.title, *row.authors, row.series or "")))


def facets_of(rows: Iterable[BookRow]) -> Facets:
    """Return what these books can be filtered by."""
    formats: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for row in rows:
        formats[row.format] += 1
        languages[language_of(row)] += 1
    del languages[""], formats[""]
    return Facets(tuple(formats.most_common()), tuple(languages.most_common(12)))


def matching(rows: Sequence[BookRow], words: Sequence[str], wanted: ShelfFilter) -> list[BookRow]:
    """Return the rows that the filter lets through, in their order; ``words`` is the haystack of each row."""
    terms = fold(wanted.words).split()
    found = [row for row, hay in zip(rows, words, strict=True) if all(term in hay for term in terms)]
    if wanted.formats:
        found = [row for row in found if row.format in wanted.formats]
    if wanted.languages:
        found = [row for row in found if language_of(row) in wanted.languages]
    if wanted.reading is not Reading.ANY:
        found = [row for row in found if reading_of(row) is wanted.reading]
    return found
