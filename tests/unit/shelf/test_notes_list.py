"""Notes stand under their books, the newest first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from alexandria_desktop.store.notes import Note, NoteType
from alexandria_desktop.ui.shelf.grouped_list import GroupedModel
from alexandria_desktop.ui.shelf.notes_list import GONE, LOST, NoteLine, grouped
from tests.support.library import place
from tests.unit.shelf.test_filtering import a_book

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MOBY, EMMA = a_book("Moby Dick"), a_book("Emma")
BOOKS = {MOBY.id: MOBY, EMMA.id: EMMA}


def a_note(book: UUID, minutes: int, text: str = "", *, placed: bool = True) -> Note:
    when = NOW + timedelta(minutes=minutes)
    return Note(uuid4(), book, NoteType.COMMENT, text, place("x"), "yellow", None, when, when, placed=placed)


NOTES = [a_note(EMMA.id, 9, "vanity"), a_note(MOBY.id, 8, "hubris"), a_note(EMMA.id, 1, "Box Hill")]


def test_the_book_with_the_newest_note_comes_first() -> None:
    lines = grouped(NOTES, BOOKS)
    assert [line.note.text if line.note else line.title for line in lines] == [
        "Emma",
        "vanity",
        "Box Hill",
        "Moby Dick",
        "hubris",
    ]


def test_words_are_looked_for_in_note_quote_and_title() -> None:
    assert [line.note.text for line in grouped(NOTES, BOOKS, "hill emma") if line.note] == ["Box Hill"]
    assert len([line for line in grouped(NOTES, BOOKS, "ishmael") if line.note]) == 3
    assert grouped(NOTES, BOOKS, "nothing of the kind") == []


def test_a_note_outlives_its_book() -> None:
    assert grouped(NOTES[:1], {})[0].title == GONE


def test_a_note_without_a_place_says_so_to_the_ear(qapp: object) -> None:
    model: GroupedModel[NoteLine] = GroupedModel()
    model.show(grouped([a_note(EMMA.id, 0, "vanity", placed=False)], BOOKS))
    assert LOST in str(model.index(1).data())
