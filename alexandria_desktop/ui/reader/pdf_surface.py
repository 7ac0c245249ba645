"""A PDF on the screen (see ``Surface``): pages as they were printed, in the theme's colours, marked and searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QStackedLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.book.model import TocEntry
from alexandria_desktop.library.reading import BookFile
from alexandria_desktop.pdf.document import PdfDocument
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.reader.pdf_answers import Answers
from alexandria_desktop.ui.reader.pdf_open import OpenPdf
from alexandria_desktop.ui.reader.pdf_pages import Place
from alexandria_desktop.ui.reader.pdf_painting import look_of
from alexandria_desktop.ui.reader.pdf_password import PasswordPrompt
from alexandria_desktop.ui.reader.pdf_pointer import PdfPointer
from alexandria_desktop.ui.reader.pdf_tiles import Tiles
from alexandria_desktop.ui.reader.pdf_view import PdfView
from alexandria_desktop.ui.reader.surface import Ink, MarginMark, Selection, Where
from sync.places.locator import Locator

REST = 120
"""Milliseconds without scrolling after which the place is told and the words of the pages are read."""

_LOCKED = (Code.PDF_PASSWORD, Code.IMPORT_PASSWORD)


class PdfSurface(QWidget):
    """Shows a PDF; what is known of it once it is open lies in ``OpenPdf``."""

    painted = Signal()
    moved = Signal(object)
    selected = Signal(object)
    note_clicked = Signal(str)
    blank_clicked = Signal(float)
    link_out = Signal(str)
    jumped = Signal()
    found = Signal(object)
    margin = Signal(object)
    stirred = Signal()
    failed = Signal(object)

    def __init__(self, context: Context, file: BookFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._file = file
        self._answers = Answers()
        self._tiles = Tiles(self._answers)
        look = look_of(context.appearance.theme)
        self._tiles.set_colors(look.page_colors, dark=look.is_dark)
        self._view = PdfView(context.appearance, self._tiles, look)
        self._prompt: PasswordPrompt | None = None
        self._pdf: OpenPdf | None = None
        self._goal: tuple[Locator | None, bool] = (None, False)
        self._inks: tuple[Ink, ...] = ()
        self._was_painted = False
        self._is_closed = False
        self._had_selection = False
        self._shown_page = -1
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._view)
        self._rest = QTimer(self, singleShot=True, interval=REST)
        self._rest.timeout.connect(self._on_rest)
        self._view.scrolled.connect(self._on_scrolled)
        self._view.drawn.connect(self._on_drawn)
        self._watch_pointer()

    def _watch_pointer(self) -> None:
        pointer = PdfPointer(self._view)
        pointer.stirred.connect(self.stirred)
        pointer.hovered.connect(self._on_hovered)
        pointer.pressed.connect(self._on_pressed)
        pointer.dragged.connect(self._on_dragged)
        pointer.released.connect(self._on_released)

    # --- what the frame asks ------------------------------------------------------------------------------------

    def widget(self) -> QWidget:
        """Return the widget itself."""
        return self

    def contents(self) -> Sequence[TocEntry]:
        """Return the file's own contents; none before it is open."""
        return self._pdf.places.entries if self._pdf is not None else ()

    def start(self, locator: Locator | None, *, light: bool = False) -> None:
        """Show the book, at a place or where it begins."""
        self._goal = (locator, light)
        self._open(None)

    def show_locator(self, locator: Locator, *, light: bool = True) -> None:
        """Go to a place; ``light`` brings its words to a third of the height and lights them up."""
        if self._pdf is None:
            self._goal = (locator, light)
        else:
            self._pdf.show_locator(locator, light=light)

    def show_progression(self, progression: float) -> None:
        """Go to a part of the book, 0 to 1."""
        if self._pdf is not None:
            self._view.show_place(Place.at(progression, len(self._pdf.places.info.pages)))

    def show_href(self, href: str) -> None:
        """Go to a line of the contents."""
        place = self._pdf.places.place_of_href(href) if self._pdf is not None else None
        if place is not None:
            self._view.show_place(place)

    def turn(self, direction: int) -> None:
        """Turn forward (1) or back (-1): a screen in a long scroll, else a page."""
        self._view.turn(direction)

    def go_back(self) -> bool:
        """Return from a followed link."""
        return self._pdf is not None and self._pdf.go_back()

    def place(self) -> Callable[[], Locator] | None:
        """Return what makes the locator of the top of the screen; None before pages are shown."""
        pdf = self._pdf
        if pdf is None or not pdf.is_shown:
            return None
        place = self._view.place
        words = pdf.words.known(place.page)
        return lambda: pdf.places.locator_at(place, words)

    def with_selection(self, use: Callable[[Locator], None]) -> None:
        """Call ``use`` with the selected words."""
        if self._pdf is not None:
            self._pdf.marking.with_locator(use)

    def extend_selection(self, direction: str, granularity: str) -> None:
        """Select from the keyboard."""
        if self._pdf is not None:
            self._pdf.marking.extend(direction, granularity)

    def clear_selection(self) -> None:
        """Select nothing."""
        if self._pdf is not None:
            self._pdf.marking.clear()

    def set_notes(self, inks: Sequence[Ink]) -> None:
        """Paint the reader's notes."""
        self._inks = tuple(inks)
        if self._pdf is not None:
            self._pdf.set_notes(self._inks)
            self._rest.start()

    def set_theme(self, theme: Theme) -> None:
        """Draw in another theme; what is on the screen stays there."""
        self._view.set_look(look_of(theme))

    def toggle_flow(self) -> None:
        """Show one page at a time, or one long scroll."""
        self._view.set_single(single=not self._view.is_single)

    def find_words(self, words: str) -> None:
        """Look for words in the book; empty ends the search."""
        if self._pdf is not None:
            self._pdf.finder.look_for(words, near=self._view.place.page)

    def find_next(self, direction: int) -> None:
        """Light the next (1) or previous (-1) hit."""
        if self._pdf is not None:
            self._pdf.step_hit(direction)

    def show_hit(self, index: int) -> None:
        """Light one hit."""
        if self._pdf is not None:
            self._pdf.choose_hit(index)

    def zoom(self, step: int) -> bool:
        """Zoom in (1), out (-1) or back to fitted pages (0)."""
        self._view.zoom_step(step)
        return True

    def set_key_filter(self, wants: Callable[[QKeyEvent], bool]) -> None:
        """Let ``wants`` see each key before the page does."""
        self._view.set_key_filter(wants)

    def picture(self) -> QPixmap:
        """Return what is on the screen; nothing of a locked file, whose pages must not be kept."""
        if self._pdf is None or self._pdf.places.info.needed_password:
            return QPixmap()
        return self.grab()

    def take_focus(self) -> None:
        """Give the page the keyboard, or the field that asks for the password."""
        (self._prompt.field if self._prompt is not None else self._view).setFocus()

    def close_book(self) -> None:
        """Let go of the book."""
        self._is_closed = True
        self._rest.stop()
        self._answers.close()
        self._tiles.close()
        if self._pdf is not None:
            self._pdf.close()

    # --- opening ------------------------------------------------------------------------------------------------

    def _open(self, password: str | None) -> None:
        future = self._context.library.reading.pdf.open(self._file.path, password=password)
        self._answers.listen(future, self._on_opened, self._on_open_failed)

    def _on_opened(self, document: PdfDocument) -> None:
        if self._prompt is not None:
            self._stack.removeWidget(self._prompt)
            self._prompt.deleteLater()
            self._prompt = None
            self._view.setFocus()
        self._tiles.set_document(document)
        pdf = self._pdf = OpenPdf(document, self._file.edition, self._view, self._answers)
        pdf.finder.changed.connect(self._on_found)
        pdf.marking.settled.connect(self._tell_selection)
        pdf.jumped.connect(self.jumped)
        pdf.set_notes(self._inks)
        self._view.marks = pdf.marks
        locator, light = self._goal
        if locator is None:
            pdf.show(Place(0))
        else:
            pdf.show_locator(locator, light=light)

    def _on_open_failed(self, error: AlexandriaError) -> None:
        if error.code not in _LOCKED:
            self.failed.emit(error)
            return
        if self._prompt is not None:
            self._prompt.say_wrong()
            return
        had_focus = self._view.hasFocus()
        self._prompt = PasswordPrompt(self._context.appearance)
        self._prompt.given.connect(self._open)
        self._stack.addWidget(self._prompt)
        self._stack.setCurrentWidget(self._prompt)
        if had_focus:
            self._prompt.field.setFocus()

    # --- what the pages tell ------------------------------------------------------------------------------------

    def _on_drawn(self) -> None:
        if not self._was_painted and self._pdf is not None and self._pdf.is_shown:
            self._was_painted = True
            self.painted.emit()
            self._on_scrolled()

    def _on_scrolled(self) -> None:
        if self._pdf is None or not self._pdf.is_shown:
            return
        if self._view.page != self._shown_page:
            self._tell_place()
        self._rest.start()

    def _on_rest(self) -> None:
        if self._pdf is None or self._is_closed:
            return
        self._tell_place()
        self._pdf.read_ahead()
        if not self._pdf.marking.is_empty:
            self._tell_selection()
        self.margin.emit(list(self._margin_marks()))

    def _tell_place(self) -> None:
        pdf = self._pdf
        assert pdf is not None
        page, place, at_end = self._view.page, self._view.place, self._view.is_at_end
        self._shown_page = page
        index = pdf.places.chapter_at(self._view.chapter_place)
        label = pdf.places.label(page)
        self._view.setAccessibleName(label)
        where = Where(
            progression=1.0 if at_end else place.progression(len(pdf.places.info.pages)),
            chapter=pdf.places.entries[index].title if index >= 0 else "",
            chapter_index=index,
            page=label,
            left="",
            is_start=self._view.is_at_start,
            is_end=at_end,
        )
        self.moved.emit(where)

    def _margin_marks(self) -> Iterator[MarginMark]:
        assert self._pdf is not None
        height = self._view.viewport().height()
        for page in self._view.visible_pages():
            for ink in self._pdf.inks.of_page(page):
                boxes = [box for rect in ink.rects if (box := self._view.rect_on_screen(page, rect)) is not None]
                seen = [box for box in boxes if box.bottom() > 0 and box.top() < height]
                if seen:
                    yield MarginMark(ink.note_id, min(box.top() for box in seen), max(box.bottom() for box in seen))

    def _on_found(self, state: object) -> None:
        self.found.emit(state)
        self._rest.start()

    def _tell_selection(self) -> None:
        if self._pdf is None or self._is_closed:
            return
        rect = self._pdf.marking.rect_on_screen()
        if rect is not None:
            self.selected.emit(Selection(rect.translated(QPointF(self._view.viewport().mapTo(self, QPointF())))))
        elif self._pdf.marking.is_empty:
            self.selected.emit(None)

    # --- the mouse ----------------------------------------------------------------------------------------------

    def _on_hovered(self, at: QPointF) -> None:
        shape = self._pdf.cursor_at(at) if self._pdf is not None else Qt.CursorShape.ArrowCursor
        if self._view.viewport().cursor().shape() != shape:
            self._view.viewport().setCursor(shape)

    def _on_pressed(self, at: QPointF, clicks: int, extend: bool) -> None:
        if self._pdf is not None:
            self._had_selection = not self._pdf.marking.is_empty
            self._pdf.marking.press(at, clicks, extend=extend)

    def _on_dragged(self, at: QPointF) -> None:
        if self._pdf is not None:
            self._pdf.marking.drag(at)

    def _on_released(self, at: QPointF, was_dragged: bool) -> None:
        point = self._view.page_point(at)
        if self._pdf is None or point is None:
            return
        pdf, page = self._pdf, point[0]

        def decide(_words: object) -> None:
            if self._is_closed:
                return
            if not pdf.marking.is_empty or was_dragged:
                self._tell_selection()
            else:
                self._on_click(at, *point)

        pdf.words.ask(page, decide)  # the words may still be on their way

    def _on_click(self, at: QPointF, page: int, x: float, y: float) -> None:
        assert self._pdf is not None
        link, note = self._pdf.link_at(page, x, y), self._pdf.inks.note_at(page, x, y)
        if self._had_selection:
            self.selected.emit(None)
        if link is not None and link.uri:
            self.link_out.emit(link.uri)
        elif link is not None:
            self._pdf.follow(link)
        elif note is not None:
            self.note_clicked.emit(note)
        elif not self._had_selection:
            self.blank_clicked.emit(at.x() / max(1, self._view.viewport().width()))
