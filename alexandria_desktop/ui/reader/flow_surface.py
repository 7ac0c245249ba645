"""Flowing text on the screen: which page of which section is shown, turned, marked and searched.

Pages are prepared off the Qt thread. While one page is read the next is made ready in a second view, so that turning
into a new section is as quick as turning a page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPixmap
from PySide6.QtWidgets import QStackedLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.book.model import TocEntry
from alexandria_desktop.read.locate import find_locator, make_locator
from alexandria_desktop.read.open_book import OpenBook, Page
from alexandria_desktop.read.page_html import SCHEME
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.theme.page_css import page_css, page_variables
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.reader.book_finder import BookFinder
from alexandria_desktop.ui.reader.chapters import Chapters
from alexandria_desktop.ui.reader.flow_layout import layout_settings
from alexandria_desktop.ui.reader.page_view import BookProfile, PageMessage, PageView
from alexandria_desktop.ui.reader.scheme import Served, page_address
from alexandria_desktop.ui.reader.surface import Ink, MarginMark, Selection, Where
from sync.places.locator import EpubTarget, Locator, TextTarget

FONTS = ".alexandria/fonts"
PRELOAD_DELAY = 250
"""Milliseconds of rest before the next section is made ready."""

MOST_CRASHES = 5
"""How often a book may take the process of its pages down; one that always does is left alone."""

WORDS_A_MINUTE = 230
LETTERS_A_WORD = 5.8


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a page was told when its loading began."""

    theme: Theme
    scrolled: bool
    inks: tuple[Ink, ...]


@dataclass(frozen=True, slots=True)
class _Goal:
    """Where a page is to open."""

    section: int
    offset: int = 0
    end: int = 0
    part: int | None = None
    at_end: bool = False
    light: bool = False


