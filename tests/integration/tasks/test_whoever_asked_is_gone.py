"""What a background task brings to a widget that is gone by then: it is dropped, and nothing breaks."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from alexandria_desktop.base.errors import AlexandriaError, Code, ProgramError
from alexandria_desktop.ui.tasks import Tasks


class Page(QWidget):
    """Asks for something and shows it."""

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.label = QLabel(self)
        self.begun = threading.Event()
        self.may_end = threading.Event()
        self._tasks = tasks

    def ask(self, show: Callable[[str], None], report: Callable[[AlexandriaError], None], *, fails: bool) -> None:
        """Have the answer made and wait there until ``may_end``."""

        def answer() -> str:
            self.begun.set()
            assert self.may_end.wait(10)
            if fails:
                raise ProgramError(Code.PROGRAM, "It went wrong.")
            return "here"

        self._tasks.run(answer, show, report)

    def show_answer(self, answer: str) -> None:
        self.label.setText(answer)

    def show_error(self, error: AlexandriaError) -> None:
        self.label.setText(error.message)


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def inside(page: Page) -> tuple[Callable[[str], None], Callable[[AlexandriaError], None]]:
    """Return functions as they are written inside a method."""
    self = page
    return (lambda answer: self.show_answer(answer)), (lambda error: self.show_error(error))


def methods(page: Page) -> tuple[Callable[[str], None], Callable[[AlexandriaError], None]]:
    return page.show_answer, page.show_error


@pytest.mark.parametrize("heard_by", [methods, inside])
@pytest.mark.parametrize("fails", [False, True])
def test_an_answer_for_a_deleted_widget_is_dropped(
    tasks: Tasks,
    qtbot: QtBot,
    caplog: pytest.LogCaptureFixture,
    heard_by: Callable[[Page], tuple[Callable[[str], None], Callable[[AlexandriaError], None]]],
    fails: bool,
) -> None:
    page = Page(tasks)
    page.ask(*heard_by(page), fails=fails)
    assert page.begun.wait(10)
    delete(page)
    with caplog.at_level(logging.INFO), qtbot.waitSignal(tasks.arrived):  # an exception in a slot fails the test
        page.may_end.set()
    assert ("It went wrong." in caplog.text) == fails


@pytest.mark.parametrize("heard_by", [methods, inside])
@pytest.mark.parametrize("fails", [False, True])
def test_an_answer_for_a_living_widget_is_shown(
    tasks: Tasks,
    qtbot: QtBot,
    heard_by: Callable[[Page], tuple[Callable[[str], None], Callable[[AlexandriaError], None]]],
    fails: bool,
) -> None:
    page = Page(tasks)
    qtbot.addWidget(page)
    page.may_end.set()
    page.ask(*heard_by(page), fails=fails)
    qtbot.waitUntil(lambda: page.label.text() == ("It went wrong." if fails else "here"))


def test_a_failure_is_told_by_a_living_window_though_the_dialog_that_asked_is_gone(tasks: Tasks, qtbot: QtBot) -> None:
    page, told = Page(tasks), []
    page.ask(page.show_answer, told.append, fails=True)
    assert page.begun.wait(10)
    delete(page)
    page.may_end.set()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].message == "It went wrong."
