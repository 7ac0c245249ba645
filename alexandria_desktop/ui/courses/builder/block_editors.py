"""A block of a lesson, edited where it stands; what kind it is decides what can be typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.authoring.lines import from_lines, new_id, one_line, parted, to_lines
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.courses.blocks import view_of
from alexandria_desktop.ui.courses.builder.dragging import Handle
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from alexandria_desktop.ui.courses.builder.spots_editor import SpotsEditor
from alexandria_desktop.ui.courses.pictures import Files
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.widgets.button import make_button, make_icon_button
from sync.assessing.rich_text import from_plain, to_plain

KIND_WORDS = {
    "text": "Text", "passage": "Passage", "note": "Note", "image": "Picture", "chapter": "Chapter", "video": "Film",
    "reveal": "Question and answer", "order": "Put in order", "match": "Bring together",
    "hotspot": "Parts of a picture",
    "timeline": "Timeline",
}  # fmt: skip
Changed = dict[str, Any]
"""Fields of a block and their new values."""


class BlockEditor(QFrame):
    """One block with its handle."""

    edited = Signal(object, object)
    """(Block before, Block after)"""
    moved = Signal(str, int)
    """(block id, -1 or 1)"""
    removed = Signal(str)
    opened = Signal(object)
    """(BookPlace)"""
    left = Signal(str, int)
    """(block id, -1 or 1): the keyboard goes to the block before or after."""

    def __init__(self, appearance: Appearance, block: b.Block, files: Files, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.block = block
        self._appearance = appearance
        self.setProperty("panel", "block")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(KIND_WORDS.get(block.kind, "Part of a lesson"))
        self._body = QVBoxLayout()
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(6)
        self._first: QWidget = self
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 10)
        row.setSpacing(8)
        row.addLayout(self._body, 1)
        row.addLayout(self._tools())
        self._fill(files)

    def take_focus(self) -> None:
        """Put the keyboard in the block."""
        self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def has_keyboard(self) -> bool:
        """Whether the keyboard is anywhere in the block."""
        inside = self.focusWidget()
        return self.hasFocus() or (inside is not None and inside.hasFocus())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with the arrows moves the block; Delete takes it away; Enter opens or edits it; arrows go on."""
        key = event.key()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if step is not None:
            (self.moved if event.modifiers() & Qt.KeyboardModifier.AltModifier else self.left).emit(self.block.id, step)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.hasFocus():
            self.removed.emit(self.block.id)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hasFocus():
            place = getattr(self.block, "place", None)
            self.opened.emit(place) if place is not None and self._first is self else self.take_focus()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt with the arrows moves the block from inside its fields too; Escape leaves them."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.moved.emit(self.block.id, step)
                return True
            if event.key() == Qt.Key.Key_Escape and watched is not self:
                self.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where one is."""
        super().focusInEvent(event)
        self.update()

    def _tools(self) -> QVBoxLayout:
        look = self._appearance
        column = QVBoxLayout()
        column.setSpacing(0)
        self.handle = Handle(look, self, self.block.id)
        column.addWidget(self.handle)
        place = getattr(self.block, "place", None)
        wanted: list[tuple[str, str, Callable[[], object]]] = []
        if place is not None and isinstance(self.block, b.ChapterBlock):
            wanted.append(("open", "Open in the book", lambda: self.opened.emit(place)))
        wanted.append(("delete", "Take it away", lambda: self.removed.emit(self.block.id)))
        for icon, words, call in wanted:
            button = make_icon_button(look.icon(icon, "muted"), words)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(call)
            column.addWidget(button)
        column.addStretch(1)
        return column

    # --- by kind ------------------------------------------------------------------------------------------------

    def _fill(self, files: Files) -> None:
        block = self.block
        if not isinstance(block, b.TextBlock | b.PassageBlock):
            self._head(KIND_WORDS.get(block.kind, "Part of a newer version"))
        match block:
            case b.TextBlock():
                self._rich(block.html, "Write here", lambda text: {"html": text})
            case b.NoteBlock():
                if block.text:
                    quoted = b.PassageBlock(id=block.id, place=block.place, text=block.text)
                    self._show(quoted, files)
                self._rich(block.html, "Your words", lambda text: {"html": text})
            case b.ChapterBlock():
                self._line(block.title, "Title of the chapter", lambda text: {"title": text})
                self._body.addWidget(small(self._appearance, _source(block.place)))
            case b.VideoBlock():
                self._line(block.title, "Title of the film", lambda text: {"title": text})
                self._line(block.url, "Address on the web", lambda text: {"url": text.strip()})
            case b.RevealBlock():
                self._line(to_plain(block.prompt), "What is asked", lambda text: {"prompt": from_plain(text)})
                self._rich(block.html, "What appears", lambda text: {"html": text})
            case b.OrderBlock():
                self._prompt(block.prompt)
                self._lines(
                    to_lines((one.id, one.text) for one in block.items), "One a line, in the right order", _order
                )
            case b.MatchBlock():
                self._prompt(block.prompt)
                typed = "\n".join(f"{one_line(one.left)} = {one_line(one.right)}" for one in block.pairs)
                self._lines(typed, "One pair a line: left = right", _match)
            case b.TimelineBlock():
                self._line(block.title, "Title of the timeline", lambda text: {"title": text})
                typed = "\n".join(
                    " | ".join(part for part in (one.when, one.title, one_line(one.text)) if part)
                    for one in block.events
                )
                self._lines(typed, "One moment a line: when | what | more about it", _timeline)
            case b.ImageBlock() | b.HotspotBlock():
                self._fill_picture(block, files)
            case _:
                self._show(block, files)

    def _fill_picture(self, block: b.ImageBlock | b.HotspotBlock, files: Files) -> None:
        if isinstance(block, b.HotspotBlock):
            self._prompt(block.prompt)
            spots = SpotsEditor(self._appearance, files(block.media), block)
            spots.changed.connect(lambda found: self._tell(self._made({"spots": found})))
            self._body.addWidget(spots)
            return
        self._show(block, files)
        self._line(
            block.media.alt,
            "What the picture shows, for those who cannot see it",
            lambda text: {"media": replace(block.media, alt=text)},
        )
        self._line(to_plain(block.caption), "Caption", lambda text: {"caption": from_plain(text)})
        mark = make_button("Mark parts of it", icon=self._appearance.icon("add", "muted"))
        mark.clicked.connect(self._mark_parts)
        self._body.addWidget(mark, 0, Qt.AlignmentFlag.AlignLeft)

    def _mark_parts(self) -> None:
        """Make of a picture one with parts; it is read again and shown as such."""
        block = self.block
        if isinstance(block, b.ImageBlock):
            self.edited.emit(
                block, b.HotspotBlock(id=block.id, order=block.order, media=block.media, prompt=block.caption)
            )

    def _made(self, changes: Changed) -> b.Block:
        """Return the block as it is now, with some fields changed."""
        return replace(self.block, **changes)

    def _tell(self, changed: b.Block) -> None:
        before, self.block = self.block, changed
        if before != changed:
            self.edited.emit(before, changed)

    def _head(self, words: str) -> None:
        label = QLabel(words)
        label.setFont(self._appearance.font(TextSize.SMALL, MEDIUM))
        label.setProperty("tone", "muted")
        self._body.addWidget(label)

    def _show(self, block: b.Block, files: Files) -> None:
        view = view_of(self._appearance, block, files)
        view.place_wanted.connect(self.opened)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body.addWidget(view)

    def _keep(self, widget: QWidget) -> None:
        if self._first is self:
            self._first = widget
        widget.installEventFilter(self)
        if not isinstance(widget, RichEdit):
            widget.setAcceptDrops(
                False
            )  # a block that is dragged over a field goes into the lesson, not into the field
        self._body.addWidget(widget)

    def _rich(self, html: str, name: str, changed: Callable[[str], Changed]) -> None:
        edit = RichEdit(self._appearance, html, name)
        edit.edited.connect(lambda text: self._tell(self._made(changed(text))))
        edit.left_upwards.connect(lambda: self.left.emit(self.block.id, -1))
        edit.left_downwards.connect(lambda: self.left.emit(self.block.id, 1))
        self._keep(edit)

    def _line(self, text: str, name: str, changed: Callable[[str], Changed]) -> None:
        edit = QLineEdit(text)
        edit.setAccessibleName(name)
        edit.setPlaceholderText(name)
        edit.textEdited.connect(lambda typed: self._tell(self._made(changed(typed))))
        self._keep(edit)

    def _prompt(self, prompt: str) -> None:
        self._line(to_plain(prompt), "What is to be done", lambda text: {"prompt": from_plain(text)})

    def _lines(self, text: str, name: str, read: Callable[[b.Block, str], Changed]) -> None:
        edit = QPlainTextEdit(text)
        edit.setAccessibleName(name)
        edit.setPlaceholderText(name)
        edit.setTabChangesFocus(True)
        edit.setFixedHeight(112)
        edit.textChanged.connect(lambda: self._tell(self._made(read(self.block, edit.toPlainText()))))
        self._keep(edit)


def fresh(kind: str) -> b.Block:
    """Return an empty block of a kind that can be begun without a book."""
    kinds: dict[str, Callable[[], b.Block]] = {
        "text": lambda: b.TextBlock(id=new_id()),
        "video": lambda: b.VideoBlock(id=new_id()),
        "reveal": lambda: b.RevealBlock(id=new_id()),
        "order": lambda: b.OrderBlock(id=new_id()),
        "match": lambda: b.MatchBlock(id=new_id()),
        "timeline": lambda: b.TimelineBlock(id=new_id()),
    }
    return kinds[kind]()


BEGUN = ("text", "reveal", "order", "match", "timeline", "video")
"""The kinds that can be begun empty."""


def _order(block: b.Block, typed: str) -> Changed:
    assert isinstance(block, b.OrderBlock)
    found = from_lines(typed, [(one.id, one.text) for one in block.items])
    return {"items": tuple(b.Item(id=one.id, text=one.text) for one in found)}


def _match(block: b.Block, typed: str) -> Changed:
    assert isinstance(block, b.MatchBlock)
    known = [(one.id, f"{one_line(one.left)} = {one_line(one.right)}") for one in block.pairs]
    pairs = []
    for one in from_lines(typed, [(pair_id, from_plain(words)) for pair_id, words in known]):
        left, right = parted(to_plain(one.text))
        same = next((pair for pair in block.pairs if pair.id == one.id), None)
        if same is not None and (one_line(same.left), one_line(same.right)) == (left, right):
            pairs.append(same)
        else:
            pairs.append(b.Pair(id=one.id, left=from_plain(left), right=from_plain(right)))
    return {"pairs": tuple(pairs)}


def _timeline(block: b.Block, typed: str) -> Changed:
    assert isinstance(block, b.TimelineBlock)
    lines = [line for line in typed.splitlines() if line.strip()]
    events = []
    for number, line in enumerate(lines):
        when, rest = parted(line, "|")
        title, text = parted(rest, "|")
        known = block.events[number].id if number < len(block.events) else new_id()
        events.append(b.Event(id=known, when=when, title=title, text=from_plain(text)))
    return {"events": tuple(events)}


def _source(place: b.BookPlace) -> str:
    return ", ".join(part for part in (place.book_author, place.book_title) if part)
