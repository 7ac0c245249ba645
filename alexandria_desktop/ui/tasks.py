"""The one door off the Qt thread and back: work runs in a pool, its outcome arrives on the Qt thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot
from shiboken6 import isValid

from alexandria_desktop.base.errors import AlexandriaError, Code, ProgramError

_log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Outcome:
    task: Task
    value: Any
    error: AlexandriaError | None


def _asker(heard: Callable[..., Any]) -> object:
    """Return the object that a method belongs to, or that a function written inside a method calls ``self``."""
    if isinstance(heard, FunctionType):
        cells = dict(zip(heard.__code__.co_freevars, heard.__closure__ or (), strict=True))
        return cells["self"].cell_contents if "self" in cells else None
    return getattr(heard, "__self__", None)


def _log_unheard(error: AlexandriaError) -> None:
    _log.info("unheard: %s %s %s", error.code, error.message, error.detail)


def _is_gone(heard: Callable[..., Any]) -> bool:
    asker = _asker(heard)
    return isinstance(asker, QObject) and not isValid(asker)


class Task:
    """A piece of work under way; its result is dropped once it is cancelled, or once the widget that asked is gone."""

    __slots__ = ("_done", "_failed", "is_cancelled")

    def __init__(self, done: Callable[[Any], None] | None, failed: Callable[[AlexandriaError], None] | None) -> None:
        self._done = done
        self._failed = failed
        self.is_cancelled = False

    def cancel(self) -> None:
        """Let the work end unheard."""
        self.is_cancelled = True

    def deliver(self, value: Any, error: AlexandriaError | None) -> None:
        """Hand the outcome to whoever asked; called on the Qt thread."""
        if self.is_cancelled:
            return
        if error is not None:
            if self._failed is None:
                _log.error("%s: %s %s", error.code, error.message, error.detail, exc_info=error)
            elif _is_gone(self._failed):
                _log_unheard(error)
            else:
                self._failed(error)
        elif self._done is not None and not _is_gone(self._done):
            self._done(value)


class _Work(QRunnable):
    def __init__(self, tasks: Tasks, task: Task, call: Callable[[], Any]) -> None:
        super().__init__()
        self._tasks = tasks
        self._task = task
        self._call = call

    def run(self) -> None:
        value: Any = None
        error: AlexandriaError | None = None
        try:
            if not self._task.is_cancelled:
                value = self._call()
        except AlexandriaError as raised:
            error = raised
        except Exception as raised:  # noqa: BLE001  the thread bridge: nothing may die unheard in the pool
            _log.exception("A background task failed")
            error = ProgramError(Code.PROGRAM, "Something went wrong inside the program.", detail=repr(raised))
        self._tasks.arrived.emit(_Outcome(self._task, value, error))


class Tasks(QObject):
    """Runs functions off the Qt thread."""

    arrived = Signal(object)

    def __init__(self, parent: QObject | None = None, *, threads: int = 4) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._line = QThreadPool(self)
        self._line.setMaxThreadCount(1)
        self.arrived.connect(self._on_arrived)
        self._is_closed = False

    def run(
        self,
        call: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[AlexandriaError], None] | None = None,
        *,
        priority: int = 0,
    ) -> Task:
        """Run ``call`` in the pool; ``done`` or ``failed`` is then called on the Qt thread."""
        task = Task(done, failed)
        self._pool.start(_Work(self, task, call), priority)
        return task

    def run_in_order(
        self,
        call: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[AlexandriaError], None] | None = None,
    ) -> Task:
        """Run ``call`` once all that was put in this line before has ended: what is typed is written in its order."""
        task = Task(done, failed)
        self._line.start(_Work(self, task, call))
        return task

    def wait(self, milliseconds: int = 10_000) -> bool:
        """Wait until pool and line are empty; for the end of the program."""
        # The line first: what waits there was written by somebody.
        return self._line.waitForDone(milliseconds) and self._pool.waitForDone(milliseconds)

    def close(self) -> None:
        """Wait until pool and line are empty, and deliver nothing any more: whoever asked is gone."""
        self.wait()
        self._is_closed = True

    @Slot(object)
    def _on_arrived(self, outcome: _Outcome) -> None:
        if self._is_closed:
            if outcome.error is not None:
                _log_unheard(outcome.error)
            return
        outcome.task.deliver(outcome.value, outcome.error)
