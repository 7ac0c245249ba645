"""The page of books: the bar, the covers or the list, and what stands there when there are none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.store.book_rows import BookRow, Order
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.book_model import BookModel
from alexandria_desktop.ui.shelf.book_table import SIDE, BookTable
from alexandria_desktop.ui.shelf.browsing import Browsing
from alexandria_desktop.ui.shelf.continue_strip import ContinueStrip
from alexandria_desktop.ui.shelf.cover_cache import BUDGET, CoverCache
from alexandria_desktop.ui.shelf.cover_grid import CoverGrid
from alexandria_desktop.ui.shelf.filtering import ShelfFilter
from alexandria_desktop.ui.shelf.places import ALL_BOOKS, PlaceKind
from alexandria_desktop.ui.shelf.states import Wrong, empty_place, nothing_found, waiting
from alexandria_desktop.ui.shelf.toolbar import GRID, LATEST_FIRST, LIST, Toolbar
from alexandria_desktop.ui.shelf.welcome import Welcome
from alexandria_desktop.ui.shelf.wording import counted
from alexandria_desktop.ui.widgets.empty_state import EmptyState

VIEW_SETTING = "shelf.view"
_PATIENCE_MS = 200
"""How long nothing is shown before the wait is spoken of."""
_EMPTY_WORDS = {
    PlaceKind.COLLECTION: "Nothing is in this collection yet. Drag books onto its name, or choose it in a book's menu.",
    PlaceKind.CONTINUE: "Books that you have begun wait here.",
    PlaceKind.SERIES: "No book of this series is left in the library.",
    PlaceKind.REMOVED: "Books that you remove stay here until you bring them back.",
}


class BooksPage(QWidget):
    """Covers or a list of the books that ``Browsing`` tells."""

    commanded = Signal(str)
    menu_wanted = Signal(object, QPoint)
    """(list of BookRow, where)"""
    opened = Signal(object)
    """(UUID)"""

    def __init__(
        self, context: Context, browsing: Browsing, name_of: Callable[[], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._browsing = browsing
        self._name_of = name_of
        appearance = context.appearance
        self.model = BookModel(self)
        self.covers = CoverCache(context, budget=BUDGET * 7 // 8, parent=self)
        self._small = CoverCache(context, budget=BUDGET // 16, parent=self)
        self._recent = CoverCache(context, budget=BUDGET // 16, parent=self)
        self.grid = CoverGrid(appearance, self.covers, self.model)
        self.table = BookTable(appearance, self._small, self.model)
        self.strip = ContinueStrip(appearance, self._recent, self.grid.viewport())
        self.strip.hide()
        self.toolbar = Toolbar(appearance)
        self.toolbar.set_facets(browsing.facets)
        self._welcome: Welcome | None = None
        self.nothing = nothing_found(appearance)
        self.empty: EmptyState = empty_place(appearance)
        self.wrong = Wrong(appearance)
        self.waiting = waiting(appearance)
        self._blank = QWidget()
        self._list = QWidget()
        beside = QVBoxLayout(self._list)
        beside.setContentsMargins(SIDE, 0, 0, 0)
        beside.addWidget(self.table)
        self.stack = QStackedWidget()
        for part in (
            self._blank,
            self.grid,
            self._list,
            self.nothing,
            self.empty,
            self.wrong,
            self.waiting,
        ):
            self.stack.addWidget(part)
        self._view: CoverGrid | BookTable = self.grid
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self.stack, 1)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience)
        self._connect()
        self._patience.start()

    def _connect(self) -> None:
        self._browsing.changed.connect(self._on_changed)
        self._browsing.failed.connect(self._on_failed)
        self.toolbar.typed.connect(self._on_typed)
        self.toolbar.filtered.connect(self._on_filtered)
        self.toolbar.ordered.connect(self._on_ordered)
        self.toolbar.viewed.connect(self._on_viewed)
        self.toolbar.field_left.connect(self.take_focus)
        self.strip.opened.connect(self.opened)
        self.strip.left_downwards.connect(self._on_strip_left)
        self.strip.focused.connect(self._on_strip_focused)
        self.grid.left_upwards.connect(self._on_grid_left)
        self.table.sorted_by.connect(self._on_heading)
        self.nothing.activated.connect(self._on_clear)
        self.wrong.activated.connect(self._browsing.refresh)
        for view in (self.grid, self.table):
            view.commanded.connect(self.commanded)
            view.customContextMenuRequested.connect(self._on_menu)
            view.doubleClicked.connect(self._on_double)

    @property
    def welcome(self) -> Welcome:
        """What an empty library shows, made when it is first seen: most libraries are not empty."""
        if self._welcome is None:
            self._welcome = Welcome(self._context)
            self._welcome.activated.connect(self._context.navigator.choose_files)
            self._welcome.commanded.connect(self._context.navigator.do)
            self.stack.addWidget(self._welcome)
        return self._welcome

    @property
    def caches(self) -> tuple[CoverCache, ...]:
        """The covers of the grid, the list and the strip."""
        return (self.covers, self._small, self._recent)

    # --- what is chosen -----------------------------------------------------------------------------------------

    @property
    def view(self) -> CoverGrid | BookTable:
        """The view that is in use."""
        return self._view

    def selected(self) -> list[BookRow]:
        """Return the chosen books, or the one with the keyboard."""
        chosen = self._view.books_selected()
        current = self.current()
        return chosen or ([current] if current is not None else [])

    def current(self) -> BookRow | None:
        """Return the book with the keyboard."""
        index = self._view.currentIndex()
        return self.model.book(index.row()) if index.isValid() else None

    def take_focus(self) -> None:
        """Put the keyboard on the books, or on the button that stands in their place."""
        shown = self.stack.currentWidget()
        if isinstance(shown, Welcome):
            shown.button.setFocus()
            return
        if isinstance(shown, EmptyState):
            (shown.button if shown.button.isVisibleTo(shown) else self.toolbar.field).setFocus()
            return
        if not self._view.currentIndex().isValid() and self.model.rows:
            self._view.choose([], self.model.rows[0].id)
        self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_filter(self) -> None:
        """Put the keyboard in the filter."""
        self.toolbar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.toolbar.field.selectAll()

    def use_view(self, key: str, *, keep: bool = False) -> None:
        """Show covers (``grid``) or a list; the chosen books stay chosen."""
        wanted: CoverGrid | BookTable = self.table if key == LIST else self.grid
        self.toolbar.views.choose(LIST if wanted is self.table else GRID)
        if wanted is not self._view:
            chosen, current = self._view.books_selected(), self.current()
            had_focus = self._view.hasFocus()
            self._view = wanted
            wanted.choose([book.id for book in chosen], current.id if current else None)
            self._show_state()
            if current is not None:
                wanted.scrollTo(wanted.currentIndex())
            if had_focus:
                wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        if keep:
            library = self._context.library
            self._context.tasks.run(lambda: library.set({VIEW_SETTING: key}), None, self._context.navigator.report)

    # --- what is shown ------------------------------------------------------------------------------------------

    def show_heading(self) -> None:
        """Name the place and count its books."""
        all_of_them, shown = len(self._browsing.in_place), len(self._browsing.rows)
        words = f"{shown:,} of {all_of_them:,}" if self._browsing.filter else f"{all_of_them:,}"
        self.toolbar.show_place(self._name_of(), words if all_of_them and self._browsing.is_whole else "")
        self.toolbar.show_order(self._browsing.order, descending=self._browsing.descending)
        self.toolbar.show_filter(self._browsing.filter)
        has_order = self._browsing.place.kind in (PlaceKind.ALL, PlaceKind.COLLECTION)
        any_books = bool(self._browsing.books) or not self._browsing.is_read
        self.toolbar.set_tools_visible(any_books=any_books, order=has_order)
        self.table.show_order(self._browsing.order, descending=self._browsing.descending)
        self.setAccessibleName(counted(shown, "book", "books"))

    def _on_changed(self) -> None:
        self._patience.stop()
        chosen, current = [book.id for book in self._view.books_selected()], self.current()
        rows = self._browsing.rows
        at = self.grid.verticalScrollBar().value()
        was = [row.id for row in self.model.rows[:1]]
        self.model.show(rows)
        self._view.choose(chosen, current.id if current else None)
        self._show_strip()
        same_beginning = bool(rows) and was == [rows[0].id]
        self.grid.verticalScrollBar().setValue(at if same_beginning else 0)
        self.show_heading()
        self._show_state()

    def _show_strip(self) -> None:
        browsing = self._browsing
        recent = browsing.recent if browsing.place == ALL_BOOKS and not browsing.filter else ()
        if recent:
            self.strip.show_books(recent)
        self.grid.set_header(self.strip if recent else None)

    def _show_state(self) -> None:
        browsing = self._browsing
        if not browsing.is_read:
            return
        if browsing.rows:
            self.stack.setCurrentWidget(self._list if self._view is self.table else self.grid)
        elif browsing.filter:
            self.stack.setCurrentWidget(self.nothing)
        elif browsing.place == ALL_BOOKS:
            self._show_welcome()
        else:
            self.empty.say(_EMPTY_WORDS[browsing.place.kind])
            self.stack.setCurrentWidget(self.empty)

    def _show_welcome(self) -> None:
        """Show what an empty library offers, with the keyboard on it unless that is in use elsewhere."""
        if self.stack.currentWidget() is self.welcome:
            return
        self.stack.setCurrentWidget(self.welcome)
        focused = self.window().focusWidget()
        if focused is None or not focused.isVisible() or self.isAncestorOf(focused):
            self.welcome.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_patience(self) -> None:
        if not self._browsing.is_read and self.stack.currentWidget() is self._blank:
            self.stack.setCurrentWidget(self.waiting)

    def _on_failed(self, error: AlexandriaError) -> None:
        self._patience.stop()
        if self._browsing.is_read:
            self._context.navigator.report(error)  # what was read before still stands
            return
        self.wrong.show_error(error)
        self.stack.setCurrentWidget(self.wrong)

    # --- what was asked -----------------------------------------------------------------------------------------

    def _on_typed(self, words: str) -> None:
        self._browsing.type(words)

    def _on_filtered(self, wanted: ShelfFilter) -> None:
        self._browsing.narrow(replace(wanted, words=self._browsing.filter.words))

    def _on_clear(self) -> None:
        self._browsing.narrow(ShelfFilter())
        self.take_focus()

    def _on_ordered(self, order: Order, descending: bool) -> None:
        self._browsing.sort(order, descending=descending)

    def _on_heading(self, order: Order) -> None:
        same = order is self._browsing.order
        down = not self._browsing.descending if same else order in LATEST_FIRST
        self._browsing.sort(order, descending=down)

    def _on_viewed(self, key: str) -> None:
        self.use_view(key, keep=True)

    def _on_double(self) -> None:
        self.commanded.emit("open-book")

    def _on_menu(self, at: QPoint) -> None:
        index = self._view.indexAt(at)
        if not index.isValid():
            return
        self.menu_wanted.emit(self.selected(), self._view.viewport().mapToGlobal(at))

    def _on_grid_left(self) -> None:
        if self.strip.isVisible():
            self.strip.focus_card()

    def _on_strip_left(self) -> None:
        self.take_focus()

    def _on_strip_focused(self) -> None:
        self.grid.verticalScrollBar().setValue(0)
