"""A locator says the same after a trip through JSON, and refuses what is no place."""

from __future__ import annotations

import json

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.places import place_of
from sync.places.locator import (
    EpubTarget,
    ImageTarget,
    Locator,
    NotAPlace,
    PdfTarget,
    Quote,
    Target,
    TextTarget,
    TimeTarget,
)

TARGETS: list[Target] = [
    EpubTarget("text/one.xhtml", 3, 9, "epubcfi(/6/4!/4/2/1:3)"),
    TextTarget("part-1.xhtml", 0, 4),
    PdfTarget(4, 10, 3, end_page=5, label="xiv", quads=((4, (1.0, 2.0, 3.0, 4.0)),)),
    ImageTarget("page.png", (0.1, 0.2, 0.3, 0.4)),
    TimeTarget("sound.mp3", 1.5, None),
]


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: type(target).__name__)
def test_it_survives_json(target: Target) -> None:
    locator = Locator(target, Quote("the words", "before ", " after"), 0.25, "ab" * 32)
    assert Locator.from_json(json.loads(json.dumps(locator.to_json()))) == locator


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"target": {"type": "moon"}},
        {"target": {"type": "epub"}},
        {"target": {"type": "epub", "href": "x", "chars": [9, 3]}},
        {"target": {"type": "pdf", "page": "many"}},
        {"target": None},
    ],
)
def test_anything_else_is_no_place_and_refused_with_a_code(data: dict[str, object]) -> None:
    with pytest.raises(NotAPlace):
        Locator.from_json(data)
    with pytest.raises(ReaderError) as caught:
        place_of(data)
    assert caught.value.code is Code.LOCATOR_INVALID


def test_a_quote_carries_32_characters_of_context() -> None:
    text = "x" * 40 + "WORDS" + "y" * 40
    quote = Quote.at(text, 40, 45)
    assert quote == Quote("WORDS", "x" * 32, "y" * 32)
