"""The blocks of a lesson on the screen. What asks for something to be done is done with native controls; nothing of a
course is a script.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from alexandria_desktop.teach import blocks as b
from alexandria_desktop.teach.media import Media
from alexandria_desktop.teach.questions.answers import Answer, Matched, Ordered
from alexandria_desktop.teach.questions.model import Choice, Matching, Ordering
from alexandria_desktop.teach.questions.shuffling import scattered, shown
from alexandria_desktop.teach.rich_text import as_blocks
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.courses.answering import Control, control_for
from alexandria_desktop.ui.courses.words import Words, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

Files = Callable[[Media], Path | None]
"""Where a file of a course is on this device; None where it is not here."""


class BlockView(QWidget):
    """What all blocks have."""

    place_wanted = Signal(object)
    """(BookPlace): the reader wants to see it in the book."""
    link_wanted = Signal(str)
    """(address): the reader wants to leave the program."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)

    def add_place(self, place: b.BookPlace, words: str = "Open in the book") -> None:
        """Add the way to the place in its book."""
        link = make_button(words, kind=ButtonKind.LINK)
        link.clicked.connect(lambda: self.place_wanted.emit(place))
        self.column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)


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


def _plain(appearance: Appearance, text: str) -> Words:
    words = Words(appearance)
    words.setTextFormat(Qt.TextFormat.PlainText)
    words.setText(text)
    words.setVisible(bool(text))
    return words


def _source(place: b.BookPlace) -> str:
    return ", ".join(part for part in (place.book_author, place.book_title) if part)


def _passage(appearance: Appearance, block: b.PassageBlock) -> BlockView:
    view = BlockView()
    quote = _Quote(appearance)
    quote.column.addWidget(_plain(appearance, block.text))
    if _source(block.place):
        quote.column.addWidget(small(appearance, _source(block.place)))
    view.column.addWidget(quote)
    view.add_place(block.place)
    return view


def _note(appearance: Appearance, block: b.NoteBlock) -> BlockView:
    view = BlockView()
    if block.text:
        quote = _Quote(appearance)
        quote.column.addWidget(_plain(appearance, block.text))
        view.column.addWidget(quote)
    view.column.addWidget(Words(appearance, block.html))
    view.add_place(block.place)
    return view


