"""The first screen of an empty library: what it offers, and that nothing of it must be answered."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.elsewhere.looking import Found, Kind, calibre_settings, usual_places
from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.shelf.found_dialog import FoundDialog
from alexandria_desktop.ui.shelf.found_list import title_of
from alexandria_desktop.ui.shelf.welcome import DROP, LIGHTS, Welcome
from tests.support.shelf import ScreenTest, shelf_screen


@pytest.fixture
def empty(home: Path, appearance: Appearance, tmp_path: Path) -> Iterator[ScreenTest]:
    with shelf_screen(tmp_path / "library", appearance) as test:
        yield test


def shown(test: ScreenTest, qtbot: QtBot) -> Welcome:
    test.screen.resize(1200, 800)
    test.screen.show()
    test.screen.refresh()
    books = test.screen.books
    qtbot.waitUntil(lambda: books.stack.currentWidget() is books.welcome)
    return books.welcome


def lay(home: Path, *names: str) -> None:
    for name in names:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(b"x")


def test_what_is_on_this_computer_is_offered_and_comes_in_when_chosen(
    empty: ScreenTest, home: Path, qtbot: QtBot
) -> None:
    lay(home, "Books/a.epub", "Books/b.epub", "Books/scan.pdf", "Books/letter.txt")
    welcome = shown(empty, qtbot)
    qtbot.waitUntil(lambda: len(welcome.found.rows) == 2)
    books, pdfs = welcome.found.rows
    assert (books.title.text(), books.where.text(), pdfs.title.text()) == ("2 books", "~/Books", "1 PDF")
    assert empty.navigator.imported == []
    qtbot.mouseClick(books.button, Qt.MouseButton.LeftButton)
    assert empty.navigator.imported == [[str(home / "Books" / "a.epub"), str(home / "Books" / "b.epub")]]


def test_where_nothing_is_found_it_says_how_books_come_in(empty: ScreenTest, qtbot: QtBot) -> None:
    welcome = shown(empty, qtbot)
    qtbot.waitUntil(lambda: welcome.found.words.text() == DROP)


def test_what_is_found_moves_nothing_that_was_there_before(empty: ScreenTest, home: Path, qtbot: QtBot) -> None:
    lay(home, "Books/a.epub", "Documents/b.pdf")
    welcome = shown(empty, qtbot)
    places = [part.mapTo(welcome, part.rect().topLeft()) for part in (welcome.button, *welcome.lights)]
    qtbot.waitUntil(lambda: len(welcome.found.rows) == 2)
    assert [part.mapTo(welcome, part.rect().topLeft()) for part in (welcome.button, *welcome.lights)] == places


def test_a_light_is_used_at_once_and_kept(empty: ScreenTest, qtbot: QtBot) -> None:
    welcome = shown(empty, qtbot)
    night = welcome.lights[LIGHTS.index("night")]
    qtbot.mouseClick(night, Qt.MouseButton.LeftButton)
    assert empty.context.appearance.theme.environment.id == "night"
    assert night.isChecked()
    qtbot.waitUntil(lambda: empty.library.looks.current().environment.id == "night")


def test_the_keyboard_begins_on_the_import_and_goes_down_the_screen(empty: ScreenTest, qtbot: QtBot) -> None:
    welcome = shown(empty, qtbot)
    empty.screen.books.take_focus()
    assert welcome.button.nextInFocusChain() is welcome.sample
    order = [welcome.button]
    while order[-1] is not welcome.lights[-1]:
        order.append(order[-1].nextInFocusChain())
        assert len(order) < 40
    wanted = [welcome.button, welcome.sample, welcome.guide, welcome.step, *welcome.lights]
    assert [part for part in order if part in wanted] == wanted


def test_the_look_around_ends_when_nobody_sees_it(empty: ScreenTest, qtbot: QtBot) -> None:
    found = shown(empty, qtbot).found
    qtbot.waitUntil(lambda: found.words.text() == DROP)
    found.look()
    cancel = found.cancel
    assert cancel is not None
    empty.screen.hide()
    assert cancel.is_set()


def test_a_library_with_books_is_offered_them_in_a_window_beside(empty: ScreenTest, home: Path, qtbot: QtBot) -> None:
    lay(home, "Documents/My Clippings.txt")
    dialog = FoundDialog(empty.context)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.isModal()
    qtbot.waitUntil(lambda: len(dialog.found.rows) == 1)
    assert dialog.found.rows[0].title.text() == "Kindle clippings"


def test_what_was_found_is_said_in_words() -> None:
    def said(kind: Kind, count: int, *, is_all: bool = True) -> str:
        return title_of(Found(kind, Path("/books"), count, is_all=is_all))

    assert said(Kind.CALIBRE, 1) == "calibre library, 1 book"
    assert said(Kind.BOOKS, 5000, is_all=False) == "More than 5,000 books"
    assert said(Kind.PDFS, 2) == "2 PDFs"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows itself names these folders, whatever a test sets")
def test_a_window_under_test_looks_through_nobodys_folders(
    qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> None:
    looked_at = [*usual_places(), calibre_settings()]
    assert all(tmp_path_factory.getbasetemp() in place.parents for place in looked_at), looked_at
