"""The book beside a lesson: its chapters, the notes on it and what is searched for, to be dragged or entered."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.material import Card
from alexandria_desktop.store.book_rows import BookRow, Order
from alexandria_desktop.teach.authoring.lines import new_id
from alexandria_desktop.teach.blocks import ChapterBlock, block_from_json
from alexandria_desktop.theme.model import INK_NAMES
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize, page_font
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.dragging import MIME
from alexandria_desktop.ui.shelf.lines import Lines
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.search_field import SearchField
from alexandria_desktop.ui.widgets.segmented import Segmented

_ROLE = Qt.ItemDataRole.UserRole
CHAPTERS, NOTES, SEARCH = "chapters", "notes", "search"


class BookSide(QFrame):
    """The right column of the builder."""

    added = Signal(object)
    """(Block): put it into the lesson."""
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._task: Task | None = None
        self._wanted: UUID | None = None
        look = context.appearance
        self.setProperty("panel", "side")
        title = QLabel("Book")
        title.setFont(look.font(TextSize.LARGE, MEDIUM))
        self.books = QComboBox()
        self.books.setAccessibleName("Book beside the lesson")
        self.books.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.books.currentIndexChanged.connect(self.refresh)
        self.kinds = Segmented(((CHAPTERS, "Chapters"), (NOTES, "Notes"), (SEARCH, "Search")), name="What of the book")
        self.kinds.chosen.connect(self._on_kind)
        self.field = SearchField(look, hint="Search in this book")
        self.field.searched.connect(self.refresh)
        self.field.left.connect(self.left)
        self.field.hide()
        self.cards = CardList(look)
        self.cards.entered.connect(self._on_entered)
        self.cards.left.connect(self.left)
        self._said = EmptyState(look, icon="quote", sentence="")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.cards)
        self._stack.addWidget(self._said)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(10)
        for part in (title, self.books, self.kinds, self.field):
            column.addWidget(part)
        column.addWidget(self._stack, 1)

    def read_books(self) -> None:
        """Read which books there are, the one read last first."""
        shelf = self._context.library.shelf
        self._context.tasks.run(lambda: shelf.books(order=Order.OPENED, descending=True), self._on_books)

    def show_book(self, book_id: UUID) -> None:
        """Show one book, now or when the books are read."""
        self._wanted = book_id
        place = self._place_of(book_id)
        if place >= 0:
            self.books.setCurrentIndex(place)

    def _place_of(self, book_id: UUID | None) -> int:
        """Return where a book stands in the list, or -1; Qt's own search knows no ids but the very same object."""
        return next((at for at in range(self.books.count()) if self.books.itemData(at) == book_id), -1)

    def take_focus(self) -> None:
        """Put the keyboard on the cards."""
        search = self.kinds.choice() == SEARCH
        (self.field if search or not self.cards.count() else self.cards).setFocus(Qt.FocusReason.OtherFocusReason)

    def search(self) -> None:
        """Put the keyboard where one searches."""
        self.kinds.choose(SEARCH)
        self._on_kind(SEARCH)
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self, _: object = None) -> None:
        """Read the cards anew."""
        if self._task is not None:
            self._task.cancel()
        book_id: UUID | None = self.books.currentData()
        kind, words, material = self.kinds.choice(), self.field.text().strip(), self._context.library.material
        if book_id is None:
            self._say("Import a book, and its chapters and your notes stand here.")
            return
        if kind == SEARCH and not words:
            self._say("Passages that hold or mean your words stand here.")
            return
        calls: dict[str, Callable[[], list[Card]]] = {
            CHAPTERS: lambda: material.chapters(book_id),
            NOTES: lambda: material.notes(book_id),
            SEARCH: lambda: material.passages(book_id, words),
        }
        self._task = self._context.tasks.run(calls[kind], self._on_cards, self._on_failed, priority=2)

    def _on_kind(self, kind: str) -> None:
        self.field.setVisible(kind == SEARCH)
        self.refresh()

    def _on_books(self, books: list[BookRow]) -> None:
        was = self.books.blockSignals(True)
        known = self._wanted or self.books.currentData()
        self.books.clear()
        for row in books:
            self.books.addItem(row.title, row.id)
        self.books.setCurrentIndex(max(0, self._place_of(known)) if books else -1)
        self.books.setEnabled(bool(books))
        self.books.blockSignals(was)
        self.refresh()

    def _on_cards(self, cards: list[Card]) -> None:
        self._task = None
        if cards:
            self.cards.show_cards(cards)
            self._stack.setCurrentWidget(self.cards)
            return
        empty = {
            CHAPTERS: "This book has no table of contents.",
            NOTES: "Highlight words in this book, and they stand here.",
            SEARCH: "Nothing in this book is like these words.",
        }
        self._say(empty[self.kinds.choice()])

    def _on_failed(self, error: AlexandriaError) -> None:
        self._task = None
        self._say(f"{error.message} ({error.code})")

    def _say(self, sentence: str) -> None:
        self.cards.show_cards([])
        self._said.say(sentence)
        self._stack.setCurrentWidget(self._said)

    def _on_entered(self, card: Card) -> None:
        self.added.emit(block_from_json({**card.block.to_json(), "id": new_id()}))


