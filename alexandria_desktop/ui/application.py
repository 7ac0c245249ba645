"""The application object: hears of files that the system hands over after the start, as a Mac does."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Qt's application, which keeps files that are handed over until somebody asks for them."""

    file_named = Signal(str)

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._waiting: list[str] = []
        self._is_heard = False

    def listen(self) -> list[str]:
        """Return the files that were handed over so far; from now on ``file_named`` tells of each."""
        self._is_heard = True
        waiting, self._waiting = self._waiting, []
        return waiting

    def event(self, event: QEvent) -> bool:
        """Take a file that the system hands over."""
        if isinstance(event, QFileOpenEvent) and event.file():
            if self._is_heard:
                self.file_named.emit(event.file())
            else:
                self._waiting.append(event.file())
            return True
        return super().event(event)
