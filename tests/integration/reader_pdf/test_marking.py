"""Selecting, noting, finding and following links on PDF pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QApplication

from alexandria_desktop.library.reading import BookFile
from alexandria_desktop.store.notes import Note, NoteType
from alexandria_desktop.ui.reader.surface import Ink
from sync.places.locator import Locator, PdfTarget, Quote
from tests.integration.reader_pdf.conftest import PAGES, Reader, line_of

LEFT = Qt.MouseButton.LeftButton


def mouse(reader: Reader, kind: QEvent.Type, at: QPointF, *, held: bool) -> None:
    viewport = reader.view.viewport()
    buttons = LEFT if held else Qt.MouseButton.NoButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else LEFT
    event = QMouseEvent(kind, at, viewport.mapToGlobal(at), button, buttons, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, event)


def drag(reader: Reader, start: QPointF, end: QPointF) -> None:
    mouse(reader, QEvent.Type.MouseButtonPress, start, held=True)
    mouse(reader, QEvent.Type.MouseMove, (start + end) / 2, held=True)
    mouse(reader, QEvent.Type.MouseMove, end, held=True)
    mouse(reader, QEvent.Type.MouseButtonRelease, end, held=False)


def click(reader: Reader, at: QPointF, times: int = 1) -> None:
    for _ in range(times):
        mouse(reader, QEvent.Type.MouseButtonPress, at, held=True)
        mouse(reader, QEvent.Type.MouseButtonRelease, at, held=False)


def note_on(locator: Locator) -> Note:
    now = datetime.now(UTC)
    return Note(uuid4(), uuid4(), NoteType.HIGHLIGHT, "", locator, "yellow", locator.edition, now, now)


def test_a_stroke_over_two_lines_selects_in_reading_order(reader: Reader) -> None:
    reader.know_words(0)
    drag(reader, reader.point_of(0, 4, 0.0), reader.point_of(0, 13, 1.0))
    reader.until(lambda: bool(reader.selections))
    locator = reader.selected()
    assert locator.quote is not None
    assert locator.quote.exact == f"{line_of(0, 0)[14:]}\nPage 0 line 1"
    assert locator.quote.prefix == "Page 0 line 0 "
    target = locator.target
    assert isinstance(target, PdfTarget)
    assert (target.page, target.end_page, target.label, len(target.quads)) == (0, None, "i", 2)
    assert locator.edition == reader.surface._file.edition
    assert locator.progression == pytest.approx(0.08 / PAGES, abs=0.02 / PAGES)
    assert reader.selections[-1] is not None
    assert reader.selections[-1].rect.contains(reader.point_of(0, 5))


def test_a_stroke_goes_over_a_page_break(reader: Reader) -> None:
    reader.surface.show_progression(1.6 / PAGES)
    for page in (1, 2):
        reader.know_words(page)
    drag(reader, reader.point_of(1, 10 * 23, 0.0), reader.point_of(2, 3, 1.0))
    locator = reader.selected()
    target = locator.target
    assert isinstance(target, PdfTarget)
    assert (target.page, target.end_page) == (1, 2)
    assert {page for page, _ in target.quads} == {1, 2}
    assert locator.quote is not None
    assert locator.quote.exact == f"{line_of(1, 23)}\nPage 2 line 0"


def test_a_second_click_takes_the_word_and_a_third_the_line(reader: Reader) -> None:
    reader.know_words(0)
    click(reader, reader.point_of(0, 15), 2)
    whole = f"{line_of(0, 0)}\n{line_of(0, 1)}\n{line_of(0, 2)}"
    at = whole.index(" of whales", len(line_of(0, 0))) + 1
    assert reader.selected().quote == Quote.at(whole, at, at + 2)
    reader.surface.clear_selection()
    click(reader, reader.point_of(0, 26, 0.2), 3)
    quote = reader.selected().quote
    assert quote is not None
    assert quote.exact == line_of(0, 2)


def test_a_second_click_at_a_words_last_letter_takes_that_word(reader: Reader) -> None:
    reader.know_words(0)
    click(reader, reader.point_of(0, 14, 0.97), 2)
    quote = reader.selected().quote
    assert quote is not None
    assert quote.exact == "tells"


def test_the_keyboard_selects_by_word_line_and_over_the_page(reader: Reader) -> None:
    reader.know_words(0)
    reader.surface.extend_selection("forward", "word")
    reader.surface.extend_selection("forward", "word")
    assert reader.selected().quote == Quote("Page 0", "", f" {line_of(0, 0)[7:]}"[:32])
    reader.surface.extend_selection("forward", "line")
    quote = reader.selected().quote
    assert quote is not None
    assert quote.exact == f"{line_of(0, 0)}\nPage 0"
    reader.surface.extend_selection("backward", "word")
    for _ in range(10 * 24):
        reader.surface.extend_selection("forward", "word")
    reader.until(lambda: reader.surface._pdf.marking._range.end.page != 0)  # type: ignore[union-attr]
    target = reader.selected().target
    assert isinstance(target, PdfTarget)
    assert target.end_page == 1


def test_a_note_is_painted_and_a_click_on_it_tells_its_id(reader: Reader) -> None:
    reader.know_words(0)
    click(reader, reader.point_of(0, 17), 2)
    note = note_on(reader.selected())
    reader.surface.clear_selection()
    at = reader.point_of(0, 17).toPoint()
    beside = at.x(), int(at.y() - 7)
    plain = QColor(reader.surface.picture().toImage().pixel(*beside))
    reader.surface.set_notes([Ink(note, 1)])
    inked = QColor(reader.surface.picture().toImage().pixel(*beside))
    assert inked.blue() < plain.blue() - 30
    clicked: list[str] = []
    reader.surface.note_clicked.connect(clicked.append)
    QApplication.styleHints().setMouseDoubleClickInterval(0)
    click(reader, reader.point_of(0, 17))
    reader.until(lambda: bool(clicked))
    assert clicked == [str(note.id)]


def test_a_note_without_rectangles_gets_them_from_its_words(reader: Reader) -> None:
    locator = Locator(PdfTarget(0, 0, 4), Quote("Page"), 0.0, reader.surface._file.edition)
    reader.surface.set_notes([Ink(note_on(locator), 2)])
    reader.know_words(0)
    pdf = reader.surface._pdf
    assert pdf is not None
    assert [ink.number for ink in pdf.inks.of_page(0)] == [2]


def test_the_margin_is_told_where_notes_are(reader: Reader) -> None:
    reader.know_words(0)
    told: list[object] = []
    reader.surface.margin.connect(told.append)
    locator = Locator(PdfTarget(0, 0, 4), Quote("Page"), 0.0, reader.surface._file.edition)
    note = note_on(locator)
    reader.surface.set_notes([Ink(note, 2)])
    reader.until(lambda: bool(told) and bool(told[-1]))
    mark = told[-1][0]  # type: ignore[index]
    assert mark.note_id == str(note.id)
    assert 0 < mark.top < mark.bottom < 200


def test_found_words_land_a_third_down_and_are_lit(
    open_reader: Callable[..., Reader], file: BookFile, reader: Reader
) -> None:
    offset = sum(len(line_of(6, line)) + 1 for line in range(12))
    locator = Locator(PdfTarget(6, offset, offset + 14), Quote("Page 6 line 12"), 6.5 / PAGES, file.edition)
    found = open_reader(file).start(locator, light=True)
    box = found.view.rect_on_screen(6, found.surface._pdf._lit[6][0])  # type: ignore[union-attr]
    assert box is not None
    assert box.top() == pytest.approx(found.view.viewport().height() / 3, abs=2)


def test_offsets_that_disagree_with_their_words_yield_to_the_words(reader: Reader) -> None:
    reader.surface.show_locator(Locator(PdfTarget(4, 3, 9), Quote("line 7 tells"), 4.1 / PAGES, "elsewhere"))
    reader.know_words(4)
    pdf = reader.surface._pdf
    assert pdf is not None
    words = pdf.words.known(4)
    assert words is not None
    start = words.text.index("line 7 tells")
    lit = pdf._lit[4][0]
    assert lit == next((word.rect[0], lit[1], lit[2], word.rect[3]) for word in words.words if word.start == start)


def test_hits_stream_in_and_next_goes_from_one_to_another(reader: Reader) -> None:
    reader.surface.show_progression(3 / PAGES)
    reader.surface.find_words("line 7 tells")
    reader.until(lambda: bool(reader.finds) and reader.finds[-1].is_done)
    state = reader.finds[-1]
    assert (state.count, state.current) == (PAGES, -1)
    assert state.snippets[0][0] == "p. i"
    assert "Page 0 line 7 tells" in state.snippets[0][1]
    reader.surface.find_next(1)
    assert reader.finds[-1].current == 3
    reader.know_words(3)
    reader.surface.find_next(1)
    reader.until(lambda: reader.view.page == 4)
    reader.surface.show_hit(11)
    reader.until(lambda: reader.view.page == 11)
    reader.surface.find_next(1)
    reader.until(lambda: reader.view.page == 0)
    reader.surface.find_words("")
    assert reader.finds[-1] == type(state)(0, -1, True)


def test_a_new_search_hears_nothing_of_the_one_before(reader: Reader) -> None:
    reader.surface.find_words("ships")
    pdf = reader.surface._pdf
    assert pdf is not None
    assert pdf.finder._answer is not None
    pdf.finder._answer._future.result(20)  # its hits are on their way
    reader.surface.find_words("line 7 tells")
    reader.until(lambda: reader.finds[-1].is_done)
    assert reader.finds[-1].count == PAGES


def test_a_link_inside_jumps_and_the_way_back_is_kept(reader: Reader) -> None:
    reader.know_words(0)
    jumps: list[bool] = []
    reader.surface.jumped.connect(lambda: jumps.append(True))
    click(reader, reader.point(0, (300, 20, 390, 40)))
    reader.until(lambda: bool(jumps))
    assert reader.view.visible_pages()[0] == 7
    assert reader.surface.go_back()
    assert reader.view.verticalScrollBar().value() == 0
    assert not reader.surface.go_back()


def test_a_link_outside_is_only_told(reader: Reader) -> None:
    reader.know_words(0)
    told: list[str] = []
    reader.surface.link_out.connect(told.append)
    click(reader, reader.point(0, (200, 20, 290, 40)))
    reader.until(lambda: bool(told))
    assert told == ["https://example.org/"]


def test_a_click_on_nothing_says_how_far_across(reader: Reader) -> None:
    reader.know_words(0)
    told: list[float] = []
    reader.surface.blank_clicked.connect(told.append)
    click(reader, QPointF(reader.view.viewport().width() * 0.9, 300))
    reader.until(lambda: bool(told))
    assert told[0] == pytest.approx(0.9, abs=0.01)
