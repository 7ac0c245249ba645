"""Find passages by their words: phrase and all words first, then any words, the rarest first, until enough.

A word that stands in half of all passages costs much and says little. Document frequencies come from the index's own
vocabulary; terms are added rarest first until their passages together pass a limit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from alexandria_desktop.search.query import Query, quoted

ENOUGH = 10
"""Hits for all words together below which any word is tried as well."""

MOST_PASSAGES = 30_000
"""Passages that the words of an any-word query may stand in together."""

HEADING_WEIGHT, TEXT_WEIGHT = 2.0, 1.0
PHRASE_BONUS = 0.5
ALL_WORDS_BONUS = 0.25


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage and how well it fits, higher is better; comparable within one list only."""

    passage_id: int
    score: float


@dataclass(frozen=True, slots=True)
class IdSpan:
    """The passages of a book, inclusive."""

    first: int
    last: int


def find_by_words(
    connection: Connection, query: Query, limit: int, *, within: Sequence[IdSpan] | None = None
) -> list[Scored]:
    """Return passages by their words, best first."""
    scores: dict[int, float] = {}
    if query.terms:
        _spaced(connection, query, limit, within, scores)
    if query.bigrams:
        pairs = [quoted(pair) for pair in query.bigrams.split()]
        _collect(connection, "passages_bigrams", f'"{query.bigrams}"', limit, within, scores, bonus=PHRASE_BONUS)
        if len(scores) < ENOUGH:
            _collect(connection, "passages_bigrams", " AND ".join(pairs), limit, within, scores, bonus=ALL_WORDS_BONUS)
        if len(scores) < ENOUGH:
            _collect(connection, "passages_bigrams", " OR ".join(pairs), limit, within, scores)
    if len(query.thai) >= 3:
        _collect(connection, "passages_trigrams", quoted(query.thai), limit, within, scores, bonus=PHRASE_BONUS)
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return [Scored(passage, score) for passage, score in ranked[:limit]]


def _spaced(
    connection: Connection, query: Query, limit: int, within: Sequence[IdSpan] | None, scores: dict[int, float]
) -> None:
    table = "passages_fts"
    for phrase in query.phrases:
        _collect(connection, table, quoted(" ".join(phrase)), limit, within, scores, bonus=2 * PHRASE_BONUS)
    if len(query.all_words) > 1 and not query.phrases:
        _collect(connection, table, quoted(" ".join(query.all_words)), limit, within, scores, bonus=2 * PHRASE_BONUS)
    together = " AND ".join(quoted(term) for term in query.terms)
    _collect(connection, table, together, limit, within, scores, bonus=ALL_WORDS_BONUS if len(query.terms) > 1 else 0.0)
    if len(scores) < ENOUGH and len(query.terms) > 1:
        chosen = _rarest(connection, query.terms)
        _collect(connection, table, " OR ".join(quoted(term) for term in chosen), limit, within, scores)


def _rarest(connection: Connection, terms: Sequence[str]) -> list[str]:
    counted = sorted((document_frequency(connection, term), term) for term in terms)
    chosen: list[str] = []
    total = 0
    for count, term in counted:
        if chosen and total + count > MOST_PASSAGES:
            break
        chosen.append(term)
        total += count
    return chosen


def document_frequency(connection: Connection, term: str) -> int:
    """Return in how many passages a word stands, stemmed as the index does it."""
    return int(
        connection.exec_driver_sql(
            "SELECT count(*) FROM (SELECT rowid FROM passages_fts WHERE passages_fts MATCH ? LIMIT ?)",
            (quoted(term), MOST_PASSAGES + 1),
        ).scalar()
        or 0
    )


def _collect(
    connection: Connection,
    table: str,
    expression: str,
    limit: int,
    within: Sequence[IdSpan] | None,
    scores: dict[int, float],
    *,
    bonus: float = 0.0,
) -> None:
    """Add the best of one expression; each list is brought to 0..1 first, a stricter one gets a bonus on top."""
    rows = _run(connection, table, expression, limit, within)
    if not rows:
        return
    best, worst = -rows[0][1], -rows[-1][1]
    spread = best - worst
    for passage, rank in rows:
        part = (-rank - worst) / spread if spread > 0 else 1.0
        scores[passage] = max(scores.get(passage, 0.0), 0.2 + 0.8 * part + bonus)


def _run(
    connection: Connection, table: str, expression: str, limit: int, within: Sequence[IdSpan] | None
) -> list[tuple[int, float]]:
    weights = f"bm25({table}, {HEADING_WEIGHT}, {TEXT_WEIGHT})" if table == "passages_fts" else f"bm25({table})"
    where = f"{table} MATCH ?"
    values: list[object] = [expression]
    if within is not None:
        where += " AND (" + " OR ".join("rowid BETWEEN ? AND ?" for _ in within) + ")"
        for span in within:
            values += [span.first, span.last]
    rows = connection.exec_driver_sql(
        f"SELECT rowid, {weights} AS fit FROM {table} WHERE {where} ORDER BY fit LIMIT ?", (*values, limit)
    ).all()
    return [(int(row[0]), float(row[1])) for row in rows]
