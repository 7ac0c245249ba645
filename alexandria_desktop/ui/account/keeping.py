"""Keeps the library in step while the window is open: on start, after changes, now and then, when the network is back.

One round at a time, off the Qt thread. After a failure that time may heal it waits longer and longer; what only the
reader can put right is not tried again before they did.
"""

from __future__ import annotations

import random
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from alexandria_desktop.base.errors import AlexandriaError, ReaderError
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.ui.account.ear import Ear
from alexandria_desktop.ui.account.network import Network
from alexandria_desktop.ui.account.rhythm import Rhythm
from alexandria_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from alexandria_desktop.library.syncing import SyncStatus
    from sync.client.engine import Report

_TOLD_AGAIN = 30_000
"""Milliseconds after which "2 min ago" is said anew."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is."""

    sent: int = 0
    to_send: int = 0
    received: int = 0


class Keeping(QObject):
    """Begins rounds, and knows how things stand."""

    changed = Signal()
    """How things stand is different, or has to be said differently."""
    progressed = Signal(object)
    """(Progress): the round is a step further."""
    failed = Signal(object)
    """(AlexandriaError): a round did not go through."""
    called = Signal()
    """The server says that there is something to take in; sent from the thread that listens."""
    settled = Signal()
    """A round has ended; what it brought is in the library."""

    def __init__(
        self,
        library: Library,
        tasks: Tasks,
        network: Network,
        *,
        rhythm: Rhythm | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._tasks = tasks
        self._network = network
        self._rhythm = rhythm or Rhythm()
        self.status: SyncStatus | None = None
        """How things stood when one looked last; None where there is no account."""
        self.is_known = False
        """Whether one has looked yet."""
        self._cancel: threading.Event | None = None
        self._carry: threading.Event | None = None
        self._has_begun = threading.Event()
        self.files_problem: AlexandriaError | None = None
        """Why book files could not be sent or fetched the last time."""
        self._is_over = self._was_asked = False
        self._missed_change = self._was_called = False
        self.failures = 0
        self._soon = self._timer(self._look_and_begin, self._rhythm.after_change, once=True)
        self._retry = self._timer(self._begin, self._rhythm.first_pause, once=True)
        self._regular = self._timer(self._on_regular, self._rhythm.regular)
        self._clock = self._timer(self.changed.emit, _TOLD_AGAIN)
        self._ear: Ear | None = None
        self._calls = self._timer(self._on_called, self._rhythm.after_call, once=True)
        self.called.connect(self._calls.start)
        network.returned.connect(self._on_network)

    def _timer(self, call: object, interval: int, *, once: bool = False) -> QTimer:
        timer = QTimer(self, singleShot=once, interval=interval)
        timer.timeout.connect(call)
        return timer

    # --- what the window says -----------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether a round is under way."""
        return self._cancel is not None

    @property
    def is_carrying(self) -> bool:
        """Whether book files are on their way."""
        return self._carry is not None and self._has_begun.is_set()

    @property
    def pause(self) -> int:
        """Milliseconds until a failed round is tried again; -1 where none waits."""
        return self._retry.remainingTime()

    def begin(self) -> None:
        """Begin to keep in step; the first round follows at once where there is an account."""
        self._regular.start()
        self._clock.start()
        self._look_and_begin()

    def end(self) -> None:
        """Begin nothing any more, and call off what is under way; its last step ends by itself, soon."""
        self._is_over = True
        for timer in (self._soon, self._retry, self._regular, self._clock, self._calls):
            timer.stop()
        self.cancel()
        self._stop_listening()
        if self._carry is not None:
            self._carry.set()
        self._library.hang_up()

    def hear(self, changes: Changes) -> None:
        """Hear that something was written, here or by a round."""
        if changes and not self._is_over:
            self._soon.start()

    def look(self) -> None:
        """Ask the library how things stand."""
        library = self._library
        self._tasks.run(lambda: _standing(library), self._on_looked, self._on_look_failed)

    def sync_now(self) -> None:
        """Run a round because the reader wants one: at once, whatever it costs."""
        self.failures = 0
        self._was_asked = True
        self._begin()

    def cancel(self) -> None:
        """Call off the round under way."""
        if self._cancel is not None:
            self._cancel.set()
            self._library.syncing.stop()

    def take(self, status: SyncStatus) -> None:
        """Take in that the account is another, or open again, or left; a round follows where it is open."""
        self._stop_listening()
        self.failures = 0
        self._retry.stop()
        self._on_looked(status)
        if status.is_signed_in:
            self._begin()

    # --- rounds -------------------------------------------------------------------------------------------------

    def _look_and_begin(self) -> None:
        library = self._library
        self._tasks.run(lambda: _standing(library), self._on_looked_to_begin, self._on_look_failed)

    def _on_looked(self, status: SyncStatus | None) -> None:
        self.status = status
        self.is_known = True
        self.changed.emit()

    def _on_looked_to_begin(self, status: SyncStatus | None) -> None:
        is_first = not self.is_known
        self.status, self.is_known = status, True
        wants = status is not None and (is_first or status.waiting > 0)
        if wants and self.is_running:
            self._missed_change = True
        elif wants and not self._retry.isActive() and self._may_begin():
            self._begin()
        if not self.is_running:
            # A round tells in the end; until then the line stays as it is.
            self.changed.emit()

    def _on_look_failed(self, _: AlexandriaError) -> None:
        """The screens say what is wrong with a library that cannot be read."""

    def _on_regular(self) -> None:
        if not self._retry.isActive() and self._may_begin():
            self._begin()

    def _on_network(self) -> None:
        self.failures = 0
        self._stop_listening()  # a line of the network before is dead, and would notice late
        if self._may_begin():
            self._begin()

    def _may_begin(self) -> bool:
        """Whether a round may begin that nobody asked for."""
        status = self.status
        return status is not None and (bool(status.folder) or status.on_metered or not self._network.is_metered)

    def _is_signed_in(self) -> bool:
        return self.status is not None and self.status.is_signed_in

    def _begin(self) -> None:
        if self._is_over or self._cancel is not None or self.status is None or not self._is_signed_in():
            return
        self._retry.stop()
        self._cancel = cancel = threading.Event()
        to_send = self.status.waiting
        self._tasks.run(lambda: self._round(cancel, to_send), self._on_done, self._on_failed, priority=-1)
        self.progressed.emit(Progress(0, to_send))
        self.changed.emit()

    def _round(self, cancel: threading.Event, to_send: int) -> SyncStatus:
        from alexandria_desktop.library.syncing import Cancelled

        def told(report: Report) -> None:
            sent = report.sent + report.rejected
            self.progressed.emit(Progress(sent, max(to_send, sent), report.received))

        syncing = self._library.syncing
        with suppress(Cancelled):  # what was done stays done
            syncing.sync(is_cancelled=cancel.is_set, on_progress=told)
            syncing.verify(only_if_due=True, is_cancelled=cancel.is_set)
        return syncing.status()

    def _on_done(self, status: SyncStatus) -> None:
        self.failures = 0
        self._end_round(status)

    def _on_failed(self, error: AlexandriaError) -> None:
        self._cancel = None
        if self._is_over:
            return
        if not isinstance(error, ReaderError):
            self.failures += 1
            pause = self._rhythm.pause(self.failures, random.random())
            self._retry.start(max(pause, _asked_to_wait(error)))
        self.look()
        self.failed.emit(error)
        self.settled.emit()

    def _end_round(self, status: SyncStatus) -> None:
        self._cancel = None
        self._on_looked(status)
        self.settled.emit()
        self._carry_files()
        self._listen()
        if (self._missed_change or self._was_called) and not self._is_over:
            (self._soon if self._missed_change else self._calls).start()
            self._missed_change = self._was_called = False

    # --- calls --------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        """Have the server call; where bytes are paid for the clock is enough."""
        if self._ear is not None or self._is_over or not self._may_begin() or not self._is_signed_in():
            return
        self._ear = ear = Ear(self.called.emit)
        self._tasks.run(lambda: ear.open(self._library), None, self._on_look_failed, priority=-2)

    def _stop_listening(self) -> None:
        if self._ear is not None:
            self._ear.close()
            self._ear = None

    def _on_called(self) -> None:
        if self.is_running:
            self._was_called = True
        elif not self._retry.isActive() and self._may_begin():
            self._begin()

    # --- book files ---------------------------------------------------------------------------------------------

    def _carry_files(self) -> None:
        """Let files follow a round, beside the next ones: they take long, and a note must not wait for them."""
        if self._carry is not None or self._is_over:
            return
        self._carry = cancel = threading.Event()
        self._has_begun.clear()
        library, anyhow = self._library, self._was_asked
        self._was_asked = False
        self._tasks.run(
            lambda: library.carry_files(anyhow=anyhow, on_begin=self._on_files_begun, is_cancelled=cancel.is_set),
            self._on_carried,
            self._on_not_carried,
            priority=-2,
        )
        self.changed.emit()

    def _on_files_begun(self) -> None:
        """Hear, on the thread that carries, that there is something to carry."""
        self._has_begun.set()
        self.changed.emit()

    def _on_carried(self, _: object) -> None:
        self._carry, self.files_problem = None, None
        self.changed.emit()

    def _on_not_carried(self, error: AlexandriaError) -> None:
        self._carry = None
        if not self._is_over:
            self.files_problem = error  # the next round tries again
            self.changed.emit()


def _asked_to_wait(error: AlexandriaError) -> int:
    """Return the milliseconds that a busy server asked to wait, an hour at most; 0 where it did not ask."""
    seconds = getattr(error.__cause__, "retry_after", None)
    return min(3_600_000, round(seconds * 1000)) if isinstance(seconds, float) else 0


def _standing(library: Library) -> SyncStatus | None:
    # Without an account nothing of sync is loaded.
    return library.syncing.status() if library.has_account() else None
