"""Collect garbage on the Qt thread only.

Python's collector runs on whichever thread allocates next. Widgets that were thrown away in a reference cycle would be
destroyed there, on a pool's thread, and Qt ends the program for that. So the collector is switched off, and a timer of
the Qt thread does its work.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL = 1_000
OLD_EVERY = 30
"""Rounds after which the old generation is looked through as well; with 10,000 books that takes some 50 ms."""


class GarbageCollection(QObject):
    """Stands in for the automatic collection for as long as it is there."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        self._rounds = 0
        gc.disable()
        self._timer = QTimer(self, interval=INTERVAL)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def end(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.collect()
        if self._was_on:
            gc.enable()

    def _collect(self) -> None:
        self._rounds += 1
        gc.collect(2 if self._rounds % OLD_EVERY == 0 else 1)
