"""The library screen on a real library: what one sees, what keys do, what can be undone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.book.model import BookFormat, Metadata
from alexandria_desktop.store.book_rows import Order
from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.shelf.browsing import FIRST
from alexandria_desktop.ui.shelf.filtering import ShelfFilter
from alexandria_desktop.ui.shelf.places import ALL_BOOKS, REMOVED, of_collection, of_series
from tests.support.library import place
from tests.support.shelf import ScreenTest, put_books, shelf_screen

BOOKS = (
    Metadata("Emma", ("Jane Austen",), "en"),
    Metadata("Moby Dick", ("Herman Melville",), "en"),
    Metadata("The Fellowship of the Ring", ("J. R. R. Tolkien",), "en", series="The Lord of the Rings", series_index=1),
    Metadata("The Two Towers", ("J. R. R. Tolkien",), "en", series="The Lord of the Rings", series_index=2),
)
IN_ORDER = ["Emma", "The Fellowship of the Ring", "Moby Dick", "The Two Towers"]


@pytest.fixture
def shelf(appearance: Appearance, tmp_path: Path, qtbot: QtBot) -> Iterator[ScreenTest]:
    with shelf_screen(tmp_path / "library", appearance, *BOOKS) as test:
        test.screen.show()
        test.screen.refresh()
        qtbot.waitUntil(lambda: test.screen.browsing.is_whole)
        yield test


def press(test: ScreenTest, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(test.screen.books.view, key)


def test_books_are_shown_by_title_and_read_out(shelf: ScreenTest) -> None:
    assert shelf.titles() == IN_ORDER
    model = shelf.screen.books.model
    assert model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Moby Dick, by Herman Melville, unread"


def test_the_arrows_move_and_enter_opens(shelf: ScreenTest, qtbot: QtBot) -> None:
    shelf.screen.take_focus()
    press(shelf, qtbot, Qt.Key.Key_Right)
    press(shelf, qtbot, Qt.Key.Key_Right)
    press(shelf, qtbot, Qt.Key.Key_Return)
    assert [book for book, _ in shelf.navigator.opened] == [shelf.screen.books.model.book(2).id]


def test_home_end_and_type_ahead_lead_to_books(shelf: ScreenTest, qtbot: QtBot) -> None:
    shelf.screen.take_focus()
    view = shelf.screen.books.view
    press(shelf, qtbot, Qt.Key.Key_End)
    assert view.currentIndex().row() == 3
    press(shelf, qtbot, Qt.Key.Key_Home)
    assert view.currentIndex().row() == 0
    qtbot.keyClicks(view, "mob")
    assert view.currentIndex().data() == "Moby Dick"


def test_a_removed_book_comes_back_with_undo(shelf: ScreenTest, qtbot: QtBot) -> None:
    shelf.select("Moby Dick", "Emma")
    press(shelf, qtbot, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: shelf.titles() == ["The Fellowship of the Ring", "The Two Towers"])
    assert shelf.navigator.said == ["Removed 2 books. Their notes are kept."]
    assert shelf.navigator.undo is not None
    shelf.navigator.undo()
    qtbot.waitUntil(lambda: shelf.titles() == IN_ORDER)


def test_removed_books_can_be_brought_back_later(shelf: ScreenTest, qtbot: QtBot) -> None:
    emma = shelf.library.shelf.books()[0]
    shelf.library.shelf.remove([emma.id])
    shelf.screen.do("removed-books")
    qtbot.waitUntil(lambda: shelf.titles() == ["Emma"])
    shelf.screen.actions_on_books.bring_back([emma])
    qtbot.waitUntil(lambda: shelf.titles() == [])
    assert shelf.library.shelf.removed() == []
    assert shelf.screen.browsing.place == REMOVED


def test_typing_in_the_field_filters_and_escape_ends_it(shelf: ScreenTest, qtbot: QtBot) -> None:
    shelf.screen.do("filter")
    field = shelf.screen.books.toolbar.field
    qtbot.keyClicks(field, "tolkien two")
    qtbot.waitUntil(lambda: shelf.titles() == ["The Two Towers"])
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert shelf.titles() == IN_ORDER
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert shelf.screen.books.view.hasFocus()


def test_what_is_being_typed_outlives_a_reading_of_the_library(shelf: ScreenTest, qtbot: QtBot) -> None:
    field = shelf.screen.books.toolbar.field
    qtbot.keyClicks(field, "tol")
    with qtbot.waitSignal(shelf.screen.browsing.read):
        shelf.screen.refresh()
    assert field.text() == "tol"


def test_a_filter_that_lets_nothing_through_offers_to_be_cleared(shelf: ScreenTest, qtbot: QtBot) -> None:
    books = shelf.screen.books
    shelf.screen.browsing.type("nothing of the kind")
    assert books.stack.currentWidget() is books.nothing
    qtbot.mouseClick(books.nothing.button, Qt.MouseButton.LeftButton)
    assert shelf.titles() == IN_ORDER
    assert books.stack.currentWidget() is books.grid


def test_facets_narrow_the_shelf_and_keep_the_words(shelf: ScreenTest, qtbot: QtBot) -> None:
    others = (Metadata("Tolkien, a life", ("Anna Berg",), "de"), Metadata("Der Berg", ("Anna Berg",), "de"))
    put_books(shelf.library, *others, format=BookFormat.PDF)
    shelf.screen.refresh()
    qtbot.waitUntil(lambda: len(shelf.titles()) == 6)
    qtbot.keyClicks(shelf.screen.books.toolbar.field, "tolkien")
    qtbot.waitUntil(lambda: len(shelf.titles()) == 3)
    shelf.screen.books.toolbar.filtered.emit(ShelfFilter(formats=frozenset({"pdf"})))
    assert shelf.titles() == ["Tolkien, a life"]


def test_the_order_is_remembered(shelf: ScreenTest, appearance: Appearance, qtbot: QtBot) -> None:
    shelf.screen.books.toolbar.ordered.emit(Order.AUTHOR, True)
    qtbot.waitUntil(lambda: shelf.titles()[-1] == "Emma")
    qtbot.waitUntil(lambda: shelf.library.settings().get("shelf.order") == "author")
    again = ScreenTest(shelf.library, shelf.context, shelf.navigator)
    again.screen.refresh()
    qtbot.waitUntil(lambda: again.titles() == shelf.titles())
    assert again.screen.browsing.descending
    again.dispose()


def test_a_chosen_book_stays_chosen_in_the_list_and_in_another_order(shelf: ScreenTest, qtbot: QtBot) -> None:
    shelf.select("Moby Dick")
    shelf.screen.do("list")
    books = shelf.screen.books
    assert books.view is books.table
    assert [row.title for row in books.selected()] == ["Moby Dick"]
    books.table.sorted_by.emit(Order.TITLE)
    qtbot.waitUntil(lambda: shelf.titles() == IN_ORDER[::-1])
    assert [row.title for row in books.selected()] == ["Moby Dick"]


def test_an_empty_library_offers_two_ways_to_begin(appearance: Appearance, tmp_path: Path, qtbot: QtBot) -> None:
    with shelf_screen(tmp_path / "empty", appearance) as test:
        test.screen.show()
        test.screen.refresh()
        books = test.screen.books
        qtbot.waitUntil(lambda: books.stack.currentWidget() is books.welcome)
        qtbot.mouseClick(books.welcome.button, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(books.welcome.sample, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(books.welcome.guide, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(books.welcome.step, Qt.MouseButton.LeftButton)
        assert test.navigator.done == ["import", "sample", "guide", "account"]


def test_an_error_is_said_with_its_code_and_a_way_to_try_again(shelf: ScreenTest, qtbot: QtBot) -> None:
    books, browsing = shelf.screen.books, shelf.screen.browsing
    browsing.is_read = False
    browsing.failed.emit(SurroundingsError(Code.STORE_BUSY, "Another program holds the library."))
    assert books.stack.currentWidget() is books.wrong
    assert str(Code.STORE_BUSY) in books.wrong._sentence.text()
    qtbot.mouseClick(books.wrong.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: books.stack.currentWidget() is books.grid)


def test_a_big_library_shows_its_first_books_before_all_are_read(
    appearance: Appearance, tmp_path: Path, qtbot: QtBot
) -> None:
    many = [Metadata(f"Book {number:04}") for number in range(FIRST + 40)]
    with shelf_screen(tmp_path / "big", appearance, *many) as test:
        seen: list[int] = []
        test.screen.browsing.changed.connect(lambda: seen.append(len(test.screen.browsing.rows)))
        test.screen.refresh()
        qtbot.waitUntil(lambda: test.screen.browsing.is_whole)
        assert seen == [FIRST, FIRST + 40]


def test_details_are_changed_in_the_library_alone(shelf: ScreenTest, qtbot: QtBot) -> None:
    moby = next(row for row in shelf.library.shelf.books() if row.title == "Moby Dick")
    dialog = shelf.screen.actions_on_books.edit(moby.id)
    qtbot.waitUntil(dialog.isEnabled)
    dialog.title.setText("Moby-Dick; or, The Whale")
    dialog.authors.setText("Herman Melville; An Editor")
    dialog.series.setText("Sea stories")
    dialog.series_index.setText("2,5")
    dialog.tags.setText("whales, sea")
    dialog.stars.set_rating(5)
    dialog.save.click()
    qtbot.waitUntil(lambda: "Moby-Dick; or, The Whale" in shelf.titles())
    kept = shelf.library.shelf.details(moby.id)
    assert kept.metadata.authors == ("Herman Melville", "An Editor")
    assert (kept.row.series, kept.row.series_index, kept.row.rating) == ("Sea stories", 2.5, 5)
    assert kept.tags == ("whales", "sea")


def test_details_that_came_from_elsewhere_meanwhile_stay(shelf: ScreenTest, qtbot: QtBot) -> None:
    moby = next(row for row in shelf.library.shelf.books() if row.title == "Moby Dick")
    dialog = shelf.screen.actions_on_books.edit(moby.id)
    qtbot.waitUntil(dialog.isEnabled)
    elsewhere = shelf.library.shelf.details(moby.id).metadata
    shelf.library.shelf.update(moby.id, dataclasses.replace(elsewhere, title="The Whale"), tags=("sea",))
    dialog.publisher.setText("Bentley")
    dialog.save.click()
    qtbot.waitUntil(lambda: shelf.library.shelf.details(moby.id).metadata.publisher == "Bentley")
    kept = shelf.library.shelf.details(moby.id)
    assert (kept.metadata.title, kept.metadata.publisher, kept.tags) == ("The Whale", "Bentley", ("sea",))


def test_a_place_that_is_gone_to_while_the_library_is_read_shows_what_was_read(shelf: ScreenTest, qtbot: QtBot) -> None:
    towers = next(row for row in shelf.library.shelf.books() if row.title == "The Two Towers")
    qtbot.waitUntil(lambda: shelf.screen.browsing.is_whole and shelf.screen.browsing.is_idle)
    shelf.library.shelf.remove([towers.id])
    shelf.screen.browsing.refresh()
    shelf.screen.browsing.go(of_series("The Lord of the Rings"))
    qtbot.waitUntil(lambda: len(shelf.screen.browsing.books) == 3)
    assert [row.title for row in shelf.screen.browsing.rows] == ["The Fellowship of the Ring"]


def test_details_need_a_title_and_a_number(shelf: ScreenTest, qtbot: QtBot) -> None:
    dialog = shelf.screen.actions_on_books.edit(shelf.library.shelf.books()[0].id)
    qtbot.waitUntil(dialog.isEnabled)
    dialog.title.setText("  ")
    assert not dialog.save.isEnabled()
    dialog.title.setText("Emma")
    dialog.series_index.setText("three")
    dialog.save.click()
    assert dialog.isVisible()
    assert "number" in dialog._wrong.text()
    dialog.reject()


def test_books_dropped_on_a_collection_are_in_it_until_undone(shelf: ScreenTest, qtbot: QtBot) -> None:
    rows = shelf.library.shelf.books()
    sea = shelf.library.shelf.make_collection("Sea")
    shelf.library.shelf.put_in(sea, [rows[0].id])
    qtbot.waitUntil(lambda: shelf.screen.places.collection(sea) is not None)
    shelf.screen.places.dropped.emit(of_collection(sea), [rows[0].id, rows[1].id])
    qtbot.waitUntil(lambda: len(shelf.library.shelf.books(collection=sea)) == 2)
    qtbot.waitUntil(lambda: shelf.navigator.said == ["Put 1 book in “Sea”."])
    shelf.screen.go(of_collection(sea))
    qtbot.waitUntil(lambda: len(shelf.titles()) == 2)
    assert shelf.navigator.undo is not None
    shelf.navigator.undo()
    qtbot.waitUntil(lambda: shelf.titles() == ["Emma"])


def test_a_new_collection_is_made_and_named_in_the_sidebar(shelf: ScreenTest, qtbot: QtBot) -> None:
    shelf.select("Emma")
    shelf.screen.do("new-collection")
    view = shelf.screen.sidebar.view
    qtbot.waitUntil(lambda: view.state() == view.State.EditingState)
    made = shelf.library.shelf.collections()[0]
    assert [row.title for row in shelf.library.shelf.books(collection=made.id)] == ["Emma"]
    shelf.screen.places.setData(view.currentIndex(), "Austen")
    qtbot.waitUntil(lambda: shelf.library.shelf.collections()[0].name == "Austen")


def test_a_removed_collection_comes_back_with_its_books(shelf: ScreenTest, qtbot: QtBot) -> None:
    made = shelf.library.shelf.make_collection("Sea")
    shelf.library.shelf.put_in(made, [shelf.library.shelf.books()[0].id])
    qtbot.waitUntil(lambda: shelf.screen.places.collection(made) is not None)
    shelf.screen.go(of_collection(made))
    found = shelf.screen.places.collection(made)
    assert found is not None
    shelf.screen.sidebar.collection_removed.emit(found)
    qtbot.waitUntil(lambda: shelf.screen.browsing.place == ALL_BOOKS)
    assert shelf.navigator.undo is not None
    shelf.navigator.undo()
    qtbot.waitUntil(lambda: shelf.screen.places.collection(made) is not None)
    assert len(shelf.library.shelf.books(collection=made)) == 1


def test_a_series_stands_in_its_own_order(shelf: ScreenTest) -> None:
    shelf.screen.go(of_series("The Lord of the Rings"))
    assert shelf.titles() == ["The Fellowship of the Ring", "The Two Towers"]


def test_books_that_are_read_stand_above_the_shelf(shelf: ScreenTest, qtbot: QtBot) -> None:
    books = shelf.screen.books
    assert not books.strip.isVisible()
    emma = shelf.library.shelf.books()[0]
    shelf.library.reading.save_position(emma.id, place("x", progression=0.3))
    qtbot.waitUntil(lambda: books.strip.isVisible())
    assert [row.title for row in books.strip.books()] == ["Emma"]
    shelf.screen.take_focus()
    press(shelf, qtbot, Qt.Key.Key_Up)
    card = QApplication.focusWidget()
    assert card is not None
    assert card.accessibleName() == "Continue Emma, by Jane Austen, 30 percent read"
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert [book for book, _ in shelf.navigator.opened] == [emma.id]


def test_a_narrow_window_keeps_its_sidebar_behind_a_button(shelf: ScreenTest, qtbot: QtBot) -> None:
    screen = shelf.screen
    assert screen.sidebar.isVisible()
    screen.resize(800, 600)
    assert not screen.sidebar.isVisible()
    qtbot.mouseClick(screen.books.toolbar.sidebar, Qt.MouseButton.LeftButton)
    assert screen.sidebar.isVisible()
    qtbot.keyClick(screen.sidebar.view, Qt.Key.Key_Escape)
    assert not screen.sidebar.isVisible()


def test_a_note_opens_its_book_at_its_words_and_can_be_deleted(shelf: ScreenTest, qtbot: QtBot) -> None:
    emma = shelf.library.shelf.books()[0]
    note = shelf.library.notes.add(emma.id, place("Emma epub"), text="hubris")
    shelf.screen.show_notes()
    page = shelf.screen.notes
    qtbot.waitUntil(lambda: len(page.model.lines) == 2)
    page.take_focus()
    qtbot.waitUntil(lambda: not page.view.visualRect(page.model.index(1)).isEmpty())  # laid out a few at a time
    qtbot.keyClick(page.view, Qt.Key.Key_Down)
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert shelf.navigator.opened == [(emma.id, note.locator)]
    qtbot.keyClick(page.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not page.model.lines)
    assert shelf.navigator.said == ["Deleted the note."]
    assert shelf.navigator.undo is not None
    shelf.navigator.undo()
    qtbot.waitUntil(lambda: len(page.model.lines) == 2)


def test_a_note_whose_words_are_not_in_this_edition_opens_the_book_alone(shelf: ScreenTest, qtbot: QtBot) -> None:
    emma = shelf.library.shelf.books()[0]
    shelf.library.notes.add(emma.id, place("another edition"), text="hubris")
    shelf.screen.show_notes()
    page = shelf.screen.notes
    qtbot.waitUntil(lambda: len(page.model.lines) == 2)
    page.view.clicked.emit(page.model.index(1))
    assert shelf.navigator.opened == [(emma.id, None)]
