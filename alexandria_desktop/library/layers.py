"""Layers: a teacher gives notes on a book to a course; its students see them over their own, and never among them.

What is given is a copy, made when the teacher says so: a private note that is changed later stays private.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.library.core import Core
from alexandria_desktop.library.editions import Editions
from alexandria_desktop.store import books, courses, layers, notes
from alexandria_desktop.store.course_rows import CourseRow
from alexandria_desktop.store.layers import LayerRow
from alexandria_desktop.store.notes import Note, NoteType
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.teach.authoring.order_keys import spread
from alexandria_desktop.teach.blocks import Block, BookPlace, NoteBlock, PassageBlock, blocks_from_json
from sync.assessing.rich_text import from_plain, to_plain
from sync.places.locator import Locator

_Where = tuple[str, Locator | None]
"""An edition and a place in it."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A teacher's notes on a book, as they stand in the edition that is read here."""

    course_id: UUID
    course: str
    notes: tuple[Note, ...]
    """Not this reader's: they are shown, never changed nor kept among theirs."""


class Layers:
    """The notes that courses give to books."""

    def __init__(self, core: Core, editions: Editions) -> None:
        self._core = core
        self._editions = editions
        self._carried: dict[tuple[str, _Where], Locator | None] = {}
        """Where places of other editions were found, by the present edition."""

    # --- teaching -------------------------------------------------------------------------------------------------

    def given(self, course_id: UUID, book_id: UUID) -> frozenset[UUID]:
        """Return which of the reader's notes on a book a course gives to its students."""
        with self._core.reading() as connection:
            course = courses.get_course(connection, course_id)
            known = self._known(layers.layers_of(connection, course.content_id), self._book(connection, book_id))
        return frozenset(UUID(hex=one) for one in known.blocks) if known is not None else frozenset()

    def give(self, course_id: UUID, book_id: UUID, chosen: Collection[UUID]) -> int:
        """Give exactly these notes on a book to a course, as they are now, and return how many there were before.

        Without any, the layer is taken back. Raises ReaderError(course.not-yours, note.unknown).
        """
        user_id = self._core.identity.user_id

        def write(unit: UnitOfWork) -> int:
            course = courses.get_course(unit.connection, course_id)
            if course.creator_id != user_id:
                raise ReaderError(Code.COURSE_NOT_YOURS, "Only the person who made this course can change it.")
            book = self._book(unit.connection, book_id)
            known = self._known(layers.layers_of(unit.connection, course.content_id), book)
            mine = {one.id: one for one in notes.notes_of(unit.connection, user_id, book_id)}
            if missing := set(chosen) - mine.keys():
                raise ReaderError(Code.NOTE_UNKNOWN, "There is no such note on this book.", detail=str(missing))
            _put(unit, user_id, course, known, book, [mine[one] for one in chosen])
            return len(known.blocks) if known is not None else 0

        return self._core.write(write)

    def _book(self, connection: Any, book_id: UUID) -> dict[str, str]:
        details = books.get_book(connection, self._core.identity.user_id, book_id)
        edition = details.file.sha256 if details.file is not None else ""
        return {"edition": edition, "title": details.row.title, "author": ", ".join(details.row.authors)}

    def _known(self, rows: Sequence[LayerRow], book: Mapping[str, str]) -> LayerRow | None:
        same = [one for one in rows if one.edition == book["edition"]]
        named = [one for one in rows if (one.title, one.author) == (book["title"], book["author"])]
        return next(iter([*same, *named]), None)

    # --- reading --------------------------------------------------------------------------------------------------

    def of_book(self, book_id: UUID) -> list[Layer]:
        """Return what the courses that the reader takes say of a book, each note where its words stand in it.

        A note whose words this edition does not have is there with ``placed`` False. Reads the whole book once where it
        is another edition than a teacher's; not on the Qt thread.
        """
        user_id = self._core.identity.user_id
        with self._core.reading() as connection:
            try:
                book = self._book(connection, book_id)
            except ReaderError:
                return []  # it left the shelf while it was being read
            rows = layers.layers_given_to(connection, user_id)
            mine = [one for one in rows if self._is_about(connection, one, book_id, book["edition"])]
        found = [(row, [note for block in blocks_from_json(row.blocks) if (note := _note(block, row, book_id))])
                 for row in mine]  # fmt: skip
        places = self._places(book_id, book["edition"], [note for _, notes_ in found for note in notes_])
        return [
            Layer(row.course_id, row.course, tuple(_placed(note, places) for note in notes_)) for row, notes_ in found
        ]

    def _is_about(self, connection: Any, row: LayerRow, book_id: UUID, edition: str) -> bool:
        if row.edition == edition:
            return True
        user_id = self._core.identity.user_id
        if books.find_by_edition(connection, user_id, row.edition) is not None:
            return False  # the teacher's own edition is on the shelf as another book
        return books.find_titled(connection, user_id, row.title, row.author) == book_id

    def _places(self, book_id: UUID, edition: str, found: Sequence[Note]) -> dict[_Where, Locator | None]:
        """Return where notes of other editions are in this one; None where their words are not in it."""
        wanted = {_where(one): one.locator for one in found if one.edition not in ("", edition)}
        unknown = {where: place for where, place in wanted.items() if (edition, where) not in self._carried}
        if unknown:
            try:
                carried = self._editions.carry(book_id, list(unknown.values()))
            except ReaderError:
                return dict.fromkeys(wanted)  # it cannot be read now, for want of its password say
            self._carried.update(((edition, where), place) for where, place in zip(unknown, carried, strict=True))
        return {where: self._carried[edition, where] for where in wanted}


