"""Places of a PDF as locators, contents and page numbers."""

from __future__ import annotations

import pytest

from alexandria_desktop.pdf.model import OutlineEntry, PageInfo, PageWords, PdfInfo, Word
from alexandria_desktop.text.canonical import TEXT_VERSION
from alexandria_desktop.ui.reader.pdf_pages import Place
from alexandria_desktop.ui.reader.pdf_places import PagePart, PdfPlaces, range_on
from sync.places.locator import Locator, PdfTarget, Quote

INFO = PdfInfo(
    pages=(PageInfo(400, 600),) * 4,
    labels=("i", "ii", "1", "2"),
    outline=(
        OutlineEntry("Preface", 0),
        OutlineEntry("Nowhere", None),
        OutlineEntry("One", 2, 0, 0.0),
        OutlineEntry("One and a half", 2, 1, 300.0),
    ),
    metadata=(),
)
PLACES = PdfPlaces(INFO, "abc")
TEXT = "Call me Ishmael. Some years ago"
WORDS = PageWords(
    TEXT,
    (
        Word("Call", 0, 4, (50, 60, 80, 72), 0),
        Word("me", 5, 7, (84, 60, 99, 72), 0),
        Word("Some", 17, 21, (50, 300, 80, 312), 1),
    ),
)


@pytest.mark.parametrize(
    ("place", "index"), [(Place(0), 0), (Place(1, 0.9), 0), (Place(2, 0.4), 2), (Place(2, 0.5), 3), (Place(3), 3)]
)
def test_a_place_belongs_to_the_last_line_of_the_contents_above_it(place: Place, index: int) -> None:
    assert PLACES.chapter_at(place) == index


def test_a_line_of_the_contents_is_an_address_that_leads_back() -> None:
    assert [entry.href for entry in PLACES.entries] == ["page/0", "", "page/2", "page/2#top=300"]
    assert PLACES.place_of_href("page/2#top=300") == Place(2, 0.5)
    assert PLACES.place_of_href("page/2") == Place(2)
    assert PLACES.place_of_href("page/4") is None
    assert PLACES.place_of_href("chapter.xhtml") is None


def test_pages_are_named_as_printed_and_counted() -> None:
    assert PLACES.label(2) == "p. 1 (3 of 4)"
    assert PdfPlaces(PdfInfo(INFO.pages, ("",) * 4, (), ()), "").label(2) == "p. 3 of 4"


def test_a_position_holds_the_words_at_the_top_of_the_screen() -> None:
    locator = PLACES.locator_at(Place(2, 0.25), WORDS)
    assert locator.target == PdfTarget(2, 17, 31, label="1")
    assert locator.quote == Quote("Some years ago", "Call me Ishmael. ", "")
    assert locator.progression == pytest.approx(2.25 / 4)
    assert (locator.edition, locator.text_version) == ("abc", TEXT_VERSION)
    assert PLACES.restored(locator) == Place(2, pytest.approx(0.25))


def test_a_position_on_a_page_without_words_is_its_height() -> None:
    assert PLACES.locator_at(Place(3, 0.5), None).target == PdfTarget(3, label="2")


def test_a_position_near_a_pages_edge_comes_back_to_the_same_page() -> None:
    near = PLACES.locator_at(Place(2, 0.0), None)
    rounded = Locator(near.target, progression=near.progression - 1e-6)
    assert PLACES.restored(rounded) == Place(2, 0.0)
    assert PLACES.restored(PLACES.locator_at(Place(1, 1.0), None)) == Place(1, 1.0)


def test_marked_words_over_two_pages_are_one_locator() -> None:
    parts = [PagePart(2, 17, 31, WORDS, ((50, 300, 80, 312),)), PagePart(3, 0, 7, WORDS, ((50, 60, 99, 72),))]
    locator = PLACES.locator_of(parts)
    target = PdfTarget(2, 17, 7, 3, "1", ((2, (50, 300, 80, 312)), (3, (50, 60, 99, 72))))
    assert locator.target == target
    assert locator.quote == Quote("Some years ago\nCall me", "Call me Ishmael. ", " Ishmael. Some years ago")
    assert locator.progression == pytest.approx(2.5 / 4)


def test_words_are_found_where_the_offsets_say_only_if_they_agree() -> None:
    def found(start: int, end: int, exact: str) -> tuple[int, int] | None:
        return range_on(Locator(PdfTarget(0, start, end), Quote(exact)), WORDS)

    assert found(5, 7, "me") == (5, 7)
    assert found(5, 7, "Some\nyears") == (17, 27)
    assert found(5, 7, "whales") is None
    assert found(500, 700, "Ishmael") == (8, 15)
    assert range_on(Locator(PdfTarget(0, 5, 7)), WORDS) == (5, 7)
