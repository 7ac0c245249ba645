"""Bring what the PDF worker answers to the Qt thread; what is heavy is done on the way there."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from alexandria_desktop.base.errors import AlexandriaError, Code, ProgramError
from alexandria_desktop.pdf.model import Priority

T = TypeVar("T")
U = TypeVar("U")
TRIES = 2
"""How often something is asked for when the worker stops over it."""


class Answer:
    """An answer that is waited for; dropped once it is cancelled."""

    __slots__ = ("_future", "done", "error", "failed", "is_cancelled", "value")

    def __init__(
        self, future: Future[Any], done: Callable[[Any], None], failed: Callable[[AlexandriaError], None] | None
    ) -> None:
        self._future = future
        self.done = done
        self.failed = failed
        self.is_cancelled = False
        self.value: Any = None
        self.error: AlexandriaError | None = None

    def cancel(self) -> None:
        """Let the question be forgotten, if it still waits, and the answer unheard."""
        self.is_cancelled = True
        self._future.cancel()


class Answers(QObject):
    """The way of futures to the Qt thread."""

    _arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()  # no parent: a late answer may still hold it
        self._waiting: set[Answer] = set()
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def listen(
        self,
        future: Future[T],
        done: Callable[[U], None],
        failed: Callable[[AlexandriaError], None] | None = None,
        *,
        shape: Callable[[T], U] | None = None,
    ) -> Answer:
        """Call ``done`` or ``failed`` on the Qt thread; ``shape`` first works the value up on the answering thread."""
        answer = Answer(future, done, failed)
        self._waiting.add(answer)

        def completed(ended: Future[T]) -> None:
            if answer.is_cancelled or ended.cancelled():
                return
            error = ended.exception()
            if error is None:
                answer.value = shape(ended.result()) if shape else ended.result()
            elif isinstance(error, AlexandriaError):
                answer.error = error
            else:
                answer.error = ProgramError(
                    Code.PROGRAM, "Something went wrong inside the program.", detail=repr(error)
                )
            self._arrived.emit(answer)

        future.add_done_callback(completed)
        return answer

    def close(self) -> None:
        """Hear nothing more."""
        for answer in self._waiting:
            answer.cancel()
        self._waiting.clear()

    @Slot(object)
    def _on_arrived(self, answer: Answer) -> None:
        self._waiting.discard(answer)
        if answer.is_cancelled:
            return
        if answer.error is None:
            answer.done(answer.value)
        elif answer.failed is not None:
            answer.failed(answer.error)


class PageFacts(Generic[T]):
    """What the worker knows of single pages (their words, their links), asked once and kept for a while."""

    def __init__(
        self, answers: Answers, ask: Callable[[int, Priority], Future[T]], *, nothing: T, most: int = 128
    ) -> None:
        self._answers = answers
        self._ask = ask
        self._nothing = nothing
        self._most = most
        self._known: OrderedDict[int, T] = OrderedDict()
        self._waiting: dict[int, list[Callable[[T], None]]] = {}
        self._tries: Counter[int] = Counter()

    def known(self, page: int) -> T | None:
        """Return what is known of a page already."""
        return self._known.get(page)

    def ask(self, page: int, then: Callable[[T], None], *, priority: Priority = Priority.VISIBLE) -> None:
        """Call ``then`` with the facts: at once where they are known, else when they arrive."""
        known = self._known.get(page)
        if known is not None:
            self._known.move_to_end(page)
            then(known)
            return
        waiting = self._waiting.setdefault(page, [])
        waiting.append(then)
        if len(waiting) == 1 or priority is Priority.VISIBLE:
            self._send(page, priority)

    def _send(self, page: int, priority: Priority) -> None:
        def done(value: T) -> None:
            self._keep(page, value)

        def failed(error: AlexandriaError) -> None:
            self._tries[page] += 1
            if error.code is Code.PDF_WORKER and self._tries[page] < TRIES:
                self._send(page, priority)
            else:
                self._keep(page, self._nothing)

        self._answers.listen(self._ask(page, priority), done, failed)

    def _keep(self, page: int, value: T) -> None:
        self._known[page] = value
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        for then in self._waiting.pop(page, []):
            then(value)
