"""What is put in line runs one after the other, and all of it before the program ends."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from alexandria_desktop.ui.tasks import Tasks


def test_what_was_asked_for_later_waits_for_what_was_asked_for_before(qtbot: QtBot) -> None:
    tasks, written, may_end = Tasks(), list[str](), threading.Event()

    def slow() -> None:
        assert may_end.wait(10)
        written.append("first")

    tasks.run_in_order(slow)
    tasks.run_in_order(lambda: written.append("second"))
    answered = list[str]()
    tasks.run(lambda: "meanwhile", answered.append)
    qtbot.waitUntil(lambda: answered == ["meanwhile"])
    assert written == []
    may_end.set()
    qtbot.waitUntil(lambda: written == ["first", "second"])
    tasks.close()


def test_all_that_is_in_line_runs_before_the_end() -> None:
    tasks, written = Tasks(), list[int]()
    for number in range(50):
        tasks.run_in_order(lambda number=number: written.append(number))  # type: ignore[misc]
    tasks.close()
    assert written == list(range(50))
