"""The canonical text of PDF pages and the places of its words."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from alexandria_desktop.pdf.opening import open_document
from alexandria_desktop.pdf.page_text import page_document, page_quads, page_text, page_words
from alexandria_desktop.text.document import parse_document
from tests.support.data import shared_data
from tests.support.pdfs import make_pdf

TEXT = "Call me  Ishmael. Some years\nago never mind how long pre-\ncisely.\n\nA second <paragraph> & more."


def test_lines_join_by_spaces_and_paragraphs_by_line_feeds(tmp_path: Path) -> None:
    with open_document(make_pdf(tmp_path / "a.pdf", [TEXT])) as document:
        assert page_text(document, 0) == (
            "Call me Ishmael. Some years ago never mind how long pre- cisely.\nA second <paragraph> & more."
        )


def test_words_stand_where_the_text_says(tmp_path: Path) -> None:
    with open_document(make_pdf(tmp_path / "a.pdf", [TEXT])) as document:
        words = page_words(document, 0)
        assert words.text == page_text(document, 0)
        assert all(words.text[word.start : word.end] == word.text for word in words.words)
        assert [word.line for word in words.words if word.text in ("Call", "ago", "cisely.", "A")] == [0, 1, 2, 3]


def test_soft_hyphens_and_ligatures_do_not_reach_the_text(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page()
    writer = pymupdf.TextWriter(page.rect)
    writer.append((50, 100), "first\u00adly w\u200bord e\ufb03cient", font=pymupdf.Font("cjk"))
    writer.write_text(page)
    document.save(tmp_path / "a.pdf")
    document.close()
    with open_document(tmp_path / "a.pdf") as opened:
        assert page_text(opened, 0) == "firstly word efficient"
        assert len(page_quads(opened, 0, 1, 10)) == 1


def test_chinese_lines_join_without_a_space(tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page().insert_text((50, 100), "\u6211\u5011\u5728\n\u6d77\u4e0a end\nof it", fontname="china-t")
    document.save(tmp_path / "a.pdf")
    document.close()
    with open_document(tmp_path / "a.pdf") as opened:
        assert page_text(opened, 0) == "\u6211\u5011\u5728\u6d77\u4e0a end of it"


def test_a_range_inside_a_word_is_marked_letter_by_letter(tmp_path: Path) -> None:
    with open_document(make_pdf(tmp_path / "a.pdf", ["iiiiWWWW"])) as document:
        ((x0, _, x1, _),) = page_quads(document, 0, 0, 8)
        ((_, _, narrow, _),) = page_quads(document, 0, 0, 4)
        ((wide, _, _, _),) = page_quads(document, 0, 4, 8)
        assert narrow == pytest.approx(wide, abs=0.5)
        assert narrow - x0 < (x1 - x0) / 3  # four i are much narrower than four W


def test_a_range_over_two_lines_has_two_rectangles(tmp_path: Path) -> None:
    with open_document(make_pdf(tmp_path / "a.pdf", [TEXT])) as document:
        text = page_text(document, 0)
        start, end = text.index("years"), text.index("never") + 5
        first, second = page_quads(document, 0, start, end)
        assert second[1] > first[1]
        assert page_quads(document, 0, end, end) == ()


def test_a_turned_page_has_the_same_text_and_places(tmp_path: Path) -> None:
    upright = open_document(make_pdf(tmp_path / "a.pdf", [TEXT]))
    turned = open_document(make_pdf(tmp_path / "b.pdf", [TEXT], rotation=90))
    assert page_words(upright, 0) == page_words(turned, 0)
    upright.close()
    turned.close()


def test_a_pages_document_has_the_pages_text(tmp_path: Path) -> None:
    with open_document(make_pdf(tmp_path / "a.pdf", [TEXT, ""])) as document:
        for number in (0, 1):
            text = page_text(document, number)
            assert parse_document(page_document(text)).text().text == text


@pytest.mark.data
def test_text_words_and_documents_agree_on_every_shared_pdf() -> None:
    for path in sorted((shared_data() / "pdf").glob("*.pdf")):
        if any(part in path.name for part in ("password", "truncated", "corrupted", "loop", "invalid", "broken")):
            continue
        with open_document(path) as document:
            for number in range(0, document.page_count, max(1, document.page_count // 60)):
                words = page_words(document, number)
                assert words.text == page_text(document, number)
                assert all(words.text[word.start : word.end] == word.text for word in words.words)
                assert parse_document(page_document(words.text)).text().text == words.text, (path.name, number)
                if words.words:
                    assert page_quads(document, number, 1, len(words.text))
