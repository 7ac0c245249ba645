"""One search over passages, titles and notes: by words, by meaning, or both at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.embed.embedder import Embedder
from alexandria_desktop.search.fuse import MEANING_WEIGHT, fuse
from alexandria_desktop.search.lexical import IdSpan, Scored, document_frequency, find_by_words
from alexandria_desktop.search.query import Query, parse_query, quoted
from alexandria_desktop.search.snippet import Snippet, make_snippet
from alexandria_desktop.search.windows import LOOKED_AT, Window, best_windows
from alexandria_desktop.store import passages, text_index
from alexandria_desktop.store.passages import StoredPassage
from alexandria_desktop.store.sections import StoredSection, sections_of
from alexandria_desktop.store.vectors.protocol import IdRange, Space, VectorStore
from alexandria_desktop.text.canonical import TEXT_VERSION
from sync.places.locator import EpubTarget, Locator, PdfTarget, Quote, Target, TextTarget

CANDIDATES = 100
"""Passages taken from each list before they are joined."""

RARE = 40
"""A word in at most so many passages names something: then near meanings would only be in the way."""


class Mode(StrEnum):
    """How to look."""

    ALL = "all"
    WORDS = "words"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class BookFacts:
    """What a hit needs to know of its book."""

    title: str
    format: BookFormat
    edition: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, and the sentence in it to go to."""

    book_id: UUID
    title: str
    chapter: str | None
    snippet: Snippet
    score: float
    locator: Locator
    passage: str = ""
    """The whole passage; ``snippet.start`` and ``snippet.end`` say where in it the sentence stands."""


class Finder:
    """Searches an index; each call wants a reader's connection and may run on any thread."""

    def __init__(
        self, embedder: Embedder | None, vectors: VectorStore, space: Space, *, fine: Embedder | None = None
    ) -> None:
        """``fine`` ranks again what is asked for by meaning alone; without ``embedder`` words alone are searched."""
        self._embedder = embedder
        self._fine = fine
        self._vectors = vectors
        self._space = space

    def find(
        self,
        connection: Connection,
        typed: str,
        facts: dict[UUID, BookFacts],
        *,
        mode: Mode = Mode.ALL,
        books: Sequence[UUID] | None = None,
        limit: int = 20,
    ) -> list[Hit]:
        """Return the passages for what was typed, best first; ``facts`` has the books that may be shown."""
        query = parse_query(typed)
        if query.is_empty or limit <= 0:
            return []
        mode = Mode.WORDS if self._embedder is None else mode
        ranges = _ranges(connection, books)
        if books is not None and not ranges:
            return []
        ranked = self._rank(connection, query, mode, ranges, max(CANDIDATES, limit))
        if mode is Mode.MEANING and query.terms:
            return self._closer(connection, query, ranked, facts)[:limit]
        return self._hits(connection, query, ranked, facts, limit)

    def _closer(
        self, connection: Connection, query: Query, ranked: Sequence[Scored], facts: dict[UUID, BookFacts]
    ) -> list[Hit]:
        """Rank the first passages again by their best few sentences, which are also where each hit leads."""
        stored = passages.get_passages(connection, [one.passage_id for one in ranked[: 2 * LOOKED_AT]])
        shown = [one for one in stored if one.content_id in facts][:LOOKED_AT]
        texts = [one.passage.text for one in shown]
        windows = best_windows(query.text, texts, self._embedder, self._fine) if self._embedder is not None else []
        sections = {book: sections_of(connection, book) for book in {one.content_id for one in shown}}
        hits = [
            _hit(one, facts[one.content_id], sections[one.content_id], query.terms, window.score, window)
            for one, window in zip(shown, windows, strict=True)
        ]
        return sorted(hits, key=lambda hit: -hit.score)

    def _rank(
        self, connection: Connection, query: Query, mode: Mode, within: list[IdRange] | None, count: int
    ) -> list[Scored]:
        spans = None if within is None else [IdSpan(one.first, one.last) for one in within]
        by_words: list[Scored] = []
        if mode is not Mode.MEANING or not query.terms:
            by_words = find_by_words(connection, query, count, within=spans)
        if mode is Mode.WORDS or not query.terms or (mode is Mode.ALL and by_words and _names(connection, query)):
            return by_words
        by_meaning = self._by_meaning(connection, query, within, count)
        return fuse(by_words, by_meaning, meaning=1.0 if mode is Mode.MEANING else MEANING_WEIGHT)

    def _by_meaning(
        self, connection: Connection, query: Query, within: list[IdRange] | None, count: int
    ) -> list[Scored]:
        if self._embedder is None:
            return []
        vector = self._embedder.embed([query.text])[0]
        found = self._vectors.query(connection, self._space, vector, count, within=within)
        return [Scored(hit.passage_id, hit.score) for hit in found if hit.score > 0]

    def _hits(
        self,
        connection: Connection,
        query: Query,
        ranked: Sequence[Scored],
        facts: dict[UUID, BookFacts],
        limit: int,
    ) -> list[Hit]:
        hits: list[Hit] = []
        sections: dict[UUID, list[StoredSection]] = {}
        words = (*query.terms, *query.bigrams.split()) or query.all_words
        for begin in range(0, len(ranked), limit):
            batch = ranked[begin : begin + limit]
            stored = {one.id: one for one in passages.get_passages(connection, [one.passage_id for one in batch])}
            for scored in batch:
                passage = stored.get(scored.passage_id)
                known = facts.get(passage.content_id) if passage is not None else None
                if passage is None or known is None:
                    continue
                if passage.content_id not in sections:
                    sections[passage.content_id] = sections_of(connection, passage.content_id)
                hits.append(_hit(passage, known, sections[passage.content_id], words, scored.score))
            if len(hits) >= limit:
                break
        return hits[:limit]

    def find_titles(self, connection: Connection, typed: str, *, limit: int = 8) -> list[UUID]:
        """Return the books whose title, author or series begins like what was typed."""
        expression = _prefix_expression(parse_query(typed))
        return [hit.id for hit in text_index.find_titles(connection, expression, limit=limit)] if expression else []

    def find_notes(self, connection: Connection, typed: str, *, limit: int = 8) -> list[UUID]:
        """Return the notes whose words or quote match what was typed."""
        expression = _prefix_expression(parse_query(typed))
        return [hit.id for hit in text_index.find_notes(connection, expression, limit=limit)] if expression else []


