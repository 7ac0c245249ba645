"""Notes carried from an old edition to a new one, through the library itself, and scored against the truth.

The shared set gives places as counts over the raw text of a document's body; they are first translated to canonical
text. Right: the same document, and both ends within 3 characters (short highlights) or 12 (long ones).
"""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.library.editions import EditionText, read_edition
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.notes import Note
from alexandria_desktop.text.canonical import CanonicalText
from alexandria_desktop.text.document import Document, parse_document
from tests.performance.figures import Figure
from tests.support.data import shared_data_or_none

TOLERANCE = {"short": 3, "long": 12}


@dataclass(slots=True)
class Edition:
    """One edition: its text, and its documents as they were parsed."""

    text: EditionText
    documents: dict[str, tuple[int, Document, CanonicalText]]

    @classmethod
    def of(cls, path: Path) -> Edition:
        """Read a file."""
        source = open_book(path)
        try:
            documents = {}
            for section in source.book.sections:
                resource = source.section(section.index)
                document = parse_document(resource.data, resource.media_type)
                documents[section.href] = (section.index, document, document.text())
            return cls(read_edition(source), documents)
        finally:
            source.close()

    def span(self, place: dict[str, Any]) -> tuple[int, int] | None:
        """Return a place of the set in book offsets, or None where it is not in the canonical text."""
        section, document, canonical = next(
            found
            for href, found in self.documents.items()
            if href == place["href"] or href.endswith("/" + place["href"])
        )
        start = _canonical(document, canonical, place["start"], is_end=False)
        end = _canonical(document, canonical, place["end"], is_end=True)
        if start is None or end is None:
            return None
        return self.text.text.book_offset(section, start), self.text.text.book_offset(section, end)


def measure(folder: Path) -> list[Figure]:
    """Carry all highlights of the set, and score."""
    data = shared_data_or_none()
    if data is None:
        return []
    scores: Counter[tuple[str, str]] = Counter()
    seconds = 0.0
    books = sorted(path.parent for path in (data / "editions").glob("*/highlights.jsonl"))
    for book in books:
        seconds += _carry(book, folder / "editions" / book.name, scores)
    figures = []
    for length, aim in (("short", 99.0), ("long", 99.0)):
        there = sum(scores[length, verdict] for verdict in ("right", "wrong", "lost"))
        note = ", ".join(
            f"{scores[length, verdict]} {verdict}" for verdict in ("right", "wrong", "lost", "rejected", "false")
        )
        share = 100 * scores[length, "right"] / there
        figures.append(Figure(f"highlights found again, {length}", share, "%", aim, True, count=there, note=note))
        cut = scores[length, "rejected"] + scores[length, "false"]
        false = 100 * scores[length, "false"] / cut
        figures.append(Figure(f"cut passages put on other words, {length}", false, "%", 1.0, count=cut))
    carried = sum(scores.values())
    figures.append(
        Figure(
            "a new edition taken over, with 600 notes",
            seconds * 1000 / len(books),
            "ms",
            note=f"{carried} notes in all",
        )
    )
    return figures


def _carry(book: Path, root: Path, scores: Counter[tuple[str, str]]) -> float:
    old, new = Edition.of(book / "old.epub"), Edition.of(book / "new.epub")
    lines = (book / "highlights.jsonl").read_text(encoding="utf-8").splitlines()
    with Library.open(root) as library:
        book_id = library.import_paths([book / "old.epub"])[0].book_id
        assert book_id is not None
        wanted: dict[Any, dict[str, Any]] = {}
        for highlight in map(json.loads, lines):
            span = old.span(highlight["old"])
            if span is not None:
                wanted[library.notes.add(book_id, old.text.locator(*span)).id] = highlight
        begun = time.perf_counter()
        outcome = library.import_paths([book / "new.epub"])[0]
        seconds = time.perf_counter() - begun
        if outcome.book_id != book_id:
            raise RuntimeError(f"{book.name}: the new edition was not recognised")
        for note in library.notes.of_book(book_id):
            highlight = wanted[note.id]
            scores[highlight["length_class"], _verdict(note, highlight, new)] += 1
    return seconds


def _verdict(note: Note, highlight: dict[str, Any], new: Edition) -> str:
    got = new.text.span(note.locator.target) if note.placed and note.locator is not None else None
    truth = new.span(highlight["new"]) if highlight["new"] else None
    if highlight["new"] is None:
        return "rejected" if got is None else "false"
    if got is None:
        return "lost"
    assert truth is not None
    tolerance = TOLERANCE[highlight["length_class"]]
    near = all(abs(one - other) <= tolerance for one, other in zip(got, truth, strict=True))
    return "right" if near else "wrong"


def _canonical(document: Document, canonical: CanonicalText, place: int, *, is_end: bool) -> int | None:
    """Translate a count over the raw text of the body."""
    position = 0
    for event, element in etree.iterwalk(document.body, events=("start", "end")):
        if event == "end" and element is document.body:
            break
        text = element.text if event == "start" else element.tail
        length = len(text or "")
        inside = position < place <= position + length if is_end else position <= place < position + length
        if text and inside:
            return canonical.offset_of_point(element, is_tail=event == "end", offset=place - position)
        position += length
    return None
