"""Cutting pages into tiles, and turning them for the night."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from alexandria_desktop.pdf.model import PageColors, PageImage, PageInfo
from alexandria_desktop.ui.reader.pdf_night import turned
from alexandria_desktop.ui.reader.pdf_tiles import LARGEST_WHOLE, tiles_of

LETTER = PageInfo(612, 792)
NIGHT = PageColors(ink=0xDAD8D3, paper=0x1D1D1F)


def test_a_page_of_usual_size_is_one_tile() -> None:
    (tile,) = tiles_of(0, LETTER, 2.0)
    assert tile.is_whole
    assert tile.clip is None
    assert (tile.right, tile.bottom) == (1224, 1584)


def test_the_tiles_of_a_large_page_cover_it_once() -> None:
    zoom = 5.0
    covered = np.zeros((int(792 * zoom), int(612 * zoom)), int)
    for tile in tiles_of(0, LETTER, zoom):
        assert (tile.right - tile.left) * (tile.bottom - tile.top) <= LARGEST_WHOLE
        covered[tile.top : tile.bottom, tile.left : tile.right] += 1
    assert covered.min() == covered.max() == 1


def test_only_tiles_that_are_seen_are_asked_for() -> None:
    seen = list(tiles_of(0, LETTER, 5.0, (0, 1100, 1000, 1900)))
    assert [(tile.left, tile.top) for tile in seen] == [(0, 1024)]
    assert list(tiles_of(0, LETTER, 5.0, (0, 0, -5, -5))) == []


def colour_of(*pixel: int) -> QColor:
    image = turned(PageImage(2, 1, 0, 0, 1.0, bytes(pixel) * 2), NIGHT)
    return QColor(image.pixel(1, 0))


def test_at_night_black_is_the_ink_and_white_the_paper() -> None:
    assert colour_of(0, 0, 0).rgb() & 0xFFFFFF == NIGHT.ink
    assert colour_of(255, 255, 255).rgb() & 0xFFFFFF == NIGHT.paper


def test_at_night_colours_keep_their_hue() -> None:
    blue, red, yellow = colour_of(0, 0, 200), colour_of(200, 0, 0), colour_of(255, 240, 60)
    assert blue.blue() > blue.red()
    assert red.red() > red.blue()
    assert yellow.red() > yellow.blue()
    assert yellow.lightness() < 128 < blue.lightness()
