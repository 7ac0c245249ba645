"""What joins the program's own affairs to the window: the page about it, one quiet line at a time, the daily look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexandria_desktop.ui.widgets.banner import Banner, Severity

if TYPE_CHECKING:
    from alexandria_desktop.library.updating import Found, Updates
    from alexandria_desktop.ui.main_window import MainWindow
    from alexandria_desktop.ui.program.page import ProgramPage

QUESTION = (
    "May Alexandria look once a day whether there is a newer version? Nothing is sent that tells who asks, and nothing "
    "is installed by itself."
)


class _Line(StrEnum):
    """What the line says."""

    NEWS = "news"
    QUESTION = "question"
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class _Morning:
    """What there is to say or do after a start."""

    news: str
    wants_consent: bool
    is_due: bool


class ProgramWay(QObject):
    """Belongs to the window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._page: ProgramPage | None = None
        self._before: QWidget | None = None
        self._says: _Line | None = None
        self._updates: Updates | None = None
        self.banner = Banner(window.context.appearance)
        self.banner.retried.connect(self._on_action)
        centre = window.centralWidget()
        column = centre.layout() if centre is not None else None
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.banner)

    @property
    def updates(self) -> Updates:
        """What looks for newer versions, loaded when first wanted."""
        if self._updates is None:
            from alexandria_desktop.library.updating import Updates

            self._updates = Updates()
        return self._updates

    @property
    def page(self) -> ProgramPage:
        """The page about the program, made when first looked at."""
        if self._page is None:
            from alexandria_desktop.ui.program.page import ProgramPage

            self._page = ProgramPage(self._window.context, self.updates)
            self._page.left.connect(self.leave)
            self._window.stack.addWidget(self._page)
        return self._page

    @property
    def is_shown(self) -> bool:
        """Whether the page is on the screen."""
        return self._page is not None and self._window.stack.currentWidget() is self._page

    def begin(self) -> None:
        """After the start: note that this program uses the library, and see whether there is one thing to say."""
        tasks, library = self._window.context.tasks, self._window.context.library
        tasks.run(library.note_use, priority=-3)
        tasks.run(self._look_up, self._on_morning, priority=-3)

    def end(self) -> None:
        """Call off what is under way."""
        if self._page is not None:
            self._page.about.updates.stop()

    def show(self, part: str = "about") -> None:
        """Show the page about the program."""
        page = self.page
        if not self.is_shown:
            self._before = self._window.stack.currentWidget()
            self._window.stack.setCurrentWidget(page)
        page.show_part(part)
        page.take_focus()

    def check(self) -> None:
        """Look for a newer version now, where one sees what comes of it."""
        self.show()
        self.page.about.updates.look()

    def copy_diagnostics(self) -> None:
        """Put the diagnostics on the clipboard, from wherever one is."""
        window, library = self._window, self._window.context.library

        def look() -> str:
            from alexandria_desktop.library.what_runs import what_runs

            return what_runs(library).report

        def copy(report: str) -> None:
            QGuiApplication.clipboard().setText(report)
            window.say("Diagnostics copied. They name no book, no note and nobody.")

        window.context.tasks.run(look, copy, window.report)

    def leave(self) -> None:
        """Go back to where one was."""
        before, self._before = self._before, None
        if before is None or before is self._window.made_shelf:
            self._window.show_library()
        else:
            self._window.stack.setCurrentWidget(before)
            before.setFocus()

    def _look_up(self) -> _Morning:
        updates = self.updates
        is_first_run = not updates.memory().ran
        news = updates.whats_new_once()
        wants_consent = not is_first_run and not news and updates.wants_consent()
        return _Morning(news, wants_consent, updates.is_due())

    def _on_morning(self, found: _Morning) -> None:
        if found.news:
            self._say(_Line.NEWS, found.news, "What is new")
        elif found.wants_consent:
            self._say(_Line.QUESTION, QUESTION, "Look once a day")
        if found.is_due:
            self._window.context.tasks.run(self._look, self._on_looked, lambda _error: None, priority=-3)

    def _look(self) -> Found | None:
        found = self.updates.look()
        is_news = found.is_newer and not self.updates.was_told(found.manifest.version)
        return found if is_news else None

    def _on_looked(self, found: Found | None) -> None:
        if found is None:
            return
        self._say(_Line.NEWER, f"Version {found.manifest.version} of Alexandria is there.", "See what it brings")
        self.page.about.updates.show_found(found)

    def _say(self, what: _Line, sentence: str, action: str) -> None:
        self._says = what
        self.banner.say(sentence, severity=Severity.NOTE, action=action)

    def _on_action(self) -> None:
        if self._says is _Line.QUESTION:
            updates = self.updates
            self._window.context.tasks.run(lambda: updates.agree(to_look=True), failed=self._window.report)
            self._window.say("Alexandria looks once a day. The page “About Alexandria” ends it.")
        else:
            self.show("changes" if self._says is _Line.NEWS else "about")
