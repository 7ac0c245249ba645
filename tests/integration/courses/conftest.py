"""A library of a teacher who has a book, and a course begun in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.session import Session
from tests.support.desk import Desk


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library", vectors="numpy") as opened:
        yield opened


@pytest.fixture
def course(library: Library) -> UUID:
    return library.authoring.make_course("The origin of species")


@pytest.fixture
def session(qapp: QApplication, tmp_path: Path) -> Iterator[Session]:
    opened = Session(qapp, Library.open(tmp_path / "library", vectors="numpy"))
    yield opened
    opened.close()


@pytest.fixture
def look(qapp: QApplication) -> Appearance:
    """A look for widgets that need no window."""
    return Appearance()


@pytest.fixture
def desk(session: Session, qtbot: QtBot) -> Desk:
    return Desk(session, qtbot)
