"""The first five minutes: an empty library, the sample book, a tour that may be skipped, books found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.library.sample import TITLE
from alexandria_desktop.ui.reader.first_steps import SEEN, STEPS, FirstSteps
from alexandria_desktop.ui.session import Session
from tests.support.calibre import Shelved, make_calibre
from tests.support.epubs import novel, prose

pytestmark = pytest.mark.web

PATIENCE = 20_000


class Newcomer:
    """Runs of the program by somebody who never saw it."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, root: Path) -> None:
        self._qapp = qapp
        self._qtbot = qtbot
        self._root = root
        self.begin()

    def begin(self) -> None:
        self.session = Session(self._qapp, Library.open(self._root))
        self.window = self.session.window
        self.window.receive_newcomer()
        self.session.start()
        self.window.resize(1100, 760)

    def end(self) -> None:
        self.window.close()
        self.session.close()

    def wait(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    @property
    def steps(self) -> FirstSteps:
        return self.window.reader.steps

    @property
    def heading(self) -> str:
        callout = self.steps.callout
        return callout.heading.text() if callout is not None and callout.isVisible() else ""

    def press(self, key: Qt.Key) -> None:
        surface = self.window.reader.surface
        assert surface is not None
        target = surface.widget().focusProxy() or surface.widget()
        QTest.keyClick(target, key)

    def open_sample(self) -> None:
        with self._qtbot.waitSignal(self.window.book_shown, timeout=PATIENCE):
            self.window.do("sample")


@pytest.fixture
def newcomer(home: Path, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Newcomer]:
    run = Newcomer(qapp, qtbot, tmp_path / "library")
    yield run
    run.end()


def test_the_tour_stands_over_the_first_book_goes_on_by_doing_and_stays_away(newcomer: Newcomer, qtbot: QtBot) -> None:
    welcome = newcomer.window.shelf.books.welcome
    newcomer.wait(welcome.isVisible)
    assert newcomer.window.focusWidget() is welcome.button  # Enter imports, Tab goes to the sample
    with qtbot.waitSignal(newcomer.window.book_shown, timeout=PATIENCE):
        qtbot.mouseClick(welcome.sample, Qt.MouseButton.LeftButton)
    assert newcomer.window.reader.title == TITLE
    newcomer.wait(lambda: newcomer.heading == STEPS[0].heading)
    newcomer.window.reader.do("forward")
    assert newcomer.heading == STEPS[1].heading
    newcomer.window.reader.do("step-back")
    assert newcomer.heading == ""
    assert newcomer.window.reader.surface is not None  # the page stays: Esc has ended the tour and nothing else
    newcomer.wait(lambda: newcomer.session.library.settings().get(SEEN))
    newcomer.end()
    newcomer.begin()
    newcomer.open_sample()
    newcomer.session.tasks.wait()
    QApplication.processEvents()
    assert newcomer.heading == ""


def test_the_tour_is_taken_again_when_it_is_asked_for_and_by_keys_alone(newcomer: Newcomer) -> None:
    newcomer.window.do("take-tour")
    newcomer.wait(lambda: newcomer.heading == STEPS[0].heading)
    for step in STEPS[1:]:
        newcomer.press(Qt.Key.Key_Return)
        newcomer.wait(lambda meant=step: newcomer.heading == meant.heading)
    newcomer.press(Qt.Key.Key_Return)
    newcomer.wait(lambda: newcomer.heading == "")
    newcomer.window.do("take-tour")
    assert newcomer.heading == STEPS[0].heading
    newcomer.press(Qt.Key.Key_Escape)
    newcomer.wait(lambda: newcomer.heading == "")
    assert newcomer.window.reader.surface is not None


def test_each_callout_is_whole_and_points_at_the_real_part(newcomer: Newcomer, qtbot: QtBot) -> None:
    newcomer.open_sample()
    newcomer.steps.begin()
    callout, screen = newcomer.steps.callout, newcomer.window.reader
    assert callout is not None
    for step in STEPS:
        newcomer.wait(lambda meant=step: newcomer.heading == meant.heading)
        assert screen.rect().contains(callout.geometry())
        assert callout.words.height() >= callout.words.heightForWidth(callout.words.width())
        assert not callout.geometry().intersects(callout.ring.geometry())
        if step.part != "edge":
            button = screen.top.part_of(step.part)
            assert callout.ring.geometry().contains(button.mapTo(screen, button.rect().center()))
        qtbot.mouseClick(callout.next, Qt.MouseButton.LeftButton)
    assert newcomer.heading == ""


def test_an_import_that_begins_at_once_is_not_taken_for_one_that_was_cut_off(
    newcomer: Newcomer, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "books"
    for number in range(3):
        novel(folder / f"{number}.epub", seed=number, title=f"Book {number}")
    window = newcomer.window
    with qtbot.waitSignal(window.importing.progressed, timeout=PATIENCE):
        window.import_files([str(folder)])
    window._settle_in()  # as the clock does a second after the start
    newcomer.wait(lambda: not window.importing.is_on)
    assert [toast.accessibleName() for toast in window.toasts.toasts()] == ["3 added."]


def test_a_found_calibre_library_and_clippings_come_in_and_say_what_became_of_them(
    newcomer: Newcomer, home: Path, qtbot: QtBot
) -> None:
    folder = make_calibre(home / "Calibre Library", Shelved("Emma", ("Jane Austen",)))
    quote = " ".join(prose(1).split()[:20])
    clippings = home / "Documents" / "My Clippings.txt"
    clippings.parent.mkdir()
    clippings.write_text(
        f"Emma (Austen, Jane)\n- Your Highlight on Location 1-2\n\n{quote}\n==========\n"
        f"Persuasion (Austen, Jane)\n- Your Highlight on Location 1-2\n\nYou pierce my soul.\n==========\n"
    )
    found = newcomer.window.shelf.books.welcome.found
    newcomer.wait(lambda: found.cancel is None)
    found.look()
    newcomer.wait(lambda: len(found.rows) == 2)
    assert [row.where.text() for row in found.rows] == ["~/Calibre Library", "~/Documents/My Clippings.txt"]
    with qtbot.waitSignal(newcomer.window.importing.ended, timeout=PATIENCE):
        qtbot.mouseClick(found.rows[0].button, Qt.MouseButton.LeftButton)
    newcomer.wait(lambda: [row.title for row in newcomer.session.library.shelf.books()] == ["Emma"])
    with qtbot.waitSignal(newcomer.window.importing.ended, timeout=PATIENCE):
        newcomer.window.import_files([str(clippings)])
    assert newcomer.window.banner.isVisible()
    said = [label.text() for label in newcomer.window.banner.findChildren(QLabel)]
    assert any("Persuasion (1)" in words for words in said)
    (note,) = newcomer.session.library.notes.all()
    assert (note.quote, note.placed) == (quote, True)
    assert (folder / "metadata.db").exists()
