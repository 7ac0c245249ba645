"""The blocks of a lesson on the screen. What asks for something to be done is done with native controls; nothing of a
course is a script.
"""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM
from alexandria_desktop.ui.courses.block_view import BlockView
from alexandria_desktop.ui.courses.exercises import Reveal, match_of, order_of
from alexandria_desktop.ui.courses.pictures import Files, Spots, picture_or_words
from alexandria_desktop.ui.courses.words import LEAVING, Words, heading, plain_words, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.leaving import ask_to_open
from sync.assessing.rich_text import as_blocks


class _Quote(QFrame):
    """A bar of colour beside words from a book."""

    def __init__(self, appearance: Appearance, token: str = "accent") -> None:
        super().__init__()
        self._appearance, self._token = appearance, token
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 2, 0, 2)
        self.column.setSpacing(6)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar."""
        painter = QPainter(self)
        painter.fillRect(0, 0, 3, self.height(), self._appearance.color(self._token))
        super().paintEvent(event)


def _source(place: b.BookPlace) -> str:
    return ", ".join(part for part in (place.book_author, place.book_title) if part)


def _passage(appearance: Appearance, block: b.PassageBlock) -> BlockView:
    view = BlockView()
    quote = _Quote(appearance)
    quote.column.addWidget(plain_words(appearance, block.text))
    if _source(block.place):
        quote.column.addWidget(small(appearance, _source(block.place)))
    view.column.addWidget(quote)
    view.add_place(block.place)
    return view


def _note(appearance: Appearance, block: b.NoteBlock) -> BlockView:
    view = BlockView()
    if block.text:
        quote = _Quote(appearance)
        quote.column.addWidget(plain_words(appearance, block.text))
        view.column.addWidget(quote)
    view.column.addWidget(Words(appearance, block.html))
    view.add_place(block.place)
    return view


def _image(appearance: Appearance, block: b.ImageBlock, files: Files) -> BlockView:
    view = BlockView()
    view.column.addWidget(picture_or_words(appearance, block.media, files))
    view.column.addWidget(Words(appearance, block.caption, size=14, tone="muted"))
    return view


def _chapter(appearance: Appearance, block: b.ChapterBlock) -> BlockView:
    view = BlockView()
    view.column.addWidget(heading(appearance, f"Read: {block.title or 'the chapter'}"))
    if _source(block.place):
        view.column.addWidget(small(appearance, _source(block.place)))
    view.add_place(block.place, "Open the chapter")
    return view


def _video(appearance: Appearance, block: b.VideoBlock, files: Files) -> BlockView:
    view = BlockView()
    view.column.addWidget(heading(appearance, block.title or "A film"))
    path = files(block.media) if block.media is not None else None
    address = path.as_uri() if path is not None else block.url
    if path is not None or address.startswith(("https://", "http://")):
        link = make_button("Watch it", kind=ButtonKind.LINK)
        link.clicked.connect(lambda: ask_to_open(view, address, LEAVING))
        view.column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
    else:
        view.column.addWidget(small(appearance, "This film is not on this computer yet."))
    return view


def _hotspot(appearance: Appearance, block: b.HotspotBlock, files: Files) -> BlockView:
    view = BlockView()
    view.column.addWidget(Words(appearance, block.prompt, weight=MEDIUM))
    picture = Spots(appearance, files(block.media), block)
    said = Words(appearance)
    if not picture.is_here:
        # Without the picture its parts are still worth reading.
        view.column.addWidget(picture_or_words(appearance, block.media, files))
        for spot in block.spots:
            view.column.addWidget(Words(appearance, _spot_words(spot)))
        return view

    def show_spot(number: int) -> None:
        said.say(_spot_words(block.spots[number]))

    picture.chosen.connect(show_spot)
    view.column.addWidget(picture)
    view.column.addWidget(said)
    return view


def _spot_words(spot: b.Spot) -> str:
    return f"<p><strong>{escape(spot.label)}</strong></p>{as_blocks(spot.text)}" if spot.label else spot.text


def _timeline(appearance: Appearance, block: b.TimelineBlock) -> BlockView:
    view = BlockView()
    if block.title:
        view.column.addWidget(heading(appearance, block.title))
    for event in block.events:
        mark = _Quote(appearance)
        mark.column.addWidget(small(appearance, event.when))
        if event.title:
            mark.column.addWidget(plain_words(appearance, event.title))
        mark.column.addWidget(Words(appearance, event.text, size=15, tone="muted"))
        view.column.addWidget(mark)
    return view


def _unknown(appearance: Appearance) -> BlockView:
    view = BlockView()
    view.column.addWidget(small(appearance, "This part needs a newer version of Alexandria."))
    return view


def view_of(appearance: Appearance, block: b.Block, files: Files) -> BlockView:
    """Return a block as a student sees it."""
    match block:
        case b.TextBlock():
            view = BlockView()
            view.column.addWidget(Words(appearance, block.html))
            return view
        case b.PassageBlock():
            return _passage(appearance, block)
        case b.NoteBlock():
            return _note(appearance, block)
        case b.ImageBlock():
            return _image(appearance, block, files)
        case b.ChapterBlock():
            return _chapter(appearance, block)
        case b.VideoBlock():
            return _video(appearance, block, files)
        case b.RevealBlock():
            return Reveal(appearance, block)
        case b.OrderBlock():
            return order_of(appearance, block)
        case b.MatchBlock():
            return match_of(appearance, block)
        case b.HotspotBlock():
            return _hotspot(appearance, block, files)
        case b.TimelineBlock():
            return _timeline(appearance, block)
    return _unknown(appearance)
