"""Opening, describing and drawing PDFs."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from alexandria_desktop.base.errors import Code, ReaderError
from alexandria_desktop.pdf import drawing
from alexandria_desktop.pdf.describe import describe, iso_date
from alexandria_desktop.pdf.drawing import draw_cover, draw_page
from alexandria_desktop.pdf.linking import page_links
from alexandria_desktop.pdf.model import PageColors
from alexandria_desktop.pdf.opening import open_document
from tests.support.data import shared_data
from tests.support.pdfs import make_pdf


def code_of(path: Path, password: str | None = None) -> Code:
    with pytest.raises(ReaderError) as caught:
        open_document(path, password=password)
    assert caught.value.message.endswith(".")
    return caught.value.code


def test_a_locked_pdf_asks_for_its_password(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["Words"], password="\u00e9t\u00e9 1")
    assert code_of(path) is Code.PDF_PASSWORD
    assert code_of(path, "wrong") is Code.PDF_PASSWORD
    for typed in ("\u00e9t\u00e9 1", "e\u0301te\u0301 1", "\u00e9t\u00e9\u00a01", "\u00e9t\u00ad\u00e9 1"):
        open_document(path, password=typed).close()


def test_broken_files_say_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7\n%%EOF")
    assert code_of(path) is Code.IMPORT_DAMAGED
    path.write_bytes(b"")
    assert code_of(path) is Code.IMPORT_EMPTY
    assert code_of(tmp_path / "none.pdf") is Code.BOOK_FILE_MISSING


def test_a_pdf_without_its_end_is_repaired(tmp_path: Path) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["Words"])
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"xref")])
    with open_document(path) as document:
        assert describe(document).was_repaired


def test_pages_labels_outline_and_metadata_are_described(tmp_path: Path) -> None:
    path = make_pdf(
        tmp_path / "a.pdf",
        ["One", "Two", "Three"],
        outline=[(1, "Part \u202eI", 1), (2, "Chapter", 3)],
        labels=[{"startpage": 0, "style": "r", "firstpagenum": 1}, {"startpage": 2, "style": "D", "firstpagenum": 1}],
        metadata={"title": "A\x00 <b>Title</b>", "author": "Ann", "creationDate": "D:20240131120000Z"},
    )
    with open_document(path) as document:
        info = describe(document)
    assert [(page.width, page.height) for page in info.pages] == [(400, 600)] * 3
    assert info.labels == ("i", "ii", "1")
    assert [(entry.title, entry.page, entry.level) for entry in info.outline] == [("Part I", 0, 0), ("Chapter", 2, 1)]
    assert info.said("author") == "Ann"
    assert info.said("created") == "2024-01-31"
    assert "\x00" not in (info.said("title") or "")


def test_a_turned_page_says_how_to_place_words_on_it(tmp_path: Path) -> None:
    with open_document(make_pdf(tmp_path / "a.pdf", ["Words"], rotation=90)) as document:
        page = describe(document).pages[0]
    assert (page.width, page.height, page.rotation) == (600, 400, 90)
    a, b, c, d, e, f = page.to_display
    x, y = 50, 80  # where the words begin on the page as it was before it was turned
    assert (a * x + c * y + e, b * x + d * y + f) == pytest.approx((600 - 80, 50))


@pytest.mark.parametrize(
    ("stamp", "iso"),
    [
        ("D:20240131120000Z", "2024-01-31"),
        ("D:2024", "2024"),
        ("2024-01-31T00:00", "2024-01-31"),
        ("D:20249931", "2024"),
        ("yesterday", None),
        ("D:00000000", None),
    ],
)
def test_dates_become_iso(stamp: str, iso: str | None) -> None:
    assert iso_date(stamp) == iso


def test_a_page_is_drawn_at_its_zoom_and_in_its_colours(tmp_path: Path) -> None:
    with open_document(make_pdf(tmp_path / "a.pdf", ["Words"])) as document:
        image = draw_page(document, 0, zoom=1.5)
        assert (image.width, image.height, len(image.data)) == (600, 900, 600 * 900 * 3)
        assert image.data[:3] == b"\xff\xff\xff"
        dark = draw_page(document, 0, colors=PageColors(ink=0xF0E0D0, paper=0x101820))
        assert dark.data[:3] == b"\x10\x18\x20"
        image = draw_page(document, 0, rotation=90)
        assert (image.width, image.height) == (600, 400)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("turned", [0, 90])
def test_a_tile_is_that_part_of_the_page(tmp_path: Path, rotation: int, turned: int) -> None:
    with open_document(make_pdf(tmp_path / "a.pdf", ["Some words to see"], rotation=turned)) as document:
        whole = draw_page(document, 0, zoom=1, rotation=rotation)
        picture = Image.frombytes("RGB", (whole.width, whole.height), whole.data)
        clip = (20.0, 30.0, 320.0, 330.0)
        tile = draw_page(document, 0, zoom=1, rotation=rotation, clip=clip)
        assert (tile.x, tile.y, tile.width, tile.height) == (20, 30, 300, 300)
        assert Image.frombytes("RGB", (300, 300), tile.data) == picture.crop((20, 30, 320, 330))


def test_a_picture_without_end_is_drawn_smaller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MAX_PIXELS", 60_000)
    with open_document(make_pdf(tmp_path / "a.pdf", ["Words"])) as document:
        image = draw_page(document, 0, zoom=50)
        assert image.zoom == pytest.approx(0.5, abs=0.01)
        assert image.width * image.height <= 61_000


def test_the_cover_is_a_small_jpeg(tmp_path: Path) -> None:
    with open_document(make_pdf(tmp_path / "a.pdf", ["Words"])) as document:
        cover = Image.open(BytesIO(draw_cover(document)))
        assert cover.format == "JPEG"
        assert cover.size == (400, 600)


def test_links_lead_to_pages_and_the_web_but_start_nothing(tmp_path: Path) -> None:
    document = pymupdf.open()
    for _ in range(2):
        document.new_page(width=400, height=600)
    page = document[0]
    page.insert_link(
        {"kind": pymupdf.LINK_GOTO, "page": 1, "from": pymupdf.Rect(10, 20, 30, 40), "to": pymupdf.Point(0, 100)}
    )
    page.insert_link({"kind": pymupdf.LINK_URI, "uri": "https://example.org/", "from": pymupdf.Rect(10, 50, 30, 60)})
    page.insert_link({"kind": pymupdf.LINK_URI, "uri": "javascript:alert(1)", "from": pymupdf.Rect(0, 0, 9, 9)})
    page.insert_link({"kind": pymupdf.LINK_LAUNCH, "file": "calc.exe", "from": pymupdf.Rect(50, 50, 60, 60)})
    document.save(tmp_path / "a.pdf")
    document.close()
    with open_document(tmp_path / "a.pdf") as opened:
        inside, outside = page_links(opened, 0)
    assert (inside.page, inside.rect) == (1, (10, 20, 30, 40))
    assert outside.uri == "https://example.org/"


@pytest.mark.data
def test_every_pdf_that_can_be_opened_opens_and_the_others_say_why() -> None:
    data = shared_data()
    with (data / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["path"].startswith("data/pdf/")]
    assert len(rows) == 34
    for row in rows:
        path = data.parent / row["path"]
        said = row["pymupdf"]
        if said.startswith("ok") and int(row["pages"]) > 0:
            with open_document(path) as document:
                info = describe(document)
                assert len(info.pages) == int(row["pages"]), path.name
                assert draw_cover(document)
        elif said == "needs password":
            assert code_of(path) is Code.PDF_PASSWORD
            password = "openpassword" if "libreoffice" in path.name else "asdfzxcv"
            open_document(path, password=password).close()
        else:
            assert code_of(path) is Code.IMPORT_DAMAGED, path.name
