"""Comics."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.book.model import Direction
from alexandria_desktop.ingest.cbz import CbzSource, natural_key, open_cbz
from tests.support.data import shared_data
from tests.support.reading import assert_well_formed

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture
def opened() -> Iterator[Callable[[Path], CbzSource]]:
    with ExitStack() as stack:
        yield lambda path: stack.enter_context(closing(open_cbz(path, edition="e")))


def comic(path: Path, names: list[str], info: str | None = None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, PNG)
        if info:
            archive.writestr("ComicInfo.xml", f"<ComicInfo>{info}</ComicInfo>")
    return path


def test_page_ten_comes_after_page_nine() -> None:
    names = ["a/p10.jpg", "b/p1.jpg", "a/p9.jpg", "a/p9b.jpg"]
    assert sorted(names, key=natural_key) == ["a/p9.jpg", "a/p9b.jpg", "a/p10.jpg", "b/p1.jpg"]


def test_each_picture_is_a_page_that_shows_it(tmp_path: Path, opened: Callable[[Path], CbzSource]) -> None:
    path = comic(
        tmp_path / "My Comic.cbz", ["c/10.png", "c/2 a.png", "__MACOSX/c/._2.png", "c/.hidden.png", "notes.txt"]
    )
    source = opened(path)
    assert len(source.book.sections) == 2
    assert source.book.metadata.title == "My Comic"
    assert source.book.cover_href == "c/2 a.png"
    assert b'src="../c/2%20a.png" alt="Page 1"' in source.section(0).data
    picture = source.resource("c/2 a.png")
    assert picture is not None
    assert picture.media_type == "image/png"
    assert_well_formed(source)


def test_comicinfo_says_what_it_is(tmp_path: Path, opened: Callable[[Path], CbzSource]) -> None:
    info = (
        "<Title>T</Title><Series>S</Series><Number>5</Number><Writer>A, B</Writer><Year>2024</Year><Month>6</Month>"
        "<Manga>YesAndRightToLeft</Manga><LanguageISO>ja</LanguageISO>"
        '<Pages><Page Image="1" Type="FrontCover"/><Page Image="2" Bookmark="Middle"/></Pages>'
    )
    book = opened(comic(tmp_path / "a.cbz", ["1.png", "2.png", "3.png"], info)).book
    assert (book.metadata.title, book.metadata.authors, book.metadata.series) == ("T", ("A", "B"), "S")
    assert (book.metadata.series_index, book.metadata.published, book.metadata.language) == (5.0, "2024-06", "ja")
    assert book.direction is Direction.RTL
    assert book.cover_href == "2.png"
    assert [(entry.title, entry.href) for entry in book.toc] == [("Middle", book.sections[2].href)]


def test_folders_are_the_contents_where_there_are_several(tmp_path: Path, opened: Callable[[Path], CbzSource]) -> None:
    book = opened(comic(tmp_path / "a.cbz", ["One/1.png", "One/2.png", "Two/1.png"])).book
    assert [(entry.title, entry.href) for entry in book.toc] == [
        ("One", book.sections[0].href),
        ("Two", book.sections[2].href),
    ]


def test_an_archive_without_pictures_says_so(tmp_path: Path, opened: Callable[[Path], CbzSource]) -> None:
    with pytest.raises(ReaderError) as caught:
        open_cbz(comic(tmp_path / "a.cbz", ["a.txt"]), edition="e")
    assert caught.value.code is Code.IMPORT_NO_CONTENT


@pytest.mark.data
def test_the_shared_comics_open_or_say_why() -> None:
    for path in sorted((shared_data() / "other" / "cbz").glob("*.cbz")):
        if "encrypted" in path.name:
            with pytest.raises(ReaderError) as caught:
                open_cbz(path, edition="e")
            assert caught.value.code is Code.IMPORT_PROTECTED
            continue
        source = open_cbz(path, edition="e")
        assert_well_formed(source)
        source.close()
