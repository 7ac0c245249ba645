"""A transaction says what it changed, and the outbox learns of it in the same commit."""

from __future__ import annotations

from uuid import UUID

import pytest

from alexandria_desktop.base.errors import Code, ProgramError
from alexandria_desktop.store import notes, outbox, positions
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.database import Database
from alexandria_desktop.store.outbox import Pending
from alexandria_desktop.store.unit_of_work import UnitOfWork
from sync.schema.ids import uuid7
from tests.support.library import StillClock, place


def waiting(database: Database, row_id: UUID) -> list[Pending]:
    with database.reading() as connection:
        return [entry for entry in outbox.pending(connection) if entry.row_id == row_id]


def sent(database: Database, revision: int = 7) -> None:
    """Do what the sync engine does when the server has everything."""

    def forget(unit: UnitOfWork) -> None:
        unit.connection.exec_driver_sql("DELETE FROM outbox")
        unit.connection.exec_driver_sql("UPDATE user_notes SET revision = ?", (revision,))

    database.write(forget)


@pytest.fixture
def note(database: Database, reader: UUID, book: UUID) -> notes.Note:
    return database.write(notes.add_note, reader, book, text="one", color="yellow").value


def test_a_write_says_what_it_changed(database: Database, reader: UUID, book: UUID) -> None:
    written = database.write(notes.add_note, reader, book, text="one")
    assert written.changes == Changes.of({"user_notes": [written.value.id]})
    assert written.changes.touches("user_notes", "books")
    assert not written.changes.touches("books")


def test_changes_can_be_joined(note: notes.Note) -> None:
    other = uuid7()
    joined = Changes.of({"user_notes": [note.id]}) | Changes.of({"user_notes": [other], "books": [other]})
    assert joined == Changes.of({"user_notes": [note.id, other], "books": [other]})
    assert not Changes()


def test_a_new_row_waits_whole_whatever_is_done_to_it(database: Database, note: notes.Note) -> None:
    database.write(notes.edit_note, note.id, text="two")
    (entry,) = waiting(database, note.id)
    assert (entry.operation, entry.base, entry.base_revision) == ("insert", {}, 0)


def test_a_changed_row_waits_with_what_the_server_knew(database: Database, note: notes.Note, clock: StillClock) -> None:
    sent(database)
    database.write(notes.edit_note, note.id, text="two")
    clock.advance(minutes=1)
    database.write(notes.edit_note, note.id, text="three", color="green")
    (entry,) = waiting(database, note.id)
    assert (entry.operation, entry.base_revision) == ("update", 7)
    assert entry.base == {"note_text": "one", "color": "yellow"}
    assert entry.clocks["note_text"] == entry.clocks["color"] == entry.clock


def test_each_field_keeps_the_time_of_its_own_change(database: Database, note: notes.Note, clock: StillClock) -> None:
    sent(database)
    database.write(notes.edit_note, note.id, text="two")
    clock.advance(minutes=1)
    database.write(notes.edit_note, note.id, color="green")
    (entry,) = waiting(database, note.id)
    assert entry.clocks["note_text"] < entry.clocks["color"]


def test_a_deleted_row_waits_as_deleted_and_a_revived_one_as_revived(database: Database, note: notes.Note) -> None:
    sent(database)
    database.write(notes.delete_note, note.id)
    assert [entry.operation for entry in waiting(database, note.id)] == ["delete"]
    database.write(notes.undelete_note, note.id)
    assert [entry.operation for entry in waiting(database, note.id)] == ["undelete"]


def test_writing_the_same_value_again_tells_nobody(database: Database, note: notes.Note) -> None:
    sent(database)
    written = database.write(notes.edit_note, note.id, text="one", color="yellow")
    assert not written.changes
    assert waiting(database, note.id) == []


def test_turning_pages_leaves_one_entry(database: Database, reader: UUID, book: UUID) -> None:
    sent(database)
    for page in range(20):
        database.write(positions.save_position, reader, book, place("Moby-Dick", page, progression=page / 100))
    with database.reading() as connection:
        (entry,) = outbox.pending(connection)
    assert (entry.table, entry.operation) == ("user_libraries", "update")
    assert entry.base["current_position"] is None


@pytest.mark.parametrize(("origin", "told"), [("device", 0), ("server", 1)])
def test_what_a_device_computed_stays_on_it(
    database: Database, reader: UUID, book: UUID, origin: str, told: int
) -> None:
    relation = {
        "source_content_id": book,
        "target_content_id": uuid7(),
        "relationship_type": "related",
        "relationship_strength": 0.5,
        "origin": origin,
    }
    row_id = database.write(lambda unit: unit.insert("content_relationships", relation)).value
    database.write(lambda unit: unit.update("content_relationships", row_id, {"relationship_strength": 0.9}))
    assert len(waiting(database, row_id)) == told


def test_faults_wait_for_the_readers_consent(database: Database) -> None:
    fault = {"error_type": "KeyError", "error_message": "x"}
    row_id = database.write(lambda unit: unit.insert("error_logs", fault)).value
    assert waiting(database, row_id) == []


def test_an_update_never_makes_a_row(database: Database) -> None:
    missing = uuid7()
    assert database.write(lambda unit: unit.update("user_notes", missing, {"note_text": "ghost"})).value is False
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM user_notes").scalar() == 0


def test_what_is_told_to_the_server_cannot_be_erased(database: Database, note: notes.Note) -> None:
    with pytest.raises(ProgramError) as raised:
        database.write(lambda unit: unit.erase("user_notes", note.id))
    assert raised.value.code is Code.PROGRAM


def test_a_row_that_is_there_already_is_a_conflict(database: Database, reader: UUID, book: UUID) -> None:
    note_id = uuid7()
    row = {"id": note_id, "user_id": reader, "content_id": book, "note_text": "one"}
    database.write(lambda unit: unit.insert("user_notes", row))
    with pytest.raises(ProgramError) as raised:
        database.write(lambda unit: unit.insert("user_notes", row))
    assert raised.value.code is Code.STORE_CONFLICT


def test_a_clock_that_is_set_back_does_not_reorder_changes(
    database: Database, note: notes.Note, clock: StillClock
) -> None:
    first = database.write(lambda unit: unit.clock_reading()).value
    clock.advance(days=-1)
    assert database.write(lambda unit: unit.clock_reading()).value > first
