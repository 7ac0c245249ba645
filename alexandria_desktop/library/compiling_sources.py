"""Books of the shelf as the course compiler wants them: text, what of it is no running text, passages, vectors.

Text and structure come from the book's file where it is here and flows. Of a PDF, and of a book whose file is on
another device, the passages of the index are laid out where they stand; what is quotation is then not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import numpy as np

from alexandria_desktop.base.errors import AlexandriaError, ReaderError
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.finding import Finding
from alexandria_desktop.library.reading import ReadingRoom
from alexandria_desktop.search.finder import target_in
from alexandria_desktop.store import books
from alexandria_desktop.store.book_rows import BookDetails
from alexandria_desktop.store.passages import StoredPassage, passages_of
from alexandria_desktop.store.sections import StoredSection, sections_of
from alexandria_desktop.teach.compiling.proposal import Gone
from alexandria_desktop.teach.compiling.sources import Piece, SectionText, Source
from alexandria_desktop.text.asides import asides
from alexandria_desktop.text.canonical import TEXT_VERSION
from alexandria_desktop.text.document import parse_document
from sync.places.locator import Locator, Quote

FEWEST = 400
"""Letters of a book below which nothing can be made of it."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Makes locators in one book."""

    format: BookFormat
    edition: str
    stored: Sequence[StoredSection]
    texts: Sequence[SectionText]

    def __call__(self, section: int, start: int, end: int) -> Locator:
        before = sum(one.length for one in self.stored[:section])
        total = sum(one.length for one in self.stored)
        return Locator(
            target_in(self.format, self.stored, section, start, end),
            quote=Quote.at(self.texts[section].text, start, end),
            progression=min(1.0, (before + start) / total) if total else 0.0,
            edition=self.edition,
            text_version=TEXT_VERSION,
        )


class Shelves:
    """Reads books for the compiler."""

    def __init__(self, core: Core, room: ReadingRoom, finding: Finding) -> None:
        self._core = core
        self._room = room
        self._finding = finding

    def source(self, book_id: UUID) -> tuple[Source | None, Gone | None]:
        """Return a book, or why it cannot be read. Raises ReaderError(book.unknown)."""
        with self._core.reading() as connection:
            details = books.get_book(connection, self._core.identity.user_id, book_id)
            stored = passages_of(connection, book_id)
            sections = sections_of(connection, book_id)
        if details.file is None or sum(len(one.passage.text) for one in stored) < FEWEST:
            return None, Gone(details.row.title, _why_unread(details, sections))
        texts = self._texts(details, stored, sections)
        vectors = self._finding.vectors_of([one.id for one in stored])
        language = stored[0].language or details.row.language or ""
        has_vectors = len(vectors) > 0 and bool(np.any(vectors))
        found = Source(
            id=str(book_id),
            title=details.row.title,
            author=", ".join(details.row.authors),
            language=language,
            sections=tuple(texts),
            pieces=tuple(_piece(one) for one in stored),
            vectors=vectors if has_vectors else np.zeros((0, 0), dtype=np.float32),
            locate=_Places(BookFormat(details.file.format), details.file.sha256, sections, texts),
        )
        return found, None

    def _texts(
        self, details: BookDetails, stored: Sequence[StoredPassage], sections: Sequence[StoredSection]
    ) -> list[SectionText]:
        if details.file is not None and details.file.format != BookFormat.PDF:
            try:
                read = self._read(details.row.id)
            except AlexandriaError:
                read = []
            if [len(one.text) for one in read] == [one.length for one in sections]:
                return read
        return _laid_out(stored, sections)

    def _read(self, book_id: UUID) -> list[SectionText]:
        file = self._room.file_of(book_id)
        source = open_book(file.path, edition=file.edition)
        try:
            found = []
            for section in source.book.sections:
                try:
                    resource = source.section(section.index)
                    text = parse_document(resource.data, resource.media_type).text()
                except ReaderError:
                    found.append(SectionText(""))
                    continue
                found.append(SectionText(text.text, asides(text)))
            return found
        finally:
            source.close()


def _why_unread(details: BookDetails, sections: Sequence[StoredSection]) -> str:
    if not sections:
        return "Its text has not been read yet. Leave the program open for a moment, then propose again."
    if details.file is not None and details.file.format == BookFormat.PDF:
        return "It has no text: its pages are pictures, as a scanner makes them."
    return "It has hardly any words."


def _piece(stored: StoredPassage) -> Piece:
    one = stored.passage
    return Piece(one.section, one.start, one.end, stored.chapter or "", one.heading or "")


def _laid_out(stored: Sequence[StoredPassage], sections: Sequence[StoredSection]) -> list[SectionText]:
    """Return sections with the passages where they stand; what lies between two, as a heading, is empty lines."""
    letters = [["\n"] * section.length for section in sections]
    for one in stored:
        passage = one.passage
        letters[passage.section][passage.start : passage.end] = passage.text
    for before, after in pairwise(one.passage for one in stored):
        if before.section == after.section and after.start - before.end == 1:
            letters[before.section][before.end] = " "  # perhaps the same paragraph: the index does not tell
    return [SectionText("".join(one)) for one in letters]
