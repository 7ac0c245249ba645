"""Covers keep their shape, and books without one get a cover of type in a colour of their own."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from alexandria_desktop.book.model import Metadata
from alexandria_desktop.theme.contrast import ratio
from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.theme.environments import environment_ids
from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.shelf.cover_art import Wanted, draw_cover
from alexandria_desktop.ui.shelf.cover_cache import AT_ONCE, CoverCache
from alexandria_desktop.ui.shelf.cover_colors import cover_colors, design_of, look_of
from tests.support.shelf import shelf_screen

BOX = QSize(120, 180)
PAPER = look_of(built_in("paper"))


def wanted(number: int = 1, ratio: float = 1.0, title: str = "Moby Dick") -> Wanted:
    return Wanted(UUID(int=number), title, "Herman Melville", BOX.width(), BOX.height(), ratio, PAPER)


def a_picture(folder: Path, width: int, height: int) -> Path:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#c02040"))
    file = folder / "cover.png"
    image.save(str(file))
    return file


@pytest.mark.parametrize("name", environment_ids())
def test_type_on_a_cover_can_be_read_in_every_theme(name: str) -> None:
    look = look_of(built_in(name))
    for hue in range(12):
        for pale in (True, False):
            colors = cover_colors(hue, pale=pale, look=look)
            assert ratio(colors.ink, colors.ground) >= 4.5


def test_a_theme_without_colours_has_grey_covers() -> None:
    color = QColor(cover_colors(3, pale=False, look=look_of(built_in("e-ink"))).ground)
    assert max(color.red(), color.green(), color.blue()) - min(color.red(), color.green(), color.blue()) < 16


def test_a_book_has_always_the_same_design_and_books_differ() -> None:
    assert design_of(UUID(int=77)) == design_of(UUID(int=77))
    assert len({design_of(UUID(int=number)) for number in range(48)}) == 48


def test_a_cover_keeps_its_shape_in_the_box(appearance: Appearance, tmp_path: Path) -> None:
    wide = draw_cover(wanted(ratio=2.0), a_picture(tmp_path, 600, 300))
    assert (wide.width(), wide.height(), wide.devicePixelRatio()) == (240, 120, 2.0)
    assert wide.pixelColor(120, 60).name() == "#c02040"
    assert wide.pixelColor(0, 0).alpha() < 60


def test_a_file_that_is_no_picture_gives_a_cover_of_type(appearance: Appearance, tmp_path: Path) -> None:
    file = tmp_path / "cover.jpg"
    file.write_bytes(b"\xff\xd8 not a picture")
    image = draw_cover(wanted(), file)
    assert (image.width(), image.height()) == (BOX.width(), BOX.height())
    assert len({image.pixel(x, y) for x in range(10, 110, 2) for y in range(10, 80, 2)}) > 2


def test_the_longest_title_stays_inside_its_cover(appearance: Appearance) -> None:
    title = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 4
    for number in range(48):
        image = draw_cover(wanted(number, title=title), None)
        edge = {image.pixelColor(image.width() - 3, y).name() for y in range(20, 100)}
        assert len(edge) <= 3


def test_only_the_latest_covers_are_kept(appearance: Appearance, tmp_path: Path, qtbot: QtBot) -> None:
    books = [Metadata(f"Book {number}") for number in range(12)]
    with shelf_screen(tmp_path / "library", appearance, *books) as test:
        one = BOX.width() * BOX.height() * 4
        cache = CoverCache(test.context, budget=4 * one)
        rows = test.library.shelf.books()
        cache.want(rows, BOX, 1.0)
        qtbot.waitUntil(lambda: cache.is_idle)
        assert cache.cost <= 4 * one
        assert cache.cover(rows[0]) is None
        assert cache.cover(rows[-1]) is not None


def test_covers_that_scrolled_away_are_not_made(appearance: Appearance, tmp_path: Path, qtbot: QtBot) -> None:
    books = [Metadata(f"Book {number:02}") for number in range(30)]
    with shelf_screen(tmp_path / "library", appearance, *books) as test:
        cache = CoverCache(test.context)
        rows = test.library.shelf.books()
        cache.want(rows[:20], BOX, 1.0)
        cache.want(rows[20:], BOX, 1.0)
        qtbot.waitUntil(lambda: cache.is_idle)
        assert all(cache.cover(row) is not None for row in rows[20:])
        assert sum(cache.cover(row) is not None for row in rows[:20]) <= AT_ONCE
