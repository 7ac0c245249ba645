"""The canonical text is the same in Python and in the page: notes, hits and lessons stand on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.ingest.epub import open_epub
from alexandria_desktop.read.open_book import OpenBook
from tests.support.data import shared_data, shared_data_or_none
from tests.support.epubs import make_epub, page, prose
from tests.support.web import Pages, css

pytestmark = pytest.mark.web

TRICKY = {
    "spaces": "<p>  one\u00a0 two\n\tthree </p>  <p>four</p>",
    "soft-hyphens": "<p>trans\u00adpa\u00adrent \u200bword\u2060joiner</p>",
    "ruby": "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</rt></ruby>を読む</p>",
    "hidden": '<p>shown<span hidden="">not shown</span> again</p><template>no</template>',
    "glued-blocks": "<div>a<p>b</p>c<br/>d</div><ul><li>e</li><li>f</li></ul>",
    "table": "<table><tr><td>a</td><td>b</td></tr></table>",
    "astral": "<p>𝒜 letter 😀 and a flag 🇳🇴 here</p>",
    "arabic": '<p dir="rtl">في البدء كان \u200fالكلمة\u200e</p>',
    "svg": '<svg xmlns="http://www.w3.org/2000/svg"><title>no</title><text>drawn</text><text>twice</text></svg><p>x</p>',
    "mathml": '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi><mo>=</mo><mn>2</mn>'
    "<annotation>x=2</annotation></math>",
    "entities": "<p>caf&eacute; &nbsp;&amp; &lt;tag&gt; &hellip;</p>",
    "comments": "<p>one<!-- two -->three<?pi four?></p>",
    "cdata": "<p><![CDATA[a < b]]> c</p>",
    "empty": "",
}


@pytest.mark.parametrize("name", TRICKY)
def test_the_page_holds_the_text_that_python_counts(name: str, pages: Pages, tmp_path: Path) -> None:
    path = make_epub(tmp_path / "book.epub", [("One", "")], documents={"c0.xhtml": page(TRICKY[name])})
    book = OpenBook(open_epub(path, edition="e"))
    shown = book.page(0, 0, theme_css=css())
    pages.show(pages.add(book), shown)
    answer = pages.ask("canonical")
    assert answer == {"text": book.text(0).text, "length": shown.length}
    book.close()


def test_tag_soup_is_the_same_on_both_sides(pages: Pages, tmp_path: Path) -> None:
    soup = "<html><body><p>one <b>two<p>three & four &nbsp; <i>five</p><script>no()</script>six<br>seven</body>"
    path = make_epub(tmp_path / "book.epub", [("One", "")], documents={"c0.xhtml": soup})
    book = OpenBook(open_epub(path, edition="e"))
    pages.show(pages.add(book), book.page(0, 0, theme_css=css()))
    assert pages.ask("canonical")["text"] == book.text(0).text == "one two\nthree & four five\nsix\nseven"
    book.close()


def test_a_long_chapter_is_split_and_loses_no_character(pages: Pages, tmp_path: Path) -> None:
    items = "".join(f'<li id="n{number}"><p>{prose(number, 14)}</p></li>' for number in range(300))
    body = f"<section><h2>Notes</h2><ol>{items}</ol></section><p>The end.</p>"
    path = make_epub(tmp_path / "book.epub", [("One", body)])
    book = OpenBook(open_epub(path, edition="e"))
    host = pages.add(book)
    first = book.page(0, 0, theme_css=css())
    assert first.parts > 1
    texts = []
    for number in range(first.parts):
        shown = book.page(0, number, theme_css=css())
        pages.show(host, shown)
        texts.append(pages.ask("canonical")["text"])
        assert book.text(0).text[shown.start : shown.start + shown.length] == texts[-1]
    assert "\n".join(texts) == book.text(0).text
    book.close()


def test_a_highlight_made_in_python_is_painted_on_the_same_words(pages: Pages, tmp_path: Path) -> None:
    body = "<p>Before 😀 it.</p><p>The <em>marked\u00ad</em> words, and after.</p>"
    path = make_epub(tmp_path / "book.epub", [("One", body)])
    book = OpenBook(open_epub(path, edition="e"))
    text = book.text(0).text
    start = text.index("marked words")
    note = {"id": "n", "start": start, "end": start + len("marked words"), "ink": 2}
    pages.show(pages.add(book), book.page(0, 0, theme_css=css()), notes=[note])
    selection = pages.ask("selectRange", start, start + len("marked words"))
    assert (selection["start"], selection["end"]) == (start, start + len("marked words"))
    assert pages.ask("marginNotes")[0]["rects"]
    book.close()


def _sample() -> Iterator[tuple[str, Path]]:
    root = shared_data_or_none()
    for folder in ("epub/books", "epub/idpf", "epub/other"):
        for path in sorted((root / folder).glob("*.epub")) if root else ():
            yield path.stem, path


@pytest.mark.data
@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in _sample()])
def test_real_books_agree_in_their_longest_and_a_middle_section(path: Path, pages: Pages) -> None:
    _agree(path, pages, everything=False)


@pytest.mark.data
@pytest.mark.nightly
@pytest.mark.parametrize("folder", ["books", "w3c", "epubcheck", "idpf", "other", "hostile"])
def test_every_page_of_every_real_book_agrees(folder: str, pages: Pages) -> None:
    for path in sorted((shared_data() / "epub" / folder).glob("*.epub")):
        _agree(path, pages, everything=True)


def _agree(path: Path, pages: Pages, *, everything: bool) -> None:
    try:
        book = OpenBook(open_epub(path, edition="e"))
    except ReaderError:
        return  # a file that is refused has no pages
    sections = book.book.sections
    chosen = {max(sections, key=lambda one: one.size).index, len(sections) // 2}
    host = pages.add(book)
    for section in range(min(len(sections), 400)) if everything else sorted(chosen):
        try:
            text = book.text(section).text
        except ReaderError:
            continue
        part, parts = 0, 1
        while part < parts:
            shown = book.page(section, part, theme_css=css())
            parts = shown.parts
            pages.show(host, shown)
            answer = pages.ask("canonical")
            assert answer["text"] == text[shown.start : shown.start + shown.length], (path.name, section, part)
            assert answer["length"] == shown.length
            part += 1
    book.close()
