"""Ask a disk and wait a few seconds only: a disk that a program stands behind (FUSE) may never answer.

A thread that waits for such a disk cannot be called back. It is a daemon, so that the program ends without it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path

_log = logging.getLogger(__name__)

_LOOK_UP = 0.1
"""Seconds between looks at whether the wait was called off."""


class Patience:
    """Which disks did not answer: they are not asked again. One of these is kept as long as the program runs."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._silent: set[Path] = set()
        self._left: dict[Path, Future[None]] = {}

    def ask(
        self, place: Path, question: Callable[[], None], *, seconds: float, is_served: bool = False,
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> bool:  # fmt: skip
        """Put a question to the disk of a place on a thread of its own; False where it was not answered, or not put.

        A disk that is served by a program is not asked while another one holds a thread, so that one is held at most.
        What the question raises is raised here.
        """
        with self._one_at_a_time:
            if not self.may_ask(place, is_served=is_served):
                return False
            answer: Future[None] = Future()
            threading.Thread(target=_answer, args=(question, answer), name="disk", daemon=True).start()
            ends = time.monotonic() + seconds
            while not wait([answer], min(_LOOK_UP, seconds)).done:
                if is_cancelled() or time.monotonic() > ends:
                    break
            if answer.done():
                answer.result()
                return True
            self._left[place] = answer
            if not is_cancelled():
                self._silent.add(place)
                _log.info("A disk has not answered for %.1f seconds and is not asked again.", seconds)
            return False

    def may_ask(self, place: Path, *, is_served: bool = False) -> bool:
        """Whether the disk of a place has not left a question unanswered, and none is held for one like it."""
        around = (place, *place.parents)
        if any(one in self._silent or (one in self._left and not self._left[one].done()) for one in around):
            return False
        return not is_served or all(one.done() for one in self._left.values())


def _answer(question: Callable[[], None], answer: Future[None]) -> None:
    try:
        question()
    except BaseException as fault:  # noqa: BLE001  a thread bridge: raised where the question was put
        answer.set_exception(fault)
    else:
        answer.set_result(None)
