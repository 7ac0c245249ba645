"""PDFs as books."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.ingest.pdf_book import open_pdf
from tests.support.data import shared_data
from tests.support.pdfs import make_pdf
from tests.support.reading import assert_well_formed, texts_of


def test_pages_are_sections_and_the_outline_the_contents(tmp_path: Path) -> None:
    path = make_pdf(
        tmp_path / "a.pdf",
        ["First page", "Second page"],
        outline=[(1, "Begin", 1), (2, "Then", 2)],
        labels=[{"startpage": 0, "style": "r", "firstpagenum": 1}],
        metadata={"title": "T", "author": "Ann Lee, Bob Ray and Lee, Carl", "keywords": "whales; ships"},
    )
    with closing(open_pdf(path, edition="e")) as source:
        book = source.book
        assert texts_of(source) == ["First page", "Second page"]
        assert [(section.href, section.label) for section in book.sections] == [("page/0", "i"), ("page/1", "ii")]
        assert [(entry.title, entry.href, entry.level) for entry in book.toc] == [
            ("Begin", "page/0", 0),
            ("Then", "page/1", 1),
        ]
        assert book.metadata.authors == ("Ann Lee", "Bob Ray", "Lee, Carl")
        assert book.metadata.subjects == ("whales", "ships")
        assert book.metadata.language is None
        cover = source.resource(book.cover_href or "")
        assert cover is not None
        assert cover.media_type == "image/jpeg"
        assert_well_formed(source)


@pytest.mark.parametrize("title", ["", "untitled", "paper.dvi", "Microsoft Word - draft.docx", "Document1", "123"])
def test_a_title_that_says_nothing_gives_way_to_the_files_name(tmp_path: Path, title: str) -> None:
    path = make_pdf(tmp_path / "On_Whales.pdf", ["x"], metadata={"title": title})
    with closing(open_pdf(path, edition="e")) as source:
        assert source.book.metadata.title == "On Whales"


def test_a_locked_pdf_is_imported_with_its_password_only(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["Secret"], password="sesame")
    with pytest.raises(ReaderError) as caught:
        open_pdf(path, edition="e")
    assert caught.value.code is Code.IMPORT_PASSWORD
    with closing(open_pdf(path, edition="e", password="sesame")) as source:
        assert texts_of(source) == ["Secret"]


@pytest.mark.data
def test_war_and_peace_is_a_book_of_1608_pages() -> None:
    with closing(open_book(shared_data() / "pdf" / "war-and-peace_long.pdf")) as source:
        assert len(source.book.sections) == 1608
        assert len(source.book.toc) == 393
        assert (source.book.metadata.title, source.book.metadata.authors) == ("War and Peace", ("Leo Tolstoy",))
