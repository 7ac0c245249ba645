"""A reader who is quicker than the pages: what is asked for last is shown, and nothing is put on other words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.exceptions import TimeoutError as Waited

from alexandria_desktop.ui.reader.flow_surface import _Goal
from sync.places.locator import EpubTarget
from tests.integration.reader_flow.conftest import PATIENCE, Window
from tests.support.epubs import novel

pytestmark = pytest.mark.web


def once_it_is_loaded(window: Window, meanwhile: Callable[[], None]) -> None:
    """Do something between the beginning of the next page's loading and its word that it is ready."""
    load = window.surface._load

    def loaded(*arguments: object) -> None:
        window.surface._load = load  # type: ignore[method-assign]
        load(*arguments)  # type: ignore[arg-type]
        assert not window.surface._view.is_ready, "the page is on its way"
        meanwhile()

    window.surface._load = loaded  # type: ignore[method-assign]


def never(window: Window, condition: Callable[[], bool]) -> None:
    with pytest.raises(Waited):
        window.qtbot.waitUntil(condition, timeout=500)


def turn_until(window: Window, condition: Callable[[], bool]) -> None:
    while not condition():
        with window.qtbot.waitSignal(window.surface.moved, timeout=PATIENCE):
            window.surface.turn(1)


def section(window: Window) -> int:
    page = window.surface._page
    return -1 if page is None else page.section


def is_at_the_end_of_a_section(window: Window) -> bool:
    state = window.surface._state
    return "page" in state and state["page"] + 1 == state["pages"]


def test_two_turns_at_once_at_the_end_of_a_section_skip_no_section(window: Window) -> None:
    surface = window.surface
    turn_until(window, lambda: is_at_the_end_of_a_section(window))
    window.wait(lambda: surface._next is not None and surface._next_page is not None and surface._next.is_ready)
    surface.turn(1)
    surface.turn(1)
    window.wait(lambda: section(window) == 1)
    never(window, lambda: section(window) != 1)


def test_turns_that_waited_for_a_page_are_all_made_on_it(window: Window) -> None:
    surface = window.surface

    def turn_twice() -> None:
        surface.turn(1)
        surface.turn(1)

    once_it_is_loaded(window, turn_twice)
    surface.show_href(surface.contents()[1].href)
    window.wait(lambda: section(window) == 1 and surface._state.get("page") == 2)
    with window.qtbot.waitSignal(surface.moved, timeout=PATIENCE):
        surface.show_href(surface.contents()[2].href)
    never(window, lambda: surface._state.get("page") == 1)
    assert section(window) == 2


def test_words_of_the_page_before_are_not_marked_on_the_page_that_is_loaded(window: Window) -> None:
    window.select()
    once_it_is_loaded(window, lambda: window.reader.do("highlight"))
    with window.qtbot.waitSignal(window.surface.moved, timeout=PATIENCE):
        window.surface.show_href(window.surface.contents()[2].href)
    assert section(window) == 2
    window.select()
    window.select()
    window.reader.do("highlight")
    window.wait(lambda: "Chapter 3" in [note.quote for note in window.notes()])
    assert len(window.notes()) == 1


def test_the_place_of_a_book_that_is_closed_while_a_page_is_loaded_is_on_that_page(window: Window) -> None:
    turn_until(window, lambda: window.surface._state.get("page") == 3)
    once_it_is_loaded(window, window.window.show_library)
    window.surface.show_href(window.surface.contents()[2].href)
    window.wait(lambda: window.reader.surface is None)
    position = window.library.reading.position(window.book)
    assert position is not None
    target = position.locator.target
    assert isinstance(target, EpubTarget)
    assert (target.href, target.start) == ("OEBPS/c2.xhtml", 0)


def test_a_page_that_is_left_before_it_is_there_tells_nothing_of_the_page_after_it(window: Window) -> None:
    surface, told = window.surface, list[tuple[object, int]]()
    pages = [surface._make_page(number, 0, surface._theme) for number in range(3)]

    def note(message: object) -> None:
        data = message.data  # type: ignore[attr-defined]
        if "length" in data and surface._page is not None:
            told.append((data["length"], surface._page.length))

    surface._view.told.connect(note)
    assert pages[1].length != pages[2].length
    for pause in range(0, 40, 2):  # milliseconds, so that some pages are left just when they tell that they are ready
        for number in (1, 2):
            surface._goal = _Goal(number)
            surface._load(pages[number], surface._goal, surface._theme)
            if number == 1:
                window.qtbot.wait(pause)
        with window.qtbot.waitSignal(surface.moved, timeout=PATIENCE):
            window.wait(lambda: surface._view.is_ready)
    assert told
    assert [pair for pair in told if pair[0] != pair[1]] == []


def test_going_back_at_once_from_a_link_stays_on_the_page_of_the_link(window: Window) -> None:
    surface = window.surface
    surface._on_link({"href": "c2.xhtml"})
    with window.qtbot.waitSignal(surface.moved, timeout=PATIENCE):
        assert surface.go_back()
    surface.show_href(surface.contents()[3].href)
    window.wait(lambda: section(window) in (2, 3))
    assert section(window) == 3


def test_words_that_are_marked_just_before_another_book_is_opened_are_marked_in_their_own(
    window: Window, tmp_path: Path
) -> None:
    other = window.add(novel(tmp_path / "other.epub", seed=2, title="Another novel"))
    library = window.library
    file, book = library.reading.file_of(other), library.reading.open(other)
    window.select()
    window.reader.do("highlight")
    window.window.books._show(file, None, book, light=False)
    window.wait(window.notes)
    locator = window.notes()[0].locator
    assert locator is not None
    assert locator.edition == library.reading.file_of(window.book).edition
    assert library.notes.of_book(other) == []


def test_words_that_are_marked_just_before_the_book_is_closed_are_marked(window: Window) -> None:
    window.select()
    window.reader.do("highlight")
    window.window.show_library()
    window.wait(window.notes)
