"""Markdown files."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_desktop.base.errors import ReaderError
from alexandria_desktop.ingest.markdown import open_markdown
from tests.support.data import shared_data
from tests.support.reading import assert_well_formed, texts_of


def test_sections_begin_at_the_first_two_levels(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Book\n\nIntro.\n\n## One\n\nText & more.\n\n### Deep\n\nDeeper.\n\n## Two\n\nEnd.\n")
    source = open_markdown(path, edition="e")
    assert source.book.metadata.title == "Book"
    assert [(entry.title, entry.level) for entry in source.book.toc] == [
        ("Book", 0),
        ("One", 1),
        ("Deep", 2),
        ("Two", 1),
    ]
    assert texts_of(source) == ["Book\nIntro.", "One\nText & more.\nDeep\nDeeper.", "Two\nEnd."]
    assert_well_formed(source)


def test_html_is_shown_as_text_and_never_run(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# T\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))\n")
    source = open_markdown(path, edition="e")
    page = source.section(0).data
    assert b"<script" not in page
    assert b'href="javascript' not in page
    assert "<script>alert(1)</script>" in texts_of(source)[0]


def test_links_to_headings_lead_to_their_section(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# A\n\nSee [there](#far-away).\n\n# Far away\n\nHere.\n")
    source = open_markdown(path, edition="e")
    assert b'href="0001.xhtml#far-away"' in source.section(0).data
    assert b'id="far-away"' in source.section(1).data


def test_front_matter_says_who_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text('---\ntitle: "A Title"\nauthors:\n  - Ann\n  - Bob\nlang: EN-gb\ndate: 2024-01-02\n---\n\nText.\n')
    metadata = open_markdown(path, edition="e").book.metadata
    assert (metadata.title, metadata.authors) == ("A Title", ("Ann", "Bob"))
    assert (metadata.language, metadata.published) == ("en-gb", "2024-01-02")


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\ntitle: x\n---\n")
    with pytest.raises(ReaderError):
        open_markdown(path, edition="e")


@pytest.mark.data
def test_the_specification_of_markdown_is_a_book() -> None:
    source = open_markdown(shared_data() / "other" / "md" / "commonmark-spec.md", edition="e")
    assert source.book.metadata.title == "CommonMark Spec"
    assert source.book.metadata.authors == ("John MacFarlane",)
    assert len(source.book.sections) > 30
    assert_well_formed(source)
