"""Changes to a course on their way to the disk: one at a time, in order; of what is typed, the latest after a rest."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.tasks import Tasks

PAUSE = 150
"""Milliseconds of rest after which what was typed is written; on the disk it is within a quarter of a second."""

Call = Callable[[], Any]
Done = Callable[[Any], None]


class Writing(QObject):
    """Writes what is changed in the builder."""

    rested = Signal()
    """Everything is on the disk."""
    begun = Signal()
    """Something waits to be written."""
    failed = Signal(object)
    """(AlexandriaError)"""

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._typed: dict[str, Call] = {}
        self._line: deque[tuple[Call, Done | None]] = deque()
        self._is_writing = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.flush)

    @property
    def is_at_rest(self) -> bool:
        """Whether everything is on the disk."""
        return not (self._typed or self._line or self._is_writing)

    def later(self, key: str, call: Call) -> None:
        """Write what was typed after a rest, in place of what waits under the same key."""
        self._typed[key] = call
        self._pause.start()
        self.begun.emit()

    def now(self, call: Call, done: Done | None = None) -> None:
        """Write after all that waits; ``done`` is then called with the result."""
        self._take_typed()
        self._line.append((call, done))
        self.begun.emit()
        self._next()

    def flush(self) -> None:
        """Write what waits without a rest."""
        self._take_typed()
        self._next()

    def _take_typed(self) -> None:
        self._pause.stop()
        self._line.extend((call, None) for call in self._typed.values())
        self._typed.clear()

    def _next(self) -> None:
        if self._is_writing:
            return
        if not self._line:
            if not self._typed:
                self.rested.emit()
            return
        call, done = self._line.popleft()
        self._is_writing = True

        def written(value: Any) -> None:
            self._is_writing = False
            if done is not None:
                done(value)
            self._next()

        self._tasks.run(call, written, self._on_failed, priority=4)

    def _on_failed(self, error: AlexandriaError) -> None:
        self._is_writing = False
        self.failed.emit(error)
        self._next()
