"""The guide as a book: every page in its order, with its pictures, and no link that leads nowhere."""

from __future__ import annotations

import posixpath
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from lxml import html

from alexandria_desktop.book.model import Book
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.library.guide import TITLE, build_guide
from alexandria_desktop.library.manual import read_manual
from alexandria_desktop.read.open_book import OpenBook


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_guide(tmp_path_factory.mktemp("guide") / "guide.epub")


def described(guide: Path) -> Book:
    with closing(OpenBook(open_book(guide))) as opened:
        return opened.book


def test_the_book_has_every_page_in_its_order(guide: Path) -> None:
    book = described(guide)
    wanted = [f"EPUB/{page.name}.xhtml" for page in read_manual().pages]
    assert [section.href for section in book.sections if not section.href.endswith("nav.xhtml")] == wanted
    assert book.metadata.title == TITLE


def test_the_contents_name_each_part_and_page(guide: Path) -> None:
    manual = read_manual()
    titles = [entry.title for entry in described(guide).toc]
    assert titles == [TITLE, *(t for part in manual.parts for t in (part.title, *(page.title for page in part.pages)))]


def test_links_and_pictures_lead_into_the_book(guide: Path) -> None:
    with zipfile.ZipFile(guide) as archive:
        files = set(archive.namelist())
        pages = {name: html.fromstring(archive.read(name)) for name in files if name.endswith(".xhtml")}
    anchors = {name: set(page.xpath("//@id")) for name, page in pages.items()}
    for name, page in pages.items():
        for link in page.xpath("//body//@href | //@src | //link/@href"):
            path, _, anchor = str(link).partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert target in files, f"{name} leads to {link}"
            assert not anchor or anchor in anchors[target], f"{name} leads to {link}"


def test_the_reader_finds_a_part_of_a_page(guide: Path) -> None:
    with closing(OpenBook(open_book(guide))) as opened:
        place = opened.place_of_href("EPUB/readers/trouble.xhtml#the-library")
        assert place is not None
        assert opened.text(place.section).text[place.offset :].lstrip().startswith("The library")


def test_what_scripts_leave_in_a_page_is_not_shown(guide: Path) -> None:
    with closing(OpenBook(open_book(guide))) as opened:
        text = "".join(opened.plain_text(section.index) for section in opened.book.sections)
    assert "KEYS" not in text
    assert "<!--" not in text
