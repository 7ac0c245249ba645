"""The bar above the books: where one is, how many there are, filter, order, covers or list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from alexandria_desktop.store.book_rows import Order
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.shelf.filtering import Facets, Reading, ShelfFilter
from alexandria_desktop.ui.shelf.wording import format_name, language_name
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel
from alexandria_desktop.ui.widgets.menu import Menu
from alexandria_desktop.ui.widgets.search_field import SearchField
from alexandria_desktop.ui.widgets.segmented import Segmented

HEIGHT = 60
SCROLL_BAR = 10
"""Its width, which the bar keeps free, so that its end stands above the last cover's."""
_ROOMY, _TIGHT = 760, 560
GRID, LIST = "grid", "list"
_APART = "\u2009"
"""A thin space: Qt sets an icon too close to its word."""

ORDER_WORDS = {
    Order.TITLE: "Title",
    Order.AUTHOR: "Author",
    Order.ADDED: "Date added",
    Order.OPENED: "Last opened",
    Order.PROGRESS: "Progress",
    Order.SERIES: "Series",
    Order.RATING: "Rating",
}
LATEST_FIRST = frozenset({Order.ADDED, Order.OPENED, Order.PROGRESS, Order.RATING})
"""Orders that one means from the latest or highest down."""
_READING_WORDS = {
    Reading.ANY: "All",
    Reading.UNREAD: "Not begun",
    Reading.STARTED: "Being read",
    Reading.FINISHED: "Finished",
}


