"""Let a window live until something is so, and measure how long that took."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

PATIENCE = 60.0


def until(condition: Callable[[], object], *, every: int = 2, seconds: float = PATIENCE) -> float:
    """Run the event loop until a condition holds; returns the milliseconds; raises TimeoutError."""
    loop = QEventLoop()
    begun = time.perf_counter()
    held: list[float] = []

    def look() -> None:
        if condition():
            held.append(time.perf_counter())
        if held or time.perf_counter() - begun > seconds:
            loop.quit()

    clock = QTimer(interval=every)
    clock.timeout.connect(look)
    clock.start()
    loop.exec()
    clock.stop()
    if not held:
        raise TimeoutError("What was waited for did not come to be.")
    return (held[0] - begun) * 1000


def rest(seconds: float) -> None:
    """Let the window live for a while."""
    begun = time.perf_counter()
    until(lambda: time.perf_counter() - begun >= seconds)
