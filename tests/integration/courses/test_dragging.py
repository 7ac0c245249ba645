"""Blocks, cards and lessons go where they are dropped, and a long lesson scrolls under what is dragged."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from alexandria_desktop.teach.blocks import TextBlock
from alexandria_desktop.ui.courses.builder.dragging import MOVED
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from tests.support.desk import Desk
from tests.support.epubs import make_epub

LEFT = Qt.MouseButton.LeftButton


def drop(mime: QMimeData, target: QWidget, end: QPoint) -> None:
    """Let a drag enter, move over and end on a widget; what the widget leaves goes to what it lies in."""
    move, none = Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(end, move, mime, LEFT, none),
        QDragMoveEvent(end, move, mime, LEFT, none),
        QDropEvent(QPointF(end), move, mime, LEFT, none),
    ):
        QApplication.sendEvent(target, event)


def dragged(block_id: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(MOVED, block_id.encode())
    return mime


def test_a_handle_that_is_pulled_takes_its_block_along(desk: Desk) -> None:
    desk.go(1)
    handle = desk.editors()[0].handle
    desk.qtbot.waitUntil(handle.isVisible)
    taken: list[str] = []
    handle.pulled.connect(taken.append)
    window = desk.session.window.windowHandle()
    begin = handle.mapTo(desk.session.window, handle.rect().center())
    let_go = QTimer(handle, interval=50)  # while Qt waits for the mouse
    let_go.timeout.connect(lambda: QTest.mouseRelease(window, LEFT))
    QTest.mousePress(window, LEFT, Qt.KeyboardModifier.NoModifier, begin)
    QTest.mouseMove(window, begin + QPoint(4, 4))
    assert taken == []  # a trembling hand drags nothing
    let_go.start()
    QTest.mouseMove(window, begin + QPoint(8, 16))
    desk.qtbot.waitUntil(lambda: taken == ["a"])
    let_go.stop()


def test_a_block_is_dropped_over_the_words_of_another(desk: Desk) -> None:
    desk.go(1)
    desk.qtbot.waitUntil(lambda: len(desk.editors()) == 2 and desk.editors()[1].isVisible())
    words = desk.editors()[1].findChild(RichEdit)
    assert isinstance(words, RichEdit)
    drop(dragged("a"), words.viewport(), QPoint(20, words.height() + 20))
    desk.becomes(desk.texts, ["Two", "One"])
    desk.becomes(lambda: [one.block.id for one in desk.editors()], ["b", "a"])
    first, second = desk.editors()
    desk.qtbot.waitUntil(lambda: first.y() < second.y())
    drop(dragged("a"), desk.screen.lesson, QPoint(20, first.y()))
    desk.becomes(desk.texts, ["One", "Two"])


def test_a_block_that_is_dropped_where_it_stands_changes_nothing(desk: Desk) -> None:
    desk.go(1)
    desk.qtbot.waitUntil(lambda: len(desk.editors()) == 2 and desk.editors()[1].isVisible())
    moved: list[str] = []
    desk.screen.lesson.moved.connect(lambda block_id, _: moved.append(block_id))
    for y in (desk.editors()[0].y(), desk.editors()[0].geometry().bottom()):
        drop(dragged("a"), desk.screen.lesson, QPoint(20, y))
    drop(dragged("of another lesson"), desk.screen.lesson, QPoint(20, 0))
    assert moved == []


def test_a_card_is_dropped_between_two_blocks_and_its_words_go_into_no_field(desk: Desk, tmp_path: Path) -> None:
    file = make_epub(tmp_path / "o.epub", [("Bank", "<p>An entangled bank, clothed with many plants.</p>")], title="O")
    desk.library.import_paths([file])
    desk.go(1)
    desk.screen.book.read_books()
    cards = desk.screen.book.cards
    desk.qtbot.waitUntil(lambda: cards.count() == 1, timeout=10_000)
    words = desk.editors()[1].findChild(RichEdit)
    assert isinstance(words, RichEdit)
    drop(cards.mimeData([cards.item(0)]), words.viewport(), QPoint(30, 2))
    desk.becomes(lambda: [block.kind for block in desk.lesson().blocks], ["text", "chapter", "text"])
    assert desk.texts()[::2] == ["One", "Two"]


def test_a_lesson_is_dropped_below_another(desk: Desk) -> None:
    tree = desk.screen.tree
    desk.go(1)
    mime = tree.model().mimeData([tree.currentIndex()])
    move, none = Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier
    for row, place, titles in (
        (2, -2, ["Second", "First", "Test"]), (1, 4, ["First", "Second", "Test"])
    ):  # fmt: skip
        rect = tree.visualItemRect(tree.item(row))
        y = rect.bottom() + place if place < 0 else rect.top() + place
        tree.dropEvent(QDropEvent(QPointF(30, y), move, mime, LEFT, none))
        desk.becomes(desk.titles, titles)
        desk.qtbot.waitUntil(lambda titles=titles: tree.item(1).text() == titles[0], timeout=5_000)


@pytest.mark.parametrize(("at_end", "scrolled"), [(True, True), (False, False)])
def test_at_the_edge_of_the_pane_a_long_lesson_scrolls(desk: Desk, at_end: bool, scrolled: bool) -> None:
    for number in range(30):
        desk.library.authoring.add_block(desk.first, TextBlock(id=f"n{number}", html=f"Words {number}"))
    desk.screen.opened.look_again()
    desk.go(1)
    desk.qtbot.waitUntil(lambda: len(desk.editors()) == 32)
    view, area = desk.screen.lesson, desk.screen._panes[desk.screen.lesson]
    bar = area.verticalScrollBar()
    desk.qtbot.waitUntil(lambda: bar.maximum() > 500)
    y = area.viewport().height() - 10 if at_end else area.viewport().height() // 2
    point = view.mapFrom(area.viewport(), QPoint(200, y))
    move, none = Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier
    mime = dragged("a")
    for event in (QDragEnterEvent(point, move, mime, LEFT, none), QDragMoveEvent(point, move, mime, LEFT, none)):
        QApplication.sendEvent(view, event)
    before = view._drop_at
    assert view._edge._timer.isActive() is scrolled
    if scrolled:
        desk.qtbot.waitUntil(lambda: bar.value() > 300, timeout=10_000)
        assert view._drop_at is not None
        assert before is not None
        assert view._drop_at > before  # the line goes along
    view._end_drop()
    assert not view._edge._timer.isActive()
