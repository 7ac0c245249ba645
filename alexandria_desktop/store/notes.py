"""Notes and highlights: made, changed, deleted, brought back, and placed in other editions of their book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
)

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.places import place_of
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.places.locator import Locator
from sync.schema.tables import table


class NoteType(StrEnum):
    """The kinds of note."""

    HIGHLIGHT = "highlight"
    COMMENT = "comment"
    QUESTION = "question"
    GENERAL = "general"
    BOOKMARK = "bookmark"


class Keep(StrEnum):
    """Says that a field stays as it is."""

    AS_IS = "as-is"


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the reader's."""

    id: UUID
    content_id: UUID
    type: NoteType
    text: str
    locator: Locator | None
    """Where it is in the edition that is read now, or, where it could not be found there, where it was made."""
    color: str | None
    edition: str | None
    """The edition it was made in."""
    created_at: datetime
    updated_at: datetime
    placed: bool = True
    """Whether ``locator`` counts in the edition that is read now."""
    deleted: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def quote(self) -> str:
        """The marked words."""
        return self.locator.quote.exact if self.locator is not None and self.locator.quote is not None else ""


def add_note(
    unit: UnitOfWork,
    user_id: UUID,
    content_id: UUID,
    *,
    type: NoteType = NoteType.GENERAL,
    text: str = "",
    locator: Locator | None = None,
    color: str | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> Note:
    """Write a note; it is on the disk when the transaction returns."""
    note_id = unit.insert(
        "user_notes",
        {
            "user_id": user_id,
            "content_id": content_id,
            "note_type": type.value,
            "note_text": text,
            "location_data": locator.to_json() if locator is not None else None,
            "edition": locator.edition or None if locator is not None else None,
            "color": color,
            "attributes_json": dict(attributes or {}),
        },
    )
    return get_note(unit.connection, note_id)


def edit_note(
    unit: UnitOfWork,
    note_id: UUID,
    *,
    text: str | Keep = Keep.AS_IS,
    type: NoteType | Keep = Keep.AS_IS,
    color: str | Keep | None = Keep.AS_IS,
    locator: Locator | Keep = Keep.AS_IS,
    attributes: Mapping[str, Any] | Keep = Keep.AS_IS,
) -> Note:
    """Change a note; raises ReaderError(note.unknown)."""
    given: dict[str, Any] = {
        "note_text": text,
        "note_type": type if isinstance(type, Keep) else type.value,
        "color": color,
        "attributes_json": attributes if isinstance(attributes, Keep) else dict(attributes),
    }
    changes = {column: value for column, value in given.items() if not isinstance(value, Keep)}
    if not isinstance(locator, Keep):
        changes |= {"location_data": locator.to_json(), "edition": locator.edition or None}
    if not unit.update("user_notes", note_id, changes):
        raise _unknown(note_id)
    return get_note(unit.connection, note_id)


def write_words(unit: UnitOfWork, note_id: UUID, words: str, *, seen: str) -> Note:
    """Write the words of a note that had the words ``seen`` when they were changed; raises ReaderError(note.unknown).

    What came from elsewhere meanwhile is kept with them, and a note that was deleted elsewhere is there again.
    """
    known = get_note(unit.connection, note_id)
    if known.text not in (seen, words):
        from sync.merge.text import merge_texts  # hardly ever wanted

        words, _ = merge_texts(seen, words, known.text)
    if known.deleted:
        unit.bring_back("user_notes", note_id)
    kind: NoteType | Keep = Keep.AS_IS
    if known.type in (NoteType.HIGHLIGHT, NoteType.COMMENT):
        kind = NoteType.COMMENT if words else NoteType.HIGHLIGHT
    return edit_note(unit, note_id, text=words, type=kind)


def move_note(unit: UnitOfWork, note_id: UUID, locator: Locator) -> Note:
    """Put a note on other words; where the former ones were found in editions counts no longer."""
    placements = table("note_placements")
    unit.connection.execute(delete(placements).where(placements.c.note_id == note_id))
    unit.touch("note_placements", note_id)
    return edit_note(unit, note_id, locator=locator)


def delete_note(unit: UnitOfWork, note_id: UUID) -> None:
    """Delete a note; ``undelete_note`` undoes it."""
    if not unit.remove("user_notes", note_id):
        raise _unknown(note_id)


def undelete_note(unit: UnitOfWork, note_id: UUID) -> Note:
    """Bring a deleted note back."""
    if not unit.bring_back("user_notes", note_id):
        raise _unknown(note_id)
    return get_note(unit.connection, note_id)


def get_note(connection: Connection, note_id: UUID) -> Note:
    """Return a note, deleted or not; raises ReaderError(note.unknown)."""
    found = connection.execute(_query().where(table("user_notes").c.id == note_id)).first()
    if found is None:
        raise _unknown(note_id)
    return _note(found)


def notes_of(connection: Connection, user_id: UUID, content_id: UUID) -> list[Note]:
    """Return the reader's notes on a book, oldest first."""
    notes = table("user_notes")
    query = _query().where(notes.c.user_id == user_id, notes.c.content_id == content_id, notes.c.deleted_at.is_(None))
    return [_note(found) for found in connection.execute(query.order_by(notes.c.created_at, notes.c.id))]


def all_notes(connection: Connection, user_id: UUID, *, limit: int | None = None) -> list[Note]:
    """Return all of the reader's notes on books, the latest first; those of removed books too."""
    notes = table("user_notes")
    query = _query().where(notes.c.user_id == user_id, notes.c.deleted_at.is_(None), _on_a_book())
    return [
        _note(found)
        for found in connection.execute(query.order_by(notes.c.created_at.desc(), notes.c.id.desc()).limit(limit))
    ]


def count_notes(connection: Connection, user_id: UUID) -> int:
    """Return how many notes on books the reader has."""
    notes, items = table("user_notes"), table("content_items")
    chosen = (
        select(func.count())
        .select_from(notes.join(items, items.c.id == notes.c.content_id, isouter=True))
        .where(notes.c.user_id == user_id, notes.c.deleted_at.is_(None), _on_a_book())
    )
    return int(connection.execute(chosen).scalar_one())


def needing_placement(connection: Connection, user_id: UUID, content_id: UUID) -> list[Note]:
    """Return the notes made in another edition that nobody has looked for in the present one yet.

    One that was not found is worth another look once it was changed: somebody may have put it on other words elsewhere.
    """
    notes, items, placements = table("user_notes"), table("content_items"), table("note_placements")
    query = _query().where(
        notes.c.user_id == user_id,
        notes.c.content_id == content_id,
        notes.c.deleted_at.is_(None),
        _home() != items.c.edition,
        or_(placements.c.note_id.is_(None), and_(~placements.c.placed, placements.c.placed_at < notes.c.updated_at)),
    )
    return [_note(found) for found in connection.execute(query)]


def set_placement(
    unit: UnitOfWork, note_id: UUID, edition: str, locator: Locator | None, *, score: float, method: str = ""
) -> None:
    """Keep where a note was found in an edition, or with None that it was not."""
    placements = table("note_placements")
    unit.connection.execute(delete(placements).where(placements.c.note_id == note_id, placements.c.edition == edition))
    unit.connection.execute(
        insert(placements).values(
            note_id=note_id,
            edition=edition,
            placed=locator is not None,
            locator_json=locator.to_json() if locator is not None else None,
            score=score,
            method=method,
            placed_at=unit.now,
        )
    )
    unit.touch("note_placements", note_id)


def _on_a_book() -> ColumnElement[bool]:
    # A teacher's notes on a lesson stand beside the lesson. A note whose item never came is one on a book.
    items = table("content_items")
    return or_(items.c.content_type.is_(None), items.c.content_type.not_in(("course", "lesson", "assessment")))


def _query() -> Select[Any]:
    notes, items, placements = table("user_notes"), table("content_items"), table("note_placements")
    return select(
        notes,
        _home().label("home"),
        items.c.edition.label("current_edition"),
        placements.c.placed,
        placements.c.locator_json,
    ).select_from(
        notes.join(items, items.c.id == notes.c.content_id, isouter=True).join(
            placements,
            and_(placements.c.note_id == notes.c.id, placements.c.edition == items.c.edition),
            isouter=True,
        )
    )


def _home() -> ColumnElement[str | None]:
    """Return the edition that a note's place counts in: by the place itself, which is merged as one value.

    Where two devices put a note elsewhere at once, the column beside it may be the other's.
    """
    notes = table("user_notes")
    return func.coalesce(type_coerce(notes.c.location_data, JSON)["edition"].as_string(), notes.c.edition)


def _note(found: Row[Any]) -> Note:
    at_home = found.home is None or found.current_edition is None or found.home == found.current_edition
    placed = at_home or bool(found.placed)
    place = found.location_data if at_home or not placed else found.locator_json
    return Note(
        id=found.id,
        content_id=found.content_id,
        type=NoteType(found.note_type),
        text=found.note_text,
        locator=place_of(place) if place else None,
        color=found.color,
        edition=found.home,
        created_at=found.created_at,
        updated_at=found.updated_at,
        placed=placed,
        deleted=found.deleted_at is not None,
        attributes=found.attributes_json,
    )


def _unknown(note_id: UUID) -> ReaderError:
    return ReaderError(Code.NOTE_UNKNOWN, "There is no such note in the library.", detail=str(note_id))
