"""The canonical text rule, and the way from an offset to its node and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from alexandria_desktop.text.canonical import canonical_text, collapse


def text_of(markup: str) -> str:
    return canonical_text(etree.fromstring(f"<body>{markup}</body>")).text


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>one  two\n three</p>", "one two three"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<p>one<br/>two</p>", "one\ntwo"),
        ("<p>a\u00a0b\u2009c</p>", "a b c"),
        ("<p>soft\u00adhyphen word\u2060joiner</p>", "softhyphen wordjoiner"),
        ("<p>a \u00ad b</p>", "a b"),
        ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字", "漢字"),
        ('<p>a<span hidden="">b</span>c</p>', "ac"),
        ("<p> </p><p>x</p><p> </p>", "x"),
        ("", ""),
    ],
)
def test_the_rule(markup: str, expected: str) -> None:
    assert text_of(markup) == expected


def test_a_hidden_block_leaves_no_gap_of_its_own() -> None:
    assert text_of('<span>a</span><div hidden="">b</div><span>c</span>') == "ac"


def test_every_character_leads_to_the_node_that_holds_it() -> None:
    body = etree.fromstring("<body><p>Hello\u00a0 <b>wo\u00adrld</b>.</p>\n<p>漢<i>字</i>\n tail</p></body>")
    text = canonical_text(body)
    for offset, character in enumerate(text.text):
        point = text.point(offset)
        assert point is not None
        raw = point.element.tail if point.is_tail else point.element.text
        if not character.isspace():
            assert raw is not None
            assert raw[point.offset] == character
            back = text.offset_of_point(point.element, is_tail=point.is_tail, offset=point.offset)
            assert back == offset


def test_the_end_of_a_range_stays_behind_its_last_character() -> None:
    text = canonical_text(etree.fromstring("<body><p>one</p><p>two</p></body>"))
    end = text.point(3, end=True)
    assert end is not None
    assert (end.element.text, end.offset) == ("one", 3)


def test_an_anchor_counts_where_its_words_begin() -> None:
    text = canonical_text(etree.fromstring('<body><p>one</p><a id="e"/><p id="b">two <i id="c">three</i></p></body>'))
    assert {name: text.text[offset:] for name, offset in text.anchors.items()} == {
        "e": "two three",
        "b": "two three",
        "c": "three",
    }


def test_headings_are_known_by_level_and_words() -> None:
    text = canonical_text(etree.fromstring("<body><h1>One <i>A</i></h1><p>x</p><h3>Two</h3><h2> </h2></body>"))
    assert [(text.text[h.start : h.end], h.level) for h in text.headings] == [("One A", 1), ("Two", 3)]


@given(st.text(alphabet="ab \n\t\u00a0\u00ad\u200b漢😀", max_size=60))
def test_collapsing_twice_changes_nothing(raw: str) -> None:
    once = collapse(raw)
    assert collapse(once) == once
    assert once == once.strip()
    assert [c for c in once if not c.isspace()] == [c for c in raw if not c.isspace() and c not in "\u00ad\u200b"]
