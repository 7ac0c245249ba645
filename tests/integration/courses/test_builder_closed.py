"""The program is closed while somebody builds a course: what was typed until then is there, in every field."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from alexandria_desktop.ui.session import Session
from tests.support.desk import Desk


def test_what_was_typed_in_two_fields_is_there_although_the_program_is_closed_at_once(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    root = tmp_path / "library"
    session = Session(qapp, Library.open(root, vectors="numpy"))
    desk = Desk(session, qtbot)
    desk.go(1)
    desk.end_the_title_with("!")
    field = desk.editors()[0].findChild(RichEdit)
    assert field is not None
    QTest.keyClicks(field, "Typed ")
    assert not desk.screen.writing.is_at_rest
    first = desk.first
    session.close()
    with Library.open(root, vectors="numpy") as library:
        lesson = library.courses.lesson(first)
        assert lesson.title == "First!"
        assert "Typed" in getattr(lesson.blocks[0], "html", "")
