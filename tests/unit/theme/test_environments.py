"""The built-in reading environments are there, whole, and can be read."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ProgramError, ReaderError
from alexandria_desktop.base.resources import resource
from alexandria_desktop.theme.contrast import covered, ratio
from alexandria_desktop.theme.environments import environment, environment_ids, environments, read_environment
from alexandria_desktop.theme.inks import legible_strength
from alexandria_desktop.theme.model import Environment, Kind

every = pytest.mark.parametrize("name", environment_ids())


def test_there_are_at_least_fourteen_environments_of_both_kinds() -> None:
    kinds = [item.kind for item in environments()]
    assert len(kinds) >= 14
    assert kinds.count(Kind.LIGHT) >= 6
    assert kinds.count(Kind.DARK) >= 6


def test_light_environments_come_before_dark_ones_with_paper_first() -> None:
    kinds = [item.kind for item in environments()]
    assert environments()[0].id == "paper"
    assert kinds == sorted(kinds, key=[Kind.LIGHT, Kind.DARK].index)


@every
def test_text_has_seven_to_one_on_every_ground(name: str) -> None:
    tokens = environment(name).tokens
    assert ratio(tokens.text, tokens.surface) >= 7
    assert ratio(tokens.text, tokens.raised) >= 7


@every
@pytest.mark.parametrize("token", ["muted", "accent", "danger", "warning", "success"])
def test_words_in_a_colour_have_four_and_a_half_to_one(name: str, token: str) -> None:
    tokens = environment(name).tokens
    color = getattr(tokens, token)
    assert min(ratio(color, tokens.surface), ratio(color, tokens.raised)) >= 4.5


@every
def test_words_on_buttons_and_selections_can_be_read(name: str) -> None:
    tokens = environment(name).tokens
    assert ratio(tokens.accent_text, tokens.accent) >= 4.5
    assert ratio(tokens.text, tokens.selection) >= 4.5


@every
@pytest.mark.parametrize("token", ["faint", "focus"])
def test_marks_without_words_have_three_to_one(name: str, token: str) -> None:
    tokens = environment(name).tokens
    color = getattr(tokens, token)
    assert min(ratio(color, tokens.surface), ratio(color, tokens.raised)) >= 3


@every
def test_text_is_legible_on_each_ink_and_on_two_that_overlap(name: str) -> None:
    item = environment(name)
    grounds = [(ink, _strength(item, ink)) for ink in item.tokens.inks]
    for (below, first), (above, second) in product(grounds, grounds):
        once = covered(below, item.tokens.surface, strength=first)
        assert ratio(item.tokens.text, once) >= 4.5
        assert ratio(item.tokens.text, covered(above, once, strength=second)) >= 4.5


@every
def test_each_ink_stands_out_from_the_page(name: str) -> None:
    item = environment(name)
    for ink in item.tokens.inks:
        seen = covered(ink, item.tokens.surface, strength=_strength(item, ink))
        assert ratio(seen, item.tokens.surface) >= 1.15 or _hue_shift(seen, item.tokens.surface) >= 60


def test_an_unknown_environment_is_refused_with_its_code() -> None:
    with pytest.raises(ReaderError) as caught:
        environment("no-such-theme")
    assert caught.value.code is Code.THEME_UNKNOWN


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('text = "#1d1c1a"', 'text = "black"'),
        ('text = "#1d1c1a"\n', ""),
        ('kind = "light"', 'kind = "grey"'),
        ("[light]", '[typography]\nsize = "large"\n[light]'),
        ("[light]", "[typography]\nsighs = 18\n[light]"),
        ("[tokens]", "[tokens"),
    ],
)
def test_a_wrong_environment_file_is_refused(tmp_path: Path, old: str, new: str) -> None:
    good = resource("themes/paper.toml").read_text(encoding="utf-8")
    assert old in good
    path = tmp_path / "wrong.toml"
    path.write_text(good.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProgramError) as caught:
        read_environment(path)
    assert caught.value.code is Code.THEME_INVALID


def _strength(item: Environment, ink: str) -> float:
    return legible_strength(ink, item.tokens, wanted=item.light.ink_strength)


def _hue_shift(one: str, other: str) -> int:
    first, second = (bytes.fromhex(color.lstrip("#")) for color in (one, other))
    return sum(abs(a - b) for a, b in zip(first, second, strict=True))
