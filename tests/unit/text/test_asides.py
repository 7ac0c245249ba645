"""What of a document is no running text of its author's."""

from __future__ import annotations

import pytest

from alexandria_desktop.text.asides import asides
from alexandria_desktop.text.document import parse_document
from tests.support.epubs import page


def aside(body: str) -> list[str]:
    text = parse_document(page(body).encode()).text()
    return [text.text[start:end].strip() for start, end in asides(text)]


@pytest.mark.parametrize(
    "markup",
    [
        "<blockquote><p>Quoted.</p></blockquote>",
        "<table><tr><td>Quoted.</td></tr></table>",
        "<figure><figcaption>Quoted.</figcaption></figure>",
        "<h2>Quoted.</h2>",
        '<section epub:type="endnotes"><p>Quoted.</p></section>',
        '<aside role="doc-footnote"><p>Quoted.</p></aside>',
        '<div epub:type="z3998:verse"><p>Quoted.</p></div>',
    ],
)
def test_quotations_tables_headings_notes_and_verse_are_none(markup: str) -> None:
    assert aside(f"<p>Before.</p>{markup}<p>After <em>all</em>.</p>") == ["Quoted."]


def test_running_text_has_none() -> None:
    assert aside("<p>Before <em>all</em>.</p><ul><li>After.</li></ul>") == []


def test_stretches_that_touch_are_one() -> None:
    assert aside("<blockquote><p>One.</p><p>Two.</p></blockquote><p>After.</p>") == ["One.\nTwo."]


def test_the_sign_of_a_note_is_one_inside_a_sentence() -> None:
    assert aside('<p>Before<a epub:type="noteref" href="#n">7</a>, after.</p>') == ["7"]
