"""The theme of the moment: nearer wishes go before more general ones."""

from __future__ import annotations

import json
from datetime import time

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.theme.choose import (
    DarkMode,
    Hours,
    Moment,
    Preferences,
    choose,
    contextual_json,
    preferences_from_row,
)
from alexandria_desktop.theme.model import Kind

NOON, NIGHT = time(12), time(23)


@pytest.mark.parametrize(
    ("mode", "now", "system", "expected"),
    [
        (DarkMode.AUTO, NOON, Kind.DARK, "night"),
        (DarkMode.AUTO, NIGHT, Kind.LIGHT, "paper"),
        (DarkMode.AUTO, NOON, None, "paper"),
        (DarkMode.AUTO, NIGHT, None, "night"),
        (DarkMode.LIGHT, NIGHT, Kind.DARK, "paper"),
        (DarkMode.DARK, NOON, Kind.LIGHT, "night"),
    ],
)
def test_light_or_dark_is_as_told_or_as_the_system_or_the_hour_has_it(
    mode: DarkMode, now: time, system: Kind | None, expected: str
) -> None:
    assert choose(Preferences(dark_mode=mode), Moment(now, system)) == expected


def test_book_goes_before_genre_before_hour_before_device() -> None:
    wishes = Preferences(
        books={"b1": "forest"},
        genres={"poetry": "dawn"},
        hours=(Hours(time(21), time(6, 30), "candle"),),
        devices={"tablet": "e-ink"},
    )
    moment = {"book": "b1", "genre": "Poetry", "device": "tablet"}
    assert choose(wishes, Moment(NIGHT, **moment)) == "forest"
    assert choose(wishes, Moment(NIGHT, **moment | {"book": "b2"})) == "dawn"
    assert choose(wishes, Moment(NIGHT, **moment | {"book": "", "genre": ""})) == "candle"
    assert choose(wishes, Moment(NOON, **moment | {"book": "", "genre": ""})) == "e-ink"


def test_nothing_adapts_when_the_reader_says_so() -> None:
    wishes = Preferences(adapt=False, books={"b1": "forest"})
    assert choose(wishes, Moment(NOON, Kind.LIGHT, book="b1")) == "paper"


@pytest.mark.parametrize(("now", "holds"), [("20:59", False), ("21:00", True), ("00:10", True), ("06:30", False)])
def test_hours_reach_over_midnight(now: str, holds: bool) -> None:
    assert Hours(time(21), time(6, 30), "candle").holds(time.fromisoformat(now)) is holds


def test_wishes_survive_the_database() -> None:
    wishes = Preferences(
        light="sepia",
        dark="black",
        books={"b1": "forest"},
        genres={"poetry": "dawn"},
        hours=(Hours(time(21), time(6, 30), "candle"),),
    )
    stored = json.loads(json.dumps(contextual_json(wishes)))
    assert preferences_from_row(contextual=stored) == wishes


@pytest.mark.parametrize(
    "contextual", [{"hours": [{"from": "25:00", "to": "06:00", "theme": "x"}]}, {"hours": [{}]}, {"books": ["x"]}]
)
def test_wishes_that_cannot_be_read_are_refused(contextual: dict[str, object]) -> None:
    with pytest.raises(ReaderError) as caught:
        preferences_from_row(contextual=contextual)
    assert caught.value.code is Code.THEME_INVALID