class FlowSurface(QWidget):
    """Shows a book of flowing text (see ``Surface``)."""

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

    def __init__(
        self, context: Context, profile: BookProfile, book_id: UUID, book: OpenBook, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._profile = profile
        self._book = book
        self._host = f"b{book_id.hex}"
        self._theme = context.appearance.theme
        self._scrolled = False
        self._chapters = Chapters(book)
        self._inks: tuple[Ink, ...] = ()
        self._page: Page | None = None
        self._drawn: _Drawn | None = None
        self._state: dict[str, Any] = {}
        self._back: list[_Goal] = []
        self._waiting_turns = 0
        self._asked = 0
        self._goal: _Goal | None = None
        """Where to, while the page is being made."""
        self._loads = self._crashes = 0
        self._selection: dict[str, Any] | None = None
        """What the page told last of the words that are selected."""
        self._unanswered: list[Callable[[Any], None]] = []
        """Who waits for the page to say what is selected."""
        self._was_painted = False
        self._wants: Callable[[QKeyEvent], bool] | None = None
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        # The view that waits lies behind the one that is read: a hidden one would lay its page out in no room at all.
        self._stack.setStackingMode(QStackedLayout.StackingMode.StackAll)
        self._view = self._make_view()
        self._stack.addWidget(self._view)
        self._next: PageView | None = None
        self._next_page: Page | None = None
        self._finder = BookFinder(context.tasks, book)
        self._finder.changed.connect(self._on_found)
        self._preload = QTimer(self, singleShot=True, interval=PRELOAD_DELAY)
        self._preload.timeout.connect(self._prepare_next)
        profile.handler.add_book(self._host, self._serve)

    # --- what the frame asks ------------------------------------------------------------------------------------

    def widget(self) -> QWidget:
        """Return the widget itself."""
        return self

    def contents(self) -> Sequence[TocEntry]:
        """Return the book's contents."""
        return self._chapters.entries

    def start(self, locator: Locator | None, *, light: bool = False) -> None:
        """Show the book, at a place or where it begins."""
        if locator is None:
            self._go(_Goal(self._beginning()))
        else:
            self.show_locator(locator, light=light)

    def show_locator(self, locator: Locator, *, light: bool = True) -> None:
        """Go to a place and light its words up."""

        def locate() -> _Goal:
            found = find_locator(self._book, locator)
            if found is not None:
                return _Goal(*found, light=light and found[2] > found[1])
            place = self._book.at_progression(locator.progression)
            return _Goal(place.section, place.offset)

        self._look_up(locate)

    def show_progression(self, progression: float) -> None:
        """Go to a part of the book, 0 to 1."""

        def locate() -> _Goal:
            place = self._book.at_progression(progression)
            return _Goal(place.section, place.offset, part=place.part)

        self._look_up(locate)

    def show_href(self, href: str) -> None:
        """Go to a line of the contents."""

        def locate() -> _Goal | None:
            place = self._book.place_of_href(href)
            return None if place is None else _Goal(place.section, place.offset, part=place.part)

        self._look_up(locate)

    def turn(self, direction: int) -> None:
        """Turn forward (1) or back (-1)."""
        if not self._view.is_ready:
            self._turn_later(direction)
            return
        page = self._page
        self._view.call("turn", direction, then=lambda state: self._on_turned(direction, page, state))

    def go_back(self) -> bool:
        """Return from a followed link."""
        if not self._back:
            return False
        self._jump(self._back.pop())
        return True

    def place(self) -> Callable[[], Locator] | None:
        """Return what makes the locator of the place on the screen; to be called off the Qt thread."""
        page = self._page
        if page is None:
            return None
        start = page.start + int(self._state.get("start", 0))
        end = min(page.start + int(self._state.get("end", 0)), start + 120)
        return lambda: make_locator(self._book, page.section, start, max(start, end))

    def with_selection(self, use: Callable[[Locator], None]) -> None:
        """Call ``use`` with the selected words."""
        page = self._page

        def made(selection: Any) -> None:
            if page is None or not isinstance(selection, dict):
                return
            start, end = page.start + int(selection["start"]), page.start + int(selection["end"])
            if page.start <= start < end <= page.start + page.length:
                self._context.tasks.run_in_order(
                    lambda: make_locator(self._book, page.section, start, end), use, self._on_failed
                )

        def answered(selection: Any) -> None:
            if made in self._unanswered:
                self._unanswered.remove(made)
                made(selection)

        if self._view.is_ready:
            self._unanswered.append(made)
            self._view.call("selection", then=answered)

    def extend_selection(self, direction: str, granularity: str) -> None:
        """Select from the keyboard."""
        self._view.call("extendSelection", direction, granularity)

    def clear_selection(self) -> None:
        """Select nothing."""
        self._view.call("clearSelection")

    def set_notes(self, inks: Sequence[Ink]) -> None:
        """Paint the reader's notes."""
        self._inks = tuple(inks)
        if self._page is not None and self._view.is_ready:
            self._view.call("setNotes", self._page_notes(self._page))
            self._preload.start()
        self._next_page = None

    def set_theme(self, theme: Theme) -> None:
        """Draw in another theme; the words being read stay on the screen."""
        self._theme = theme
        self._next_page = None
        for view in (self._view, self._next):
            if view is not None:
                view.set_background(QColor(theme.tokens.surface))
        if self._view.is_ready:
            self._view.call("setTheme", page_variables(theme), self._layout())
            self._preload.start()

    def toggle_flow(self) -> None:
        """Show pages, or one long scroll."""
        self._scrolled = not self._scrolled
        self._next_page = None
        if self._view.is_ready:
            self._view.call("configure", self._layout())
            self._preload.start()

    def find_words(self, words: str) -> None:
        """Look for words in the book; empty ends the search."""
        self._finder.look_for(words, near=self._page.section if self._page else 0)

    def find_next(self, direction: int) -> None:
        """Light the next (1) or previous (-1) hit."""
        section = self._page.section if self._page else 0
        offset = (self._page.start if self._page else 0) + int(self._state.get("start", 0))
        hit = self._finder.step(direction, section, offset)
        if hit is not None:
            self._jump(_Goal(hit.section, hit.start, hit.end, light=True))

    def show_hit(self, index: int) -> None:
        """Light one hit."""
        hit = self._finder.choose(index)
        if hit is not None:
            self._jump(_Goal(hit.section, hit.start, hit.end, light=True))

    def zoom(self, _step: int) -> bool:
        """The theme's type size is what grows."""
        return False

    def set_key_filter(self, wants: Callable[[QKeyEvent], bool]) -> None:
        """Let ``wants`` see each key before the page does."""
        self._wants = wants
        for view in (self._view, self._next):
            if view is not None:
                view.set_key_filter(wants)

    def picture(self) -> QPixmap:
        """Return what is on the screen."""
        return self._view.grab()

    def take_focus(self) -> None:
        """Give the page the keyboard."""
        self._view.focus_page()

    def close_book(self) -> None:
        """Let go of the book."""
        self._preload.stop()
        self._finder.stop()
        for made in self._unanswered:
            made(self._selection)  # the page answers no more
        self._unanswered.clear()
        self._profile.handler.remove_book(self._host, self._serve)
        for view in (self._view, self._next):
            if view is not None:
                view.dispose()
        self._context.tasks.run_in_order(self._book.close)  # after the places of the words that were marked last

    # --- going somewhere ----------------------------------------------------------------------------------------

    def _beginning(self) -> int:
        """Return the section where reading begins: where the book says, else the first with some text in it."""
        start = self._book.book.start_href
        named = self._book.section_of_href(start) if start else None
        if named is not None:
            return named
        first_linear = [section.index for section in self._book.book.sections if section.linear]
        return first_linear[0] if first_linear else 0

    def _look_up(self, locate: Callable[[], _Goal | None]) -> None:
        """Go where ``locate`` says, unless the reader has gone elsewhere by then."""
        self._asked += 1
        self._waiting_turns = 0
        asked = self._asked

        def located(goal: _Goal | None) -> None:
            if goal is not None and asked == self._asked:
                self._go(goal)

        self._context.tasks.run(locate, located, self._on_failed, priority=2)

    def _jump(self, goal: _Goal) -> None:
        """Go to a place that is known, whatever is still being looked up."""
        self._asked += 1
        self._waiting_turns = 0
        self._go(goal)

    def _go(self, goal: _Goal) -> None:
        page = self._page
        if page is not None and self._view.is_ready and goal.section == page.section and not goal.at_end:
            inside = page.start <= goal.offset <= page.start + page.length
            if inside and (goal.part is None or goal.part == page.part):
                light = [goal.offset - page.start, goal.end - page.start] if goal.light else None
                self._goal = None  # a page that is still being made is wanted no more
                self._view.call("show", goal.offset - page.start, light)
                return
        self._goal = goal

        theme = self._theme

        def prepare() -> Page:
            part = goal.part
            if part is None:
                part = 10**6 if goal.at_end else self._book.place(goal.section, goal.offset).part
            return self._make_page(goal.section, part, theme)

        def failed(error: AlexandriaError) -> None:
            if goal is self._goal:
                self._goal = None
                self._on_failed(error)

        self._context.tasks.run(prepare, lambda made: self._load(made, goal, theme), failed, priority=3)

    def _make_page(self, section: int, part: int, theme: Theme) -> Page:
        fonts = f"{SCHEME}://{self._host}/{FONTS}"
        return self._book.page(section, part, theme_css=page_css(theme, fonts=fonts))

    def _load(self, page: Page, goal: _Goal, theme: Theme) -> None:
        if goal is not self._goal:
            return
        self._goal = None
        self._page = page
        start = page.length if goal.at_end else max(0, goal.offset - page.start)
        self._state = {"start": start, "end": start}
        self._selection = None
        self._drawn = _Drawn(theme, self._scrolled, self._inks)
        address = self._address(page)
        self._profile.handler.put_page(address, page.html)
        self._view.load(address, self._begin(page, goal))

    def _address(self, page: Page) -> str:
        self._loads += 1  # no two have the same address: what a page tells is told by which
        return f"{page_address(self._host, page.href, page.part)}&s={page.section}&n={self._loads}"

    def _begin(self, page: Page, goal: _Goal) -> dict[str, Any]:
        offset = max(0, goal.offset - page.start)
        return {
            "layout": self._layout(),
            "offset": offset,
            "atEnd": goal.at_end,
            "notes": self._page_notes(page),
            "light": [offset, goal.end - page.start] if goal.light else None,
            "hits": self._finder.hits_of(page.section, page.start, page.start + page.length),
        }

    def _layout(self) -> dict[str, Any]:
        return layout_settings(self._theme, scrolled=self._scrolled, fixed=self._book.book.fixed_layout)

    def _page_notes(self, page: Page) -> list[dict[str, Any]]:
        found = []
        for ink in self._inks:
            target = ink.note.locator.target if ink.note.locator is not None else None
            if not isinstance(target, EpubTarget | TextTarget) or target.href != page.href or not ink.note.placed:
                continue
            start, end = target.start - page.start, target.end - page.start
            if end > 0 and start < page.length and end > start:
                note = {"id": str(ink.note.id), "start": max(0, start), "end": min(page.length, end)}
                found.append({**note, "ink": ink.number})
        return found

    def _on_failed(self, error: AlexandriaError) -> None:
        if error.code is not Code.BOOK_CLOSED:  # the reader went on to something else
            self.failed.emit(error)

    # --- turning ------------------------------------------------------------------------------------------------

    def _turn_later(self, direction: int) -> None:
        """Turn once the page that is on its way is there."""
        self._waiting_turns = max(-3, min(3, self._waiting_turns + direction))

    def _on_turned(self, direction: int, page: Page | None, state: Any) -> None:
        if not isinstance(state, dict) or state.get("moved"):
            return
        if page is not self._page:
            self.turn(direction)  # the turn before went over the edge
        elif self._goal is not None and self._goal == self._neighbour(direction):
            self._turn_later(direction)
        else:
            self._cross(direction)

    def _cross(self, direction: int) -> None:
        """Go over the edge of a page into the next or previous section."""
        goal = self._neighbour(direction)
        if goal is None or goal == self._goal:  # nothing is there, or it is on its way
            return
        if direction > 0 and self._next is not None and self._next_page is not None and self._next.is_ready:
            page = self._next_page
            if page.section == goal.section and page.part == goal.part:
                self._swap_in(page)
                return
        self._go(goal)

    def _neighbour(self, direction: int) -> _Goal | None:
        page = self._page
        if page is None:
            return None
        if 0 <= page.part + direction < page.parts:
            return _Goal(page.section, part=page.part + direction, offset=-1, at_end=direction < 0)
        section = page.section + direction
        sections = self._book.book.sections
        while 0 <= section < len(sections) and not sections[section].linear:
            section += direction
        if not 0 <= section < len(sections):
            return None
        return _Goal(section, part=0 if direction > 0 else None, at_end=direction < 0)

    def _prepare_next(self) -> None:
        """Make the next section ready in the second view."""
        goal = self._neighbour(1)
        if goal is None or goal.part is None:
            return
        theme = self._theme

        def prepared(page: Page) -> None:
            current = self._neighbour(1)
            if current is None or (current.section, current.part) != (page.section, page.part):
                return
            if theme is not self._theme:
                return  # another theme begins this anew
            if self._next is None:
                self._next = self._make_view()
                self._stack.addWidget(self._next)
                self._stack.setCurrentWidget(self._view)
                if self._wants is not None:
                    self._next.set_key_filter(self._wants)
            self._next_page = page
            address = self._address(page)
            self._profile.handler.put_page(address, page.html)
            self._next.load(address, self._begin(page, _Goal(page.section, page.start)))

        part = goal.part
        self._context.tasks.run(lambda: self._make_page(goal.section, part, theme), prepared, _ignore, priority=-1)

    def _swap_in(self, page: Page) -> None:
        assert self._next is not None
        self._view, self._next = self._next, self._view
        self._page, self._next_page = page, None
        self._state, self._selection = {}, None
        had_focus = self._next.hasFocus() or self._next.isAncestorOf(self._focused())
        self._stack.setCurrentWidget(self._view)
        if had_focus:
            self._view.focus_page()
        self._view.call("setNotes", self._page_notes(page))
        self._view.call("state", then=self._on_state)
        self._preload.start()

    def _focused(self) -> QWidget:
        return self.window().focusWidget() or self

    # --- what the page tells ------------------------------------------------------------------------------------

    def _make_view(self) -> PageView:
        view = PageView(self._profile, self)
        view.set_background(QColor(self._theme.tokens.surface))
        view.told.connect(self._on_told)
        view.crashed.connect(self._on_crashed)
        return view

    def _on_told(self, message: PageMessage) -> None:
        if self.sender() is not self._view:
            return
        handler = self._HANDLERS.get(message.kind)
        if handler is not None:
            handler(self, message.data)

    def _on_ready(self, _data: dict[str, Any]) -> None:
        """Bring a page up to what changed while it was loaded: it could not be told then."""
        drawn, self._drawn = self._drawn, None
        if drawn is None or self._page is None:
            return
        if drawn.inks != self._inks:
            self._view.call("setNotes", self._page_notes(self._page))
        if drawn.theme is not self._theme:
            self._view.call("setTheme", page_variables(self._theme), self._layout())
        elif drawn.scrolled != self._scrolled:
            self._view.call("configure", self._layout())

    def _on_painted(self, data: dict[str, Any]) -> None:
        self._on_state(data)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()
        self._show_hits()
        self._preload.start()
        turns, self._waiting_turns = self._waiting_turns, 0
        for _ in range(abs(turns)):
            self.turn(1 if turns > 0 else -1)

    def _on_state(self, data: Any) -> None:
        if not isinstance(data, dict) or self._page is None:
            return
        self._state = data
        self.moved.emit(self._where())

    def _where(self) -> Where:
        page = self._page
        assert page is not None
        offset = page.start + int(self._state.get("start", 0))
        length = self._chapters.length(page.section, page)
        progression = self._book.progression(page.section, offset, length)
        index = self._chapters.index_at(page.section, offset)
        end = page.start + int(self._state.get("end", 0))
        left = self._chapters.left_in_chapter(page.section, end, length)
        minutes = max(1, round(left / LETTERS_A_WORD / WORDS_A_MINUTE))
        last = self._neighbour(1) is None and int(self._state.get("page", 0)) + 1 >= int(self._state.get("pages", 1))
        return Where(
            progression=1.0 if last else progression,
            chapter=self._chapters.title(index),
            chapter_index=index,
            page=self._chapters.page_label(page.section, offset),
            left=f"{minutes} min left in chapter" if self._chapters.entries else "",
            is_start=page.section == 0 and offset == 0,
            is_end=last,
        )

    def _on_selection(self, data: dict[str, Any]) -> None:
        selection = self._selection = data.get("selection")
        if not isinstance(selection, dict):
            self.selected.emit(None)
            return
        self.selected.emit(Selection(QRectF(*(float(value) for value in selection["rect"]))))

    def _on_click(self, data: dict[str, Any]) -> None:
        if isinstance(data.get("note"), str):
            self.note_clicked.emit(data["note"])
        else:
            self.blank_clicked.emit(float(data.get("across", 0.5)))

    def _on_link(self, data: dict[str, Any]) -> None:
        href = str(data.get("href", ""))
        page = self._page
        if page is None or not href:
            return
        if href.partition(":")[0].lower() in ("http", "https", "mailto", "tel"):
            self.link_out.emit(href)
            return
        target = self._chapters.resolve(page.href, href)
        if target is None:
            return
        self._back.append(_Goal(page.section, page.start + int(self._state.get("start", 0)), part=page.part))
        self.jumped.emit()
        self.show_href(target)

    def _on_margin(self, data: dict[str, Any]) -> None:
        marks = []
        for note in data.get("notes", ()):
            rects = note.get("rects") or []
            visible = [rect for rect in rects if -1 <= rect[0] < self.width() and rect[1] < self.height()]
            if visible:
                marks.append(MarginMark(str(note["id"]), float(visible[0][1]), float(visible[-1][1] + visible[-1][3])))
        self.margin.emit(marks)

    def _on_wheel(self, data: dict[str, Any]) -> None:
        self.turn(1 if int(data.get("direction", 1)) > 0 else -1)

    def _on_edge(self, data: dict[str, Any]) -> None:
        self._cross(1 if int(data.get("direction", 1)) > 0 else -1)

    def _on_mouse(self, _data: dict[str, Any]) -> None:
        self.stirred.emit()

    def _on_crashed(self) -> None:
        """Put another view in the place of one whose process is gone: its channel never speaks again."""
        if self._next is not None:  # it shares the process
            self._let_go(self._next)
            self._next = self._next_page = None
        if self.sender() is not self._view or self._crashes >= MOST_CRASHES:
            return
        self._crashes += 1
        gone, page = self._view, self._page
        self._view = self._make_view()
        self._stack.addWidget(self._view)
        self._stack.setCurrentWidget(self._view)
        if self._wants is not None:
            self._view.set_key_filter(self._wants)
        if gone.isAncestorOf(self._focused()):
            self._view.focus_page()
        self._let_go(gone)
        if page is not None:
            start = page.start + int(self._state.get("start", 0))
            self._page = None
            self._go(_Goal(page.section, start, part=page.part))

    def _let_go(self, view: PageView) -> None:
        self._stack.removeWidget(view)
        view.dispose()
        view.deleteLater()

    def _on_found(self, state: object) -> None:
        self.found.emit(state)
        self._show_hits()

    def _show_hits(self) -> None:
        page = self._page
        if page is None or not self._view.is_ready:
            return
        hits = self._finder.hits_of(page.section, page.start, page.start + page.length)
        self._view.call("paintHits", hits)

    _HANDLERS: dict[str, Callable[[FlowSurface, dict[str, Any]], None]] = {  # noqa: RUF012
        "ready": _on_ready,
        "painted": _on_painted,
        "moved": _on_state,
        "themed": _on_state,
        "selected": _on_selection,
        "selection": _on_selection,
        "click": _on_click,
        "link": _on_link,
        "margin": _on_margin,
        "wheel": _on_wheel,
        "edge": _on_edge,
        "mouse": _on_mouse,
    }

    def _serve(self, path: str) -> Served | None:
        """Return a file of the book, or one of our fonts; runs off the Qt thread."""
        if path.startswith(FONTS + "/"):
            from alexandria_desktop.theme.fonts import font_path

            file = font_path(path[len(FONTS) + 1 :])
            return Served("font/ttf", file.read_bytes()) if file is not None else None
        resource = self._book.resource(path)
        return Served(resource.media_type, resource.data) if resource is not None else None


def _ignore(_error: AlexandriaError) -> None:
    """The next page could not be made ready; turning into it will say why."""
