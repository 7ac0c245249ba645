"""FictionBook files."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.fb2 import open_fb2
from alexandria_desktop.text.document import parse_document
from tests.support.data import shared_data
from tests.support.reading import assert_well_formed, texts_of

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
BOOK = f"""<?xml version="1.0" encoding="utf-8"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink">
<description><title-info><genre>sf</genre><author><first-name>Ann</first-name><last-name>Lee</last-name></author>
<book-title>The Book</book-title><lang>EN</lang><date value="1999-02-03">1999</date>
<annotation><p>About it.</p></annotation><coverpage><image l:href="#cover.png"/></coverpage>
<sequence name="Saga" number="2"/></title-info>
<publish-info><publisher>House</publisher><isbn>978-0-14-243724-7</isbn></publish-info></description>
<body><title><p>The Book</p></title>
<section id="one"><title><p>First</p><p>Chapter</p></title><p>Words<a l:href="#n1" type="note">1</a>, see
<a l:href="#two">two</a>.</p><poem><stanza><v>Line one</v><v>Line two</v></stanza></poem>
<image l:href="#cover.png"/></section>
<section id="two"><title><p>Second</p></title><p>More <emphasis>words</emphasis> &amp; such.</p></section></body>
<body name="notes"><title><p>Notes</p></title><section id="n1"><title><p>1</p></title><p>A note.</p></section></body>
<binary id="cover.png" content-type="image/png">{base64.b64encode(PIXEL).decode()}</binary></FictionBook>"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "a.fb2"
    path.write_text(BOOK, encoding="utf-8")
    return path


def test_a_fictionbook_tells_what_it_is(book: Path) -> None:
    metadata = open_fb2(book, edition="e").book.metadata
    assert (metadata.title, metadata.authors, metadata.language) == ("The Book", ("Ann Lee",), "en")
    assert (metadata.series, metadata.series_index, metadata.publisher) == ("Saga", 2.0, "House")
    assert ("isbn", "9780142437247") in metadata.identifiers
    assert (metadata.published, metadata.description, metadata.subjects) == ("1999-02-03", "About it.", ("sf",))


def test_chapters_come_in_order_and_notes_last(book: Path) -> None:
    source = open_fb2(book, edition="e")
    assert [entry.title for entry in source.book.toc] == ["The Book", "First Chapter", "Second", "Notes"]
    assert texts_of(source)[1].startswith("First\nChapter\nWords1, see two.\nLine one\nLine two")
    assert source.book.sections[-1].href == "notes.xhtml"
    assert_well_formed(source)


def test_a_note_is_linked_as_a_note_and_a_chapter_as_a_link(book: Path) -> None:
    source = open_fb2(book, edition="e")
    page = source.section(1).data.decode()
    assert '<a href="notes.xhtml#n1" epub:type="noteref">1</a>' in page
    assert '<a href="section-0002.xhtml#two">two</a>' in page
    assert '<aside epub:type="footnote" id="n1">' in source.section(3).data.decode()


def test_pictures_and_the_cover_are_found(book: Path) -> None:
    source = open_fb2(book, edition="e")
    assert source.book.cover_href == "images/cover.png"
    cover = source.resource("images/cover.png")
    assert cover is not None
    assert (cover.media_type, cover.data) == ("image/png", PIXEL)
    assert b'src="images/cover.png"' in source.section(1).data
    assert source.resource("images/none.png") is None


def test_a_long_part_is_cut_into_its_chapters(tmp_path: Path) -> None:
    chapters = "".join(
        f'<section id="c{number}"><title><p>Chapter {number}</p></title><p>{"word " * 3000}</p></section>'
        for number in range(4)
    )
    path = tmp_path / "a.fb2"
    path.write_text(
        f'<FictionBook><body><section id="part"><title><p>Part</p></title>{chapters}</section></body></FictionBook>'
    )
    source = open_fb2(path, edition="e")
    assert [(entry.title, entry.level) for entry in source.book.toc] == [("Part", 0)] + [
        (f"Chapter {number}", 1) for number in range(4)
    ]
    assert len(source.book.sections) == 5
    assert_well_formed(source)


def test_a_zipped_fictionbook_is_the_same_book(book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.fb2.zip", "w") as archive:
        archive.write(book, "a.fb2")
    assert texts_of(open_fb2(tmp_path / "a.fb2.zip", edition="e")) == texts_of(open_fb2(book, edition="e"))


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    path = tmp_path / "a.fb2"
    path.write_text(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        "<FictionBook><body><section><p>Words &e; here.</p></section></body></FictionBook>"
    )
    assert "root:" not in texts_of(open_fb2(path, edition="e"))[0]


def test_nesting_without_end_is_read_anyway(tmp_path: Path) -> None:
    path = tmp_path / "a.fb2"
    path.write_text(
        "<FictionBook><body><section><p>"
        + "<emphasis>" * 1500
        + "deep"
        + "</emphasis>" * 1500
        + "</p></section></body>"
        "</FictionBook>"
    )
    source = open_fb2(path, edition="e")
    assert parse_document(source.section(0).data).text().text == "deep"


def test_one_bad_byte_costs_one_character(book: Path) -> None:
    book.write_bytes(book.read_bytes().replace(b"Words", b"Wor\xffds"))
    assert texts_of(open_fb2(book, edition="e"))[1].startswith("First\nChapter\nWor\ufffdds1")


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1251"])
def test_other_encodings_are_read_as_declared(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.fb2"
    text = f'<?xml version="1.0" encoding="{encoding}"?><FictionBook><body><p>Привет</p></body></FictionBook>'
    path.write_bytes(text.encode(encoding))
    assert texts_of(open_fb2(path, edition="e")) == ["Привет"]


def test_what_is_no_fictionbook_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.fb2"
    path.write_text("<Fiction")
    with pytest.raises(ReaderError) as caught:
        open_fb2(path, edition="e")
    assert caught.value.code is Code.IMPORT_DAMAGED


@pytest.mark.data
def test_candide_has_its_chapters_zipped_or_not() -> None:
    folder = shared_data() / "other" / "fb2"
    plain, zipped = (open_fb2(folder / name, edition="e") for name in ("candide.fb2", "candide.fb2.zip"))
    assert texts_of(plain) == texts_of(zipped)
    assert len(plain.book.toc) == 29
    assert_well_formed(plain)
