"""Kindle files, old and new."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.ingest.mobi import open_mobi
from alexandria_desktop.ingest.mobi_text import unpack_palmdoc, without_trailing
from tests.support.data import shared_data
from tests.support.mobi import Mobi, huffman, huffman_codes, index, palm_database, strings
from tests.support.reading import assert_well_formed, texts_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def mobi6_text() -> bytes:
    head = "<html><head><guide></guide></head><body><h1>One</h1><p>See <a filepos=%010d>the é end</a>.</p>"
    middle = '<img recindex="00001"/><mbp:pagebreak/><mbp:pagebreak/><h1>Two</h1><p>Here.</p></body></html>'
    at = len((head % 0 + middle).encode()[: (head % 0 + middle).encode().index(b"<h1>Two")])
    return (head % at + middle).encode()


def plain_mobi(**changes: object) -> Mobi:
    text = mobi6_text()
    names, offsets = strings(b"Chapter One", b"Chapter Two")
    ncx = index(
        [(1, 1), (3, 1), (4, 1)],
        [(b"0", [[0], [offsets[0]], [0]]), (b"1", [[text.index(b"<h1>Two")], [offsets[1]], [1]])],
        names,
    )
    exth = [(100, b"Ann Lee; Bob Ray"), (503, b"The Title"), (106, b"1999-02-03T00:00"), (201, struct.pack(">I", 0))]
    mobi = Mobi([text], len(text), exth=exth, others={"ncx": ncx, "images": [PNG]})
    for name, value in changes.items():
        setattr(mobi, name, value)
    return mobi


def test_a_mobi_tells_what_it_is(tmp_path: Path) -> None:
    source = open_mobi(plain_mobi().write(tmp_path / "a.mobi"), edition="e")
    metadata = source.book.metadata
    assert (metadata.title, metadata.authors) == ("The Title", ("Ann Lee", "Bob Ray"))
    assert (metadata.language, metadata.published) == ("fr", "1999-02-03")
    cover = source.resource(source.book.cover_href or "")
    assert cover is not None
    assert cover.data == PNG


def test_page_breaks_cut_it_and_offsets_become_links(tmp_path: Path) -> None:
    source = open_mobi(plain_mobi().write(tmp_path / "a.mobi"), edition="e")
    assert texts_of(source) == ["One\nSee the é end.", "Two\nHere."]
    assert [(entry.title, entry.level) for entry in source.book.toc] == [("Chapter One", 0), ("Chapter Two", 1)]
    target = source.book.toc[1].href
    assert f'href="{target}"' in source.section(0).data.decode()
    assert b'src="images/00001"' in source.section(0).data
    assert_well_formed(source)


def test_palmdoc_is_unpacked() -> None:
    packed = b"abcabc" + bytes((0x80 | 3 >> 5, (3 << 3 | 3) & 0xFF)) + b"\xf4he" + b"\x02\xc3\xa9"
    assert unpack_palmdoc(packed) == b"abcabcabcabc the\xc3\xa9"


def test_a_back_reference_before_the_text_is_damage() -> None:
    with pytest.raises(ReaderError) as caught:
        unpack_palmdoc(b"a\x80\x80")
    assert caught.value.code is Code.IMPORT_DAMAGED


def test_trailing_entries_are_no_text() -> None:
    assert without_trailing(b"text" + b"xy\x83", 0b10) == b"text"
    assert without_trailing(b"text" + b"\xc3\x01" + b"x\x82", 0b11) == b"text"
    assert without_trailing(b"text", 0) == b"text"


def test_huffman_codes_of_both_lengths_and_packed_phrases_are_unpacked(tmp_path: Path) -> None:
    phrases = [(b"<p>", True), (b"whale ", True), (huffman_codes(1, 1), False)]
    phrases += [(b"?", True)] * 253 + [(b"ship</p>", True)]
    text = huffman_codes(0, 2, 1, 256)
    mobi = plain_mobi(text=[text], text_length=29, compression=17480, others={"huff": huffman(phrases)})
    assert texts_of(open_mobi(mobi.write(tmp_path / "a.mobi"), edition="e")) == ["whale whale whale ship"]


def test_a_phrase_inside_itself_is_damage(tmp_path: Path) -> None:
    mobi = plain_mobi(
        text=[huffman_codes(0)], compression=17480, others={"huff": huffman([(huffman_codes(0), False)] * 2)}
    )
    with pytest.raises(ReaderError) as caught:
        open_mobi(mobi.write(tmp_path / "a.mobi"), edition="e")
    assert caught.value.code is Code.IMPORT_DAMAGED


def test_a_protected_book_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReaderError) as caught:
        open_mobi(plain_mobi(encryption=2).write(tmp_path / "a.azw"), edition="e")
    assert caught.value.code is Code.IMPORT_PROTECTED


@pytest.mark.parametrize("size", [70, 79, 90, 120, 300])
def test_a_file_cut_before_its_text_is_damaged(tmp_path: Path, size: int) -> None:
    path = plain_mobi().write(tmp_path / "a.mobi")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ReaderError) as caught:
        open_mobi(path, edition="e")
    assert caught.value.code in (Code.IMPORT_DAMAGED, Code.IMPORT_NO_CONTENT)


def test_the_text_of_an_old_palm_document_is_a_book(tmp_path: Path) -> None:
    text = b"CHAPTER 1\n\nWords.\n\nCHAPTER 2\n\nMore.\n"
    first = struct.pack(">HHIHHI", 1, 0, len(text), 1, 4096, 0)
    path = tmp_path / "a.pdb"
    path.write_bytes(palm_database([first, text], kind=b"TEXtREAd", name=b"Old Book"))
    source = open_book(path)
    assert source.book.metadata.title == "Old Book"
    assert [entry.title for entry in source.book.toc] == ["CHAPTER 1", "CHAPTER 2"]


def kf8() -> Mobi:
    skeletons = [b"<html><head><link href='kindle:flow:0001?mime=text/css'/></head><body></body></html>"] * 2
    insert = skeletons[0].index(b"</body>")
    one = b"<h1>One</h1><p aid='1'>See <a href='kindle:pos:fid:0002:off:0000000004'>there</a>.</p>"
    picture = b"<p><img src='kindle:embed:0001?mime=image/png'/></p>"
    two = b"<p>x</p><h1>Two</h1><p>Here.</p>"
    flow = skeletons[0] + one + picture + skeletons[1] + two
    start_of_two = len(skeletons[0]) + len(one) + len(picture)
    css = b"p { background: url(kindle:embed:0001?mime=image/png) }"
    text = flow + css
    skeleton_index = index(
        [(1, 1), (6, 2)],
        [
            (b"SKEL0000000000", [[2], [0, len(skeletons[0])]]),
            (b"SKEL0000000001", [[1], [start_of_two, len(skeletons[1])]]),
        ],
    )
    fragment_index = index(
        [(3, 1), (4, 1), (6, 2)],
        [
            (b"%010d" % insert, [[0], [0], [0, len(one)]]),
            (b"%010d" % (insert + len(one)), [[0], [1], [0, len(picture)]]),
            (b"%010d" % (start_of_two + insert), [[1], [2], [0, len(two)]]),
        ],
    )
    names, offsets = strings(b"One", b"Two")
    ncx = index(
        [(3, 1), (4, 1), (6, 2)], [(b"0", [[offsets[0]], [0], [0, 0]]), (b"1", [[offsets[1]], [0], [2, 8]])], names
    )
    fdst = b"FDST" + struct.pack(">IIIIII", 12, 2, 0, len(flow), len(flow), len(text))
    others = {"ncx": ncx, "fragments": fragment_index, "skeletons": skeleton_index, "fdst": [fdst], "images": [PNG]}
    return Mobi([text], len(text), version=8, exth=[(503, b"New"), (524, b"en")], others=others)


def test_kf8_files_are_put_together_from_skeletons_and_fragments(tmp_path: Path) -> None:
    source = open_mobi(kf8().write(tmp_path / "a.azw3"), edition="e")
    assert texts_of(source) == ["One\nSee there.", "x\nTwo\nHere."]
    assert [entry.title for entry in source.book.toc] == ["One", "Two"]
    assert source.book.metadata.language == "en"
    assert_well_formed(source)


def test_kf8_addresses_become_names_that_lead_somewhere(tmp_path: Path) -> None:
    source = open_mobi(kf8().write(tmp_path / "a.azw3"), edition="e")
    page = source.section(0).data.decode()
    assert "kindle:" not in page
    assert "href='part-0001.xhtml#place-" in page
    assert "src='images/00001'" in page
    assert source.resource("images/00001") is not None
    style = source.resource("flow-00001.css")
    assert style is not None
    assert (style.media_type, style.data) == ("text/css", b"p { background: url(images/00001) }")


def test_of_two_formats_in_one_file_the_newer_is_read(tmp_path: Path) -> None:
    old = plain_mobi()
    boundary = len(old.records()) + 1
    old.exth = [*old.exth, (121, struct.pack(">I", boundary))]
    records = [*old.records(), b"BOUNDARY", *kf8().records()]
    path = tmp_path / "a.mobi"
    path.write_bytes(palm_database(records))
    source = open_mobi(path, edition="e")
    assert source.book.metadata.title == "New"
    assert texts_of(source)[0] == "One\nSee there."
    assert source.resource("images/00001") is not None


@pytest.mark.data
def test_candide_for_the_kindle_has_its_chapters() -> None:
    source = open_mobi(shared_data() / "other" / "mobi" / "candide_uncompressed.mobi", edition="e")
    assert (source.book.metadata.title, source.book.metadata.authors) == ("Candide", ("Voltaire",))
    assert len(source.book.toc) == len(source.book.sections) == 29
    assert_well_formed(source)
