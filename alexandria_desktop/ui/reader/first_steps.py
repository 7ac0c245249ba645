"""The first steps of a new reader: four callouts over the real page. They wait for nobody, and once ended stay away.

The page keeps the keyboard, so that what is spoken of can be done at once, and doing it goes on to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent

from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.widgets.callout import Callout

if TYPE_CHECKING:
    from alexandria_desktop.ui.reader.screen import ReaderScreen

SEEN = "tour.seen"
"""The reader's setting that says it was begun once; it goes along to their other devices."""


_MARGIN = 40
"""Pixels at the edge of a page where no words stand, but for themes whose margins the reader made narrower."""


@dataclass(frozen=True, slots=True)
class Step:
    """One callout."""

    heading: str
    words: str
    part: str
    """``edge``, or the command whose button is meant."""
    done_by: frozenset[str]
    """The commands that carry it out."""


STEPS = (
    Step(
        "Turn the page",
        "Space or the right arrow. With the mouse, click at the edge of the page. Shift+Space goes back.",
        "edge",
        frozenset({"forward"}),
    ),
    Step(
        "Mark what matters",
        "Select words with the mouse, or with Shift and the arrows. H highlights them, N writes a note. All are "
        "listed here.",
        "notes",
        frozenset({"highlight", "note"}),
    ),
    Step(
        "Find a word, or a thought",
        "/ finds words in this book. Ctrl+K searches all your books and notes, by words and by meaning.",
        "find",
        frozenset({"find"}),
    ),
    Step(
        "Choose your light",
        "A opens theme and type. The words that you are reading stay where they are.",
        "look",
        frozenset({"look"}),
    ),
)


class FirstSteps(QObject):
    """Belongs to the reader's screen; makes nothing until it is begun."""

    def __init__(self, context: Context, screen: ReaderScreen) -> None:
        super().__init__(screen)
        self._context = context
        self._screen = screen
        self.callout: Callout | None = None
        self._at = -1

    @property
    def is_on(self) -> bool:
        """Whether a callout stands there."""
        return self._at >= 0

    def offer(self) -> None:
        """Begin, unless the reader has seen it."""
        library = self._context.library

        def told(seen: bool) -> None:
            if not seen and self._screen.surface is not None:
                self.begin()

        self._context.tasks.run(lambda: bool(library.settings().get(SEEN)), told)

    def begin(self) -> None:
        """Begin at the first step. From now on it is not offered again."""
        if self.callout is None:
            self.callout = Callout(self._context.appearance, self._screen)
            self.callout.went_on.connect(self.go_on)
            self.callout.skipped.connect(self.end)
            self._screen.installEventFilter(self)
            self._screen.page.installEventFilter(self)
        library = self._context.library
        self._context.tasks.run(lambda: library.set({SEEN: True}), None, self._context.navigator.report)
        self._at = 0
        self._show()

    def go_on(self) -> None:
        """Go to the next step, or end after the last."""
        self._at += 1
        if self._at >= len(STEPS):
            self.end()
        else:
            self._show()

    def end(self) -> bool:
        """End for good; False where nothing was to be ended."""
        if not self.is_on:
            return False
        self._at = -1
        if self.callout is not None:
            had_focus = self.callout.isAncestorOf(self._screen.window().focusWidget() or self._screen)
            self.callout.leave()
            if had_focus and self._screen.surface is not None:
                self._screen.surface.take_focus()
        self._screen.fading.holds = False
        self._screen.fading.stir()
        return True

    def hear(self, command_id: str) -> None:
        """Go on when the reader does what is spoken of."""
        if self.is_on and command_id in STEPS[self._at].done_by:
            self.go_on()

    def take_key(self, event: QKeyEvent) -> bool:
        """Take Enter while a callout stands there; the page has no use for it."""
        if not self.is_on or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers():
            return False
        self.go_on()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is pointed at when the window changes."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest) and self.is_on:
            self._place()
        return super().eventFilter(watched, event)

    def _show(self) -> None:
        step = STEPS[self._at]
        if self.callout is None:
            return
        self._screen.fading.holds = True  # what is pointed at must be seen
        self._screen.fading.stir()
        last = self._at == len(STEPS) - 1
        self.callout.speak(step.heading, step.words, count=f"{self._at + 1} of {len(STEPS)}", last=last)
        self._place()

    def _place(self) -> None:
        if self.callout is not None:
            self.callout.point_at(self._part(STEPS[self._at].part))

    def _part(self, name: str) -> QRect:
        page = QRect(self._screen.page.mapTo(self._screen, QPoint(0, 0)), self._screen.page.size())
        if name == "edge":
            return _edge(page)
        button = self._screen.top.part_of(name)
        return QRect(button.mapTo(self._screen, QPoint(0, 0)), button.size()).adjusted(-3, -3, 3, 3)


def _edge(page: QRect) -> QRect:
    """Return the outer part of where a click turns the page, no wider than the page's margin: words stand beyond."""
    width = min(page.width() * 6 // 100, _MARGIN)
    return page.adjusted(page.width() - width, 8, -8, -8)
