"""A sitting with a book, and what is kept of it: the place, the time spent, and the sight of the last page."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.still import save_picture

if TYPE_CHECKING:
    from alexandria_desktop.ui.reader.screen import ReaderScreen

SAVE_PAUSE = 250
"""Milliseconds of rest after which the place is on the disk."""

REST_PAUSE = 1_500
"""Milliseconds of rest after which the reader counts as staying on a page."""

LONGEST_REST = 300
"""Seconds without a turn after which a sitting no longer counts as reading."""


class Sitting(QObject):
    """Belongs to the reader's screen, which has one book after the other."""

    rested = Signal()
    """The reader has stayed on a page for a while."""

    def __init__(self, context: Context, screen: ReaderScreen) -> None:
        super().__init__(screen)
        self._context = context
        self._screen = screen
        self._seconds = 0.0
        self._pages = 0
        self._last = 0.0
        self._asked = self._saved = 0
        """How often the place was to be saved, and which of these is on the disk: an older one never follows it."""
        self._one_save = threading.Lock()
        self._save_timer = QTimer(self, singleShot=True, interval=SAVE_PAUSE)
        self._save_timer.timeout.connect(self._save_place)
        self._rest_timer = QTimer(self, singleShot=True, interval=REST_PAUSE)
        self._rest_timer.timeout.connect(self._on_rest)

    def begin(self) -> None:
        """Count from here on."""
        self._seconds, self._pages, self._last = 0.0, 0, time.monotonic()

    def go_on(self) -> None:
        """Hear that another place is on the screen."""
        self._save_timer.start()
        self._rest_timer.start()
        now = time.monotonic()
        self._seconds += min(now - self._last, LONGEST_REST)
        self._last = now
        self._pages += 1

    def end(self) -> None:
        """Keep everything; the place is on the disk when this returns."""
        self._save_timer.stop()
        self._rest_timer.stop()
        self._save_place(wait=True)
        self._keep_time()
        self._keep_picture()

    def _save_place(self, *, wait: bool = False) -> None:
        place = self._screen.surface.place() if self._screen.surface is not None else None
        book_id = self._screen.book_id
        if place is None or book_id is None:
            return
        reading = self._context.library.reading

        self._asked += 1
        asked = self._asked

        def save() -> None:
            with self._one_save:
                if asked > self._saved:
                    reading.save_position(book_id, place())
                    self._saved = asked

        if wait:
            try:
                save()
            except AlexandriaError as error:
                self._context.navigator.report(error)
        else:
            self._context.tasks.run(save, None, self._context.navigator.report)

    def _keep_time(self) -> None:
        seconds, pages = int(self._seconds), self._pages
        book_id, where = self._screen.book_id, self._screen.where
        if book_id is None or where is None or pages < 2:
            return
        reading, theme = self._context.library.reading, self._context.appearance.theme.environment.id

        def keep() -> None:
            begun = reading.begin_sitting(book_id, theme=theme)
            reading.note_sitting(begun, seconds=seconds, pages=pages, progress=where.progression * 100, ended=True)

        self._context.tasks.run(keep)

    def _on_rest(self) -> None:
        self._keep_picture()
        self.rested.emit()

    def _keep_picture(self) -> None:
        screen = self._screen
        if screen.surface is None or screen.book_id is None or screen.where is None or screen.selection_bar.isVisible():
            return
        image = screen.surface.picture().toImage()
        file = self._context.library.reading.picture_file(screen.book_id)
        self._context.tasks.run(lambda: save_picture(image, file))
