"""Help in the window: F1 opens the guide at the page about the screen, a search in it alone, the sheet of keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.guide import TITLE, guide_book
from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.commands import COMMANDS, command
from alexandria_desktop.ui.finder.dialog import Finder
from alexandria_desktop.ui.help.keys_sheet import KeysSheet
from alexandria_desktop.ui.main_window import MainWindow
from alexandria_desktop.ui.session import Session
from sync.places.locator import EpubTarget

PATIENCE = 20_000


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> Iterator[Session]:
    session = Session(qapp, Library.open(tmp_path / "library"))
    session.window.resize(1280, 800)
    session.start()
    yield session
    session.window.close()
    session.close()


@pytest.fixture
def window(session: Session) -> MainWindow:
    return session.window


def sheet_of(window: MainWindow) -> KeysSheet:
    """Return the sheet that is open."""
    return next(one for one in window.findChildren(KeysSheet) if one.isVisible())


def is_open(window: MainWindow) -> bool:
    return any(one.isVisible() for one in window.findChildren(KeysSheet))


def page_of(window: MainWindow) -> str:
    """Return the name of the page that the reader shows."""
    place = window.reader.surface.place() if window.reader.surface is not None else None
    target = place().target if place is not None else None
    return target.href.removeprefix("EPUB/").removesuffix(".xhtml") if isinstance(target, EpubTarget) else ""


def open_help(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.book_shown, timeout=PATIENCE):
        window.do("guide")


@pytest.mark.web
def test_the_guide_opens_at_its_beginning_and_later_at_the_page_about_the_screen(
    session: Session, window: MainWindow, qtbot: QtBot
) -> None:
    open_help(window, qtbot)
    assert window.reader.title == TITLE
    qtbot.waitUntil(lambda: page_of(window) == "index", timeout=PATIENCE)
    window.show_library()
    open_help(window, qtbot)
    qtbot.waitUntil(lambda: page_of(window) == "readers/shelf", timeout=PATIENCE)
    window.show_courses()
    open_help(window, qtbot)
    qtbot.waitUntil(lambda: page_of(window) == "readers/taking-a-course", timeout=PATIENCE)
    window.do("guide")  # in the guide itself
    assert window.reader.contents.isVisible()


@pytest.mark.web
def test_help_about_reading_opens_over_a_book(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    from tests.support.epubs import novel

    [outcome] = session.library.import_paths([novel(tmp_path / "novel.epub", chapters=1)])
    assert outcome.book_id is not None
    with qtbot.waitSignal(window.book_shown, timeout=PATIENCE):
        window.open_book(outcome.book_id)
    open_help(window, qtbot)
    qtbot.waitUntil(lambda: page_of(window) == "readers/reading", timeout=PATIENCE)


def test_each_screen_has_a_topic(window: MainWindow) -> None:
    assert window.help.topic() == "shelf"
    window.do("all-notes")
    assert window.help.topic() == "notes"
    window.do("courses")
    assert window.help.topic() == "courses"
    window.do("account")
    assert window.help.topic() == "account"


def test_a_search_in_the_guide_finds_nothing_elsewhere(
    window: MainWindow, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    from tests.support.epubs import make_epub

    session.library.import_paths([make_epub(tmp_path / "b.epub", [("One", "<p>To put a backup back is easy.</p>")])])
    guide = guide_book(session.library)
    window.do("search-guide")
    qtbot.waitUntil(lambda: bool(window.findChildren(Finder)), timeout=PATIENCE)
    [finder] = window.findChildren(Finder)
    qtbot.waitUntil(lambda: TITLE in finder.field.placeholderText(), timeout=PATIENCE)
    qtbot.keyClicks(finder.field, "put a backup back")
    qtbot.waitUntil(lambda: finder.model.rowCount() > 0, timeout=PATIENCE)
    assert {one.book_id for one in finder.model.results} == {guide}
    finder.dismiss()


def test_the_sheet_shows_every_key_and_a_key_opens_and_closes_it(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    sheet = sheet_of(window)
    assert set(sheet.shown) == {one for one in COMMANDS if one.keys}
    said = {label.text() for label in sheet.findChildren(QLabel)}
    assert {one.words for one in COMMANDS if one.keys} <= said
    qtbot.keyClick(sheet.field, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    assert not is_open(window)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("bookmark", ["bookmark"]), ("ctrl+k", ["finder"]), ("page down", ["forward"]), ("builder student", ["preview"])],
)
def test_the_sheet_is_searched_by_words_and_by_keys(
    window: MainWindow, qtbot: QtBot, typed: str, found: list[str]
) -> None:
    window.do("shortcuts")
    sheet = sheet_of(window)
    qtbot.keyClicks(sheet.field, typed)
    assert [one.id for one in sheet.shown] == found
    qtbot.keyClick(sheet.field, Qt.Key.Key_Escape)
    assert not is_open(window)


def test_what_no_key_does_is_said_in_a_sentence(window: MainWindow, qtbot: QtBot) -> None:
    window.do("shortcuts")
    sheet = sheet_of(window)
    qtbot.keyClicks(sheet.field, "make tea")
    assert sheet.shown == ()
    assert any(label.text().startswith("No key does that") for label in sheet.findChildren(QLabel))


def test_another_command_takes_the_sheet_away(window: MainWindow) -> None:
    window.do("shortcuts")
    window.do("all-notes")
    assert not is_open(window)


def test_a_question_mark_that_is_typed_is_no_command(window: MainWindow, qtbot: QtBot) -> None:
    assert "?" in command("shortcuts").keys
    window.do("filter")
    field = window.focusWidget()
    assert field is not None
    qtbot.keyClick(field, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    assert not is_open(window)


@pytest.mark.parametrize(("width", "columns"), [(1280, 3), (760, 2), (640, 1)])
def test_the_sheet_has_as_many_columns_as_there_is_room(window: MainWindow, width: int, columns: int) -> None:
    window.resize(width, 700)
    window.do("shortcuts")
    sheet = sheet_of(window)
    assert sheet.columns == columns
    assert sheet.width() <= width
