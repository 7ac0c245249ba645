"""Where pages lie."""

from __future__ import annotations

import pytest

from alexandria_desktop.pdf.model import PageInfo
from alexandria_desktop.ui.reader.pdf_pages import (
    EDGE,
    GAP,
    POINT,
    WIDEST_FIT,
    Fit,
    PageLayout,
    Place,
    Zoom,
    from_display,
    step_from,
    to_display,
)

LETTER = PageInfo(612, 792)
WIDE = PageInfo(1224, 792)
TURNED = PageInfo(792, 612, 90, (0, 1, -1, 0, 792, 0))
BOOK = (LETTER, LETTER, WIDE, LETTER)


def test_a_page_is_fitted_to_the_width_with_an_edge_on_each_side() -> None:
    layout = PageLayout(BOOK, 800, 600, Zoom())
    left, top, right, _ = layout.rect(0)
    assert (left, top, right) == (EDGE, GAP, pytest.approx(800 - EDGE))


def test_a_fitted_page_is_never_larger_than_reads_well() -> None:
    assert PageLayout(BOOK, 4000, 600, Zoom()).scale(0) == pytest.approx(WIDEST_FIT * POINT)


def test_a_page_wider_than_the_others_is_made_to_fit_too() -> None:
    layout = PageLayout(BOOK, 800, 600, Zoom())
    assert layout.scale(2) == pytest.approx(layout.scale(0) / 2)
    assert layout.content_width == 800


def test_a_whole_page_fits_between_the_gaps() -> None:
    _, top, _, bottom = PageLayout(BOOK, 800, 600, Zoom(Fit.PAGE)).rect(0)
    assert bottom - top == pytest.approx(600 - 2 * GAP)


def test_at_a_factor_pages_keep_their_sizes_and_the_content_grows() -> None:
    layout = PageLayout(BOOK, 800, 600, Zoom(Fit.FACTOR, 1.0))
    assert layout.size(2) == pytest.approx((1224 * POINT, 792 * POINT))
    assert layout.content_width == pytest.approx(1224 * POINT + 2 * EDGE)


@pytest.mark.parametrize("fraction", [0.0, 0.25, 0.999])
@pytest.mark.parametrize("page", range(4))
def test_a_place_and_its_height_are_each_others_reverse(page: int, fraction: float) -> None:
    layout = PageLayout(BOOK, 800, 600, Zoom())
    found = layout.place_at(layout.y_of(Place(page, fraction)))
    assert (found.page, found.fraction) == (page, pytest.approx(fraction))


def test_the_gap_between_two_pages_belongs_to_the_lower_one() -> None:
    layout = PageLayout(BOOK, 800, 600, Zoom())
    assert layout.place_at(layout.rect(1)[3] + GAP / 2) == Place(2)
    assert layout.place_at(0) == Place(0)
    assert layout.place_at(1e9) == Place(3, 1.0)


def test_one_page_at_a_time_stands_in_the_middle() -> None:
    layout = PageLayout(BOOK, 800, 2000, Zoom(Fit.PAGE), only=1)
    _, top, _, bottom = layout.rect(1)
    assert top == pytest.approx(2000 - bottom)
    assert list(layout.pages_between(0, 2000)) == [1]
    assert not layout.has(0)


def test_a_progression_is_page_and_fraction_together() -> None:
    assert Place(3, 0.5).progression(10) == pytest.approx(0.35)
    assert Place.at(0.35, 10) == Place(3, pytest.approx(0.5))
    assert Place.at(1.0, 10) == Place(9, 1.0)
    assert Place.at(round(900 / 1608, 6), 1608).page in (899, 900)


def test_zoom_steps_go_up_down_and_no_further() -> None:
    assert step_from(1.0, 1) == 1.1
    assert step_from(1.04, -1) == 1.0
    assert step_from(4.0, 1) == 4.0
    assert step_from(0.1, -1) == 0.25


def test_a_turned_page_is_turned_there_and_back() -> None:
    box = to_display(TURNED, (10, 20, 30, 25))
    assert box == (767, 10, 772, 30)
    assert from_display(TURNED, 772, 10) == pytest.approx((10, 20))
