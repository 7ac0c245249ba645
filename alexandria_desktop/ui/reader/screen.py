"""The reader: a page, the bars around it, and what opens beside it. Everything that is done is kept at once."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.store.notes import Note
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.ui.commands import Area, command_for
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.reader.bars import BottomBar, Fading, TopBar
from alexandria_desktop.ui.reader.contents_panel import ContentsPanel
from alexandria_desktop.ui.reader.find_bar import FindBar
from alexandria_desktop.ui.reader.first_steps import FirstSteps
from alexandria_desktop.ui.reader.look_panel import LookPanel
from alexandria_desktop.ui.reader.marking import Marking
from alexandria_desktop.ui.reader.note_editor import NoteEditor
from alexandria_desktop.ui.reader.notes_panel import NotesPanel
from alexandria_desktop.ui.reader.selection_bar import SelectionBar
from alexandria_desktop.ui.reader.sitting import Sitting
from alexandria_desktop.ui.reader.surface import Surface, Where
from alexandria_desktop.ui.widgets.banner import Banner, Severity
from alexandria_desktop.ui.widgets.leaving import ask_to_open
from sync.places.locator import Locator

EDGE = 0.12
"""Part of the page's width, at either side, where a click turns the page."""


class ReaderScreen(QWidget):
    """Shows one book at a time."""

    left = Signal()
    """The reader wants to go back to the library."""
    opened = Signal()
    """The first page is on the screen."""
    rested = Signal()
    """The reader has stayed on a page for a while."""
    next_wanted = Signal()
    """On to the next place of whoever opened the book."""
    failed_opening = Signal(object)
    """(AlexandriaError)"""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.book_id: UUID | None = None
        self.title = ""
        self.source = ""
        """The file that the book was imported from."""
        self.surface: Surface | None = None
        self.where: Where | None = None
        self._build(context)
        self._sitting = Sitting(context, self)
        self._sitting.rested.connect(self.rested)
        context.appearance.changed.connect(self._on_theme)

    # --- building -----------------------------------------------------------------------------------------------

    def _build(self, context: Context) -> None:
        look = context.appearance
        self.setAutoFillBackground(True)
        self.top, self.bottom = TopBar(look), BottomBar(look)
        self.contents, self.notes_panel = ContentsPanel(look), NotesPanel(look)
        self.find_bar, self.banner = FindBar(look), Banner(look)
        self.page = QWidget()
        self._page_box = QVBoxLayout(self.page)
        self._page_box.setContentsMargins(0, 0, 0, 0)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        self._above: QWidget | None = None
        self._middle = middle
        for part in (self.top, self.find_bar, self.banner):
            middle.addWidget(part)
        middle.addWidget(self.page, 1)
        middle.addWidget(self.bottom)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.contents)
        row.addLayout(middle, 1)
        row.addWidget(self.notes_panel)
        self.selection_bar = SelectionBar(look, self.page)
        self.editor = NoteEditor(look, self.page)
        self.look_panel = LookPanel(context, self)
        self._still = QLabel(self.page)
        self._still.hide()
        self.fading = Fading(look, (self.top, self.bottom), self)
        self._connect()
        self.marking = Marking(context, self)
        self.steps = FirstSteps(context, self)
        self._take_words: Callable[[Locator], None] | None = None

    def _connect(self) -> None:
        self.top.asked.connect(self.do)
        self.bottom.sought.connect(self._on_sought)
        self.contents.chosen.connect(self._on_contents)
        self.contents.left.connect(self._close_panels)
        self.notes_panel.left.connect(self._close_panels)
        self.find_bar.searched.connect(self._on_find)
        self.find_bar.stepped.connect(self._on_find_step)
        self.find_bar.closed.connect(self._close_find)
        self.editor.closed.connect(self._take_focus)

    # --- opening and closing ------------------------------------------------------------------------------------

    def show_book(self, book_id: UUID, title: str, surface: Surface, locator: Locator | None, *, light: bool) -> None:
        """Show a book, at a place or where the reader was."""
        self.close_book()
        self.book_id, self.surface = book_id, surface
        self.title = title
        self.top.set_title(title)
        self.top.set_chapter("")
        self.banner.hide()
        self._page_box.addWidget(surface.widget())
        self._show_still(book_id, given=locator is not None and light)
        surface.set_key_filter(self.take_key)
        surface.painted.connect(self._on_painted)
        surface.moved.connect(self._on_moved)
        surface.selected.connect(self.marking.on_selected)
        surface.note_clicked.connect(self.marking.on_note_clicked)
        surface.blank_clicked.connect(self._on_blank)
        surface.link_out.connect(self._on_link_out)
        surface.jumped.connect(self._on_jumped)
        surface.found.connect(self.find_bar.show_state)
        surface.stirred.connect(self.fading.stir)
        surface.failed.connect(self.show_error)
        self.contents.set_entries(surface.contents())
        self.refresh_notes()
        self.marking.forget_layers()
        self.marking.refresh_layers()
        surface.start(locator, light=light)
        self._sitting.begin()
        self.fading.stir()
        surface.take_focus()

    def ask_for_words(self, sentence: str, take: Callable[[Locator], None]) -> None:
        """Let the reader select words that somebody waits for; leaving the book asks no more."""
        self._take_words = take
        self.selection_bar.answer.show()
        self.banner.say(sentence, severity=Severity.NOTE)

    def answer(self, locator: Locator) -> None:
        """Hand the selected words to whoever asked for them."""
        take = self._take_words
        self._ask_no_more()
        if take is not None:
            take(locator)

    def put_above(self, bar: QWidget | None) -> None:
        """Put a bar over the page that says where the book was opened from; closing the book takes it away."""
        if self._above is bar:
            return
        if self._above is not None:
            self._middle.removeWidget(self._above)
            self._above.hide()
        self._above = bar
        if bar is not None:
            self._middle.insertWidget(0, bar)
            bar.show()

    def _ask_no_more(self) -> None:
        self._take_words = None
        self.selection_bar.answer.hide()

    def close_book(self) -> None:
        """Keep the place and let go of the book."""
        self._ask_no_more()
        self.put_above(None)
        self.steps.end()
        if self.surface is None:
            return
        self.editor.commit()
        self.editor.hide()
        self._sitting.end()
        self.selection_bar.hide()
        self.find_bar.hide()
        self.look_panel.hide()
        surface, self.surface, self.book_id = self.surface, None, None
        self.where = None
        widget = surface.widget()
        self._page_box.removeWidget(widget)
        widget.hide()
        surface.close_book()
        widget.deleteLater()

    def _show_still(self, book_id: UUID, *, given: bool) -> None:
        """Show the picture of the page that was read last while the live one comes up behind it."""
        file = self._context.library.reading.picture_file(book_id)
        picture = QPixmap(str(file)) if not given and file.exists() else QPixmap()
        ratio = self.devicePixelRatioF()
        size = self.page.size() * ratio
        if picture.isNull() or abs(picture.width() - size.width()) > 2 or abs(picture.height() - size.height()) > 2:
            self._still.hide()
            return
        picture.setDevicePixelRatio(ratio)
        self._still.setPixmap(picture)
        self._still.setGeometry(self.page.rect())
        self._still.show()
        self._still.raise_()

    def _on_painted(self) -> None:
        QTimer.singleShot(60, self._still.hide)
        if self.surface is not None:
            self.contents.set_entries(self.surface.contents())  # a PDF knows them once it is open
        if self.book_id is not None:
            book_id = self.book_id
            library = self._context.library
            self._context.tasks.run(lambda: library.reading.mark_opened(book_id))
            self._context.tasks.run(lambda: library.place_notes(book_id), failed=self._context.navigator.report)
        self.opened.emit()

    def show_error(self, error: AlexandriaError) -> None:
        """Show what went wrong over the page."""
        self._still.hide()
        self.banner.show_error(error, can_retry=False)
        self.failed_opening.emit(error)

    # --- the place ----------------------------------------------------------------------------------------------

    def _on_moved(self, where: Where) -> None:
        self.where = where
        self.bottom.show_where(where)
        self.top.set_chapter(where.chapter)
        self.contents.show_current(where.chapter_index)
        self.selection_bar.hide()
        self._sitting.go_on()

    def _on_sought(self, value: float) -> None:
        if self.surface is not None:
            self.surface.show_progression(value)
            self.surface.take_focus()

    def refresh_notes(self) -> None:
        """Read the notes of the book again and paint them."""
        self.marking.refresh_notes()

    def delete_note(self, note: Note) -> None:
        """Delete a note; the toast undoes it."""
        self.marking.delete_note(note)

    # --- keys and commands --------------------------------------------------------------------------------------

    def take_key(self, event: QKeyEvent) -> bool:
        """Take a key that means a command here; the page gets the others."""
        if self.steps.take_key(event):
            return True
        found = command_for(event, Area.READER)
        if found is None:
            return False
        self.do(found.id)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take keys that no child took."""
        if not self.take_key(event):
            super().keyPressEvent(event)

    def do(self, command_id: str) -> None:
        """Carry out a command by its id."""
        surface = self.surface
        if surface is None:
            return
        actions: dict[str, Callable[[], object]] = {
            "library": self.left.emit,
            "forward": lambda: surface.turn(1),
            "backward": lambda: surface.turn(-1),
            "beginning": lambda: surface.show_progression(0.0),
            "end": lambda: surface.show_progression(1.0),
            "contents": self._toggle_contents,
            "notes": self._toggle_notes,
            "highlight": lambda: self.marking.highlight(),
            "note": self.marking.write_note,
            "bookmark": self.marking.bookmark,
            "give-notes": self.marking.give,
            "copy": self.marking.copy,
            "find": lambda: self.find_bar.open_with(),
            "find-next": lambda: surface.find_next(1),
            "find-previous": lambda: surface.find_next(-1),
            "select-forward": lambda: surface.extend_selection("forward", "word"),
            "select-backward": lambda: surface.extend_selection("backward", "word"),
            "select-down": lambda: surface.extend_selection("forward", "line"),
            "select-up": lambda: surface.extend_selection("backward", "line"),
            "larger": lambda: self._zoom(1),
            "smaller": lambda: self._zoom(-1),
            "look": self._toggle_look,
            "scrolled": self._toggle_scrolled,
            "go-back": surface.go_back,
            "next-of-lesson": self.next_wanted.emit,
            "step-back": self._step_back,
        }
        if command_id in actions:
            actions[command_id]()
            self.steps.hear(command_id)

    def _step_back(self) -> None:
        """Esc: close what is open, one thing at a time; at last go back to the library."""
        if self.editor.isVisible():
            self.editor.close_editor()
        elif self.steps.end():
            pass
        elif self.look_panel.isVisible():
            self.look_panel.hide()
        elif self.selection_bar.isVisible():
            self.marking.drop_selection()
        elif self.find_bar.isVisible():
            self._close_find()
        elif self.contents.isVisible() or self.notes_panel.isVisible():
            self._close_panels()
        elif self.surface is not None and not self.surface.go_back():
            self.left.emit()

    def _zoom(self, step: int) -> None:
        if self.surface is None or self.surface.zoom(step):
            return
        from alexandria_desktop.theme.customise import changed

        theme = self._context.appearance.theme
        size = max(10, min(48, theme.typography.size + 2 * step))
        self._context.appearance.use(changed(theme, size=size))
        self.look_panel.keep_soon()

    def _toggle_scrolled(self) -> None:
        toggle = getattr(self.surface, "toggle_flow", None)
        if toggle is not None:
            toggle()

    def _toggle_contents(self) -> None:
        self.notes_panel.hide()
        self.contents.setVisible(not self.contents.isVisible())
        self._panel_changed(self.contents, self.contents.view)

    def show_layer_note(self, note: Note) -> None:
        """Show a teacher's note in the panel beside the page."""
        self.contents.hide()
        self.notes_panel.show()
        self.notes_panel.show_layer_note(note)
        self._panel_changed(self.notes_panel, self.notes_panel.layers_view)

    def _toggle_notes(self) -> None:
        self.contents.hide()
        self.notes_panel.setVisible(not self.notes_panel.isVisible())
        self._panel_changed(self.notes_panel, self.notes_panel.view)

    def _panel_changed(self, panel: QWidget, view: QWidget) -> None:
        self.fading.holds = panel.isVisible()
        self.fading.stir()
        if panel.isVisible():
            view.setFocus()
        else:
            self._take_focus()

    def _close_panels(self) -> None:
        self.contents.hide()
        self.notes_panel.hide()
        self.fading.holds = False
        self._take_focus()

    def _toggle_look(self) -> None:
        self.look_panel.toggle(self.rect().adjusted(0, self.top.height(), 0, -self.bottom.height()))

    def _take_focus(self) -> None:
        if self.surface is not None:
            self.surface.take_focus()

    def _on_contents(self, href: str) -> None:
        if self.surface is not None:
            self.surface.show_href(href)
            self._close_panels()

    # --- beside the words ----------------------------------------------------------------------------------------

    def _on_blank(self, across: float) -> None:
        self.selection_bar.hide()
        self.marking.forget_chosen()
        self.fading.stir()
        if self.editor.isVisible():
            self.editor.close_editor()
        elif self.surface is not None and (across < EDGE or across > 1 - EDGE):
            self.surface.turn(-1 if across < EDGE else 1)
            self.steps.hear("forward")

    # --- finding, links, theme ----------------------------------------------------------------------------------

    def _on_find(self, words: str) -> None:
        if self.surface is not None:
            self.surface.find_words(words)

    def _on_find_step(self, step: int) -> None:
        if self.surface is not None:
            self.surface.find_next(step)

    def _close_find(self) -> None:
        self.find_bar.hide()
        if self.surface is not None:
            self.surface.find_words("")
        self._take_focus()

    def _on_jumped(self) -> None:
        if self.surface is not None:
            self._context.navigator.say("Followed a link. Alt+Left or Esc goes back.")

    def _on_link_out(self, address: str) -> None:
        """Ask before anything leaves the book."""
        ask_to_open(self, address, "This link leads out of the book, to the internet.")

    def _on_theme(self, theme: Theme) -> None:
        palette = self.palette()
        palette.setColor(self.backgroundRole(), QColor(theme.tokens.surface))
        self.setPalette(palette)
        if self.surface is not None:
            self.surface.set_theme(theme)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the bars."""
        self.fading.stir()
        super().mouseMoveEvent(event)
