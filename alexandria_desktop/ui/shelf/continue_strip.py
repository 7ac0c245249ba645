"""The strip above the shelf: the books that are being read, each a wide card that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.shelf.book_cell import LINE, paint_cover, paint_progress
from alexandria_desktop.ui.shelf.cover_cache import CoverCache
from alexandria_desktop.ui.shelf.lines import Lines
from alexandria_desktop.ui.shelf.wording import authors_line, percent, spoken, tip

COVER = QSize(64, 96)
CARD = 120
_PAD, _GAP, _MARGIN = 12, 16, 24
_LEAST = 296
_HEADING = 24


class ContinueCard(QAbstractButton):
    """One book that is being read: cover, title, authors, progress."""

    def __init__(self, appearance: Appearance, covers: CoverCache, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._covers = covers
        self.book: BookRow | None = None
        self._title = Lines(appearance.font(TextSize.LARGE, MEDIUM), most=2, height=21)
        self._authors = Lines(appearance.font(TextSize.SMALL), most=1, height=18)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_book(self, book: BookRow) -> None:
        """Show another book."""
        self.book = book
        self.setAccessibleName(f"Continue {spoken(book)}")
        self.setToolTip(tip(book))
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Step back."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card."""
        if self.book is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self._appearance.color("hairline"), 1))
        painter.setBrush(self._appearance.color("hover" if self.underMouse() else "raised"))
        painter.drawRoundedRect(frame, 10, 10)
        if self.hasFocus():
            painter.setPen(QPen(self._appearance.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        picture = self._covers.cover(self.book)
        paint_cover(painter, QRect(QPoint(_PAD, _PAD), COVER), picture, self._covers, self.book, centred=True)
        self._paint_words(painter, self.book)

    def _paint_words(self, painter: QPainter, book: BookRow) -> None:
        left = _PAD + COVER.width() + 16
        width = self.width() - left - 16
        title = self._title.set(book.title, width)
        painter.setPen(self._appearance.color("text"))
        self._title.draw(painter, QRectF(left, _PAD + 2, width, 42), title)
        painter.setPen(self._appearance.color("muted"))
        authors = self._authors.set(authors_line(book), width)
        top = _PAD + 4 + 21 * len(title.lines)
        self._authors.draw(painter, QRectF(left, top, width, 18), authors)
        foot = _PAD + COVER.height()
        done = percent(book.progress) or "Begun"
        self._authors.draw(painter, QRectF(left, foot - 12 - 13, width, 18), self._authors.set(done, width))
        paint_progress(painter, QRectF(left, foot - LINE, width, LINE), book.progress, self._appearance)


class ContinueStrip(QWidget):
    """As many cards as fit side by side, three to six of them on a usual window, and the heading of what follows."""

    opened = Signal(object)
    """(UUID): a card was pressed."""
    left_downwards = Signal()
    """Down was pressed."""
    focused = Signal()
    """The keyboard came to a card."""

    def __init__(self, appearance: Appearance, covers: CoverCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._covers = covers
        self._books: tuple[BookRow, ...] = ()
        self._heading = _heading("Continue reading", appearance, self)
        self._below = _heading("All books", appearance, self)
        self._cards = [ContinueCard(appearance, covers, self) for _ in range(6)]
        for card in self._cards:
            card.clicked.connect(self._on_card)
            card.installEventFilter(self)
        covers.arrived.connect(self._on_cover)
        appearance.changed.connect(self._ask)

    def show_books(self, books: Sequence[BookRow]) -> None:
        """Show these, the first ones that fit."""
        self._books = tuple(books[: len(self._cards)])
        self._arrange()

    def books(self) -> list[BookRow]:
        """Return the books that have a card now."""
        return [card.book for card in self._cards if card.isVisibleTo(self) and card.book is not None]

    def hasHeightForWidth(self) -> bool:
        """Return True."""
        return True

    def heightForWidth(self, _width: int) -> int:
        """Return the height of the headings and the cards."""
        return 8 + _HEADING + 12 + CARD + 24 + _HEADING + 4

    def focus_card(self) -> None:
        """Put the keyboard on the first card."""
        if self._books:
            self._cards[0].setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the cards."""
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Move among the cards with the arrow keys."""
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and watched in self._cards:
            return self._on_key(self._cards.index(watched), event)
        return False

    def _on_key(self, number: int, event: QKeyEvent) -> bool:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
                step = -step
            last = len(self.books()) - 1
            self._cards[max(0, min(last, number + step))].setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if event.key() == Qt.Key.Key_Down:
            self.left_downwards.emit()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._cards[number].click()
            return True
        return False

    def _arrange(self) -> None:
        room = self.width() - 2 * _MARGIN
        fit = max(1, min(len(self._cards), (room + _GAP) // (_LEAST + _GAP)))
        width = (room - (fit - 1) * _GAP) // fit
        top = 8 + _HEADING + 12
        for number, card in enumerate(self._cards):
            shown = number < min(fit, len(self._books))
            card.setVisible(shown)
            if shown:
                card.show_book(self._books[number])
                card.setGeometry(_MARGIN + number * (width + _GAP), top, width, CARD)
        self._heading.setGeometry(_MARGIN, 8, room, _HEADING)
        self._below.setGeometry(_MARGIN, top + CARD + 24, room, _HEADING)
        self._ask()

    def _ask(self) -> None:
        self._covers.want(self.books(), COVER, self.devicePixelRatioF())

    def _on_card(self) -> None:
        card = self.sender()
        if isinstance(card, ContinueCard) and card.book is not None:
            self.opened.emit(card.book.id)

    def _on_cover(self, book: UUID) -> None:
        for card in self._cards:
            if card.book is not None and card.book.id == book:
                card.update()


def _heading(words: str, appearance: Appearance, parent: QWidget) -> QLabel:
    label = QLabel(words, parent)
    label.setFont(appearance.font(TextSize.LARGE, MEDIUM))
    return label
