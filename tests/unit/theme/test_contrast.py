"""Contrast is what WCAG says it is, and the way out is near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.theme.color import Rgb, from_oklab, parse, to_oklab
from alexandria_desktop.theme.contrast import AA, Verdict, judge, nearest_passing, ratio, verdict

colors = st.builds(Rgb, *(st.integers(0, 255) for _ in range(3)))


def test_black_on_white_is_twenty_one_to_one_in_either_order() -> None:
    assert ratio("#000", "#fff") == pytest.approx(21)
    assert ratio("#fff", "#000") == pytest.approx(21)


@pytest.mark.parametrize(("grey", "expected"), [("#767676", 4.54), ("#949494", 3.03), ("#595959", 7.0)])
def test_greys_on_white_have_their_published_ratios(grey: str, expected: float) -> None:
    assert ratio(grey, "#ffffff") == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("value", "large", "expected"),
    [
        (7.0, False, Verdict.AAA),
        (6.99, False, Verdict.AA),
        (4.49, False, Verdict.FAIL),
        (4.5, True, Verdict.AAA),
        (3.0, True, Verdict.AA),
    ],
)
def test_large_text_may_have_less(value: float, large: bool, expected: Verdict) -> None:
    assert verdict(value, large=large) is expected


def test_what_passes_gets_no_warning() -> None:
    assert judge("#000000", "#ffffff").warning == ""


def test_a_warning_says_what_how_much_and_what_would_do() -> None:
    judged = judge("#8a8a8a", "#ffffff", what="Links")
    assert judged.verdict is Verdict.FAIL
    assert judged.warning.startswith("Links cannot be read easily on this background: contrast 3.4 to 1")
    assert judged.suggestion in judged.warning
    assert ratio(judged.suggestion, "#ffffff") >= AA


def test_a_ratio_just_below_the_line_is_not_rounded_up_to_it() -> None:
    judged = judge("#777777", "#ffffff")
    assert judged.ratio < AA
    assert "contrast 4.4 to 1" in judged.warning


@given(colors, colors)
def test_the_nearest_colour_passes(color: Rgb, ground: Rgb) -> None:
    assert ratio(nearest_passing(str(color), str(ground)), ground) >= AA


def test_the_nearest_colour_keeps_its_hue() -> None:
    better = parse(nearest_passing("#ff8c1a", "#ffffff"))
    assert better.red > better.green > better.blue


@given(colors)
def test_oklab_there_and_back_is_the_same_colour(color: Rgb) -> None:
    back = from_oklab(to_oklab(color))
    assert max(abs(a - b) for a, b in zip(_channels(color), _channels(back), strict=True)) <= 1


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345g", "#1234567", "rgb(0,0,0)", "#fff;}"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ReaderError) as caught:
        parse(text)
    assert caught.value.code is Code.THEME_INVALID


def _channels(color: Rgb) -> tuple[int, int, int]:
    return color.red, color.green, color.blue
