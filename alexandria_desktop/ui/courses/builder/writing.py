"""Changes to a course on their way to the disk: one at a time, in order; of what is typed, the latest after a rest."""

from __future__ import annotations

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
        self._unwritten = 0
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self.flush)

    @property
    def is_at_rest(self) -> bool:
        """Whether everything is on the disk."""
        return not (self._typed or self._unwritten)

    def later(self, key: str, call: Call) -> None:
        """Write what was typed after a rest, in place of what waits under the same key."""
        self._typed[key] = call
        self._pause.start()
        self.begun.emit()

    def now(self, call: Call, done: Done | None = None) -> None:
        """Write after all that waits; ``done`` is then called with the result."""
        self._write_typed()
        self.begun.emit()
        self._write(call, done)

    def flush(self) -> None:
        """Write what waits without a rest."""
        self._write_typed()
        self._rest()

    def _write_typed(self) -> None:
        self._pause.stop()
        typed, self._typed = self._typed, {}
        for call in typed.values():
            self._write(call, None)

    def _write(self, call: Call, done: Done | None) -> None:
        # All of it is put in line at once: at the end of the program nobody is there to send the next.
        self._unwritten += 1

        def written(value: Any) -> None:
            self._unwritten -= 1
            if done is not None:
                done(value)
            self._rest()

        self._tasks.run_in_order(call, written, self._on_failed)

    def _rest(self) -> None:
        if self.is_at_rest:
            self.rested.emit()

    def _on_failed(self, error: AlexandriaError) -> None:
        self._unwritten -= 1
        self.failed.emit(error)
        self._rest()
