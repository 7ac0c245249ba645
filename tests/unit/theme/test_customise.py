"""A reader's changes are checked, kept, and taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.theme.contrast import ratio
from alexandria_desktop.theme.customise import (
    RANGES,
    built_in,
    changed,
    from_json,
    make_theme,
    on_environment,
    reset,
    to_json,
)
from alexandria_desktop.theme.environments import environment
from alexandria_desktop.theme.guard import warnings
from alexandria_desktop.theme.model import BOOKS_OWN, Kind, Typography
from alexandria_desktop.theme.window import window_tokens


def test_changes_survive_the_database() -> None:
    theme = changed(built_in("sepia"), size=22, justify=True, measure=72, accent="#0a5", family="system:Georgia Pro")
    stored = json.loads(json.dumps(to_json(theme.customizations)))
    again = make_theme(environment("sepia"), from_json(stored))
    assert again == theme
    assert set(stored) == {"colors", "typography", "layout"}


def test_a_slider_moved_back_is_no_change() -> None:
    theme = changed(changed(built_in("paper"), size=30), size=18)
    assert not theme.customizations
    assert to_json(theme.customizations) == {}


@pytest.mark.parametrize(
    ("name", "given_value", "kept"),
    [("size", 500, 48), ("size", 1, 10), ("line_height", 9, 2.5), ("columns", 7, 2), ("letter_spacing", -3, -0.05)],
)
def test_numbers_are_brought_into_their_range(name: str, given_value: float, kept: float) -> None:
    theme = make_theme(environment("paper"), from_json({"typography": {name: given_value}}))
    assert getattr(theme.typography, name) == kept


def test_every_number_of_typography_has_a_range() -> None:
    numbers = {
        name
        for name, field in Typography.__dataclass_fields__.items()
        if isinstance(field.default, int | float) and not isinstance(field.default, bool)
    }
    assert numbers == set(RANGES)


@pytest.mark.parametrize(
    "data",
    [
        {"colors": {"text": "black"}},
        {"colors": {"text": 5}},
        {"colors": []},
        {"typography": {"size": "18"}},
        {"typography": {"size": True}},
        {"typography": {"size": float("nan")}},
        {"typography": {"justify": 1}},
        {"typography": {"family": "comic"}},
        {"typography": {"family": 'system:x"; } body { display: none'}},
        {"typography": {"family": "arabic"}},
    ],
)
def test_wrong_values_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ReaderError) as caught:
        from_json(data)
    assert caught.value.code is Code.THEME_INVALID


def test_what_a_later_version_added_is_passed_over() -> None:
    read = from_json({"colors": {"glow": "#fff"}, "typography": {"size": 20, "ligatures": "rare"}, "sound": {}})
    assert read.tokens == {}
    assert read.typography == {"size": 20}


def test_the_books_own_indent_is_not_clamped() -> None:
    assert from_json({"typography": {"paragraph_indent": BOOKS_OWN}}).typography["paragraph_indent"] == BOOKS_OWN


def test_one_change_or_all_can_be_taken_back() -> None:
    theme = changed(built_in("paper"), size=22, justify=True, accent="#007a55")
    assert reset(theme, "size").typography.size == 18
    assert reset(theme, "size").typography.justify
    assert reset(theme) == built_in("paper")


def test_another_swatch_changes_colours_and_keeps_the_type() -> None:
    theme = on_environment(changed(built_in("paper"), size=24, accent="#007a55"), environment("night"))
    assert theme.tokens == environment("night").tokens
    assert theme.typography.size == 24


def test_dark_colours_on_a_light_environment_make_a_dark_theme() -> None:
    theme = changed(built_in("paper"), surface="#101418", text="#d8dee4")
    assert theme.kind is Kind.DARK
    assert ratio(theme.tokens.raised, theme.tokens.surface) < 1.5
    assert warnings(theme) == ()


hexes = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(hexes, hexes)
def test_the_colours_not_chosen_follow_those_that_were(surface: str, text: str) -> None:
    theme = changed(built_in("paper"), surface=surface, text=text)
    assert (theme.tokens.surface, theme.tokens.text) == (surface, text)
    assert ratio(theme.tokens.accent, surface) >= 4.5
    assert ratio(theme.tokens.muted, surface) >= 4.5
    assert ratio(theme.tokens.focus, surface) >= 3


def test_a_choice_that_is_hard_to_read_is_kept_and_named() -> None:
    theme = changed(built_in("paper"), text="#aaaaaa")
    said = warnings(theme)
    assert theme.tokens.text == "#aaaaaa"
    assert any(item.warning.startswith("Text cannot be read easily") for item in said)
    assert [item.ratio for item in said] == sorted(item.ratio for item in said)


def test_built_in_themes_need_no_warning() -> None:
    assert warnings(built_in("night")) == ()


def test_the_windows_frame_is_darker_than_its_page() -> None:
    for name in ("paper", "night"):
        tokens = window_tokens(built_in(name))
        assert ratio(tokens.sidebar, "#000000") <= ratio(tokens.base.surface, "#000000")
