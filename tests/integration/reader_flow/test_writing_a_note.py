"""Every word that is typed into a note is on the disk, whatever else happens to the note meanwhile."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton

from tests.integration.reader_flow.conftest import Window

pytestmark = pytest.mark.web


def statement(window: Window, sql: str) -> None:
    window.library._core.write(lambda unit: unit.connection.exec_driver_sql(sql))


def test_a_note_that_is_opened_again_at_once_has_what_was_typed(window: Window) -> None:
    window.begin_note()
    window.type("abc")
    window.leave_note()
    window.reader.do("note")
    window.type("def")
    window.leave_note()
    window.wait(lambda: window.words() == ["abcdef"])


def test_words_that_came_from_elsewhere_stay_beside_those_that_are_typed(window: Window) -> None:
    window.begin_note()
    window.type("Mine")
    window.wait(lambda: window.words() == ["Mine"])
    window.library.notes.edit(window.notes()[0].id, text="Theirs\nMine")
    window.type(" and more")
    window.wait(lambda: window.words() == ["Theirs\nMine and more"])
    window.wait(lambda: window.editor.text.toPlainText() == "Theirs\nMine and more")
    window.type(".")
    window.leave_note()
    window.wait(lambda: window.words() == ["Theirs\nMine and more."])


def test_a_note_that_is_deleted_elsewhere_while_it_is_written_is_there_again(window: Window) -> None:
    window.begin_note()
    window.type("abc")
    window.wait(lambda: window.words() == ["abc"])
    window.library.notes.delete(window.notes()[0].id)
    window.type("def")
    window.leave_note()
    window.wait(lambda: window.words() == ["abcdef"])


@pytest.mark.parametrize("place", ["editor", "list"])
def test_undo_of_a_deletion_brings_back_what_was_typed_last(window: Window, place: str) -> None:
    window.begin_note()
    window.type("abc")
    window.wait(lambda: window.words() == ["abc"])
    window.wait(lambda: window.reader.notes_panel.model.rowCount() == 1)
    window.type("def")
    if place == "list":
        window.reader.notes_panel.deleted.emit(window.notes()[0])
    else:
        delete = next(one for one in window.editor.findChildren(QAbstractButton) if "Delete" in one.accessibleName())
        delete.click()
    window.wait(lambda: window.words() == [])
    assert not window.editor.isVisible()
    window.wait(window.window.toasts.toasts)
    window.window.toasts.toasts()[-1].undone.emit()
    window.wait(lambda: window.words() == ["abcdef"])


def test_a_note_that_is_only_looked_at_stays_as_it_is_to_the_letter(window: Window) -> None:
    words = "Vraiment\u00a0?\r\nOui\u00a0!"
    window.select()
    window.reader.do("highlight")
    window.wait(window.notes)
    note = window.library.notes.edit(window.notes()[0].id, text=words)
    window.wait(lambda: [one.text for one in window.reader.notes_panel.model.notes] == [words])
    window.reader.notes_panel.edited.emit(note)
    assert window.editor.isVisible()
    window.leave_note()
    window.reader.notes_panel.edited.emit(note)
    window.type(" Bien.")
    window.leave_note()
    window.wait(lambda: window.words()[0].endswith("Bien."))
    assert window.words() == ["Vraiment\u00a0?\nOui\u00a0! Bien."]
    assert window.library.notes.get(note.id).updated_at > note.updated_at


@pytest.mark.noisy
def test_words_that_could_not_be_written_are_written_with_the_next(window: Window) -> None:
    window.begin_note()
    statement(window, "CREATE TRIGGER full BEFORE UPDATE ON user_notes BEGIN SELECT RAISE(ABORT, 'full'); END")
    window.type("abc")
    window.wait(window.window.banner.isVisible)
    statement(window, "DROP TRIGGER full")
    assert window.words() == [""]
    window.leave_note()
    window.wait(lambda: window.words() == ["abc"])
