"""The menu on books that were chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.collections import Collection
from alexandria_desktop.ui.commands import command
from alexandria_desktop.ui.shelf.book_actions import BookActions
from alexandria_desktop.ui.shelf.places import Place, PlaceKind
from alexandria_desktop.ui.shelf.stars import MOST
from alexandria_desktop.ui.widgets.menu import Menu


def book_menu(
    books: Sequence[BookRow],
    place: Place,
    collections: Sequence[Collection],
    actions: BookActions,
    do: Callable[[str], None],
    parent: QWidget,
    *,
    has_account: bool = False,
) -> Menu:
    """Return what can be done with these books here; files come and go only where there is an account."""
    menu = Menu(parent=parent)
    if place.kind is PlaceKind.REMOVED:
        menu.addAction("Bring back", lambda: actions.bring_back(books))
        return menu
    if len(books) == 1:
        _add_command(menu, "open-book", do)
        _add_command(menu, "edit-book", do)
        menu.addSeparator()
    _add_collections(menu, books, collections, actions)
    inside = next((one for one in collections if one.id == place.collection), None)
    if inside is not None:
        menu.addAction(f"Take out of “{inside.name}”", lambda: actions.take_out(inside.id, inside.name, books))
    _add_stars(menu, books, actions)
    menu.addSeparator()
    if has_account:
        _add_files(menu, books, actions)
    _add_command(menu, "remove-book", do)
    return menu


def _add_files(menu: Menu, books: Sequence[BookRow], actions: BookActions) -> None:
    if any(not book.is_here for book in books):
        menu.addAction("Fetch to this computer", lambda: actions.fetch(books))
    if any(book.is_here for book in books):
        back = menu.addAction("Take off this computer", lambda: actions.give_back(books))
        back.setToolTip("The file stays on the server and is fetched when you open the book.")


def _add_command(menu: Menu, command_id: str, do: Callable[[str], None]) -> None:
    one = command(command_id)
    action = menu.addAction(one.words, lambda: do(command_id))
    if one.keys:
        # Shown only: the view hears the key itself.
        action.setText(f"{one.words}\t{QKeySequence(one.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)}")


def _add_collections(
    menu: Menu, books: Sequence[BookRow], collections: Sequence[Collection], actions: BookActions
) -> None:
    ids = [book.id for book in books]
    inner = Menu("Put in a collection", menu)
    for one in collections:
        inner.addAction(one.name.replace("&", "&&"), partial(actions.put_in, one, ids))
    if collections:
        inner.addSeparator()
    inner.addAction("New collection", lambda: actions.begin_collection(ids))
    menu.addMenu(inner)


def _add_stars(menu: Menu, books: Sequence[BookRow], actions: BookActions) -> None:
    inner = Menu("Rate", menu)
    current = {book.rating for book in books}
    for stars in range(MOST, 0, -1):
        action = inner.addAction("★" * stars, partial(actions.rate, books, stars))
        action.setCheckable(True)
        action.setChecked(current == {stars})
    inner.addSeparator()
    inner.addAction("No rating", lambda: actions.rate(books, None))
    menu.addMenu(inner)
