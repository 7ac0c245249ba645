"""All notes as a list: grouped by book, the book with the newest note first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView

from alexandria_desktop.annotate.two_versions import WORDS, has_two_versions, readable
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.notes import Note, NoteType
from alexandria_desktop.text.fold import fold
from alexandria_desktop.theme.model import INK_NAMES
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize, page_font
from alexandria_desktop.ui.shelf.grouped_list import LEFT, MEASURE, GroupedPainter, side
from alexandria_desktop.ui.shelf.lines import Lines, SetText
from alexandria_desktop.ui.shelf.wording import authors_line, counted, day

LOST = "Not placed in this edition"
GONE = "A book that is no longer here"


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A line of the list: a book's heading, or a note."""

    title: str
    authors: str = ""
    note: Note | None = None
    count: int = 0

    @property
    def is_heading(self) -> bool:
        """Whether it is the heading of a book."""
        return self.note is None

    @property
    def read_out(self) -> str:
        """Its words for a screen reader."""
        if self.note is None:
            return f"{self.title}, {counted(self.count, 'note', 'notes')}"
        parts = [self.note.quote, readable(self.note.text), _wants(self.note)]
        return ". ".join(part for part in parts if part) or "Bookmark"


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


class NotePainter(GroupedPainter[NoteLine]):
    """Paints a heading, or a note: its ink, its quote in the reading face, its words, its day."""

    def __init__(self, appearance: Appearance, view: QListView) -> None:
        super().__init__(appearance, view)
        self._quote = Lines(page_font(TextSize.LARGE), most=3, height=23)
        self._text = Lines(appearance.font(), most=4, height=19)
        self._small = Lines(appearance.font(TextSize.SMALL), most=1, height=17)
        self._heading = Lines(appearance.font(TextSize.LARGE, MEDIUM), most=1, height=22)

    def height_of(self, line: NoteLine, width: int) -> int:
        """Return the room for the lines of a note."""
        quote, text = self._parts(_note_of(line), width)
        height = (23 * len(quote.lines) if quote else 0) + (19 * len(text.lines) if text else 0)
        return height + (6 if quote and text else 0) + 17 + 6 + 2 * self.pad + 4

    def paint_heading(self, painter: QPainter, area: QRect, line: NoteLine) -> None:
        """Paint the title of a book, who wrote it, and how many notes there are."""
        words = QRectF(area.left() + LEFT, area.bottom() - 29, min(MEASURE, area.width() - 2 * LEFT), 22)
        painter.setPen(self._appearance.color("text"))
        title = self._heading.set(line.title, int(words.width() * 0.7))
        self._heading.draw(painter, words, title)
        taken = painter.fontMetrics().horizontalAdvance(title.lines[0]) + 12
        painter.setPen(self._appearance.color("muted"))
        rest = " · ".join(part for part in (line.authors, f"{line.count:,}") if part)
        room = int(words.width() - taken)
        self._small.draw(painter, words.adjusted(taken, 3, 0, 0), self._small.set(rest, room))

    def paint_thing(self, painter: QPainter, card: QRect, line: NoteLine) -> None:
        """Paint a note with its ink."""
        note = _note_of(line)
        painter.setPen(Qt.PenStyle.NoPen)
        ink = self._appearance.color(f"ink_{INK_NAMES.index(note.color) + 1}" if note.color in INK_NAMES else "track")
        painter.setBrush(ink)
        stripe = QRectF(card.left() + self.pad, card.top() + self.pad, 4, card.height() - 2 * self.pad)
        painter.drawRoundedRect(stripe, 2, 2)
        self._paint_words(painter, card, note)

    def _paint_words(self, painter: QPainter, card: QRect, note: Note) -> None:
        width = self.measure(self._view.viewport().width())
        words = QRectF(card.left() + self.pad + 16, card.top() + self.pad, width, 400)
        quote, text = self._parts(note, width)
        if quote is not None:
            painter.setPen(self._appearance.color("muted" if text is not None else "text"))
            self._quote.draw(painter, words, quote, align=side(right_to_left=quote.right_to_left))
            words.translate(0, 23 * len(quote.lines) + (6 if text is not None else 0))
        if text is not None:
            painter.setPen(self._appearance.color("text"))
            self._text.draw(painter, words, text, align=side(right_to_left=text.right_to_left))
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


def _note_of(line: NoteLine) -> Note:
    assert line.note is not None  # a heading is measured and painted apart
    return line.note


def _wants(note: Note) -> str:
    """Return what a note wants of its writer, if anything."""
    wants = ["" if note.placed else LOST, WORDS if has_two_versions(note.text) else ""]
    return " · ".join(one for one in wants if one)
