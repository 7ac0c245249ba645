"""A dressed program."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.ui.appearance import Appearance
from tests.support.shelf import garbage_kept

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def calm_garbage() -> Iterator[None]:
    with garbage_kept():
        yield


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    look = Appearance(built_in("paper"))
    look.apply(qapp)
    yield look
    qapp.setStyleSheet("")
