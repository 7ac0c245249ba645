"""The page about the program in a real window: facts, diagnostics, licences, newer versions, one line at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop import __version__
from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.library import Library
from alexandria_desktop.store import connections
from alexandria_desktop.store.driver import choose_driver
from alexandria_desktop.ui.program import way
from alexandria_desktop.ui.program.page import ProgramPage
from alexandria_desktop.ui.program.refusal import Refusal
from alexandria_desktop.ui.program.updates_card import NO_CHANNEL
from alexandria_desktop.ui.session import Session
from alexandria_desktop.update.channel import CHANNEL_VARIABLE
from alexandria_desktop.update.memory import remember, remembered
from tests.support.mirror import KIND, PROGRAM, Mirror, mirror

PATIENCE = 20_000


class Desk:
    """One run of the window."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, root: Path) -> None:
        self.qtbot = qtbot
        self.session = Session(qapp, Library.open(root, vectors="numpy"))
        self.window = self.session.window
        self.session.start()
        self.window._settling.stop()  # a test says when
        self.window.resize(1280, 800)

    @property
    def page(self) -> ProgramPage:
        return self.window.program.page

    @property
    def line(self) -> str:
        banner = self.window.program.banner
        return banner.accessibleName() if banner.isVisible() else ""

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def morning(self) -> None:
        """Let begin what begins a moment after the start, and wait until it is done."""
        self.window.program.begin()
        self.wait(lambda: self.window.context.tasks.wait(5_000) and remembered().ran == __version__)
        QApplication.processEvents()


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXANDRIA_STATE", str(tmp_path / "state"))
    monkeypatch.delenv(CHANNEL_VARIABLE, raising=False)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    with mirror() as opened:
        now = datetime.now(UTC)
        opened.say(date=now - timedelta(days=1), expires=now + timedelta(days=9))
        file = tmp_path / "channel.json"
        keys = [one.hex() for one in opened.channel.keys]
        file.write_bytes(orjson.dumps({"address": opened.channel.address, "keys": keys}))
        monkeypatch.setenv(CHANNEL_VARIABLE, str(file))
        yield opened


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(qapp, qtbot, tmp_path / "library")
    yield found
    found.session.close()


def test_the_page_says_what_runs_and_gives_diagnostics_to_copy(desk: Desk, tmp_path: Path) -> None:
    desk.window.do("about")
    about = desk.page.about
    desk.wait(about.copy.isEnabled)
    said = [about.facts.itemAt(at).widget().text() for at in range(about.facts.count())]  # type: ignore[union-attr]
    assert about.version.text() == f"Alexandria {__version__}"
    assert str(tmp_path / "library") in said
    assert any(words.startswith("SQLite") for words in said)
    assert any(words.startswith("Chromium") for words in said)
    assert about.updates.said.text() == NO_CHANNEL
    assert not about.updates.automatic.isVisible()
    about.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith(f"Alexandria {__version__}")
    assert str(tmp_path) not in copied


def test_diagnostics_are_copied_from_anywhere(desk: Desk) -> None:
    QGuiApplication.clipboard().clear()
    desk.window.do("diagnostics")
    desk.wait(lambda: QGuiApplication.clipboard().text().startswith(f"Alexandria {__version__}"))
    assert not desk.window.program.is_shown


def test_escape_leads_back_to_where_one_was(desk: Desk) -> None:
    desk.wait(lambda: desk.window.made_shelf is not None and desk.window.made_shelf.isVisible())
    desk.window.do("about")
    assert desk.window.program.is_shown
    desk.qtbot.keyClick(desk.page, Qt.Key.Key_Escape)
    assert desk.window.stack.currentWidget() is desk.window.made_shelf
    desk.window.stack.setCurrentWidget(desk.window.reader)
    desk.window.do("licences")
    desk.qtbot.keyClick(desk.page.licences.list, Qt.Key.Key_Escape)
    assert desk.window.stack.currentWidget() is desk.window.reader


def test_licences_are_searched_by_keys_and_read_beside(desk: Desk) -> None:
    desk.window.do("licences")
    view = desk.page.licences
    desk.wait(lambda: "GNU AFFERO" in view.words.toPlainText())
    everything = view.list.count()
    desk.qtbot.keyClicks(view.search, "lexend")
    desk.wait(lambda: view.list.count() == 1)
    desk.wait(lambda: "SIL Open Font License" in view.words.toPlainText())
    assert "Typeface · OFL-1.1" in view.what.text()
    desk.qtbot.keyClick(view.search, Qt.Key.Key_Escape)
    desk.wait(lambda: view.list.count() == everything)
    desk.qtbot.keyClicks(view.search, "no such part")
    desk.wait(lambda: view.list.count() == 0)
    assert view.name.text() == "Nothing here is called that"


