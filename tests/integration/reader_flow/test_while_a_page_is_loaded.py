"""What changes while a page is being loaded is on the page when it is there: notes, the theme, the flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from alexandria_desktop.library.library import Library
from alexandria_desktop.library.sample import sample_book
from alexandria_desktop.read.locate import make_locator
from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.theme.page_css import page_variables
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.reader.flow_surface import FlowSurface
from alexandria_desktop.ui.reader.page_view import _WORLD, BookProfile
from alexandria_desktop.ui.reader.surface import Ink
from alexandria_desktop.ui.tasks import Tasks
from tests.support.shelf import Recorder

pytestmark = pytest.mark.web

PATIENCE = 20_000
Meanwhile = Callable[[FlowSurface], None]


class Reading:
    """A book in a surface of its own; ``meanwhile`` happens once its page has begun to load."""

    def __init__(self, qtbot: QtBot, context: Context, profile: BookProfile) -> None:
        self.book_id = sample_book(context.library)
        self.surface = FlowSurface(context, profile, self.book_id, context.library.reading.open(self.book_id))
        self._qtbot = qtbot
        self.notes = context.library.notes
        self.note = self.notes.add(self.book_id, self._some_words(context.library), color="green")
        self.surface.resize(900, 700)
        self.surface.show()

    def _some_words(self, library: Library) -> object:
        with closing(library.reading.open(self.book_id)) as book:
            first = next(section.index for section in book.book.sections if section.linear)
            return make_locator(book, first, 0, 20)

    def open(self, meanwhile: Meanwhile) -> None:
        load = self.surface._load

        def loaded(*arguments: object) -> None:
            load(*arguments)  # type: ignore[arg-type]
            assert not self.surface._view.is_ready, "the page is on its way"
            meanwhile(self.surface)

        self.surface._load = loaded  # type: ignore[method-assign]
        with self._qtbot.waitSignal(self.surface.painted, timeout=PATIENCE):
            self.surface.start(None)

    def evaluate(self, expression: str) -> object:
        """Return what the page's own tree says."""
        answers: list[object] = []
        self.surface._view._page.runJavaScript(expression, _WORLD.value, answers.append)
        self._qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
        return answers[0]


@pytest.fixture
def reading(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Reading]:
    library, tasks, look = Library.open(tmp_path / "library"), Tasks(), Appearance(built_in("paper"))
    profile = BookProfile(tasks, qapp)
    found = Reading(qtbot, Context(library, tasks, look, Recorder()), profile)
    yield found
    found.surface.close_book()
    found.surface.hide()
    tasks.close()
    profile.dispose()
    library.close()


def test_a_note_that_is_read_while_its_page_is_loaded_is_painted(reading: Reading) -> None:
    notes = reading.notes.of_book(reading.book_id)
    reading.open(lambda surface: surface.set_notes([Ink(notes[0], 2)]))
    assert reading.evaluate("CSS.highlights.has('ink-2') && CSS.highlights.get('ink-2').size") == 1


def test_a_note_that_was_taken_away_while_its_page_is_loaded_is_not_painted(reading: Reading) -> None:
    notes = reading.notes.of_book(reading.book_id)
    reading.surface.set_notes([Ink(notes[0], 2)])
    reading.open(lambda surface: surface.set_notes([]))
    assert reading.evaluate("CSS.highlights.has('ink-2')") is False


def test_a_theme_that_is_chosen_while_a_page_is_loaded_is_its_theme(reading: Reading) -> None:
    night = built_in("night")
    reading.open(lambda surface: surface.set_theme(night))
    name, value = next((name, value) for name, value in page_variables(night).items() if "surface" in name)
    assert value != page_variables(built_in("paper"))[name]
    shown = f"getComputedStyle(document.documentElement).getPropertyValue('{name}').trim()"
    assert reading.evaluate(shown) == value


def test_a_flow_that_is_chosen_while_a_page_is_loaded_is_its_flow(reading: Reading) -> None:
    reading.open(lambda surface: surface.toggle_flow())
    assert reading.evaluate("document.documentElement.dataset.flow") == "scrolled"
