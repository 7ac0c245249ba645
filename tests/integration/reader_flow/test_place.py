"""The place that is kept is the last one, however busy the program is."""

from __future__ import annotations

import threading

import pytest
from pytestqt.exceptions import TimeoutError as Waited

from tests.integration.reader_flow.conftest import PATIENCE, Window

pytestmark = pytest.mark.web


def test_a_place_that_is_saved_late_does_not_follow_a_later_one(window: Window) -> None:
    may_end, begun = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        begun.release()
        assert may_end.wait(20)

    for _ in range(4):
        window.session.tasks.run(hold, priority=9)
    for _ in range(4):
        assert begun.acquire(timeout=20)
    for _ in range(2):
        with window.qtbot.waitSignal(window.surface.moved, timeout=PATIENCE):
            window.surface.turn(1)
        window.wait(lambda: not window.reader._sitting._save_timer.isActive())
    with window.qtbot.waitSignal(window.surface.moved, timeout=PATIENCE):
        window.surface.turn(1)
    start = window.surface._state["start"]
    window.window.show_library()

    def kept() -> int:
        position = window.library.reading.position(window.book)
        return -1 if position is None else position.locator.target.start

    assert kept() == start
    may_end.set()
    assert window.session.tasks.wait()
    assert kept() == start
    with pytest.raises(Waited):
        window.qtbot.waitUntil(window.window.banner.isVisible, timeout=500)
