"""A window with a made-up novel open in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.store.notes import Note
from alexandria_desktop.ui.reader.flow_surface import FlowSurface
from alexandria_desktop.ui.reader.note_editor import NoteEditor
from alexandria_desktop.ui.session import Session
from tests.support.epubs import novel

PATIENCE = 20_000


class Window:
    """What a reader does at the window, and what they find on the disk."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.session = Session(qapp, Library.open(folder / "library"))
        self.library, self.window = self.session.library, self.session.window
        self.reader = self.window.reader
        self.window.resize(1000, 720)
        self.window.show()
        self.book = self.add(novel(folder / "novel.epub", chapters=4))
        self.open(self.book)

    def add(self, file: Path) -> UUID:
        book = self.library.import_paths([file])[0].book_id
        assert book is not None
        return book

    def open(self, book: UUID) -> None:
        with self.qtbot.waitSignal(self.reader.opened, timeout=PATIENCE):
            self.window.open_book(book)

    @property
    def surface(self) -> FlowSurface:
        surface = self.reader.surface
        assert isinstance(surface, FlowSurface)
        return surface

    @property
    def editor(self) -> NoteEditor:
        return self.reader.editor

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def select(self) -> None:
        """Select the first word of the page."""
        with self.qtbot.waitSignal(self.surface.selected, timeout=PATIENCE):
            self.reader.do("select-forward")

    def begin_note(self) -> None:
        """Select a word and open a note on it."""
        self.select()
        self.reader.do("note")
        self.wait(self.editor.isVisible)

    def type(self, words: str) -> None:
        QTest.keyClicks(self.editor.text, words)

    def leave_note(self) -> None:
        QTest.keyClick(self.editor.text, Qt.Key.Key_Escape)

    def notes(self) -> list[Note]:
        return self.library.notes.of_book(self.book)

    def words(self) -> list[str]:
        return [note.text for note in self.notes()]


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Window]:
    made = Window(qapp, qtbot, tmp_path)
    yield made
    made.window.close()
    made.session.close()
