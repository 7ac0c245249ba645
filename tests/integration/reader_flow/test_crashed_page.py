"""The process that draws pages is killed under an open book: the same words come up again, and can be turned."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from alexandria_desktop.ui.reader.page_view import _WORLD
from tests.integration.reader_flow.conftest import PATIENCE, Window

pytestmark = [pytest.mark.web, pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is not there")]


def inks(window: Window) -> list[object]:
    answers: list[object] = []
    window.surface._view._page.runJavaScript("CSS.highlights.has('ink-1')", _WORLD.value, answers.append)
    window.wait(lambda: answers)
    return answers


def test_a_page_whose_process_was_killed_comes_up_again(window: Window) -> None:
    for _ in range(3):
        with window.qtbot.waitSignal(window.surface.moved, timeout=PATIENCE):
            window.surface.turn(1)
    window.select()
    window.reader.do("highlight")
    window.wait(lambda: inks(window) == [True])
    start = window.surface._state["start"]
    for _ in range(2):
        page = window.surface._page
        pid = window.surface._view._page.renderProcessPid()
        with window.qtbot.waitSignal(window.surface.moved, timeout=PATIENCE):
            os.kill(pid, signal.SIGKILL)
        assert window.surface._page is not page
        window.wait(lambda: window.surface._state["start"] == start)  # once its fonts are there
        window.wait(lambda: inks(window) == [True])
    window.reader.do("forward")
    window.wait(lambda: window.surface._state["start"] > start)
