"""Text files: encodings, chapters and what their first lines say."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.ingest.encoding import decode_text
from alexandria_desktop.ingest.plain import open_text
from tests.support.data import shared_data
from tests.support.reading import assert_well_formed, texts_of

FRENCH = "Il y avait, dans le château, un jeune garçon à qui la nature avait donné des mœurs douces. "
JAPANESE = "吾輩は猫である。名前はまだ無い。"
RUSSIAN = "Все счастливые семьи похожи друг на друга. "


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_french_is_read_in_any_of_its_encodings(encoding: str) -> None:
    assert decode_text((FRENCH * 20).encode(encoding))[0] == FRENCH * 20


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "utf-16"])
def test_japanese_is_read_in_any_of_its_encodings(encoding: str) -> None:
    assert decode_text((JAPANESE * 40).encode(encoding))[0] == JAPANESE * 40


def test_russian_of_old_files_is_read() -> None:
    assert decode_text((RUSSIAN * 20).encode("cp1251"))[0] == RUSSIAN * 20


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_read(encoding: str) -> None:
    assert decode_text(("Call me Ishmael. " * 20).encode(encoding))[0] == "Call me Ishmael. " * 20


def test_utf8_with_one_bad_byte_stays_utf8() -> None:
    data = bytearray((FRENCH * 20).encode())
    data[700:700] = b"\xff"
    text, name = decode_text(bytes(data))
    assert name == "utf-8"
    assert text.replace("\ufffd", "") == FRENCH * 20


def test_headings_begin_sections_and_make_the_contents(tmp_path: Path) -> None:
    text = "\n\n".join(f"CHAPTER {number}\n\nWords of chapter {number}.\nMore & <more>." for number in "12345")
    source = open_text(written(tmp_path / "a_book.txt", text), edition="e")
    assert [entry.title for entry in source.book.toc] == [f"CHAPTER {number}" for number in "12345"]
    assert source.book.metadata.title == "a book"
    assert texts_of(source)[1].startswith("CHAPTER 2\nWords of chapter 2.")
    assert "More & <more>." in texts_of(source)[1]
    assert_well_formed(source)


def test_no_word_is_lost_between_sections(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(60_000)]
    lines = [" ".join(words[at : at + 10]) for at in range(0, len(words), 10)]
    source = open_text(written(tmp_path / "a.txt", "\n".join(lines)), edition="e")
    assert len(source.book.sections) > 2
    assert " ".join(texts_of(source)).split() == words


def test_a_line_without_end_is_cut_at_sentences(tmp_path: Path) -> None:
    source = open_text(written(tmp_path / "a.txt", "This is one sentence of many. " * 10_000), edition="e")
    texts = texts_of(source)
    assert len(texts) > 1
    assert all(line.endswith(".") for text in texts for line in text.split("\n"))


def test_verse_keeps_its_lines_and_prose_does_not(tmp_path: Path) -> None:
    prose = "This is a line of prose that was wrapped at seventy characters\nand goes on here, as letters did then.\n\n"
    verse = "Tyger Tyger, burning bright,\nIn the forests of the night;\n\n"
    source = open_text(written(tmp_path / "a.txt", prose * 5 + verse), edition="e")
    text = texts_of(source)[0]
    assert "characters and goes on" in text
    assert "bright,\nIn the" in text


def test_project_gutenbergs_header_is_believed(tmp_path: Path) -> None:
    text = (
        "The Project Gutenberg EBook of Candide\n\nTitle: Candide\n       or Optimism\n\nAuthor: Voltaire\n\n"
        "Language: French\n\n*** START OF THIS PROJECT GUTENBERG EBOOK CANDIDE ***\n\nLe texte.\n\n"
        "*** END OF THIS PROJECT GUTENBERG EBOOK CANDIDE ***\n\nLicence.\n"
    )
    source = open_text(written(tmp_path / "x.txt", text), edition="e")
    metadata = source.book.metadata
    assert (metadata.title, metadata.authors, metadata.language) == ("Candide or Optimism", ("Voltaire",), "fr")
    assert "Le texte." in texts_of(source)


def test_a_title_with_an_author_below_it_is_found(tmp_path: Path) -> None:
    source = open_text(
        written(tmp_path / "x.txt", "The Raven\n\nby Edgar Allan Poe\n\nOnce upon a midnight"), edition="e"
    )
    assert (source.book.metadata.title, source.book.metadata.authors) == ("The Raven", ("Edgar Allan Poe",))


def test_ruby_of_aozora_becomes_ruby_and_leaves_the_text_clean(tmp_path: Path) -> None:
    text = (
        "羅生門\n芥川龍之介\n\n"
        "一人の下人《げにん》が、所々｜丹塗《にぬり》の剥《は》げた。\n"
        "※［＃「てへん」、U+6271、底本」］\n底本：芥川\n"
    )
    source = open_text(written(tmp_path / "x.txt", text, "cp932"), edition="e")
    assert source.book.metadata.title == "羅生門"
    assert source.book.metadata.authors == ("芥川龍之介",)
    assert source.book.metadata.language == "ja"
    page = source.section(0).data.decode()
    assert "<ruby>丹塗<rt>にぬり</rt></ruby>" in page
    assert "所々丹塗の剥げた。\n扱" in texts_of(source)[0]


def test_a_file_of_blanks_is_empty(tmp_path: Path) -> None:
    with pytest.raises(ReaderError) as caught:
        open_text(written(tmp_path / "x.txt", " \n\n "), edition="e")
    assert caught.value.code is Code.IMPORT_EMPTY


@pytest.mark.data
def test_the_same_book_in_four_encodings_reads_alike() -> None:
    folder = shared_data() / "other" / "txt"
    names = ("cp1252", "utf16-bom", "utf8-bom")
    books = [texts_of(open_text(folder / f"fr_candide_{name}.txt", edition="e")) for name in names]
    assert books[0] == books[1] == books[2]
    assert len(books[0]) == 30
    assert "Voilà" in "".join(texts_of(open_text(folder / "fr_candide_latin1_pg.txt", edition="e")))


@pytest.mark.data
def test_aozora_books_have_titles_chapters_and_no_marks() -> None:
    folder = shared_data() / "other" / "txt"
    botchan = open_text(folder / "ja_soseki_botchan_shift-jis.txt", edition="e")
    assert botchan.book.metadata.title == "坊っちゃん"
    assert len(botchan.book.toc) == 11
    assert not any(mark in text for mark in "《》｜" for text in texts_of(botchan))
    assert_well_formed(botchan)