def test_what_is_new_is_read_in_the_window(desk: Desk) -> None:
    desk.window.program.show("changes")
    desk.wait(lambda: "command line" in desk.page.changes.toPlainText())


def test_a_newer_version_is_looked_for_and_brought(
    desk: Desk, place: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    downloads = tmp_path / "downloads"
    monkeypatch.setenv("XDG_DOWNLOAD_DIR", str(downloads))
    if not sys.platform.startswith("linux"):
        pytest.skip("the downloads of the person would be used")
    desk.window.do("check-updates")
    card = desk.page.about.updates
    desk.wait(lambda: card.download.isVisible())
    assert card.said.text().startswith("Version 9.1.0 of ")
    assert card.notes.text() == "Maps of the sea."
    assert card.page.isVisible()
    card.download.click()
    desk.wait(lambda: card.show_file.isVisible())
    assert (downloads / f"Alexandria-9.1.0.{KIND}").read_bytes() == PROGRAM
    assert "as it was signed" in card.said.text()


def test_what_was_refused_is_said_on_the_page(desk: Desk, place: Mirror) -> None:
    place.files["/update.json"] = b"{}"
    desk.window.do("check-updates")
    card = desk.page.about.updates
    desk.wait(lambda: "update.damaged" in card.said.text())
    assert card.check.isEnabled()
    assert not card.download.isVisible()


def test_the_reader_is_asked_once_and_not_on_the_first_day(desk: Desk, place: Mirror) -> None:
    desk.morning()
    assert desk.line == "", "the first run"
    desk.morning()
    desk.wait(lambda: desk.line == way.QUESTION)
    desk.window.program.banner.close_button.click()
    desk.morning()
    assert desk.line == ""
    assert (remembered().agreed, place.asked) == (None, []), "nobody is asked without consent"


def test_who_agrees_is_told_of_a_version_once(desk: Desk, place: Mirror) -> None:
    remember(ran=__version__)
    desk.morning()
    desk.wait(lambda: desk.line == way.QUESTION)
    desk.window.program.banner.retry.click()
    desk.wait(lambda: remembered().agreed)
    desk.morning()
    desk.wait(lambda: desk.line == "Version 9.1.0 of Alexandria is there.")
    desk.window.program.banner.retry.click()
    assert desk.page.about.updates.said.text().startswith("Version 9.1.0 of ")
    remember(looked_at=None)
    desk.morning()
    desk.wait(lambda: len(place.asked) == 2)
    desk.window.context.tasks.wait()
    QApplication.processEvents()
    assert desk.line == ""


def test_after_an_update_one_line_says_what_is_new_and_leads_there(desk: Desk) -> None:
    remember(ran="0.0.9")
    desk.morning()
    desk.wait(lambda: desk.line.startswith(f"Alexandria is now {__version__}."))
    desk.window.program.banner.retry.click()
    desk.wait(lambda: desk.page.changes.isVisible())
    desk.morning()
    assert desk.line == ""


def test_the_library_remembers_which_programs_use_it(desk: Desk) -> None:
    desk.morning()
    from alexandria_desktop.doctor.library_facts import facts_of

    (one,) = facts_of(desk.session.library.paths).programs
    assert one.version == __version__
    assert Path(one.place).is_dir()


def test_a_newer_library_is_refused_in_a_window_of_its_own(qtbot: QtBot, tmp_path: Path) -> None:
    root = tmp_path / "library"
    Library.open(root).close()
    raw = connections.connect(choose_driver(), root / "library.db")
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(AlexandriaError) as raised:
        Library.open(root)
    assert raised.value.code is Code.STORE_NEWER
    dialog = Refusal(raised.value, root, lambda: "the diagnostics")
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.sentence.text().endswith("nothing in it was changed. Update the program to open it.")
    assert "store.newer" in dialog.place.text()
    dialog.copy.click()
    qtbot.waitUntil(lambda: dialog.copy.text() == "Copied", timeout=PATIENCE)
    assert QGuiApplication.clipboard().text() == "the diagnostics"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
