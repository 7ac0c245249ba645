"""Paints one book of the grid: cover, progress line, title, authors."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.shelf.cover_art import RADIUS
from alexandria_desktop.ui.shelf.cover_cache import CoverCache
from alexandria_desktop.ui.shelf.grid_geometry import PAD
from alexandria_desktop.ui.shelf.lines import Lines
from alexandria_desktop.ui.shelf.wording import authors_line

LINE = 3
_CARD = 10
MARK = 16
"""Size of the cloud that marks a book whose file is elsewhere."""


@dataclass(frozen=True, slots=True)
class CellState:
    """How a book is shown now."""

    selected: bool = False
    hovered: bool = False
    focused: bool = False


class BookCell:
    """The painter of cells; one serves a whole grid."""

    def __init__(self, appearance: Appearance, covers: CoverCache) -> None:
        self._appearance = appearance
        self._covers = covers
        self._title = Lines(appearance.font(TextSize.BODY, MEDIUM), most=2, height=18)
        self._authors = Lines(appearance.font(TextSize.SMALL), most=1, height=18)

    def paint(self, painter: QPainter, cell: QRect, cover: QSize, book: BookRow, state: CellState) -> None:
        """Paint a book in its cell."""
        self._ground(painter, cell, state)
        box = QRect(cell.left() + PAD, cell.top() + PAD, cover.width(), cover.height())
        picture = self._covers.cover(book)
        paint_cover(painter, box, picture, self._covers, book)
        top = box.bottom() + 1 + 8
        if book.progress > 0:
            paint_progress(painter, QRectF(box.left(), top, box.width(), LINE), book.progress, self._appearance)
        words = QRectF(box.left(), top + LINE + 7, box.width(), 54)
        if not book.is_here:
            cloud = QRect(box.right() + 1 - MARK, int(words.top()) + 1, MARK, MARK)
            self._appearance.icon("cloud", "muted").paint(painter, cloud)
        title = self._title.set(book.title, box.width() - (0 if book.is_here else MARK + 6))
        painter.setPen(self._appearance.color("text"))
        self._title.draw(painter, words, title)
        authors = self._authors.set(authors_line(book), box.width())
        painter.setPen(self._appearance.color("muted"))
        self._authors.draw(painter, words.translated(0, 18 * len(title.lines)), authors)

    def _ground(self, painter: QPainter, cell: QRect, state: CellState) -> None:
        if state.selected or state.hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.color("accent_soft" if state.selected else "hover"))
            painter.drawRoundedRect(cell, _CARD, _CARD)
        if state.focused:
            painter.setPen(QPen(self._appearance.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), _CARD - 1, _CARD - 1)


def paint_cover(
    painter: QPainter,
    box: QRect,
    picture: QPixmap | None,
    covers: CoverCache,
    book: BookRow,
    *,
    radius: float = RADIUS,
    centred: bool = False,
) -> None:
    """Paint a cover in its own shape, on the foot of its box or in its middle; its ground where it is not there yet."""
    if picture is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(covers.ground(book))
        painter.drawRoundedRect(box, radius, radius)
        return
    size = picture.deviceIndependentSize()
    fits = abs(size.width() - box.width()) <= 1 or abs(size.height() - box.height()) <= 1
    if not fits:
        # One of another size stands in until the right one is made.
        size.scale(box.width(), box.height(), Qt.AspectRatioMode.KeepAspectRatio)
    left: float = box.left() + ((box.width() - size.width()) // 2 if centred else 0)
    top = box.bottom() + 1 - size.height()
    top = round(top - (box.height() - size.height()) / 2 if centred else top)
    if fits:
        painter.drawPixmap(QPointF(left, top), picture)
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(QRectF(left, top, size.width(), size.height()), picture, QRectF(picture.rect()))


def paint_progress(painter: QPainter, line: QRectF, progress: float, appearance: Appearance) -> None:
    """Paint a thin progress line."""
    radius = line.height() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(appearance.color("track"))
    painter.drawRoundedRect(line, radius, radius)
    done = max(line.height(), line.width() * min(100.0, progress) / 100)
    painter.setBrush(appearance.color("accent"))
    painter.drawRoundedRect(QRectF(line.left(), line.top(), done, line.height()), radius, radius)
