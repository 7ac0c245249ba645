"""Web pages saved as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.html import open_html
from tests.support.data import shared_data
from tests.support.reading import assert_well_formed, texts_of

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>A page</title><meta name="author" content="Ann">
<meta property="article:published_time" content="2024-05-06T07:08:09Z"></head>
<body @click="x" onload="y"><h1>One</h1><p>Words &amp; <img src="data:image/png;base64,AAAA"><h2 id="two">Two</h2>
<p>More<script>alert(1)</script></body></html>"""


def test_a_page_tells_its_title_author_language_and_contents(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE)
    source = open_html(path, edition="e")
    metadata = source.book.metadata
    assert (metadata.title, metadata.authors, metadata.language) == ("A page", ("Ann",), "en-gb")
    assert metadata.published == "2024-05-06"
    assert [(entry.title, entry.level) for entry in source.book.toc] == [("One", 0), ("Two", 1)]
    assert texts_of(source) == ["One\nWords &\nTwo\nMore"]
    assert_well_formed(source)
    assert b"alert" not in source.section(0).data


def test_accents_survive_a_page_that_declares_no_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes("<html><body><p>d\u00e9j\u00e0 vu \u2014 na\u00efve</p></body></html>".encode("cp1252"))
    assert texts_of(open_html(path, edition="e")) == ["d\u00e9j\u00e0 vu \u2014 na\u00efve"]


def test_a_page_without_words_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body><script>x</script></body></html>")
    with pytest.raises(ReaderError) as caught:
        open_html(path, edition="e")
    assert caught.value.code is Code.IMPORT_NO_CONTENT


@pytest.mark.data
def test_an_encyclopedia_page_is_read_whole() -> None:
    source = open_html(shared_data() / "other" / "html" / "readability_wikipedia" / "source.html", edition="e")
    assert source.book.metadata.title == "Mozilla - Wikipedia"
    assert "Mozilla is a free-software community, created in 1998" in texts_of(source)[0]
    assert_well_formed(source)