class _Picture(QLabel):
    """A picture as wide as the column, never larger than it is."""

    def __init__(self, path: Path | None, alt: str) -> None:
        super().__init__()
        self._whole = QPixmap(str(path)) if path is not None else QPixmap()
        self.setAccessibleName(alt)
        self.setToolTip(alt)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def is_here(self) -> bool:
        """Whether there is something to see."""
        return not self._whole.isNull()

    def sizeHint(self) -> QSize:
        """Return the picture's size in the width that there is."""
        return self._fitting(self.width()).expandedTo(QSize(1, 1))

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Take the height that the width asks for."""
        size = self._fitting(self.width())
        if size.height() != self.height():
            self.setFixedHeight(max(1, size.height()))

    def shown(self) -> QRectF:
        """Return where the picture is."""
        size = self._fitting(self.width())
        return QRectF(0, 0, size.width(), size.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture smoothly."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self.shown(), self._whole, QRectF(self._whole.rect()))

    def _fitting(self, width: int) -> QSize:
        if self._whole.isNull():
            return QSize()
        wide = min(width, self._whole.width())
        return QSize(wide, round(self._whole.height() * wide / self._whole.width()))


def _image(appearance: Appearance, block: b.ImageBlock, files: Files) -> BlockView:
    view = BlockView()
    picture = _Picture(files(block.media), block.media.alt)
    if picture.is_here:
        view.column.addWidget(picture)
    else:
        words = block.media.alt or block.media.name or "a picture"
        view.column.addWidget(small(appearance, f"This picture is not on this computer yet: {words}"))
    view.column.addWidget(Words(appearance, block.caption, size=14, tone="muted"))
    return view


def _chapter(appearance: Appearance, block: b.ChapterBlock) -> BlockView:
    view = BlockView()
    title = QLabel(f"Read: {block.title or 'the chapter'}")
    title.setTextFormat(Qt.TextFormat.PlainText)
    title.setWordWrap(True)
    title.setFont(appearance.font(TextSize.LARGE, MEDIUM))
    view.column.addWidget(title)
    if _source(block.place):
        view.column.addWidget(small(appearance, _source(block.place)))
    view.add_place(block.place, "Open the chapter")
    return view


def _video(appearance: Appearance, block: b.VideoBlock, files: Files) -> BlockView:
    view = BlockView()
    title = QLabel(block.title or "A film")
    title.setTextFormat(Qt.TextFormat.PlainText)
    title.setFont(appearance.font(TextSize.LARGE, MEDIUM))
    view.column.addWidget(title)
    path = files(block.media) if block.media is not None else None
    address = path.as_uri() if path is not None else block.url
    if path is not None or address.startswith(("https://", "http://")):
        link = make_button("Watch it", kind=ButtonKind.LINK)
        link.clicked.connect(lambda: view.link_wanted.emit(address))
        view.column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
    else:
        view.column.addWidget(small(appearance, "This film is not on this computer yet."))
    return view


class _Reveal(BlockView):
    """A heading that opens."""

    def __init__(self, appearance: Appearance, block: b.RevealBlock) -> None:
        super().__init__()
        self._appearance = appearance
        self._prompt = Words(appearance, block.prompt, weight=MEDIUM)
        self._words = Words(appearance, block.html)
        self._button = make_button("Show", icon=appearance.icon("expand"))
        self._button.setCheckable(True)
        self._button.toggled.connect(self._show)
        for part in (self._prompt, self._button, self._words):
            self.column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft if part is self._button else Qt.AlignmentFlag(0))
        self._show(opened=False)

    def _show(self, opened: bool) -> None:
        self._words.setVisible(opened)
        self._button.setText("Hide" if opened else "Show")
        self._button.setIcon(self._appearance.icon("collapse" if opened else "expand"))


class _Trying(BlockView):
    """An exercise that says whether it is right, as often as one likes."""

    def __init__(self, appearance: Appearance, prompt: str, control: Control, right: Answer) -> None:
        super().__init__()
        self._right = right
        self._given: Answer | None = None
        self._said = small(appearance, tone="text")
        self._check = make_button("Check")
        self._check.clicked.connect(self._on_check)
        control.changed.connect(self._on_changed)
        self.column.addWidget(Words(appearance, prompt, weight=MEDIUM))
        self.column.addWidget(control)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._check)
        row.addWidget(self._said, 1)
        self.column.addLayout(row)

    def _on_changed(self, answer: Answer | None) -> None:
        self._given = answer
        self._said.setText("")

    def _on_check(self) -> None:
        self._said.setText(_verdict(self._given, self._right))


def _verdict(given: Answer | None, right: Answer) -> str:
    match given, right:
        case Matched(pairs), Matched(wanted):
            good = sum(pairs.get(one) == other for one, other in wanted.items())
            return "All of it is right." if good == len(wanted) else f"{good} of {len(wanted)} are right."
        case Ordered(order), Ordered(wanted):
            good = sum(one == other for one, other in zip(order, wanted, strict=False))
            return "That is the order." if order == wanted else f"{good} of {len(wanted)} are in their place."
    return "Not tried yet."


def _order(appearance: Appearance, block: b.OrderBlock) -> BlockView:
    items = tuple(Choice(id=item.id, text=item.text) for item in block.items)
    question = shown(Ordering(id=block.id, items=scattered(items)), block.id)
    right = Ordered(tuple(item.id for item in block.items))
    return _Trying(appearance, block.prompt, control_for(appearance, question), right)


def _match(appearance: Appearance, block: b.MatchBlock) -> BlockView:
    left = tuple(Choice(id=pair.id, text=pair.left) for pair in block.pairs)
    rights = tuple(Choice(id=pair.id, text=pair.right) for pair in block.pairs)
    question = shown(Matching(id=block.id, premises=left, responses=scattered(rights)), block.id)
    right = Matched({pair.id: pair.id for pair in block.pairs})
    return _Trying(appearance, block.prompt, control_for(appearance, question), right)


class _Spots(_Picture):
    """A picture with parts that can be chosen by mouse, or by the arrow keys."""

    chosen = Signal(int)

    def __init__(self, appearance: Appearance, path: Path | None, block: b.HotspotBlock) -> None:
        super().__init__(path, block.media.alt)
        self._appearance, self._spots, self._current = appearance, block.spots, -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def choose(self, number: int) -> None:
        """Choose a part."""
        self._current = number
        self.update()
        self.chosen.emit(number)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the picture and the parts."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = QColor(self._appearance.color("accent"))
        for number, spot in enumerate(self._spots):
            soft = QColor(ink)
            soft.setAlpha(90 if number == self._current else 36)
            painter.setBrush(soft)
            painter.setPen(QPen(ink, 3 if number == self._current else 1.5))
            painter.drawRoundedRect(self._place(spot), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the part under the mouse."""
        found = [number for number, spot in enumerate(self._spots) if self._place(spot).contains(event.position())]
        if found:
            self.choose(found[-1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from part to part."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step and self._spots:
            self.choose((self._current + step) % len(self._spots))
        else:
            super().keyPressEvent(event)

    def _place(self, spot: b.Spot) -> QRectF:
        whole = self.shown()
        return QRectF(
            spot.x * whole.width(), spot.y * whole.height(), spot.width * whole.width(), spot.height * whole.height()
        )


def _hotspot(appearance: Appearance, block: b.HotspotBlock, files: Files) -> BlockView:
    view = BlockView()
    view.column.addWidget(Words(appearance, block.prompt, weight=MEDIUM))
    picture = _Spots(appearance, files(block.media), block)
    said = Words(appearance)
    if not picture.is_here:
        # Without the picture its parts are still worth reading.
        view.column.addWidget(small(appearance, "This picture is not on this computer yet."))
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
        title = QLabel(block.title)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setFont(appearance.font(TextSize.LARGE, MEDIUM))
        view.column.addWidget(title)
    for event in block.events:
        mark = _Quote(appearance)
        mark.column.addWidget(small(appearance, event.when))
        if event.title:
            mark.column.addWidget(_plain(appearance, event.title))
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
            return _Reveal(appearance, block)
        case b.OrderBlock():
            return _order(appearance, block)
        case b.MatchBlock():
            return _match(appearance, block)
        case b.HotspotBlock():
            return _hotspot(appearance, block, files)
        case b.TimelineBlock():
            return _timeline(appearance, block)
    return _unknown(appearance)
