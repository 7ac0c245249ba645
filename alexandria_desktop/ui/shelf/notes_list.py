"""All notes as a list: grouped by book, the book with the newest note first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from alexandria_desktop.annotate.two_versions import WORDS, has_two_versions, readable
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.notes import Note, NoteType
from alexandria_desktop.text.fold import fold
from alexandria_desktop.theme.model import INK_NAMES
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize, page_font
from alexandria_desktop.ui.shelf.book_model import Index
from alexandria_desktop.ui.shelf.lines import Lines, SetText
from alexandria_desktop.ui.shelf.wording import authors_line, counted, day

LOST = "Not found in this edition"
_MEASURE = 760
_PAD, _LEFT = 12, 24
_HEADING = 56
GONE = "A book that is no longer here"


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line of the list: a book's heading, or a note."""

    title: str
    authors: str = ""
    note: Note | None = None
    count: int = 0


def grouped(notes: Sequence[Note], books: Mapping[UUID, BookRow], words: str = "") -> list[NoteLine]:
    """Return headings and notes, only those that hold the words; ``notes`` come with the newest first."""
    terms = fold(words).split()
    groups: dict[UUID, list[Note]] = {}
    for note in notes:
        book = books.get(note.content_id)
        if terms:
            hay = fold(f"{note.quote} {note.text} {book.title if book else ''}")
            if not all(term in hay for term in terms):
                continue
        groups.setdefault(note.content_id, []).append(note)
    lines: list[NoteLine] = []
    for book_id, inside in groups.items():
        book = books.get(book_id)
        title, authors = (book.title, authors_line(book)) if book is not None else (GONE, "")
        lines.append(NoteLine(title, authors, count=len(inside)))
        lines.extend(NoteLine(title, authors, note) for note in inside)
    return lines


class NotesModel(QAbstractListModel):
    """Headings and notes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[NoteLine] = []

    def show(self, lines: list[NoteLine]) -> None:
        """Show these."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a line, or its words for a screen reader."""
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if line.note is None:
                return f"{line.title}, {counted(line.count, 'note', 'notes')}"
            parts = [line.note.quote, readable(line.note.text), _wants(line.note)]
            return ". ".join(part for part in parts if part) or "Bookmark"
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that notes can be chosen, headings not."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return flags if self.lines[index.row()].note is None else flags | Qt.ItemFlag.ItemIsSelectable


class NotePainter(QStyledItemDelegate):
    """Paints a heading, or a note: its ink, its quote in the reading face, its words, its day."""

    def __init__(self, appearance: Appearance, view: QListView) -> None:
        super().__init__(view)
        self._appearance = appearance
        self._view = view
        self._quote = Lines(page_font(TextSize.LARGE), most=3, height=23)
        self._text = Lines(appearance.font(), most=4, height=19)
        self._small = Lines(appearance.font(TextSize.SMALL), most=1, height=17)
        self._heading = Lines(appearance.font(TextSize.LARGE, MEDIUM), most=1, height=22)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room for a heading, or for the lines of a note."""
        line: NoteLine = index.data(Qt.ItemDataRole.UserRole)
        width = self._view.viewport().width()
        if line.note is None:
            return QSize(width, _HEADING)
        quote, text = self._parts(line.note, self._measure(width))
        height = (23 * len(quote.lines) if quote else 0) + (19 * len(text.lines) if text else 0)
        return QSize(width, height + (6 if quote and text else 0) + 17 + 6 + 2 * _PAD + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line of the list."""
        line: NoteLine = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if line.note is None:
            self._paint_heading(painter, option.rect, line)
        else:
            self._paint_note(painter, option, line.note)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRect, line: NoteLine) -> None:
        words = QRectF(area.left() + _LEFT, area.bottom() - 29, min(_MEASURE, area.width() - 2 * _LEFT), 22)
        painter.setPen(self._appearance.color("text"))
        title = self._heading.set(line.title, int(words.width() * 0.7))
        self._heading.draw(painter, words, title)
        taken = painter.fontMetrics().horizontalAdvance(title.lines[0]) + 12
        painter.setPen(self._appearance.color("muted"))
        rest = " · ".join(part for part in (line.authors, f"{line.count:,}") if part)
        room = int(words.width() - taken)
        self._small.draw(painter, words.adjusted(taken, 3, 0, 0), self._small.set(rest, room))

    def _paint_note(self, painter: QPainter, option: QStyleOptionViewItem, note: Note) -> None:
        card: QRect = option.rect.adjusted(_LEFT - _PAD, 2, -_LEFT + _PAD, -2)
        card.setWidth(min(card.width(), _MEASURE + 2 * _PAD))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._appearance.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(card, 8, 8)
        if option.state & QStyle.StateFlag.State_HasFocus and self._view.hasFocus():
            painter.setPen(QPen(self._appearance.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(card).adjusted(1, 1, -1, -1), 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        ink = self._appearance.color(f"ink_{INK_NAMES.index(note.color) + 1}" if note.color in INK_NAMES else "track")
        painter.setBrush(ink)
        painter.drawRoundedRect(QRectF(card.left() + _PAD, card.top() + _PAD, 4, card.height() - 2 * _PAD), 2, 2)
        self._paint_words(painter, card, note)

    def _paint_words(self, painter: QPainter, card: QRect, note: Note) -> None:
        width = self._measure(self._view.viewport().width())
        words = QRectF(card.left() + _PAD + 16, card.top() + _PAD, width, 400)
        quote, text = self._parts(note, width)
        if quote is not None:
            painter.setPen(self._appearance.color("muted" if text is not None else "text"))
            self._quote.draw(painter, words, quote, align=_side(quote))
            words.translate(0, 23 * len(quote.lines) + (6 if text is not None else 0))
        if text is not None:
            painter.setPen(self._appearance.color("text"))
            self._text.draw(painter, words, text, align=_side(text))
            words.translate(0, 19 * len(text.lines))
        words.translate(0, 6)
        painter.setPen(self._appearance.color("muted"))
        wants = _wants(note)
        when = self._small.set(f"{day(note.created_at)} · " if wants else day(note.created_at), int(width))
        self._small.draw(painter, words, when)
        if wants:
            taken = painter.fontMetrics().horizontalAdvance(when.lines[0])
            painter.setPen(self._appearance.color("warning"))
            self._small.draw(painter, words.translated(taken, 0), self._small.set(wants, int(width - taken)))

    def _parts(self, note: Note, width: int) -> tuple[SetText | None, SetText | None]:
        quote = self._quote.set(" ".join(note.quote.split()), width) if note.quote else None
        words = readable(note.text) or (
            "" if note.quote else "Bookmark" if note.type is NoteType.BOOKMARK else "Empty note"
        )
        return quote, self._text.set(words, width) if words else None

    def _measure(self, width: int) -> int:
        return max(160, min(_MEASURE, width - 2 * _LEFT) - 16 - _PAD)


def _wants(note: Note) -> str:
    """Return what a note wants of its writer, if anything."""
    wants = ["" if note.placed else LOST, WORDS if has_two_versions(note.text) else ""]
    return " · ".join(one for one in wants if one)


def _side(text: SetText) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if text.right_to_left else Qt.AlignmentFlag.AlignLeft