class CardList(QListWidget):
    """Cards of a book."""

    entered = Signal(object)
    """(Card)"""
    left = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setAccessibleName("What can be put into the lesson; Enter adds it")
        self.setItemDelegate(_CardPainter(appearance, self))
        self.setDragEnabled(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.itemDoubleClicked.connect(self._on_item)

    def show_cards(self, cards: list[Card]) -> None:
        """Show these."""
        self.clear()
        for card in cards:
            item = QListWidgetItem(f"{card.title}. {card.about}" if card.about else card.title)
            item.setData(_ROLE, card)
            self.addItem(item)
        if cards:
            self.setCurrentRow(0)

    def mimeData(self, _items: object) -> QMimeData:
        """Return the block that is dragged, and its words for other programs."""
        mime = QMimeData()
        item = self.currentItem()
        if item is not None:
            card: Card = item.data(_ROLE)
            mime.setData(MIME, json.dumps(card.block.to_json()).encode())
            mime.setText(card.title)
        return mime

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds a card; Escape and Left go back to the lesson."""
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self.entered.emit(item.data(_ROLE))
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Left):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_item(self, item: QListWidgetItem) -> None:
        self.entered.emit(item.data(_ROLE))


class _CardPainter(QStyledItemDelegate):
    """Paints a card: its words, what is said of it, its ink."""

    def __init__(self, appearance: Appearance, view: CardList) -> None:
        super().__init__(view)
        self._appearance, self._view = appearance, view
        self._quote = Lines(page_font(TextSize.LARGE), most=4, height=21)
        self._title = Lines(appearance.font(), most=2, height=19)
        self._about = Lines(appearance.font(TextSize.SMALL), most=2, height=17)

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room for a card."""
        card: Card = index.data(_ROLE)
        main, about, width = self._parts(card)
        height = main.height * len(main.set(card.title, width).lines)
        height += 17 * len(about.set(card.about, width).lines) + 2 if card.about else 0
        return QSize(self._view.viewport().width(), height + 16)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a card."""
        card: Card = index.data(_ROLE)
        look = self._appearance
        main, about, width = self._parts(card)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = option.rect.adjusted(0, 1, 0, -1)
        chosen = option.state & QStyle.StateFlag.State_Selected
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(look.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(area, 8, 8)
        left = area.left() + 10 + 14 * card.level
        if not isinstance(card.block, ChapterBlock):
            name = f"ink_{INK_NAMES.index(card.color) + 1}" if card.color in INK_NAMES else "track"
            painter.setBrush(look.color(name))
            painter.drawRoundedRect(area.left() + 6, area.top() + 7, 3, area.height() - 14, 1.5, 1.5)
            left += 8
        words = area.adjusted(left - area.left(), 7, 0, 0).toRectF()
        painter.setPen(look.color("text"))
        title = main.set(card.title, width)
        main.draw(painter, words, title)
        if card.about:
            words.translate(0, main.height * len(title.lines) + 2)
            painter.setPen(look.color("muted"))
            about.draw(painter, words, about.set(card.about, width))
        if chosen and self._view.hasFocus():
            painter.setPen(look.color("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), 8, 8)
        painter.restore()

    def _parts(self, card: Card) -> tuple[Lines, Lines, int]:
        is_chapter = isinstance(card.block, ChapterBlock)
        width = self._view.viewport().width() - 22 - 14 * card.level - (0 if is_chapter else 8)
        return (self._title if is_chapter else self._quote), self._about, max(80, width)
