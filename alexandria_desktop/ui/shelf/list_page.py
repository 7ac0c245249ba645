"""A page with one list that is filtered as one types: its bar, and what stands there while there is no list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.states import Wrong
from alexandria_desktop.ui.shelf.toolbar import HEIGHT, SCROLL_BAR
from alexandria_desktop.ui.shelf.wording import counted
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.button import make_icon_button
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.search_field import SearchField


class ListPage(QWidget):
    """What the page of all notes and the page of all courses have."""

    sidebar_wanted = Signal()
    counted = Signal(int)
    """How many things there are."""

    def __init__(
        self,
        context: Context,
        view: QWidget,
        *,
        title: str,
        names: tuple[str, str],
        empty: EmptyState,
        busy: EmptyState,
        actions: Sequence[QPushButton] = (),
        always: Sequence[QPushButton] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Take the list, the words for one thing and for several, and buttons.

        ``actions`` are there with things only, ``always`` stand there before them.
        """
        super().__init__(parent)
        self._context = context
        self._names = names
        self._buttons = (*always, *actions)
        self._list, self._empty = view, empty
        self._task: Task | None = None
        appearance = context.appearance
        one, many = names
        self.field = SearchField(appearance, hint=f"Filter {many}")
        self.field.setMaximumWidth(280)
        self.field.searched.connect(self.show_words)
        self.field.left.connect(self.take_focus)
        self.sidebar = make_icon_button(appearance.icon("sidebar"), "Show the sidebar")
        self.sidebar.clicked.connect(self.sidebar_wanted)
        self.sidebar.hide()
        sentence = f"No {one} holds these words."
        self._none = EmptyState(appearance, icon="filter", sentence=sentence, action="Clear")
        self._none.activated.connect(self.field.clear)
        self._wrong = Wrong(appearance)
        self._wrong.activated.connect(self.refresh)
        self._stack = QStackedWidget()
        for state in (view, empty, self._none, self._wrong, busy):
            self._stack.addWidget(state)
        self._stack.setCurrentWidget(busy)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._bar(title))
        self._column.addWidget(self._stack, 1)

    def _bar(self, words: str) -> QFrame:
        bar = QFrame()
        bar.setFixedHeight(HEIGHT)
        title = QLabel(words)
        title.setFont(self._context.appearance.font(TextSize.HEADING, MEDIUM))
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 0, 24 + SCROLL_BAR, 0)
        row.setSpacing(8)
        row.addWidget(self.sidebar)
        row.addWidget(title)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.field, 2)
        for button in self._buttons:
            row.addWidget(button)
        return bar

    def refresh(self) -> None:
        """Read the things again."""
        raise NotImplementedError

    def show_words(self, words: str) -> None:
        """Show only what holds some words."""
        raise NotImplementedError

    def take_focus(self) -> None:
        """Put the keyboard where one begins."""
        raise NotImplementedError

    def focus_filter(self) -> None:
        """Put the keyboard in the filter."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def put_below_bar(self, part: QWidget) -> None:
        """Put something between the bar and the list."""
        self._column.insertWidget(1, part)

    def begin_reading(self, task: Task) -> None:
        """Take note of what reads the things; what was read before is of no use any more."""
        if self._task is not None:
            self._task.cancel()
        self._task = task

    def show_read(self, number: int) -> None:
        """Show what was read, ``number`` things."""
        self._task = None
        self.counted.emit(number)
        self.show_words(self.field.text().strip())

    def show_wrong(self, error: AlexandriaError) -> None:
        """Show why nothing could be read."""
        self._task = None
        self._wrong.show_error(error)
        self._stack.setCurrentWidget(self._wrong)

    def remove_with_a_way_back(
        self, remove: Callable[[], object], bring_back: Callable[[], object], words: str
    ) -> None:
        """Remove a thing off the Qt thread and say so; Undo brings it back."""
        navigator, tasks = self._context.navigator, self._context.tasks

        def undo() -> None:
            tasks.run(bring_back, self._read_anew, navigator.report)

        def done(_: object) -> None:
            navigator.say(words, undo=undo)
            self.refresh()

        tasks.run(remove, done, navigator.report)

    def _read_anew(self, _: object) -> None:
        self.refresh()

    def show_count(self, shown: int, there: int, words: str) -> None:
        """Show how many of the things hold the words, and the list or why there is none."""
        self._count.setText(f"{shown:,} of {there:,}" if words else f"{there:,}" if there else "")
        self._count.setAccessibleName(counted(shown, *self._names))
        self._stack.setCurrentWidget(self._list if shown else self._none if there else self._empty)
