"""Other editions: notice that a file is one, and carry the notes over, each to its words or to the tray."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from alexandria_desktop.annotate.alignment import Alignment, Words
from alexandria_desktop.annotate.anchor import Placement, agrees, place_by_alignment, place_by_quote
from alexandria_desktop.annotate.likeness import share_of_runs
from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.book.model import Book, BookFormat, BookSource
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.prepare import Prepared
from alexandria_desktop.store import books, notes, positions
from alexandria_desktop.store import passages as stored_passages
from alexandria_desktop.store.book_rows import NewFile
from alexandria_desktop.store.notes import Note
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.text.book_text import BookText
from alexandria_desktop.text.canonical import TEXT_VERSION
from alexandria_desktop.text.document import parse_document
from alexandria_desktop.text.fold import fold
from sync.places.locator import EpubTarget, Locator, PdfTarget, Quote, Target, TextTarget

SAME_SHARE = 0.5
"""Part of the shorter text's runs of six words that must be found in the other for two files to be one book."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of the notes when an edition was replaced."""

    moved: int
    lost: int

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        if self.moved + self.lost == 0:
            return "A new edition of a book in the library; it takes the old one's place."
        if self.lost == 0:
            return f"A new edition: {_counted(self.moved)} moved to the same words."
        return f"A new edition: {_counted(self.moved)} moved, {self.lost} could not be placed and wait in the notes."


def _counted(number: int) -> str:
    return "1 note" if number == 1 else f"{number} notes"


@dataclass(frozen=True, slots=True)
class EditionText:
    """A file as text, with what a locator needs."""

    book: Book
    text: BookText

    def section_of(self, target: Target) -> int | None:
        """Return the section that a target of this edition names."""
        if isinstance(target, PdfTarget):
            return target.page if target.page < len(self.book.sections) else None
        if isinstance(target, EpubTarget | TextTarget):
            return next((one.index for one in self.book.sections if one.href == target.href), None)
        return None

    def span(self, target: Target) -> tuple[int, int] | None:
        """Return a target of this edition in book offsets."""
        section = self.section_of(target)
        if section is None or not isinstance(target, EpubTarget | TextTarget | PdfTarget):
            return None
        start = self.text.book_offset(section, target.start)
        last = target.end_page if isinstance(target, PdfTarget) and target.end_page is not None else section
        if last >= len(self.book.sections):
            return None
        return start, self.text.book_offset(last, target.end)

    def locator(self, start: int, end: int) -> Locator:
        """Return a stretch of this edition, in book offsets, as a locator."""
        section, first = self.text.section_offset(start)
        last_section, last = self.text.section_offset(max(start, end - 1))
        last += 1 if end > start else 0
        href = self.book.sections[section].href
        target: Target
        if self.book.format is BookFormat.PDF:
            target = PdfTarget(section, first, last, None if last_section == section else last_section)
        else:
            stop = last if last_section == section else len(self.text.sections[section])
            kind = EpubTarget if self.book.format is BookFormat.EPUB else TextTarget
            target = kind(href, first, stop)
        return Locator(
            target,
            quote=Quote.at(self.text.text, start, end),
            progression=start / max(1, len(self.text.text)),
            edition=self.book.edition,
            text_version=TEXT_VERSION,
        )


def read_edition(source: BookSource) -> EditionText:
    """Read the whole text of an opened file; an unreadable section counts as empty."""
    texts: list[str] = []
    for section in source.book.sections:
        try:
            resource = source.section(section.index)
            texts.append(parse_document(resource.data, resource.media_type).text().text)
        except ReaderError:
            texts.append("")
    return EditionText(source.book, BookText(texts))