class Toolbar(QFrame):
    """The bar; it tells what was chosen and shows what holds."""

    typed = Signal(str)
    filtered = Signal(object)
    """(ShelfFilter)"""
    ordered = Signal(object, bool)
    """(Order, descending)"""
    viewed = Signal(str)
    """``grid`` or ``list``."""
    field_left = Signal()
    sidebar_wanted = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._facets: Callable[[], Facets] = Facets
        self._filter = ShelfFilter()
        self._order, self._descending = Order.TITLE, False
        self.setFixedHeight(HEIGHT)
        self.sidebar = make_icon_button(appearance.icon("sidebar"), "Show the sidebar")
        self.sidebar.clicked.connect(self.sidebar_wanted)
        self.sidebar.hide()
        self._title = ElidedLabel()
        self._title.setFont(appearance.font(TextSize.HEADING, MEDIUM))
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        self.field = SearchField(appearance, hint="Filter by title, author or series")
        self.field.setMinimumWidth(96)
        self.field.setMaximumWidth(280)
        self.field.searched.connect(self.typed)
        self.field.left.connect(self.field_left)
        self.filter_button = _menu_button("Filter", appearance, "filter")
        self.order_button = _menu_button("Title", appearance, "sort")
        self.filter_button.setMenu(self._menu(self._fill_filter))
        self.order_button.setMenu(self._menu(self._fill_order))
        self.views = Segmented(((GRID, "Covers"), (LIST, "List")), name="View")
        self.views.set_icon(GRID, appearance.icon("grid"), alone=True)
        self.views.set_icon(LIST, appearance.icon("list"), alone=True)
        self.views.chosen.connect(self.viewed)
        self._lay_out()
        self.show_filter(self._filter)
        self.show_order(self._order, descending=False)

    def show_place(self, name: str, count: str) -> None:
        """Name the place and say how many books are shown."""
        self._title.setText(name)
        self._title.setMaximumWidth(self._title.sizeHint().width() + 4)
        self._count.setText(count)

    def show_filter(self, wanted: ShelfFilter) -> None:
        """Show the filter that holds."""
        was_cleared = bool(self._filter.words) and not wanted.words
        self._filter = wanted
        if was_cleared:
            # Never what is being typed: a reading of the library may end between two keys.
            self.field.clear()
        number = wanted.facets
        self.filter_button.setChecked(number > 0)
        self.filter_button.setAccessibleName(f"Filter, {number} in force" if number else "Filter")
        self._set_words()

    def show_order(self, order: Order, *, descending: bool) -> None:
        """Show the order that holds."""
        self._order, self._descending = order, descending
        direction = "descending" if descending else "ascending"
        self.order_button.setIcon(self._appearance.icon("arrow-down" if descending else "arrow-up", "muted"))
        self.order_button.setAccessibleName(f"Sorted by {ORDER_WORDS[order].lower()}, {direction}")
        self.order_button.setToolTip(f"Sorted by {ORDER_WORDS[order].lower()}, {direction}")
        self._set_words()

    def set_facets(self, facets: Callable[[], Facets]) -> None:
        """Take the source of what can be filtered by, asked when the menu opens."""
        self._facets = facets

    def set_tools_visible(self, *, any_books: bool, order: bool) -> None:
        """Hide all tools where there is nothing to use them on, and the order where a place has its own."""
        for tool in (self.field, self.filter_button, self.views):
            tool.setVisible(any_books)
        self.order_button.setVisible(any_books and order)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words away where there is no room for them."""
        super().resizeEvent(event)
        self._set_words()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24 + SCROLL_BAR, 0)
        row.setSpacing(8)
        row.addWidget(self.sidebar)
        row.addWidget(self._title, 1)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addSpacing(8)
        row.addWidget(self.field, 2)
        row.addWidget(self.filter_button)
        row.addWidget(self.order_button)
        row.addWidget(self.views)

    def _set_words(self) -> None:
        roomy = self.width() >= _ROOMY
        number = self._filter.facets
        words = f"Filter · {number}" if number else "Filter"
        self.filter_button.setText(_APART + words if roomy else "")
        self.order_button.setText(_APART + ORDER_WORDS[self._order] if roomy else "")
        self.filter_button.setToolTip("" if roomy else "Filter")
        self._count.setVisible(self.width() >= _TIGHT)

    def _menu(self, fill: Callable[[Menu], None]) -> Menu:
        menu = Menu(parent=self)
        menu.aboutToShow.connect(lambda: fill(menu))
        return menu

    def _fill_order(self, menu: Menu) -> None:
        menu.clear()
        group = QActionGroup(menu)
        for order, words in ORDER_WORDS.items():
            action = _choice(menu, words, checked=order is self._order)
            group.addAction(action)
            action.setData(order)
            action.triggered.connect(self._on_order)
        menu.addSeparator()
        directions = QActionGroup(menu)
        for words, down in (("Ascending", False), ("Descending", True)):
            action = _choice(menu, words, checked=self._descending is down)
            directions.addAction(action)
            action.setData(down)
            action.triggered.connect(self._on_direction)

    def _fill_filter(self, menu: Menu) -> None:
        menu.clear()
        wanted, facets = self._filter, self._facets()
        for reading, words in _READING_WORDS.items():
            action = _choice(menu, words, checked=wanted.reading is reading)
            action.setData(replace(wanted, reading=reading))
        menu.addSeparator()
        for key, count in facets.formats:
            action = _choice(menu, f"{format_name(key)}\t{count:,}", checked=key in wanted.formats)
            action.setData(replace(wanted, formats=wanted.formats ^ {key}))
        if len(facets.languages) > 1 or wanted.languages:
            menu.addSeparator()
            for key, count in facets.languages:
                action = _choice(menu, f"{language_name(key)}\t{count:,}", checked=key in wanted.languages)
                action.setData(replace(wanted, languages=wanted.languages ^ {key}))
        if wanted.facets:
            menu.addSeparator()
            menu.addAction("Clear the filter").setData(ShelfFilter(words=wanted.words))
        for action in menu.actions():
            action.triggered.connect(self._on_facet)

    def _on_order(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            order: Order = action.data()
            self.ordered.emit(order, order in LATEST_FIRST)

    def _on_direction(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.ordered.emit(self._order, bool(action.data()))

    def _on_facet(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.filtered.emit(action.data())


def _menu_button(words: str, appearance: Appearance, icon: str) -> QPushButton:
    button = make_button(words, kind=ButtonKind.QUIET, icon=appearance.icon(icon, "muted"))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _choice(menu: Menu, words: str, *, checked: bool) -> QAction:
    action = menu.addAction(words)
    action.setCheckable(True)
    action.setChecked(checked)
    return action
