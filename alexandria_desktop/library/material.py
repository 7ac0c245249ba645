"""What a teacher takes into a lesson out of a book: its chapters, the notes on it, passages that are searched for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import BookFormat
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.finding import Finding
from alexandria_desktop.library.noting import Notebook
from alexandria_desktop.library.reading import ReadingRoom
from alexandria_desktop.store import books
from alexandria_desktop.teach.authoring.lines import new_id
from alexandria_desktop.teach.blocks import Block, BookPlace, ChapterBlock, NoteBlock, PassageBlock
from sync.assessing.rich_text import from_plain
from sync.places.locator import EpubTarget, Locator, TextTarget


@dataclass(frozen=True, slots=True)
class Card:
    """Something that can be put into a lesson, and how it is shown beside it."""

    block: Block
    title: str
    about: str = ""
    level: int = 0
    color: str = ""


class Material:
    """Reads books for a teacher."""

    def __init__(self, core: Core, room: ReadingRoom, notebook: Notebook, finding: Finding) -> None:
        self._core = core
        self._room = room
        self._notebook = notebook
        self._finding = finding

    def chapters(self, book_id: UUID) -> list[Card]:
        """Return the contents of a book of flowing text, each chapter to be read whole."""
        if self._room.file_of(book_id).format is BookFormat.PDF:
            raise ReaderError(Code.USAGE, "A PDF has no chapters to take; search for a passage, or take a note.")
        opened = self._room.open(book_id)
        try:
            found = []
            for entry in opened.book.toc:
                place = opened.place_of_href(entry.href) if entry.href else None
                if place is None:
                    continue
                section = opened.book.sections[place.section]
                kind = EpubTarget if opened.book.format is BookFormat.EPUB else TextTarget
                locator = Locator(
                    kind(section.href, place.offset, place.offset),
                    progression=opened.progression(place.section, place.offset, 0),
                    edition=opened.book.edition,
                )
                block = ChapterBlock(id=new_id(), title=entry.title, place=self._place(book_id, locator))
                found.append(Card(block, entry.title, level=entry.level))
            return found
        finally:
            opened.close()

    def notes(self, book_id: UUID) -> list[Card]:
        """Return the reader's highlights and notes on a book, in the order of the book."""
        found = []
        for note in self._notebook.of_book(book_id):
            if note.locator is None or not (note.quote or note.text):
                continue
            place = self._place(book_id, note.locator)
            block: Block = (
                NoteBlock(id=new_id(), place=place, html=from_plain(note.text), text=note.quote, color=note.color or "")
                if note.text
                else PassageBlock(id=new_id(), place=place, text=note.quote)
            )
            card = Card(block, note.quote or note.text, note.text if note.quote else "", color=note.color or "")
            found.append((note.locator.progression, card))
        return [card for _, card in sorted(found, key=lambda pair: pair[0])]

    def passages(self, book_id: UUID | None, words: str) -> list[Card]:
        """Return passages that hold or mean some words, best first, in one book or all."""
        found = []
        for hit in self._finding.search(words, book=book_id, limit=30):
            text = hit.passage[hit.snippet.start : hit.snippet.end] or hit.snippet.text
            block = PassageBlock(id=new_id(), place=self._place(hit.book_id, hit.locator), text=text)
            about = " · ".join(part for part in ("" if book_id else hit.title, hit.chapter or "") if part)
            found.append(Card(block, text, about))
        return found

    def _place(self, book_id: UUID, locator: Locator) -> BookPlace:
        with self._core.reading() as connection:
            row = books.get_book(connection, self._core.identity.user_id, book_id).row
        return BookPlace(
            locator=locator, book_id=str(book_id), book_title=row.title, book_author=", ".join(row.authors)
        )
