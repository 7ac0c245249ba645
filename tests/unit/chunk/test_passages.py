"""Passages are whole sentences of about two hundred words, and never cross a heading."""

from __future__ import annotations

from lxml import etree

from alexandria_desktop.chunk.passages import MOST, passages
from alexandria_desktop.text.canonical import canonical_text
from alexandria_desktop.text.words import word_count
from tests.support.epubs import prose


def cut(markup: str, heading: str | None = None):  # type: ignore[no-untyped-def]
    text = canonical_text(etree.fromstring(f"<body>{markup}</body>"))
    return text.text, passages(0, text.text, text.headings, heading=heading)


def test_they_hold_all_words_in_order_and_say_where_they_stand() -> None:
    text, found = cut("".join(f"<p>{prose(number, 9)}</p>" for number in range(12)))
    assert all(text[one.start : one.end] == one.text for one in found)
    assert " ".join(one.text for one in found).split() == text.split()
    assert all(80 <= word_count(one.text) <= MOST + 40 for one in found)


def test_none_crosses_a_heading() -> None:
    _, found = cut(f"<h1>One</h1><p>{prose(1, 4)}</p><h2>Two</h2><p>{prose(2, 4)}</p>", heading="Book")
    assert [one.heading for one in found] == ["One", "Two"]
    assert "Two" not in found[0].text


def test_a_sentence_too_long_for_a_passage_is_cut_at_white_space() -> None:
    _, found = cut(f"<p>{'word ' * 2000}</p>")
    assert len(found) > 5
    assert all(word_count(one.text) <= MOST for one in found)


def test_a_heading_with_nothing_below_is_still_found() -> None:
    _, found = cut("<h1>Alone</h1>")
    assert [(one.text, one.heading) for one in found] == [("Alone", "Alone")]


def test_empty_text_has_no_passages() -> None:
    assert cut("")[1] == []
