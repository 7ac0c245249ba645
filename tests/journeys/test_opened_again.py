"""A book that is open is opened once more, as a click on a note or on its cover does."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.guide import guide_book
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.sample import sample_book
from alexandria_desktop.ui.session import Session
from sync.places.locator import EpubTarget, Locator, Quote

pytestmark = pytest.mark.web

STILL = 30
"""So many pictures alike, one after the other, are a page with its fonts."""


def has_ink(picture: QImage) -> bool:
    """Whether there is anything but one colour."""
    sample = picture.scaled(200, 120)
    return len({sample.pixel(x, y) for x in range(0, 200, 2) for y in range(0, 120, 2)}) > 8


def test_notes_made_in_another_edition_are_looked_for_when_the_book_is_opened(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    session = Session(qapp, Library.open(tmp_path / "library"))
    guide = guide_book(session.library)
    quote = Quote("mark its words, write notes on it, search it")
    session.library.notes.add(guide, Locator(EpubTarget("elsewhere.xhtml"), quote, 0.0, "e" * 64))
    assert not session.library.notes.of_book(guide)[0].placed
    session.start()
    with qtbot.waitSignal(session.window.book_shown, timeout=20_000):
        session.window.open_book(guide)
    qtbot.waitUntil(lambda: session.library.notes.of_book(guide)[0].placed, timeout=20_000)
    qtbot.waitUntil(lambda: session.window.reader.notes_panel.model.rowCount() == 1, timeout=20_000)
    session.window.close()
    session.close()


def test_a_book_that_opens_after_the_reader_went_on_to_another_is_closed(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    session = Session(qapp, Library.open(tmp_path / "library"))
    guide, sample = guide_book(session.library), sample_book(session.library)
    file = session.library.reading.file_of(sample).path
    session.start()
    with qtbot.waitSignal(session.window.book_shown, timeout=20_000):
        session.window.open_book(sample)
        session.window.open_book(guide)
    assert session.window.reader.book_id == guide
    assert session.window.context.tasks.wait(), "the other one has opened by now as well"
    qtbot.waitUntil(lambda: str(file) not in [one.path for one in psutil.Process().open_files()], timeout=20_000)
    session.window.close()
    session.close()


def test_a_book_opened_again_looks_the_same(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    session = Session(qapp, Library.open(tmp_path / "library"))
    guide = guide_book(session.library)
    session.start()
    window = session.window

    def open_guide() -> None:
        with qtbot.waitSignal(window.book_shown, timeout=20_000):
            window.open_book(guide)

    def picture() -> QImage:
        return window.reader.surface.picture().toImage()  # type: ignore[union-attr]

    def stands_still() -> bool:
        pictures.append(picture())
        return len(pictures) > STILL and all(one == pictures[-1] for one in pictures[-STILL:]) and has_ink(pictures[-1])

    pictures: list[QImage] = []
    open_guide()
    qtbot.waitUntil(stands_still, timeout=20_000)
    open_guide()
    qtbot.waitUntil(lambda: picture() == pictures[-1], timeout=20_000)
    window.close()
    session.close()