def _prefix_expression(query: Query) -> str:
    words = [quoted(word) for word in (query.terms or query.all_words)]
    words += [quoted(pair) for pair in query.bigrams.split()]
    if words and not query.bigrams:
        words[-1] += " *"
    return " AND ".join(words)


def _names(connection: Connection, query: Query) -> bool:
    """Whether the query names something: few words, each rare, or a phrase in quotes."""
    if query.phrases or len(query.all_words) == 1:
        return True
    return len(query.terms) <= 2 and all(document_frequency(connection, term) <= RARE for term in query.terms)


def _ranges(connection: Connection, books: Sequence[UUID] | None) -> list[IdRange] | None:
    if books is None:
        return None
    found = [passages.ids_of_book(connection, book) for book in books]
    return [IdRange(ids.start, ids.stop - 1) for ids in found if len(ids)]


def _hit(
    stored: StoredPassage,
    facts: BookFacts,
    sections: Sequence[StoredSection],
    words: Sequence[str],
    score: float,
    window: Window | None = None,
) -> Hit:
    passage = stored.passage
    bounds = (0, len(passage.text)) if window is None else (window.start, window.end)
    snippet = make_snippet(passage.text, words, *bounds)
    start, end = passage.start + snippet.start, passage.start + snippet.end
    before = sum(section.length for section in sections[: passage.section])
    total = sum(section.length for section in sections)
    locator = Locator(
        target=target_in(facts.format, sections, passage.section, start, end),
        quote=Quote.at(passage.text, snippet.start, snippet.end),
        progression=min(1.0, (before + start) / total) if total else 0.0,
        edition=facts.edition,
        text_version=TEXT_VERSION,
    )
    chapter = stored.chapter or passage.heading
    return Hit(stored.content_id, facts.title, chapter, snippet, round(score, 4), locator, passage.text)


def target_in(book_format: BookFormat, sections: Sequence[StoredSection], section: int, start: int, end: int) -> Target:
    """Return a stretch of a section of an indexed book as a target."""
    href = sections[section].href if section < len(sections) else ""
    if book_format is BookFormat.PDF:
        label = sections[section].label if section < len(sections) else None
        return PdfTarget(section, start, end, label=label)
    if book_format is BookFormat.EPUB:
        return EpubTarget(href, start, end)
    return TextTarget(href, start, end)
