"""Answers on their way to the disk: one write at a time, in order, the latest of each question."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.attempting import Sitting
from alexandria_desktop.ui.tasks import Tasks
from sync.assessing.questions.answers import Answer

PAUSE = 200
"""Milliseconds of rest after which what was typed is written."""


class Saving(QObject):
    """Writes the answers of one sitting."""

    saved = Signal()
    """Nothing waits any more."""
    failed = Signal(object)
    """(AlexandriaError)"""

    def __init__(self, tasks: Tasks, sitting: Sitting, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._sitting = sitting
        self._waiting: dict[str, Answer | None] = {}
        self._is_writing = False
        self._after: Callable[[], None] | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._write)

    @property
    def is_at_rest(self) -> bool:
        """Whether everything that was answered is on the disk."""
        return not self._waiting and not self._is_writing

    def keep(self, question: str, answer: Answer | None) -> None:
        """Write an answer after a short rest."""
        self._waiting[question] = answer
        self._pause.start()

    def finish(self, then: Callable[[], None]) -> None:
        """Write what waits, then call."""
        self._after = then
        self._pause.stop()
        self._write()

    def flush(self) -> None:
        """Write what waits although nobody will hear how it went; for the end of the program."""
        self._pause.stop()
        if self._waiting:
            self._send()

    def _write(self) -> None:
        if self._is_writing:
            return
        if not self._waiting:
            self._rest()
            return
        self._is_writing = True
        self._send()

    def _send(self) -> None:
        answers, self._waiting = self._waiting, {}
        sitting = self._sitting

        def write() -> None:
            for question, answer in answers.items():
                sitting.answer(question, answer)

        self._tasks.run_in_order(write, self._on_written, self._on_failed)

    def _on_written(self, _: object) -> None:
        self._is_writing = False
        self._write()

    def _on_failed(self, error: AlexandriaError) -> None:
        self._is_writing = False
        self.failed.emit(error)
        self._write()

    def _rest(self) -> None:
        self.saved.emit()
        if self._after is not None:
            then, self._after = self._after, None
            then()