def _where(note: Note) -> _Where:
    return note.edition or "", note.locator


def _placed(note: Note, places: Mapping[_Where, Locator | None]) -> Note:
    where = _where(note)
    if where not in places:
        return note
    place = places[where]
    return replace(note, placed=False) if place is None else replace(note, locator=place)


def _put(
    unit: UnitOfWork,
    user_id: UUID,
    course: CourseRow,
    known: LayerRow | None,
    book: Mapping[str, str],
    chosen: Sequence[Note],
) -> None:
    placed = sorted((one for one in chosen if one.locator is not None), key=_progression)
    if not placed:
        if known is not None:
            layers.remove_layer(unit, known.id)
        return
    blocks = {one.id.hex: _block(one, order, book) for one, order in zip(placed, spread(len(placed)), strict=True)}
    layers.put_layer(unit, user_id, course, known, book, {key: block.to_json() for key, block in blocks.items()})


def _progression(note: Note) -> float:
    return note.locator.progression if note.locator is not None else 0.0


def _block(note: Note, order: str, book: Mapping[str, str]) -> Block:
    assert note.locator is not None
    place = BookPlace(
        locator=replace(note.locator, edition=note.locator.edition or book["edition"]),
        book_title=book["title"],
        book_author=book["author"],
    )
    if not note.text:
        return PassageBlock(id=note.id.hex, order=order, place=place, text=note.quote)
    return NoteBlock(
        id=note.id.hex, order=order, place=place, text=note.quote, html=from_plain(note.text), color=note.color or ""
    )


def _note(block: Block, row: LayerRow, book_id: UUID) -> Note | None:
    """Return a block of a layer as a note that can be shown beside the reader's own; None for what is no note."""
    if not isinstance(block, NoteBlock | PassageBlock):
        return None
    try:
        note_id = UUID(hex=block.id)
    except ValueError:
        return None
    words = to_plain(block.html) if isinstance(block, NoteBlock) else ""
    return Note(
        id=note_id,
        content_id=book_id,
        type=NoteType.COMMENT if words else NoteType.HIGHLIGHT,
        text=words,
        locator=block.place.locator,
        color=None,
        edition=block.place.locator.edition,
        created_at=datetime.min,
        updated_at=datetime.min,
        attributes={"course": row.course},
    )
