"""The sheet of proposals: asked, read, ticked or thrown away by key, taken as one step, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.courses.builder.screen import BuilderScreen
from alexandria_desktop.ui.courses.proposing.lines import Decision, Kind
from alexandria_desktop.ui.courses.proposing.sheet import ProposalSheet
from alexandria_desktop.ui.session import Session
from tests.support.bees import bee_book

QUEEN, HONEY = "Explain how the queen rules the hive", "Describe how honey is ripened and stored"
PATIENCE = 20_000


class Desk:
    """The builder open on a course about bees, its sheet of proposals shown."""

    def __init__(self, session: Session, qtbot: QtBot, *objectives: str) -> None:
        self.session, self.library, self.qtbot = session, session.library, qtbot
        self.course = self.library.authoring.make_course("Bees")
        self.library.authoring.change_course(self.course, objectives=objectives)
        session.window.resize(1280, 800)
        session.window.show()
        session.window.build_course(self.course)
        self.screen: BuilderScreen = session.window.courses.builder
        qtbot.waitUntil(lambda: self.screen.opened.read is not None, timeout=PATIENCE)
        self.screen.do("propose")
        found = self.screen.proposing.sheet
        assert found is not None
        self.sheet: ProposalSheet = found
        qtbot.waitUntil(lambda: self.sheet.form.books.count() > 0, timeout=PATIENCE)

    def propose(self) -> None:
        self.sheet.form.books.item(0).setCheckState(Qt.CheckState.Checked)
        self.sheet.form.minutes.setValue(5)
        self.sheet.form.questions.setValue(2)
        self.sheet.form.go.click()

    def proposed(self) -> None:
        self.propose()
        self.becomes(lambda: self.sheet.list.count() > 0, True)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.sheet.list, key, modifier)

    def becomes(self, look: Callable[[], object], wanted: object) -> None:
        self.qtbot.waitUntil(lambda: look() == wanted, timeout=PATIENCE)

    def titles(self) -> list[str]:
        return [one.title for one in self.library.courses.document(self.course).lessons]


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> Iterator[Session]:
    library = Library.open(tmp_path / "library", vectors="numpy")
    library.import_paths([bee_book(tmp_path / "bees.epub")])
    opened = Session(qapp, library)
    yield opened
    opened.close()


@pytest.fixture
def desk(session: Session, qtbot: QtBot) -> Desk:
    return Desk(session, qtbot, QUEEN, HONEY)


def test_the_objectives_of_the_course_are_there_already(desk: Desk) -> None:
    assert desk.sheet.form.goals() == (QUEEN, HONEY)


def test_books_are_found_as_one_types(desk: Desk) -> None:
    QTest.keyClicks(desk.sheet.form.field, "moby")
    assert desk.sheet.form.books.item(0).isHidden()
    desk.sheet.form.field.clear()
    QTest.keyClicks(desk.sheet.form.field, "wax ada")
    assert not desk.sheet.form.books.item(0).isHidden()


def test_what_is_missing_is_said_before_one_can_go_on(desk: Desk) -> None:
    desk.sheet.form.books.item(0).setCheckState(Qt.CheckState.Unchecked)
    desk.sheet.form.objectives.clear()
    assert (desk.sheet.form.go.isEnabled(), desk.sheet.form.hint.text()) == (False, "Choose a book and an objective.")


def test_a_ticks_delete_throws_away_and_the_list_says_so(desk: Desk) -> None:
    desk.proposed()
    lines = desk.sheet.list
    row = lines.currentRow()
    desk.press(Qt.Key.Key_A)
    desk.press(Qt.Key.Key_Delete)
    assert [lines.item(row).text().split(".")[0], lines.item(row + 1).text().split(".")[0]] == [
        "Ticked",
        "Thrown away",
    ]
    assert lines.currentRow() == row + 2
    assert desk.sheet.said.text().startswith("1 of ")


def test_a_lesson_is_decided_with_all_that_it_holds(desk: Desk) -> None:
    desk.proposed()
    lines = desk.sheet.list
    lines.setCurrentRow(next(row for row in range(lines.count()) if lines._lines[row].kind is Kind.LESSON))
    lesson = lines.current_line()
    assert lesson is not None
    desk.press(Qt.Key.Key_Space)
    assert lines.decision(lesson) is Decision.TAKEN
    assert lines.taken == {one.id for one in lines._held(lesson)}


def test_what_is_ticked_is_taken_as_one_step(desk: Desk) -> None:
    desk.proposed()
    wanted = [line.title.split(". ", 1)[1] for line in desk.sheet.list._lines if line.kind is Kind.LESSON]
    desk.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    desk.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.becomes(desk.titles, wanted)
    desk.becomes(lambda: desk.screen.proposing.is_shown, False)
    desk.screen.do("undo-change")
    desk.becomes(desk.titles, [])
    desk.screen.do("redo-change")
    desk.becomes(desk.titles, wanted)


def test_what_is_thrown_away_is_not_taken(desk: Desk) -> None:
    desk.proposed()
    thrown = desk.sheet.list.current_line()
    assert thrown is not None
    desk.press(Qt.Key.Key_Delete)
    desk.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert thrown.id not in desk.sheet.list.taken
    assert len(desk.sheet.list.taken) > 0


def test_an_objective_of_which_nothing_is_found_is_named_with_the_reason(session: Session, qtbot: QtBot) -> None:
    desk = Desk(session, qtbot, HONEY, "Describe the taxation of submarines")
    desk.proposed()
    first = desk.sheet.list._lines[0]
    assert first.kind is Kind.UNMET
    assert first.title == "Nothing found: Describe the taxation of submarines"
    assert "stands in the chosen books" in first.about


def test_nothing_at_all_is_a_state_of_its_own(session: Session, qtbot: QtBot) -> None:
    desk = Desk(session, qtbot, "Describe the taxation of submarines")
    desk.propose()
    desk.becomes(lambda: desk.sheet.stack.currentWidget() is desk.sheet.nothing, True)
    desk.sheet.nothing.button.click()
    assert desk.sheet.stack.currentWidget() is desk.sheet.form


def test_escape_stops_the_work_and_then_leaves(desk: Desk) -> None:
    desk.propose()
    QTest.keyClick(desk.sheet, Qt.Key.Key_Escape)
    assert desk.sheet.stack.currentWidget() is desk.sheet.form
    QTest.keyClick(desk.sheet, Qt.Key.Key_Escape)
    assert not desk.screen.proposing.is_shown
    desk.session.tasks.wait()
    QApplication.processEvents()
    assert desk.sheet.list.count() == 0


@pytest.mark.web
def test_what_was_proposed_is_still_there_after_a_look_into_the_book(desk: Desk) -> None:
    desk.proposed()
    desk.press(Qt.Key.Key_A)
    taken = desk.sheet.list.taken
    window = desk.session.window
    with desk.qtbot.waitSignal(window.book_shown, timeout=30_000):
        desk.press(Qt.Key.Key_Return)
    window.reader.left.emit()
    desk.becomes(window.stack.currentWidget, desk.screen)
    assert desk.screen.proposing.is_shown
    assert desk.sheet.list.taken == taken
