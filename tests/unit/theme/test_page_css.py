"""A theme is a set of variables over one constant sheet."""

from __future__ import annotations

import re

import pytest

from alexandria_desktop.theme.customise import built_in, changed
from alexandria_desktop.theme.environments import environment_ids
from alexandria_desktop.theme.page_css import HIGHLIGHTS, measure_in_pixels, page_css, page_rules, page_variables

_USED = re.compile(r"(?:var|style)\((--[\w-]+)")
_SET_BY_THE_PAGE = {"--page-height"}
_READ_BY_THE_PAGE = {"--columns", "--raised", "--accent-text"}


def test_every_variable_of_the_rules_is_given_a_value() -> None:
    given = set(page_variables(built_in("paper")))
    used = set(_USED.findall(page_rules()))
    assert used - given == _SET_BY_THE_PAGE
    assert given - used == _READ_BY_THE_PAGE


def test_all_environments_set_the_same_variables() -> None:
    names = {frozenset(page_variables(built_in(name))) for name in environment_ids()}
    assert len(names) == 1


def test_the_rules_hold_no_colour_of_their_own() -> None:
    assert not re.search(r"#[0-9a-f]{3,6}\b|rgb\(", page_rules())


def test_each_highlight_has_its_rule() -> None:
    for name in HIGHLIGHTS:
        assert f"::highlight({name})" in page_rules()


def test_the_sheet_carries_fonts_variables_and_rules_in_that_order() -> None:
    css = page_css(built_in("paper"), fonts="alexandria-book://fonts/")
    assert css.index("@font-face") < css.index(":root {") < css.index("@layer suggested, insisted;")
    assert 'url("alexandria-book://fonts/literata.ttf")' in css


def test_typography_reaches_the_page() -> None:
    theme = changed(
        built_in("paper"), size=24, line_height=1.8, justify=True, hyphenate=False, paragraph_indent=2, columns=2
    )
    values = page_variables(theme)
    assert values["--size"] == "24px"
    assert values["--line-height"] == "1.8"
    assert values["--align"] == "justify"
    assert values["--hyphens"] == "manual"
    assert values["--indent"] == "2em"
    assert values["--columns"] == "2"


def test_what_is_left_to_the_book_is_said_so() -> None:
    values = page_variables(changed(built_in("paper"), publisher_font=True))
    assert {values[name] for name in ("--fonts", "--indents", "--gaps", "--spaces")} == {"book"}
    values = page_variables(changed(built_in("paper"), paragraph_indent=0, paragraph_spacing=1, letter_spacing=0.02))
    assert {values[name] for name in ("--indents", "--gaps", "--spaces")} == {"reader"}


@pytest.mark.parametrize(("name", "who"), [("paper", "book"), ("night", "theme")])
def test_a_books_own_colours_are_heeded_in_light_themes_only(name: str, who: str) -> None:
    values = page_variables(changed(built_in(name), publisher_colors=True))
    assert values["--colors"] == who


def test_the_measure_counts_characters_of_the_face() -> None:
    literata = built_in("paper").typography
    lexend = changed(built_in("paper"), family="lexend").typography
    assert measure_in_pixels(literata) == pytest.approx(66 * 0.471 * 18)
    assert measure_in_pixels(lexend) > measure_in_pixels(literata)


def test_inks_on_a_page_are_translucent() -> None:
    for name in environment_ids():
        values = page_variables(built_in(name))
        assert all(re.fullmatch(r"rgb\(\d+ \d+ \d+ / 0\.\d+\)", values[f"--ink-{number}"]) for number in range(1, 6))
