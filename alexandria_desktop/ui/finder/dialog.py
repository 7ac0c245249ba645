"""The finder: type, see titles at once and passages a moment later, move with the arrows, go with Enter."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from alexandria_desktop.library.finding import Found
from alexandria_desktop.search.finder import Hit, Mode
from alexandria_desktop.store.book_rows import BookRow
from alexandria_desktop.store.notes import Note
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.commands import Area, commands_of
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.finder.line import ResultLine
from alexandria_desktop.ui.finder.preview import Preview
from alexandria_desktop.ui.finder.results import Kind, Result, ResultsModel
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.segmented import Segmented
from alexandria_desktop.ui.widgets.shadow import cast_shadow

PAUSE = 90
"""Milliseconds after a key before passages are looked for; titles come at once."""

FROM_LETTERS = 3
"""Letters from which on passages are looked for."""

_MODES = (("all", "Everything"), ("words", "Words"), ("meaning", "Meaning"))


@dataclass(frozen=True, slots=True)
class _Round:
    """One search: what was typed, how it is looked for."""

    number: int
    words: str
    mode: Mode


class Finder(QFrame):
    """A card over the window; it closes itself."""

    commanded = Signal(str)
    """The id of a command."""

    def __init__(self, context: Context, parent: QWidget, *, area: Area) -> None:
        super().__init__(parent)
        self._context = context
        self._area = area
        self._book: UUID | None = None
        self._round = _Round(0, "", Mode.ALL)
        self._titles: tuple[BookRow, ...] = ()
        self._task: Task | None = None
        self._host = parent
        self.setProperty("panel", "raised")
        self.setAccessibleName("Finder")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        cast_shadow(self, far=True)
        self._build(context)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._look_for_passages)
        parent.installEventFilter(self)
        context.appearance.changed.connect(self._on_theme)

    def _build(self, context: Context) -> None:
        look = context.appearance
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 12)
        head.setSpacing(12)
        icon = QLabel()
        icon.setPixmap(look.icon("find", "muted").pixmap(18, 18))
        self.field = QLineEdit()
        self.field.setFrame(False)
        self.field.setFont(look.font(TextSize.HEADING))
        self._call("Search books, text and notes")
        self.field.setProperty("bare", True)
        self.field.setStyleSheet("QLineEdit { border: 0; background: transparent; padding: 4px 0; }")
        self.field.textEdited.connect(self._on_edited)
        self.field.installEventFilter(self)
        self.modes = Segmented(_MODES, name="How to look")
        self.modes.chosen.connect(self._on_mode)
        for part in (icon, self.field, self.modes):
            head.addWidget(part)
        column.addLayout(head)
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        column.addWidget(line)
        body = QHBoxLayout()
        body.setContentsMargins(0, 8, 0, 8)
        body.setSpacing(0)
        self.model = ResultsModel(self)
        self.view = QListView()
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setAccessibleName("What was found")
        self.view.setModel(self.model)
        self.view.setItemDelegate(ResultLine(look, self.model, self.view))
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.clicked.connect(self._on_clicked)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.preview = Preview(look)
        body.addWidget(self.view, 1)
        body.addWidget(self.preview)
        column.addLayout(body, 1)
        self.state = QLabel()
        self.state.setProperty("tone", "muted")
        self.state.setFont(look.font(TextSize.SMALL))
        self.state.setContentsMargins(24, 4, 24, 10)
        column.addWidget(self.state)

    # --- opening and closing ------------------------------------------------------------------------------------

    def open_with(self, words: str = "", book_id: UUID | None = None) -> None:
        """Show the finder with something typed already, over the library or inside one book."""
        self._book = book_id
        if book_id is not None:
            self._call("Search this book")
            shelf = self._context.library.shelf
            self._context.tasks.run(lambda: shelf.details(book_id).row.title, self._call_book)
        self._place()
        self.show()
        self.raise_()
        self.field.setText(words)
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._on_edited(words)

    def _call_book(self, title: str) -> None:
        if isValid(self):  # it may be closed by now
            self._call(f"Search “{title}”")

    def _call(self, words: str) -> None:
        self.field.setPlaceholderText(words)
        self.field.setAccessibleName(words)

    def _place(self) -> None:
        room = self._host.rect()
        width, height = min(1040, room.width() - 48), min(620, room.height() - 96)
        self.preview.setVisible(width > 860)
        self.setFixedSize(width, height)
        self.move(QPoint((room.width() - width) // 2, min(72, (room.height() - height) // 2)))

    def dismiss(self) -> None:
        """Close; what was read before is as it was."""
        self._round = _Round(self._round.number + 1, "", Mode.ALL)
        self._timer.stop()
        self._host.removeEventFilter(self)
        self.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move with the arrows while typing; stay in the middle of the window; close on a click beside."""
        if watched is self._host:
            if event.type() == QEvent.Type.Resize:
                self._place()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._take_key(event)
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
        if key == Qt.Key.Key_Escape:
            self.dismiss()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go(self.view.currentIndex())
        elif Qt.Key(key) in steps:
            self._step(steps[Qt.Key(key)])
        else:
            return False
        return True

    def _step(self, step: int) -> None:
        count = self.model.rowCount()
        if count:
            row = max(0, min(count - 1, self.view.currentIndex().row() + step))
            self.view.setCurrentIndex(self.model.index(row))
            self.view.scrollTo(self.model.index(row))

    # --- looking ------------------------------------------------------------------------------------------------

    def _on_mode(self, _mode: str) -> None:
        self._on_edited(self.field.text())
        self.field.setFocus()

    def _on_edited(self, typed: str) -> None:
        words = typed.strip()
        self._round = _Round(self._round.number + 1, words, Mode(self.modes.choice()))
        if self._task is not None:
            self._task.cancel()
        self._titles = ()
        self._show(Found((), (), ()))
        if not words:
            begin = "Type a title, a word," if self._book is None else "Type a word,"
            self.state.setText(f"{begin} or what the passage is about.")
            self._timer.stop()
            return
        number = self._round.number
        self.state.setText("Looking…")
        self._context.tasks.run(
            lambda: self._context.library.finding.titles(words), lambda rows: self._show_titles(number, rows)
        )
        self._timer.start()

    def _show_titles(self, number: int, rows: list[BookRow]) -> None:
        if number == self._round.number and self._book is None:
            self._titles = tuple(rows)
            self._show(Found(self._titles, (), ()))

    def _look_for_passages(self) -> None:
        current = self._round
        if len(current.words) < FROM_LETTERS and current.words.isascii():
            self.state.setText("Titles; passages come from three letters on.")
            return
        finding, book = self._context.library.finding, self._book

        def look() -> Found:
            if current.mode is Mode.ALL and book is None:
                return finding.everything(current.words, limit=24)
            return Found((), tuple(finding.search(current.words, mode=current.mode, book=book, limit=24)), ())

        def arrived(found: Found) -> None:
            if current.number == self._round.number:
                self._show(found)
                count = len(found.books) + len(found.passages) + len(found.notes)
                self.state.setText("↑↓ choose   ↵ go there   Esc close" if count else "Nothing was found.")

        self._task = self._context.tasks.run(look, arrived, self._context.navigator.report)

    def _show(self, found: Found) -> None:
        words = self._round.words
        results = [*self._commands(words)]
        results += [_book(row) for row in found.books or self._titles]
        results += [_passage(hit) for hit in found.passages]
        results += [_note(note, self._title_of(note)) for note in found.notes]
        kept = self.view.currentIndex().row()
        self.model.set_results(results)
        if results:
            self.view.setCurrentIndex(self.model.index(kept if 0 < kept < len(results) else 0))
        else:
            self.preview.show_result(None)

    def _commands(self, words: str) -> list[Result]:
        if self._book is not None:
            return []
        typed = words.lower().split()
        known = [one for one in commands_of(self._area) if one.id != "finder"]
        if not typed:
            fitting = known[:6]
        else:
            fitting = [one for one in known if all(word in one.words.lower() for word in typed)][:4]
        return [Result(Kind.COMMANDS, one.words, one.shown_keys, command=one.id) for one in fitting]

    def _title_of(self, note: Note) -> str:
        return self._context.library.finding.title_of(note.content_id) or "A removed book"

    def _on_theme(self) -> None:
        self._on_current(self.view.currentIndex(), QModelIndex())

    # --- going --------------------------------------------------------------------------------------------------

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        result = self.model.results[current.row()] if current.isValid() else None
        self.preview.show_result(result)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._go(index)

    def _go(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        result = self.model.results[index.row()]
        self.dismiss()
        if result.command:
            self.commanded.emit(result.command)
        elif result.book_id is not None:
            self._context.navigator.open_book(result.book_id, result.locator)


def _book(row: BookRow) -> Result:
    return Result(Kind.BOOKS, row.title, ", ".join(row.authors), book_id=row.id)


def _passage(hit: Hit) -> Result:
    start, end = hit.snippet.start, hit.snippet.end
    return Result(
        Kind.PASSAGES,
        hit.title,
        hit.chapter or "",
        hit.snippet.text,
        hit.snippet.marks,
        hit.book_id,
        hit.locator,
        surroundings=(hit.passage[:start], hit.passage[start:end], hit.passage[end:]),
    )


def _note(note: Note, title: str) -> Result:
    return Result(
        Kind.NOTES, title, f"{note.created_at:%d %b %Y}", note.text or note.quote, (), note.content_id, note.locator
    )
