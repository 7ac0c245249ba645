"""Clippings become notes on their words: matched to books by title and author, placed by their words, nothing lost.

What a book's text does not hold waits in the tray of its notes, as a note that a new edition could not place. What is
of no book here waits in the library until such a book comes. Each record is taken over once, however often its file is
read.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from alexandria_desktop.annotate.sequence import place_in_order
from alexandria_desktop.base.errors import AlexandriaError, Code, ReaderError, SurroundingsError
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.ingest.encoding import decode_text
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.editions import EditionText, read_edition
from alexandria_desktop.library.elsewhere.kindle import Clipping, ClippingKind, parse_clippings, settled
from alexandria_desktop.library.elsewhere.titles import Titles
from alexandria_desktop.library.noting import Notebook
from alexandria_desktop.store import books, identity, notes, shelf
from alexandria_desktop.store.notes import NoteType
from alexandria_desktop.store.taken_over import RECORDS, records_of, taken_records
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.text.canonical import collapse
from sync.places.locator import EpubTarget, Locator, Quote

WAITING = "clippings_waiting"
"""Under this name this device keeps the clippings whose books are not here."""
COLOR = "yellow"
_LARGEST = 64 << 20
_HEAD = 1 << 15
_SOURCE = "kindle"


@dataclass(frozen=True, slots=True)
class ClippingsReport:
    """What became of clippings."""

    placed: int = 0
    """On their words."""
    loose: int = 0
    """Notes on a book as a whole, for they stood on no highlight."""
    tray: int = 0
    """Kept with their book, whose text does not hold their words, or holds them in several places."""
    known: int = 0
    """Taken over before."""
    waiting: tuple[tuple[str, int], ...] = ()
    """Titles that no book here has, with their numbers of clippings."""
    bookmarks: int = 0
    withheld: int = 0
    """Without words, for the publisher lets no more be taken out."""
    books: frozenset[UUID] = frozenset()

    @property
    def waits(self) -> int:
        """How many wait for their books."""
        return sum(number for _, number in self.waiting)

    def as_data(self) -> dict[str, Any]:
        """Return it as the command line writes it."""
        counts = {name: getattr(self, name) for name in ("placed", "loose", "tray", "known", "bookmarks", "withheld")}
        return {"clippings": counts, "waiting": dict(self.waiting)}

    @property
    def sentence(self) -> str:
        """The outcome in words."""
        parts = [_counted(self.placed + self.loose, "1 note taken over", "{} notes taken over")]
        for number, one, many in (
            (self.tray, "1 kept with its book, which does not tell where it belongs",
             "{} kept with their books, which do not tell where they belong"),
            (self.waits, "1 waits for its book", "{} wait for their books"),
            (self.known, "1 already here", "{} already here"),
            (self.bookmarks, "1 bookmark left out", "{} bookmarks left out"),
            (self.withheld, "1 whose words the publisher withholds", "{} whose words the publishers withhold"),
        ):  # fmt: skip
            if number:
                parts.append(_counted(number, one, many))
        return "; ".join(parts) + "."


def _counted(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.format(f"{number:,}")


@dataclass(slots=True)
class _Count:
    told: Counter[str] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)
    books: set[UUID] = field(default_factory=set)

    def report(self) -> ClippingsReport:
        return ClippingsReport(**self.told, waiting=tuple(self.waiting.most_common()), books=frozenset(self.books))


class Clippings:
    """Takes clippings over."""

    def __init__(self, core: Core, notebook: Notebook) -> None:
        self._core = core
        self._notebook = notebook

    def bring_in(self, files: Sequence[Path]) -> ClippingsReport:
        """Take files of clippings over, which are only read; also tries those again that wait for their books."""
        found = [one for file in files for one in parse_clippings(_read(file))]
        if not found:
            raise ReaderError(Code.IMPORT_EMPTY, "There are no clippings in this file.")
        return self._take_over([*self._kept(), *found])

    def place_waiting(self) -> ClippingsReport:
        """Try the clippings again that wait for their books."""
        return self._take_over(self._kept())

    def has_waiting(self) -> bool:
        """Whether any clippings wait for their books."""
        return bool(self._kept())

    def _take_over(self, clippings: Sequence[Clipping]) -> ClippingsReport:
        user = self._core.identity.user_id
        with self._core.reading() as connection:
            known = taken_records(connection, user)
            titles = Titles((row.id, row.title, row.authors) for row in shelf.list_rows(connection, user))
        count = _Count()
        fresh: list[Clipping] = []
        for one in settled(list(dict.fromkeys(clippings))):
            if one.key in known:
                count.told["known"] += 1
            elif one.kind is ClippingKind.BOOKMARK:
                count.told["bookmarks"] += 1
            elif not one.text:
                count.told["withheld"] += 1
            else:
                fresh.append(one)
        by_book: dict[UUID, list[Clipping]] = defaultdict(list)
        waiting: list[Clipping] = []
        matched = {book: titles.best_match(*book) for book in {one.book for one in fresh}}
        for one in fresh:
            home = matched[one.book]
            if home is None:
                waiting.append(one)
                count.waiting[one.title] += 1
            else:
                by_book[home].append(one)
        marked = [one for one in clippings if one.kind is ClippingKind.HIGHLIGHT]
        for book, of_it in by_book.items():
            self._put_on(book, of_it, [one for one in marked if one.key in known], known, count)
            count.books.add(book)
        kept = [asdict(one) for one in waiting]
        self._core.write(lambda unit: identity.remember(unit.connection, WAITING, kept))
        if by_book:
            self._notebook.refresh_words()
        return count.report()

    def _put_on(
        self,
        book: UUID,
        clippings: Sequence[Clipping],
        earlier: Sequence[Clipping],
        known: dict[str, UUID],
        count: _Count,
    ) -> None:
        """Write the notes of one book, in one transaction."""
        text = self._text_of(book)
        joined, loose = _joined(clippings)
        edition = text.book.edition if text is not None else None
        waiting = self._still_waiting(book, earlier, known)
        before = [one for one in earlier if one not in waiting]
        places = _places([*(mark for mark, _ in joined), *waiting], before, text)
        placed = [(mark, words, places.get(mark)) for mark, words in joined]

        def write(unit: UnitOfWork) -> None:
            for mark, words, found in placed:
                locator = found or _elsewhere(mark)
                note = self._add(unit, book, [mark, *words], locator, "\n\n".join(one.text for one in words))
                if found is None and edition is not None:
                    notes.set_placement(unit, note, edition, None, score=0.0, method="clipping")
                count.told["placed" if found is not None else "tray"] += 1
            for mark, note in waiting.items():
                if mark in places:  # what came later shows the order
                    notes.move_note(unit, note, places[mark])
            for one in loose:
                under = next((mark for mark in earlier if mark.book == one.book and mark.holds(one.start)), None)
                self._add_loose(unit, book, one, known[under.key] if under is not None else None)
                count.told["loose"] += 1

        self._core.write(write)

    def _still_waiting(
        self, book: UUID, earlier: Sequence[Clipping], known: Mapping[str, UUID]
    ) -> dict[Clipping, UUID]:
        """Return earlier highlights whose notes nothing told the place of, and nobody put anywhere."""
        with self._core.reading() as connection:
            here = {note.id: note for note in notes.notes_of(connection, self._core.identity.user_id, book)}
        of_it = [(one, here[known[one.key]]) for one in earlier if known[one.key] in here]
        return {one: note.id for one, note in of_it if not note.placed and note.locator == _elsewhere(one)}

    def _add(
        self, unit: UnitOfWork, book: UUID, records: Sequence[Clipping], locator: Locator | None, text: str
    ) -> UUID:
        kind = NoteType.GENERAL if locator is None else NoteType.COMMENT if text else NoteType.HIGHLIGHT
        attributes = {"source": _SOURCE, "said": records[0].said, RECORDS: [one.key for one in records]}
        color = COLOR if locator is not None else None
        user = self._core.identity.user_id
        added = notes.add_note(
            unit, user, book, type=kind, text=text, locator=locator, color=color, attributes=attributes
        )
        return added.id

    def _add_loose(self, unit: UnitOfWork, book: UUID, one: Clipping, mark: UUID | None) -> None:
        """Write a note to the highlight that came with an earlier file, where it has no words yet, or by itself."""
        under = notes.get_note(unit.connection, mark) if mark is not None else None
        if under is None or under.deleted or under.text:
            self._add(unit, book, [one], None, one.text)
            return
        attributes = {**under.attributes, RECORDS: [*records_of(under.attributes), one.key]}
        notes.edit_note(unit, under.id, text=one.text, type=NoteType.COMMENT, attributes=attributes)

    def _text_of(self, book: UUID) -> EditionText | None:
        """Return a book's text, or None where its file is not here: its notes are placed when it comes."""
        with self._core.reading() as connection:
            file = books.get_book(connection, self._core.identity.user_id, book).file
        if file is None or file.path is None:
            return None
        try:
            source = open_book(self._core.paths.root / file.path, edition=file.sha256)
        except AlexandriaError:
            return None
        try:
            return read_edition(source)
        finally:
            source.close()

    def _kept(self) -> list[Clipping]:
        with self._core.reading() as connection:
            kept = identity.recall(connection, WAITING)
        rows = [one for one in kept if isinstance(one, dict)] if isinstance(kept, list) else []
        return [replace(Clipping(**row), kind=ClippingKind(row["kind"])) for row in rows]


