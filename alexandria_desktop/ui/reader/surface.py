"""What the reader's frame asks of whatever shows the book: flowing text or the pages of a PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRectF, SignalInstance
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QWidget

from alexandria_desktop.book.model import TocEntry
from alexandria_desktop.store.notes import Note
from alexandria_desktop.theme.model import Theme
from sync.places.locator import Locator


@dataclass(frozen=True, slots=True)
class Where:
    """What is on the screen."""

    progression: float
    """Part of the book before it, 0 to 1."""
    chapter: str
    """The line of the contents it belongs to; empty where there is none."""
    chapter_index: int
    """Index into the contents, or -1."""
    page: str
    """``p. 34`` or a printed label; empty where pages have no meaning."""
    left: str
    """Such as ``12 min left in chapter``; empty where it is not known."""
    is_start: bool = False
    is_end: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Words that are selected."""

    rect: QRectF
    """In the surface's coordinates."""


LAYER = 6
"""The number of what a teacher marked: a dotted line, so that it is not taken for an ink of the reader's own."""


@dataclass(frozen=True, slots=True)
class Ink:
    """A note as it is painted."""

    note: Note
    number: int
    """1 to 5, or ``LAYER``."""


@dataclass(frozen=True, slots=True)
class MarginMark:
    """Where a note's words are on the screen, for the margin."""

    note_id: str
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class FindState:
    """How a search in the book is going."""

    count: int
    current: int
    """Index of the lit hit, or -1."""
    is_done: bool
    snippets: tuple[tuple[str, str], ...] = ()
    """(place, line) of each hit, as far as they are known."""


class Surface(Protocol):
    """A widget that shows a book. Every method returns at once; what takes time is told by a signal."""

    painted: SignalInstance
    """() The first page is on the screen."""
    moved: SignalInstance
    """(Where)"""
    selected: SignalInstance
    """(Selection or None)"""
    note_clicked: SignalInstance
    """(str) The id of a note."""
    blank_clicked: SignalInstance
    """(float) How far across the page, 0 to 1."""
    link_out: SignalInstance
    """(str) An address outside the book."""
    jumped: SignalInstance
    """() A link was followed: the frame offers the way back."""
    found: SignalInstance
    """(FindState)"""
    margin: SignalInstance
    """(list of MarginMark)"""
    stirred: SignalInstance
    """() The mouse moved: the frame shows its bars."""
    failed: SignalInstance
    """(AlexandriaError)"""

    def widget(self) -> QWidget:
        """Return the widget itself."""

    def contents(self) -> Sequence[TocEntry]:
        """Return the book's contents."""

    def start(self, locator: Locator | None, *, light: bool = False) -> None:
        """Show the book, at a place or where it begins."""

    def show_locator(self, locator: Locator, *, light: bool = True) -> None:
        """Go to a place and light its words up."""

    def show_progression(self, progression: float) -> None:
        """Go to a part of the book, 0 to 1."""

    def show_href(self, href: str) -> None:
        """Go to a line of the contents."""

    def turn(self, direction: int) -> None:
        """Turn forward (1) or back (-1)."""

    def go_back(self) -> bool:
        """Return from a followed link; False where there is nothing to return from."""

    def place(self) -> Callable[[], Locator] | None:
        """Return what makes the locator of the place on the screen; to be called off the Qt thread."""

    def with_selection(self, use: Callable[[Locator], None]) -> None:
        """Call ``use`` with the selected words; not called when nothing is selected."""

    def extend_selection(self, direction: str, granularity: str) -> None:
        """Select from the keyboard: ``forward`` or ``backward``, by ``character``, ``word`` or ``line``."""

    def clear_selection(self) -> None:
        """Select nothing."""

    def set_notes(self, inks: Sequence[Ink]) -> None:
        """Paint the reader's notes."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in another theme; the words being read stay on the screen."""

    def find_words(self, words: str) -> None:
        """Look for words in the book; empty ends the search."""

    def find_next(self, direction: int) -> None:
        """Light the next (1) or previous (-1) hit."""

    def show_hit(self, index: int) -> None:
        """Light one hit."""

    def zoom(self, step: int) -> bool:
        """Zoom in (1), out (-1) or to the beginning (0); False where the theme's type size is what grows."""

    def set_key_filter(self, wants: Callable[[QKeyEvent], bool]) -> None:
        """Let ``wants`` see each key before the page does."""

    def picture(self) -> QPixmap:
        """Return what is on the screen."""

    def take_focus(self) -> None:
        """Give the page the keyboard."""

    def close_book(self) -> None:
        """Let go of the book."""
