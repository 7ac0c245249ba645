"""Notes and highlights: written, changed, deleted, brought back; each is on the disk before the call returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from alexandria_desktop.annotate.anchor import place_alike
from alexandria_desktop.annotate.phrase import find_phrase
from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.editions import read_edition
from alexandria_desktop.library.reading import ReadingRoom
from alexandria_desktop.library.shelf import segment_words
from alexandria_desktop.store import notes, text_index
from alexandria_desktop.store.notes import Keep, Note, NoteType
from alexandria_desktop.text.canonical import collapse
from sync.places.locator import Locator

COLORS = ("yellow", "green", "blue", "pink", "purple")


class Notebook:
    """The reader's notes."""

    def __init__(self, core: Core, room: ReadingRoom) -> None:
        self._core = core
        self._room = room

    def of_book(self, book_id: UUID) -> list[Note]:
        """Return the notes on a book, oldest first."""
        with self._core.reading() as connection:
            return notes.notes_of(connection, self._core.identity.user_id, book_id)

    def all(self, limit: int | None = None) -> list[Note]:
        """Return all notes, the latest first."""
        with self._core.reading() as connection:
            return notes.all_notes(connection, self._core.identity.user_id, limit=limit)

    def count(self) -> int:
        """Return how many notes there are."""
        with self._core.reading() as connection:
            return notes.count_notes(connection, self._core.identity.user_id)

    def get(self, note_id: UUID) -> Note:
        """Return one note; raises note.unknown."""
        with self._core.reading() as connection:
            return notes.get_note(connection, note_id)

    def add(
        self,
        book_id: UUID,
        locator: Locator | None,
        *,
        text: str = "",
        color: str | None = "yellow",
        attributes: Mapping[str, Any] | None = None,
        kind: NoteType | None = None,
    ) -> Note:
        """Write a highlight (without words) or a note (with them)."""
        chosen = kind or (NoteType.GENERAL if locator is None else NoteType.COMMENT if text else NoteType.HIGHLIGHT)
        if color is not None and color not in COLORS:
            raise ReaderError(Code.USAGE, f"A highlight is one of {', '.join(COLORS)}.", detail=color)
        return self._core.write(
            notes.add_note,
            self._core.identity.user_id,
            book_id,
            type=chosen,
            text=text,
            locator=locator,
            color=color,
            attributes=attributes,
        )

    def edit(self, note_id: UUID, *, text: str | Keep = Keep.AS_IS, color: str | Keep | None = Keep.AS_IS) -> Note:
        """Change a note's words or colour."""
        known = self.get(note_id)
        kind: NoteType | Keep = Keep.AS_IS
        if not isinstance(text, Keep) and known.type in (NoteType.HIGHLIGHT, NoteType.COMMENT):
            kind = NoteType.COMMENT if text else NoteType.HIGHLIGHT
        return self._core.write(notes.edit_note, note_id, text=text, color=color, type=kind)

    def write(self, note_id: UUID, words: str, *, seen: str) -> Note:
        """Write the words of a note that had the words ``seen`` when they were changed.

        What came from elsewhere meanwhile is kept with them, and a note that was deleted elsewhere is there again.
        """
        return self._core.write(notes.write_words, note_id, words, seen=seen)

    def move(self, note_id: UUID, locator: Locator) -> Note:
        """Put a note on other words, in the edition that those are of."""
        return self._core.write(notes.move_note, note_id, locator)

    def delete(self, note_id: UUID) -> None:
        """Delete a note; ``bring_back`` undoes it."""
        self._core.write(notes.delete_note, note_id)

    def bring_back(self, note_id: UUID) -> Note:
        """Undo the deletion of a note."""
        return self._core.write(notes.undelete_note, note_id)

    def find_quote(self, book_id: UUID, quote: str) -> Locator:
        """Return where words stand in a book, whatever signs they are typed with.

        Raises note.quote-not-found, which names the words that come closest.
        """
        file = self._room.file_of(book_id)
        source = open_book(file.path, edition=file.edition)
        try:
            edition = read_edition(source)
        finally:
            source.close()
        words = collapse(quote)
        found = find_phrase(words, edition.text)
        if found is None:
            sentence = f"These words are not in “{file.details.row.title}”."
            alike = place_alike(words, edition.text)
            if alike is not None:
                sentence += f" Close to them is “{collapse(edition.text.text[alike.start : alike.end])}”."
            raise ReaderError(Code.QUOTE_NOT_FOUND, sentence, detail=words[:200])
        return edition.locator(*found)

    def refresh_words(self) -> None:
        """Bring the index of notes up to what the library says."""
        text_index.refresh(self._core.database, self._core.identity.user_id, segment_words)
