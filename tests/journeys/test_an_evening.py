"""The whole program, as a reader meets it: import, open, turn, mark, note, theme, quit, start again: all there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.ui.session import Session
from sync.places.locator import EpubTarget, Locator, Quote
from tests.support.epubs import novel

pytestmark = pytest.mark.web

PATIENCE = 20_000


class Evening:
    """One run of the program."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, root: Path) -> None:
        self.qtbot = qtbot
        self.session = Session(qapp, Library.open(root))
        self.session.start()
        self.window = self.session.window
        self.window.resize(1000, 720)

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def open(self, title: str) -> None:
        with self.qtbot.waitSignal(self.window.book_shown, timeout=PATIENCE):
            self.window.open_named(title)

    def turn(self, times: int) -> None:
        reader = self.window.reader
        for _ in range(times):
            with self.qtbot.waitSignal(reader.surface.moved, timeout=PATIENCE):  # type: ignore[union-attr]
                reader.do("forward")

    @property
    def progression(self) -> float:
        where = self.window.reader.where
        return where.progression if where is not None else -1.0

    def end(self) -> None:
        self.window.close()
        self.session.close()


def test_everything_done_in_an_evening_is_there_the_next_morning(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    book = novel(tmp_path / "novel.epub")
    root = tmp_path / "library"
    evening = Evening(qapp, qtbot, root)
    with qtbot.waitSignal(evening.window.importing.ended, timeout=60_000):
        evening.window.import_files([str(book)])
    evening.open("The made-up novel")
    evening.turn(20)
    assert evening.progression > 0.2

    reader = evening.window.reader
    with qtbot.waitSignal(reader.surface.selected, timeout=PATIENCE):
        reader.do("select-forward")
        reader.do("select-forward")
    reader.do("note")
    evening.wait(lambda: reader.editor.isVisible())
    QTest.keyClicks(reader.editor.text, "Two lines")
    QTest.keyClick(reader.editor.text, Qt.Key.Key_Return)
    QTest.keyClicks(reader.editor.text, "of a note")
    QTest.keyClick(reader.editor.text, Qt.Key.Key_Escape)
    book_id = reader.book_id
    library = evening.session.library
    evening.wait(lambda: [note.text for note in library.notes.of_book(book_id)] == ["Two lines\nof a note"])
    quote = library.notes.of_book(book_id)[0].quote
    assert len(quote.split()) >= 2

    before = library.looks.current().id
    evening.window.do("next-theme")
    evening.wait(lambda: library.looks.current().id != before)
    theme = library.looks.current().id
    here = evening.progression  # only now: the last page may have come after its turn was told
    evening.end()

    morning = Evening(qapp, qtbot, root)
    library = morning.session.library
    assert [row.title for row in library.shelf.books()] == ["The made-up novel"]
    assert morning.session.appearance.theme.id == theme
    morning.open("The made-up novel")
    assert abs(morning.progression - here) < 0.02
    morning.wait(lambda: morning.window.reader.notes_panel.model.rowCount() == 1)
    note = library.notes.of_book(book_id)[0]
    assert (note.text, note.quote) == ("Two lines\nof a note", quote)
    found = library.finding.search(quote, limit=3)
    assert found
    assert found[0].book_id == book_id
    morning.end()


def test_esc_steps_back_once_at_a_time_and_at_last_to_the_library(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    evening = Evening(qapp, qtbot, tmp_path / "library")
    evening.session.library.import_paths([novel(tmp_path / "novel.epub", chapters=2)])
    evening.open("The made-up novel")
    reader = evening.window.reader
    reader.do("contents")
    reader.do("find")
    assert reader.contents.isVisible()
    assert reader.find_bar.isVisible()
    reader.do("step-back")
    assert not reader.find_bar.isVisible()
    reader.do("step-back")
    assert not reader.contents.isVisible()
    reader.do("step-back")
    assert evening.window.stack.currentWidget() is evening.window.shelf
    evening.end()


def test_a_note_that_waits_is_put_on_the_words_that_are_selected_and_taken_back(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    evening = Evening(qapp, qtbot, tmp_path / "library")
    library = evening.session.library
    book = library.import_paths([novel(tmp_path / "novel.epub", chapters=2)])[0].book_id
    assert book is not None
    lost = Locator(EpubTarget(""), Quote("words of an edition that nobody has"), 0.0, "0" * 64)
    note = library.notes.add(book, lost, text="mine")
    found = library.notes.add(book, library.finding.search("river", limit=1)[0].locator)
    evening.open("The made-up novel")
    reader = evening.window.reader
    panel, waiting = reader.notes_panel, reader.notes_panel.waiting
    reader.do("notes")
    evening.wait(lambda: [one.id for one in panel.model.notes] == [found.id, note.id])
    assert waiting.isVisible()
    assert not waiting.place.isVisible()
    panel.view.setCurrentIndex(panel.model.index(0, 0))
    assert not waiting.place.isVisible(), "it has its place"
    panel.view.setCurrentIndex(panel.model.index(1, 0))
    assert waiting.place.isVisible()
    assert not waiting.place.isEnabled()
    waiting.seek.click()
    evening.wait(lambda: reader.find_bar.isVisible())
    reader.do("step-back")
    with qtbot.waitSignal(reader.surface.selected, timeout=PATIENCE):
        reader.do("select-forward")
    evening.wait(waiting.place.isEnabled)
    waiting.place.click()
    evening.wait(lambda: library.notes.get(note.id).placed)
    moved = library.notes.get(note.id)
    assert (moved.text, moved.edition) == ("mine", found.edition)
    assert moved.quote not in ("", lost.quote.exact if lost.quote else "")
    evening.wait(lambda: not waiting.isVisible())
    evening.window.toasts.toasts()[-1].undone.emit()
    evening.wait(lambda: not library.notes.get(note.id).placed)
    assert library.notes.get(note.id).locator == lost
    evening.end()


def test_a_deleted_note_comes_back_with_undo(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    evening = Evening(qapp, qtbot, tmp_path / "library")
    library = evening.session.library
    outcome = library.import_paths([novel(tmp_path / "novel.epub", chapters=2)])[0]
    assert outcome.book_id is not None
    words = library.finding.search("river", limit=1)[0].locator
    note = library.notes.add(outcome.book_id, words, color="green")
    evening.open("The made-up novel")
    reader = evening.window.reader
    evening.wait(lambda: reader.notes_panel.model.rowCount() == 1)
    reader.delete_note(note)
    evening.wait(lambda: library.notes.of_book(outcome.book_id) == [])
    evening.wait(lambda: evening.window.toasts.toasts())
    evening.window.toasts.toasts()[-1].undone.emit()
    evening.wait(lambda: [one.id for one in library.notes.of_book(outcome.book_id)] == [note.id])
    evening.end()
