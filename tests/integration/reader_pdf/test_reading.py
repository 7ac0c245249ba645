"""Reading a PDF in a window: opening, scrolling, turning, zooming, coming back."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from alexandria_desktop.base.errors import Code
from alexandria_desktop.library.library import Library
from alexandria_desktop.library.reading import BookFile
from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.ui.reader.pdf_pages import Fit
from sync.places.locator import PdfTarget
from tests.integration.reader_pdf.conftest import PAGES, Reader
from tests.support.data import shared_data
from tests.support.pdfs import make_pdf

OpenReader = Callable[..., Reader]
posix = pytest.mark.skipif(os.name != "posix", reason="sends signals to the worker")


def darkest(image: QImage) -> int:
    return min(
        QColor(image.pixel(x, y)).lightness() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    )


def test_the_first_page_is_painted_with_its_words(reader: Reader) -> None:
    page = reader.view._page_rect(0).toRect()
    assert darkest(reader.surface.picture().toImage().copy(page)) < 80
    where = reader.moves[-1]
    assert (where.page, where.chapter, where.is_start, where.is_end) == ("p. i (1 of 12)", "The beginning", True, False)


def test_the_contents_are_the_files_own_and_lead_down_the_page(reader: Reader) -> None:
    entries = reader.surface.contents()
    assert [(entry.title, entry.level) for entry in entries] == [
        ("The beginning", 0),
        ("The middle", 0),
        ("Half way down", 1),
        ("The end", 0),
    ]
    reader.surface.show_href(entries[2].href)
    assert reader.place().target.page == 5  # type: ignore[union-attr]
    assert 0.4 < reader.place().progression * PAGES - 5 < 0.6
    reader.until(lambda: reader.moves[-1].chapter == "Half way down")
    reader.surface.show_href("page/10")
    reader.until(lambda: reader.moves[-1].chapter_index == 3)


def test_a_place_comes_back_to_the_very_line(reader: Reader, open_reader: OpenReader, file: BookFile) -> None:
    reader.surface.show_progression(5.37 / PAGES)
    reader.know_words(5)
    kept = reader.place().from_json(reader.place().to_json())
    assert isinstance(kept.target, PdfTarget)
    assert kept.target.label == "4"
    assert kept.quote is not None
    assert kept.quote.exact.startswith("Page 5 line")
    again = open_reader(file).start(kept)
    assert abs(again.view.verticalScrollBar().value() - reader.view.verticalScrollBar().value()) <= 1


def test_no_place_is_kept_before_a_page_is_shown(open_reader: OpenReader, file: BookFile) -> None:
    assert open_reader(file).surface.place() is None


def test_the_words_at_the_top_stay_when_the_window_changes_its_size(reader: Reader) -> None:
    reader.surface.show_progression(6.25 / PAGES)
    before = reader.place().progression
    for size in ((900, 700), (500, 300), (640, 480)):
        reader.window.resize(*size)
        QApplication.processEvents()
    assert reader.place().progression == pytest.approx(before, abs=1e-6)


def test_turning_goes_on_by_a_screen_and_ends_at_the_end(reader: Reader) -> None:
    reader.surface.turn(1)
    assert 0.5 < reader.view.verticalScrollBar().value() / reader.view.viewport().height() < 1
    reader.surface.show_progression(1.0)
    reader.until(lambda: reader.moves[-1].is_end)
    assert reader.moves[-1].progression == 1.0
    assert reader.moves[-1].page == "p. 10 (12 of 12)"


def test_one_page_at_a_time_turns_page_by_page(reader: Reader) -> None:
    reader.surface.toggle_flow()
    assert list(reader.view.visible_pages()) == [0]
    for expected in (1, 2, 3):
        reader.surface.turn(1)
        assert list(reader.view.visible_pages()) == [expected]
    reader.surface.turn(-1)
    assert list(reader.view.visible_pages()) == [2]
    reader.surface.toggle_flow()
    assert reader.view.page == 2
    assert len(reader.view.visible_pages()) > 1 or reader.view.verticalScrollBar().maximum() > 1000


def test_zooming_keeps_what_is_in_the_middle(reader: Reader) -> None:
    reader.surface.show_progression(4.5 / PAGES)
    middle = QPointF(320, 240)
    before = reader.view.page_point(middle)
    assert reader.surface.zoom(1)
    assert reader.surface.zoom(1)
    after = reader.view.page_point(middle)
    assert before is not None
    assert after is not None
    assert after[0] == before[0]
    assert after[1:] == pytest.approx(before[1:], abs=2)
    assert reader.surface.zoom(0)
    assert reader.view.zoom_now.fit is Fit.WIDTH


def test_the_zoom_stays_between_a_quarter_and_fourfold(reader: Reader) -> None:
    for _ in range(20):
        reader.surface.zoom(1)
    assert reader.view.factor == pytest.approx(4.0)
    for _ in range(20):
        reader.surface.zoom(-1)
    assert reader.view.factor == pytest.approx(0.25)


def wheel(reader: Reader, turned: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    at = QPointF(320, 240)
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, turned), Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(reader.view.viewport(), event)


def test_the_wheel_scrolls_and_with_control_zooms(reader: Reader) -> None:
    wheel(reader, -120)
    assert reader.view.verticalScrollBar().value() > 0
    before = reader.view.factor
    wheel(reader, 120, Qt.KeyboardModifier.ControlModifier)
    assert reader.view.factor > before


def test_the_frame_sees_a_key_before_the_page(reader: Reader) -> None:
    seen: list[int] = []

    def wants(event: QKeyEvent) -> bool:
        seen.append(event.key())
        return True

    reader.surface.set_key_filter(wants)
    reader.surface.take_focus()
    QTest.keyClick(reader.view, Qt.Key.Key_Space)
    assert seen == [Qt.Key.Key_Space]
    QTest.keyClick(reader.view, Qt.Key.Key_Down)  # an arrow scrolls by lines where pages run on
    assert seen == [Qt.Key.Key_Space]
    assert reader.view.verticalScrollBar().value() > 0


def test_a_dark_theme_turns_paper_and_ink(reader: Reader) -> None:
    theme = built_in("night")
    reader.surface.set_theme(theme)
    paper = QColor(theme.tokens.surface)
    drawn: list[bool] = []
    reader.view.drawn.connect(lambda: drawn.append(True))
    reader.until(lambda: bool(drawn))
    image = reader.surface.picture().toImage().copy(reader.view._page_rect(0).toRect())
    assert QColor(image.pixel(4, 4)) == paper
    lightest = max(QColor(image.pixel(x, y)).lightness() for x in range(0, image.width(), 2) for y in range(100))
    assert lightest > 150


def test_a_page_drawn_once_is_not_drawn_again(reader: Reader) -> None:
    asked = []
    document = reader.surface._tiles._document
    assert document is not None
    draw = document.draw
    document.draw = lambda *args, **more: (asked.append(args[0]), draw(*args, **more))[1]  # type: ignore[method-assign]
    reader.until(lambda: not reader.surface._tiles._asked)
    asked.clear()
    reader.view.verticalScrollBar().setValue(40)
    reader.view.verticalScrollBar().setValue(0)
    QApplication.processEvents()
    assert asked == []


@posix
def test_pages_are_drawn_again_after_the_engine_has_died(reader: Reader, library: Library) -> None:
    pid = library.reading.pdf.worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    reader.surface.show_progression(9 / PAGES)
    drawn: list[bool] = []
    reader.view.drawn.connect(lambda: drawn.append(True))
    reader.until(lambda: bool(drawn))
    assert reader.surface._tiles.fault(9) is None
    assert library.reading.pdf.worker_pid != pid


@posix
def test_a_page_is_asked_for_again_when_the_engine_dies_over_it(reader: Reader, library: Library) -> None:
    client = library.reading.pdf
    pid = client.worker_pid
    assert pid is not None
    reader.until(lambda: client.running is None and not reader.surface._tiles._asked)
    os.kill(pid, signal.SIGSTOP)
    reader.surface.show_progression(9 / PAGES)
    reader.until(lambda: client.running == "draw")
    os.kill(pid, signal.SIGKILL)
    reader.until(lambda: not reader.surface._tiles._asked)
    assert [reader.surface._tiles.fault(page) for page in range(PAGES)] == [None] * PAGES
    assert set(reader.view.visible_pages()) <= reader.surface._tiles._of_page.keys()


@posix
def test_pages_that_went_by_are_not_drawn(reader: Reader, library: Library) -> None:
    client = library.reading.pdf
    pid = client.worker_pid
    assert pid is not None
    reader.until(lambda: client.running is None and not reader.surface._tiles._asked)
    os.kill(pid, signal.SIGSTOP)
    try:
        for page in (4, 6, 10):
            reader.surface.show_progression(page / PAGES)
            reader.until(lambda: not reader.view._ask.isActive())
        assert {tile.page for tile in reader.surface._tiles._asked} <= {8, 9, 10, 11}
    finally:
        os.kill(pid, signal.SIGCONT)


def test_drawn_pages_are_kept_up_to_a_limit(reader: Reader) -> None:
    tiles = reader.surface._tiles
    tiles._limit = 8_000_000
    for page in range(PAGES):
        reader.surface.show_progression(page / PAGES)
        reader.until(lambda page=page: bool(tiles._of_page.get(page)))
    assert 4_000_000 < tiles.size <= 8_000_000
    assert tiles.size == sum(image.sizeInBytes() for image in tiles._kept.values())


def test_a_place_follows_the_scroll_bar(reader: Reader) -> None:
    layout = reader.view._layout
    assert layout is not None
    reader.view.verticalScrollBar().setValue(int(layout.rect(8)[1]) + 100)
    place = reader.place().progression * PAGES
    assert 8.05 < place < 8.3
    reader.window.resize(640, 300)
    QApplication.processEvents()
    assert reader.place().progression * PAGES == pytest.approx(place)


def test_a_locked_file_asks_for_its_password_in_place(
    open_reader: OpenReader, other: Callable[[Path], BookFile], tmp_path: Path
) -> None:
    locked = open_reader(other(make_pdf(tmp_path / "a.pdf", ["Secret words"], password="sesame")))
    surface = locked.surface
    surface.start(None)
    locked.until(lambda: surface._prompt is not None)
    prompt = surface._prompt
    assert prompt is not None
    assert prompt.isVisible()
    prompt.field.setText("wrong")
    prompt.field.textEdited.emit("wrong")
    prompt.button.click()
    locked.until(lambda: bool(prompt.complaint))
    prompt.field.setText("sesame")
    prompt.button.click()
    locked.until(lambda: locked.painted == 1)
    assert locked.failures == []
    assert surface.picture().isNull()  # its pages are not kept as pictures


def test_a_file_that_is_not_there_is_told(open_reader: OpenReader, file: BookFile, tmp_path: Path) -> None:
    gone = open_reader(replace(file, path=tmp_path / "gone.pdf"))
    gone.surface.start(None)
    gone.until(lambda: bool(gone.failures))
    assert gone.failures[0].code is Code.BOOK_FILE_MISSING
    assert gone.surface.place() is None


def test_closing_while_it_opens_leaves_nothing_behind(open_reader: OpenReader, file: BookFile) -> None:
    hasty = open_reader(file)
    hasty.surface.start(None)
    hasty.surface.close_book()
    hasty.context.library.reading.pdf.start().result(20)
    QApplication.processEvents()
    assert hasty.painted == 0
    assert hasty.failures == []


@pytest.mark.data
def test_page_900_of_a_long_book_is_sharp_when_the_scroll_bar_lets_go(
    open_reader: OpenReader, other: Callable[[Path], BookFile]
) -> None:
    long = open_reader(other(shared_data() / "pdf" / "war-and-peace_long.pdf")).start()
    layout = long.view._layout
    assert layout is not None
    bar = long.view.verticalScrollBar()
    for page in range(0, 901, 60):
        bar.setValue(int(layout.rect(page)[1]))
        QApplication.processEvents()
    drawn: list[bool] = []
    long.view.drawn.connect(lambda: drawn.append(True))
    long.until(lambda: bool(drawn) and long.view.page == 900)
    assert long.surface._tiles.size <= 96 * 1024 * 1024


@pytest.mark.data
def test_contents_lead_to_their_headings(open_reader: OpenReader, other: Callable[[Path], BookFile]) -> None:
    book = open_reader(other(shared_data() / "pdf" / "pypdf-samples_GeoTopo-komprimiert.pdf")).start()
    entry = next(entry for entry in book.surface.contents() if entry.title.startswith("1.2 "))
    book.surface.show_href(entry.href)
    page = int(entry.href.split("#")[0].removeprefix("page/"))
    book.know_words(page)
    assert "1.2" in book.place().quote.exact[:40]  # type: ignore[union-attr]


@posix
def test_a_page_that_cannot_be_drawn_says_so_on_its_paper(
    open_reader: OpenReader, other: Callable[[Path], BookFile], library: Library, tmp_path: Path
) -> None:
    path = make_pdf(tmp_path / "a.pdf", ["Words"] * 9)
    book = open_reader(other(path)).start()
    path.unlink()
    pid = library.reading.pdf.worker_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    book.surface.show_progression(7 / 9)
    book.until(lambda: book.surface._tiles.fault(7) == "This page cannot be drawn.")
    page = book.view._page_rect(7).toRect().intersected(book.view.viewport().rect())
    book.until(lambda: darkest(book.surface.picture().toImage().copy(page)) < 150)
