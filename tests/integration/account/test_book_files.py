"""Book files in the window: a book that is elsewhere is marked, fetched when it is opened, taken off and kept here."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.ui.shelf.book_menu import book_menu
from alexandria_desktop.ui.shelf.places import ALL_BOOKS
from tests.integration.account.conftest import PATIENCE, Desk
from tests.support.epubs import make_epub, prose
from tests.sync.laptops import Account

pytestmark = [pytest.mark.web, pytest.mark.postgres]
TITLE = "A book from elsewhere"


@pytest.fixture
def sent(other: Library, tmp_path: Path) -> None:
    """A book that another device has handed in, in a collection."""
    other.files.let_travel(wanted=True)
    path = make_epub(tmp_path / "b.epub", [("One", f"<p>{prose(7)}</p>")], title=TITLE)
    book = other.import_paths([path])[0].book_id
    assert book is not None
    other.shelf.put_in(other.shelf.make_collection("For the train"), [book])
    other.syncing.sync()
    assert other.carry_files().sent == 1


def row_of(desk: Desk) -> BookRow | None:
    return next((row for row in desk.window.shelf.books.model.rows if row.title == TITLE), None)


def show_shelf(desk: Desk) -> BookRow:
    desk.window.shelf.go(ALL_BOOKS)
    desk.wait(lambda: row_of(desk))
    found = row_of(desk)
    assert found is not None
    return found


def words_of(desk: Desk, row: BookRow) -> list[str]:
    screen = desk.window.shelf
    menu = book_menu([row], ALL_BOOKS, [], screen.actions_on_books, screen.do, screen, has_account=True)
    return [action.text().partition("\t")[0] for action in menu.actions() if action.text()]


@pytest.mark.usefixtures("sent")
def test_a_book_that_is_elsewhere_is_fetched_by_opening_it(desk: Desk, account: Account, qtbot: QtBot) -> None:
    desk.sign_in(account)
    row = show_shelf(desk)
    assert not row.is_here
    assert "Fetch to this computer" in words_of(desk, row)
    assert "Take off this computer" not in words_of(desk, row)
    with qtbot.waitSignal(desk.window.book_shown, timeout=PATIENCE):
        desk.window.open_book(row.id)
    assert desk.window.reader.book_id == row.id
    assert desk.window.fetching.line.isHidden()
    desk.window.show_library()
    desk.wait(lambda: (found := row_of(desk)) and found.is_here)


@pytest.mark.usefixtures("sent")
def test_a_file_is_taken_off_this_computer_and_undo_brings_it_back(desk: Desk, account: Account) -> None:
    desk.sign_in(account)
    row = show_shelf(desk)
    desk.window.shelf.actions_on_books.fetch([row])
    desk.wait(lambda: (found := row_of(desk)) and found.is_here)
    desk.window.shelf.actions_on_books.give_back([show_shelf(desk)])
    desk.wait(lambda: (found := row_of(desk)) and not found.is_here)
    desk.wait(lambda: [one for one in desk.window.toasts.toasts() if TITLE in one.accessibleName()])
    next(one for one in desk.window.toasts.toasts() if TITLE in one.accessibleName()).undone.emit()
    desk.wait(lambda: (found := row_of(desk)) and found.is_here)


@pytest.mark.usefixtures("sent")
def test_a_collection_that_is_always_here_comes_by_itself(desk: Desk, account: Account) -> None:
    desk.sign_in(account)
    show_shelf(desk)
    desk.wait(lambda: desk.window.shelf.places.collections)
    collection = desk.window.shelf.places.collections[0]
    desk.window.shelf.sidebar.files_chosen.emit(collection, True)
    desk.wait(lambda: (found := row_of(desk)) and found.is_here)
    desk.wait(lambda: desk.window.shelf.sidebar.files_here == {collection.id})


def test_files_go_to_the_server_when_the_box_is_ticked(desk: Desk, other: Library, account: Account) -> None:
    path = make_epub(desk.library.paths.root / "mine.epub", [("One", f"<p>{prose(3)}</p>")], title="Mine")
    book = desk.library.import_paths([path])[0].book_id
    assert book is not None
    edition = desk.library.reading.file_of(book).edition
    desk.sign_in(account)
    desk.wait(lambda: desk.page.panel.files.isVisible())
    assert not desk.page.panel.files.isChecked()
    desk.page.panel.files.click()
    desk.wait(lambda: desk.library.files.travel())

    def is_there() -> bool:
        with other.syncing.files() as client:
            return edition in client.known([edition]).readable

    desk.wait(is_there)
    other.syncing.sync()
    mine = next(row.id for row in other.shelf.books() if row.title == "Mine")
    other.fetch_file(mine)
    assert other.reading.file_of(mine).path.exists()


def test_without_an_account_a_missing_file_is_said_and_nothing_is_fetched(desk: Desk) -> None:
    path = make_epub(desk.library.paths.root / "gone.epub", [("One", "<p>Words.</p>")], title=TITLE)
    book = desk.library.import_paths([path])[0].book_id
    assert book is not None
    desk.library.reading.file_of(book).path.unlink()
    desk.window.open_book(book)
    desk.wait(lambda: desk.window.banner.isVisible())
    assert "not on this computer" in desk.window.banner.accessibleName()
    assert desk.window.fetching.line.isHidden()


@pytest.mark.usefixtures("sent")
def test_what_is_asked_for_while_a_book_is_fetched_is_done_after_it(desk: Desk, account: Account) -> None:
    desk.sign_in(account)
    row = show_shelf(desk)
    fetching = desk.window.fetching
    opened: list[str] = []
    fetching.fetch([row.id])
    fetching.open_when_here(row.id, AlexandriaError(Code.BOOK_FILE_MISSING, "gone"), lambda: opened.append("opened"))
    desk.wait(lambda: opened == ["opened"])
    assert fetching.line.isHidden()
