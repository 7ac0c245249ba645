"""A profile and a view for real pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.ui.reader.page_view import BookProfile
from alexandria_desktop.ui.tasks import Tasks
from tests.support.web import Pages


@pytest.fixture
def pages(qapp: QApplication, qtbot: QtBot) -> Iterator[Pages]:
    tasks = Tasks()
    profile = BookProfile(tasks, qapp)
    shown = Pages(qtbot, profile)
    yield shown
    shown.dispose()
    tasks.wait()
    profile.dispose()