def _joined(clippings: Iterable[Clipping]) -> tuple[list[tuple[Clipping, list[Clipping]]], list[Clipping]]:
    """Give each note to the highlight that it was written on; a Kindle tells only that both are at one place."""
    marks = [(one, list[Clipping]()) for one in clippings if one.kind is ClippingKind.HIGHLIGHT]
    loose = []
    for one in clippings:
        if one.kind is ClippingKind.NOTE:
            # The shortest of those that hold the place is the one that was under the finger.
            holding = [pair for pair in marks if pair[0].book == one.book and pair[0].holds(one.start)]
            if holding:
                min(holding, key=lambda pair: (pair[0].end or 0) - (pair[0].start or 0))[1].append(one)
            else:
                loose.append(one)
    return marks, loose


def _places(
    marks: Sequence[Clipping], earlier: Iterable[Clipping], text: EditionText | None
) -> dict[Clipping, Locator]:
    """Return where marks stand; each device's edition counts its locations in its own way."""
    if text is None:
        return {}
    by_edition: dict[tuple[str, str], list[Clipping]] = defaultdict(list)
    for mark in marks:
        by_edition[mark.book].append(mark)
    before = list(earlier)
    found: dict[Clipping, Locator] = {}
    for book, of_it in by_edition.items():
        also = [_numbered(one) for one in before if one.book == book]
        places = place_in_order([_numbered(one) for one in of_it], text.text, also=also)
        found |= {mark: text.locator(*place) for mark, place in zip(of_it, places, strict=True) if place is not None}
    return found


def _numbered(mark: Clipping) -> tuple[str, int | None]:
    return collapse(mark.text), mark.start


def _elsewhere(mark: Clipping) -> Locator:
    """Return a place in an edition that nobody has: every edition that comes is searched for its words."""
    edition = hashlib.sha256(f"{_SOURCE}\0{mark.title}\0{mark.author}".encode()).hexdigest()
    return Locator(EpubTarget(""), Quote(collapse(mark.text)), 0.0, edition)


def holds_clippings(file: Path) -> bool:
    """Whether a text file is one of clippings, by its first records: readers rename them."""
    if file.suffix.lower() != ".txt" or not file.is_file():
        return False
    try:
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError:
        return False
    return b"=======" in head and bool(parse_clippings(decode_text(head)[0]))


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > _LARGEST:
            raise ReaderError(Code.IMPORT_TOO_LARGE, "This file is too large to be one of clippings.")
        return decode_text(file.read_bytes())[0]
    except OSError as error:
        raise SurroundingsError(
            Code.IMPORT_DAMAGED, "The file of clippings cannot be read from the disk.", detail=str(error)
        ) from error