class Editions:
    """Compares files and carries notes."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def same_book(self, prepared: Prepared) -> UUID | None:
        """Return the book of which this file is another edition: the same title and author, and much the same text."""
        metadata = prepared.book.metadata
        user = self._core.identity.user_id
        with self._core.reading() as connection:
            for candidate in books.find_books(connection, user, metadata.title):
                known = books.get_book(connection, user, candidate)
                alike = fold(known.row.title) == fold(metadata.title)
                authors = {fold(name) for name in known.row.authors} & {fold(name) for name in metadata.authors}
                if not (alike and authors) or known.row.format != prepared.book.format or known.file is None:
                    continue
                if known.file.path is not None and self._much_the_same(connection, candidate, prepared):
                    return candidate
        return None

    def take_over(self, book_id: UUID, prepared: Prepared, kept: NewFile) -> Carried:
        """Make a file the edition that is read, and carry notes and position over, in one transaction."""
        old_file = self._current_file(book_id)
        new = self._read(self._core.paths.root / kept.path, kept.edition)
        with self._core.reading() as connection:
            user = self._core.identity.user_id
            present = notes.notes_of(connection, user, book_id)
            position = positions.position_of(connection, user, book_id)
        old = self._read(*old_file) if old_file is not None and (present or position) else None
        carrier = _Carrier(old, new)
        placed = [(note, carrier.carry(note.locator)) for note in present if note.locator is not None]
        place = carrier.carry(position.locator) if position is not None and position.locator is not None else None

        def write(unit: UnitOfWork) -> None:
            books.add_edition(unit, book_id, prepared.book.format, kept)
            for note, found in placed:
                notes.set_placement(unit, note.id, kept.edition, found, score=1.0 if found else 0.0, method="edition")
            if place is not None:
                positions.save_position(unit, self._core.identity.user_id, book_id, place)

        self._core.write(write)
        lost = sum(1 for _, found in placed if found is None)
        return Carried(len(placed) - lost, lost)

    def place_pending(self, book_id: UUID) -> Carried:
        """Place the notes that came from elsewhere and were made in another edition than the one at hand."""
        user = self._core.identity.user_id
        with self._core.reading() as connection:
            pending: list[Note] = notes.needing_placement(connection, user, book_id)
        file = self._current_file(book_id) if pending else None
        if file is None:
            return Carried(0, 0)
        new = self._read(*file)
        carrier = _Carrier(None, new)
        placed = [(note, carrier.carry(note.locator)) for note in pending if note.locator is not None]

        def write(unit: UnitOfWork) -> None:
            for note, found in placed:
                notes.set_placement(unit, note.id, file[1], found, score=1.0 if found else 0.0, method="quote")

        self._core.write(write)
        lost = sum(1 for _, found in placed if found is None)
        return Carried(len(placed) - lost, lost)

    def carry(self, book_id: UUID, places: Sequence[Locator | None]) -> list[Locator | None]:
        """Return places of another edition in the one at hand; None where their words are not in it, or no file is."""
        file = self._current_file(book_id)
        if file is None:
            return [None] * len(places)
        carrier = _Carrier(None, self._read(*file))
        return [carrier.carry(place) for place in places]

    def _current_file(self, book_id: UUID) -> tuple[Path, str] | None:
        with self._core.reading() as connection:
            file = books.get_book(connection, self._core.identity.user_id, book_id).file
        if file is None or file.path is None:
            return None
        path = self._core.paths.root / file.path
        return (path, file.sha256) if path.exists() else None

    def _read(self, path: Path, edition: str) -> EditionText:
        source = open_book(path, edition=edition)
        try:
            return read_edition(source)
        finally:
            source.close()

    def _much_the_same(self, connection: Connection, book_id: UUID, prepared: Prepared) -> bool:
        known = (one.passage.text for one in stored_passages.passages_of(connection, book_id))
        return share_of_runs(known, (one.text for one in prepared.index.passages)) >= SAME_SHARE


class _Carrier:
    """Carries locators from one edition to another."""

    def __init__(self, old: EditionText | None, new: EditionText) -> None:
        self._old = old
        self._new = new
        self._alignment: Alignment | None = None

    def carry(self, locator: Locator | None) -> Locator | None:
        """Return the same place in the new edition, or None where its words are gone."""
        if locator is None:
            return None
        if locator.quote is None or not locator.quote.exact.strip():
            return self._carry_point(locator)
        found = self._place(locator, locator.quote)
        return self._new.locator(found.start, found.end) if found is not None else None

    def _place(self, locator: Locator, quote: Quote) -> Placement | None:
        span = self._old_span(locator)
        if self._old is not None and span is not None and agrees(self._old.text, *span, quote):
            return place_by_alignment(self._aligned(self._old), self._new.text, *span, quote)
        is_somewhere = locator.target != EpubTarget("")  # words that were never placed have no old place to be near to
        return place_by_quote(quote, self._new.text, near=locator.progression if is_somewhere else None)

    def _carry_point(self, locator: Locator) -> Locator:
        span = self._old_span(locator)
        if self._old is not None and span is not None:
            alignment = self._aligned(self._old)
            first, _ = alignment.old.touching(span[0], span[0] + 1)
            for index in range(first, min(first + 400, len(alignment.image))):
                if alignment.image[index] != -1:
                    start = alignment.new.starts[alignment.image[index]]
                    return self._new.locator(start, start)
        start = int(locator.progression * max(0, len(self._new.text.text) - 1))
        return self._new.locator(start, start)

    def _old_span(self, locator: Locator) -> tuple[int, int] | None:
        if self._old is None or locator.edition not in ("", self._old.book.edition):
            return None
        return self._old.span(locator.target)

    def _aligned(self, old: EditionText) -> Alignment:
        if self._alignment is None:
            self._alignment = Alignment(Words.of(old.text.folded), Words.of(self._new.text.folded))
        return self._alignment
