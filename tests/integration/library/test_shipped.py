"""The books that ship with the program: bound alike each time, and renewed with what the reader wrote in them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from alexandria_desktop.ingest.detect import open_book
from alexandria_desktop.library.binding import Manuscript
from alexandria_desktop.library.guide import Guide, guide_book
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.sample import TITLE, sample_book, sample_manuscript
from alexandria_desktop.library.shipped import Shipped, on_the_shelf, renew
from alexandria_desktop.search.finder import Mode
from alexandria_desktop.ui.commands import COMMANDS

SENTENCE = "A roll was kept in a box of cedar wood, away from the damp and from the sun."
OTHERS = " ".join(
    f"The keeper of room {number} wrote down who came, and what was asked of him." for number in range(20)
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path / "library") as opened:
        yield opened


def manuscript(folder: Path, *chapters: str) -> Manuscript:
    folder.mkdir(exist_ok=True)
    for number, words in enumerate(chapters, 1):
        (folder / f"{number:02}.md").write_text(f"# Chapter {number}\n\n{words}\n", encoding="utf-8")
    return replace(sample_manuscript(), key="test", folder=folder, title="The Keeper's Book")


@pytest.mark.parametrize("shipped", [Guide(), sample_manuscript()], ids=["guide", "sample"])
def test_the_same_words_are_bound_to_the_same_bytes(shipped: Shipped, tmp_path: Path) -> None:
    one, other = shipped.bind(tmp_path / "one.epub"), shipped.bind(tmp_path / "other.epub")
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as container:
        assert {entry.date_time for entry in container.infolist()} == {(2026, 1, 1, 0, 0, 0)}
        assert b"2026-01-01T00:00:00Z" in container.read("EPUB/content.opf")


def test_a_changed_text_takes_the_old_ones_place_with_the_notes(library: Library, tmp_path: Path) -> None:
    old = manuscript(tmp_path / "shipped", OTHERS, SENTENCE)
    book = on_the_shelf(library, old)
    library.notes.add(book, library.notes.find_quote(book, SENTENCE), text="Which box?")
    new = manuscript(tmp_path / "shipped", "Quite another beginning, and more of it.", OTHERS, f"Later. {SENTENCE}")
    assert on_the_shelf(library, new) == book
    assert [row.id for row in library.shelf.books()] == [book]
    (note,) = library.notes.of_book(book)
    assert note.placed
    assert note.quote == SENTENCE.rstrip(".")
    assert note.edition != library.shelf.details(book).row.edition
    assert library.finding.search("another beginning", mode=Mode.WORDS, limit=1)


def test_a_rewritten_text_is_still_the_same_book(library: Library, tmp_path: Path) -> None:
    book = on_the_shelf(library, manuscript(tmp_path / "shipped", OTHERS))
    assert on_the_shelf(library, manuscript(tmp_path / "shipped", SENTENCE)) == book
    assert len(library.shelf.books()) == 1


def test_what_is_up_to_date_is_not_bound_again(library: Library, tmp_path: Path) -> None:
    shipped = manuscript(tmp_path / "shipped", OTHERS)
    book = on_the_shelf(library, shipped)
    edition = library.shelf.details(book).row.edition
    assert renew(library, [shipped]) == []
    assert on_the_shelf(library, shipped) == book
    assert library.shelf.details(book).row.edition == edition


def test_only_what_is_on_the_shelf_and_not_being_read_is_renewed(library: Library, tmp_path: Path) -> None:
    old = manuscript(tmp_path / "shipped", OTHERS)
    assert renew(library, [old]) == []  # nothing is put on the shelf unasked
    book = on_the_shelf(library, old)
    new = manuscript(tmp_path / "shipped", OTHERS, SENTENCE)
    assert renew(library, [new], but_not=book) == []
    library.shelf.remove([book])
    assert renew(library, [new]) == []
    library.shelf.bring_back([book])
    assert renew(library, [new]) == [book]


def test_a_removed_one_comes_back_when_it_is_asked_for(library: Library) -> None:
    book = sample_book(library)
    library.shelf.remove([book])
    assert sample_book(library) == book
    assert [row.title for row in library.shelf.books()] == [TITLE]


def test_one_whose_file_did_not_come_along_is_bound_here(library: Library) -> None:
    book = sample_book(library)
    library.reading.file_of(book).path.unlink()
    assert sample_book(library) == book
    assert library.reading.file_of(book).path.exists()


def test_a_guide_from_before_is_found_by_its_title(library: Library) -> None:
    guide = guide_book(library)
    library.remember("bound.guide", None)
    assert library.renew_shipped() == [guide]
    assert guide_book(library) == guide


def test_the_sample_is_a_whole_book_with_a_cover_and_contents(library: Library) -> None:
    book = sample_book(library)
    row = library.shelf.details(book).row
    assert row.cover is not None
    source = open_book(library.reading.file_of(book).path, edition="e")
    opened = source.book
    source.close()
    assert len(opened.toc) == len(opened.sections) == 11
    assert not opened.page_list
    assert not opened.warnings


def test_each_link_in_the_sample_leads_to_a_place_in_it(tmp_path: Path) -> None:
    source = open_book(sample_manuscript().bind(tmp_path / "sample.epub"), edition="e")
    roots = {one.href.split("/")[-1]: etree.fromstring(source.section(one.index).data) for one in source.book.sections}
    places = {
        f"{name}#{element.get('id')}" for name, root in roots.items() for element in root.iter() if element.get("id")
    }
    links = [str(element.get("href")) for root in roots.values() for element in root.iter("{*}a")]
    source.close()
    assert len(links) == 4
    assert set(links) <= places


def test_each_key_that_the_sample_names_is_one_of_the_programs() -> None:
    words = "\n".join(file.read_text(encoding="utf-8") for file in sample_manuscript().folder.glob("*.md"))
    keys = {key for command in COMMANDS for key in command.keys}
    for said, meant in (("Press T ", "T"), ("press N.", "N"), ("press B,", "B"), ("Press H,", "H"), ("Press A.", "A")):
        assert said in words
        assert meant in keys
    for said in ("Ctrl+K", "Ctrl+L", "Ctrl+Shift+T", "Shift+N", "F1", "F3"):
        assert said in words
        assert said in keys
