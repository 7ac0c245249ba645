"""A teacher gives notes in the window; in a student's window they lie over the book, beside the student's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, update

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.unit_of_work import UnitOfWork
from alexandria_desktop.ui.courses.give_dialog import GiveDialog
from alexandria_desktop.ui.reader.surface import LAYER
from alexandria_desktop.ui.session import Session
from sync.schema.ids import uuid7
from sync.schema.tables import table
from tests.support.epubs import make_epub
from tests.support.pdfs import make_pdf

pytestmark = pytest.mark.web

PATIENCE = 20_000
WORDS = "On a grey morning he came and spoke. Call me Ishmael, he said, and looked out over the sea."


class Desk:
    def __init__(self, qapp: QApplication, qtbot: QtBot, folder: Path, *, as_pdf: bool = False) -> None:
        self._qtbot = qtbot
        self.library = Library.open(folder / "library", vectors="numpy")
        if as_pdf:
            path = make_pdf(folder / "book.pdf", [WORDS.replace(". ", ".\n")])
        else:
            path = make_epub(folder / "book.epub", [("Loomings", f"<p>{WORDS}</p>")], title="Moby-Dick")
        found = self.library.import_paths([path])[0].book_id
        assert found is not None
        self.book: UUID = found
        find = self.library.notes.find_quote
        self.given = self.library.notes.add(found, find(found, "Call me Ishmael"), text="Note the rhythm.").id
        self.kept = self.library.notes.add(found, find(found, "the sea"), color="green").id
        self.course = self.library.authoring.make_course("Whales")
        self.session = Session(qapp, self.library)
        self.session.start()
        self.window, self.reader = self.session.window, self.session.window.reader
        self.window.resize(1100, 720)
        with qtbot.waitSignal(self.window.book_shown, timeout=PATIENCE):
            self.window.open_book(found)

    def wait(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def become_student(self) -> None:
        """Let the course and its layer be another's, as a sync brings them to somebody who takes the course."""

        def write(unit: UnitOfWork) -> None:
            items, me = table("content_items"), self.library._core.identity.user_id
            of_course = items.c.content_type.in_(("course", "lesson"))
            unit.connection.execute(update(items).where(of_course).values(creator_id=uuid7()))
            row = {"id": uuid7(), "user_id": me, "course_id": self.course, "role": "student", "status": "active"}
            unit.connection.execute(insert(table("course_enrollments")).values(row))
            unit.remove("user_notes", self.given)
            unit.touch("course_enrollments", self.course)

        self.library._core.write(write)

    def inks(self) -> list[int]:
        """Return the numbers of the inks on the page."""
        return [ink.number for ink in self.reader.surface._inks]  # type: ignore[union-attr]


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(qapp, qtbot, tmp_path)
    yield found
    found.window.close()
    found.session.close()


def test_notes_are_given_in_one_window_and_lie_over_the_book_in_another(desk: Desk) -> None:
    panel = desk.reader.notes_panel
    desk.reader.do("notes")
    desk.wait(panel.give.isVisible)
    assert not panel.whose.isVisible()
    panel.give.click()
    (dialog,) = desk.window.findChildren(GiveDialog)
    desk.wait(lambda: dialog.courses.count() == 1)
    assert not dialog.give_button.isEnabled(), "nothing of one's own is given unless one says so"
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert dialog.give_button.text() == "Give 1 note"
    dialog.give_button.click()
    desk.wait(lambda: desk.library.layers.given(desk.course, desk.book) == {desk.given})
    assert not panel.whose.isVisible(), "what one gives does not lie over one's own"
    desk.become_student()
    desk.wait(panel.whose.isVisible)
    desk.wait(lambda: sorted(desk.inks()) == [2, LAYER])
    assert [note.quote for note in panel.model.notes] == ["the sea"]
    assert [(note.quote, note.text) for note in panel.layers_model.notes] == [("Call me Ishmael", "Note the rhythm.")]


def test_a_mark_of_the_teachers_opens_the_note_which_cannot_be_changed(desk: Desk) -> None:
    desk.library.layers.give(desk.course, desk.book, [desk.given])
    desk.become_student()
    desk.wait(lambda: desk.inks() and LAYER in desk.inks())
    desk.reader.marking.on_note_clicked(str(desk.given))
    panel = desk.reader.notes_panel
    desk.wait(panel.layers_view.isVisible)
    current = panel.current()
    assert current is not None
    assert current.text == "Note the rhythm."
    edited: list[object] = []
    panel.edited.connect(edited.append)
    panel.deleted.connect(edited.append)
    for key in (Qt.Key.Key_E, Qt.Key.Key_Delete):
        QTest.keyClick(panel, key)
    assert edited == []
    assert desk.library.layers_of(desk.book)[0].notes[0].text == "Note the rhythm."


def test_what_teachers_marked_can_be_taken_off_the_page(desk: Desk) -> None:
    desk.library.layers.give(desk.course, desk.book, [desk.given])
    desk.become_student()
    desk.wait(lambda: sorted(desk.inks()) == [2, LAYER])
    desk.reader.notes_panel.on_page.setChecked(False)
    assert desk.inks() == [2]
    desk.reader.notes_panel.on_page.setChecked(True)
    assert sorted(desk.inks()) == [2, LAYER]


def test_over_the_pages_of_a_pdf_a_layer_lies_as_over_a_book(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(qapp, qtbot, tmp_path, as_pdf=True)
    desk.library.layers.give(desk.course, desk.book, [desk.given])
    desk.become_student()
    desk.wait(lambda: sorted(desk.inks()) == [2, LAYER])
    assert [(note.quote, note.text) for note in desk.reader.notes_panel.layers_model.notes] == [
        ("Call me Ishmael", "Note the rhythm.")
    ]
    desk.window.close()
    desk.session.close()
