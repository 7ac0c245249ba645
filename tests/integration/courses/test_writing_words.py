"""Words are set by the bar and by keys; links lead only where they may; nothing is lost by being edited."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.builder.format_bar import FormatBar
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from sync.assessing.rich_text import sanitised
from tests.support.desk import Desk

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
ALL = (
    "<h2>On <em>moths</em></h2><p>A <strong>bold</strong> <a href=\"https://example.org/a?b=c&amp;d=e\">link</a>, "
    "H<sub>2</sub>O, x<sup>2</sup>, <code>code</code>.<br/>A line.</p><h3>Smaller</h3><h4>Smallest</h4>"
    "<blockquote><p>Quoted.</p><p>Again.</p><blockquote><p>Deeper.</p></blockquote><ul><li>In it</li></ul></blockquote>"
    "<ul><li>one<ol><li>first</li><li>second<ul><li>deep</li></ul></li></ol></li>"
    "<li><p>two</p><p>goes on</p></li></ul><ol><li>three</li></ol><pre>a  b\n c</pre><p>End.</p>"
)  # fmt: skip


@pytest.fixture
def edit(look: Appearance, qtbot: QtBot) -> RichEdit:
    made = RichEdit(look, "one two three", "Words")
    qtbot.addWidget(made)
    made.show()
    return made


def choose(edit: RichEdit, words: str) -> None:
    cursor = edit.document().find(words)
    assert not cursor.isNull()
    edit.setTextCursor(cursor)


def to_end(edit: RichEdit) -> None:
    edit.moveCursor(QTextCursor.MoveOperation.End)


def test_all_that_words_can_be_is_still_there_after_editing(edit: RichEdit) -> None:
    assert sanitised(ALL) == ALL
    edit.show_html(ALL)
    assert edit.html() == ALL
    to_end(edit)
    QTest.keyClicks(edit, " More")
    assert edit.html() == ALL.replace("End.", "End. More")


@pytest.mark.parametrize(
    ("key", "held", "html"),
    [
        (Qt.Key.Key_B, CONTROL, "one <strong>two</strong> three"),
        (Qt.Key.Key_I, CONTROL, "one <em>two</em> three"),
        (Qt.Key.Key_1, CONTROL | ALT, "<h2>one two three</h2>"),
        (Qt.Key.Key_3, CONTROL | ALT, "<h4>one two three</h4>"),
        (Qt.Key.Key_7, CONTROL | SHIFT, "<ol><li>one two three</li></ol>"),
        (Qt.Key.Key_8, CONTROL | SHIFT, "<ul><li>one two three</li></ul>"),
        (Qt.Key.Key_9, CONTROL | SHIFT, "<blockquote><p>one two three</p></blockquote>"),
    ],
)
def test_a_key_marks_words_and_ctrl_space_takes_the_mark_away(
    edit: RichEdit, key: Qt.Key, held: Qt.KeyboardModifier, html: str
) -> None:
    choose(edit, "two")
    QTest.keyClick(edit, key, held)
    assert edit.html() == html
    QTest.keyClick(edit, Qt.Key.Key_Space, CONTROL)
    assert edit.html() == "one two three"


def test_a_mark_set_twice_is_gone(edit: RichEdit) -> None:
    edit.show_html("<p>one</p><p>two</p>")
    edit.selectAll()
    for mark in (edit.toggle_quotation, edit.toggle_list, edit.toggle_strong, edit.toggle_emphasis):
        mark()
        assert edit.html() != "<p>one</p><p>two</p>"
        mark()
        assert edit.html() == "<p>one</p><p>two</p>"


def test_a_heading_is_set_on_all_chosen_lines(edit: RichEdit) -> None:
    edit.show_html("<p>one</p><p>two</p><p>three</p>")
    edit.moveCursor(QTextCursor.MoveOperation.Start)
    edit.moveCursor(QTextCursor.MoveOperation.Down, QTextCursor.MoveMode.KeepAnchor)
    edit.set_heading(3)
    assert edit.html() == "<h3>one</h3><h3>two</h3><p>three</p>"
    edit.set_heading(0)
    assert edit.html() == "<p>one</p><p>two</p><p>three</p>"


def test_an_address_that_is_pasted_over_words_is_where_they_lead(edit: RichEdit) -> None:
    mime = QMimeData()
    mime.setText("https://example.org/moths")
    choose(edit, "two")
    edit.insertFromMimeData(mime)
    assert edit.html() == 'one <a href="https://example.org/moths">two</a> three'
    to_end(edit)
    edit.insertFromMimeData(mime)
    QTest.keyClicks(edit, " on")
    assert edit.html().endswith(' three<a href="https://example.org/moths">https://example.org/moths</a> on')


def test_what_is_pasted_from_a_page_brings_no_hostile_link(edit: RichEdit) -> None:
    mime = QMimeData()
    mime.setHtml('<p onclick="x()">Read <a href="javascript:x()">this</a><script>x()</script></p>')
    edit.selectAll()
    edit.insertFromMimeData(mime)
    assert edit.html() == "Read this"


def bar_of(desk: Desk) -> tuple[FormatBar, RichEdit]:
    desk.go(1)
    edit = desk.editors()[0].findChild(RichEdit)
    assert isinstance(edit, RichEdit)
    desk.focus(edit)
    return desk.screen.format, edit


def test_the_bar_acts_on_the_field_with_the_keyboard_and_says_what_its_words_are(desk: Desk) -> None:
    bar, edit = bar_of(desk)
    choose(edit, "One")
    bar._marks["bold"].click()
    desk.becomes(desk.texts, ["<strong>One</strong>", "Two"])
    assert bar._marks["bold"].isChecked()
    assert edit.hasFocus()
    desk.focus(desk.screen.tree)
    assert not bar._marks["bold"].isEnabled()


def test_a_link_is_typed_checked_and_taken_away_by_keyboard(desk: Desk) -> None:
    bar, edit = bar_of(desk)
    choose(edit, "One")
    QTest.keyClick(edit, Qt.Key.Key_K, CONTROL)
    assert bar.link.line.hasFocus()
    QTest.keyClicks(bar.link.line, "javascript:x")
    QTest.keyClick(bar.link.line, Qt.Key.Key_Return)
    assert bar.link.line.hasFocus()  # it says that this is none
    bar.link.line.clear()
    QTest.keyClicks(bar.link.line, "example.org")
    QTest.keyClick(bar.link.line, Qt.Key.Key_Return)
    linked = '<a href="https://example.org">One</a>'
    desk.becomes(desk.texts, [linked, "Two"])
    assert edit.hasFocus()
    QTest.keyClick(edit, Qt.Key.Key_End)
    QTest.keyClicks(edit, " more")
    desk.becomes(desk.texts, [f"{linked} more", "Two"])
    QTest.keyClick(edit, Qt.Key.Key_Home)
    QTest.keyClick(edit, Qt.Key.Key_K, CONTROL)
    QTest.keyClick(bar.link.line, Qt.Key.Key_Escape)
    assert edit.hasFocus()
    bar.ask_for_link()
    bar.link.gone.click()
    desk.becomes(desk.texts, ["One more", "Two"])


def test_without_chosen_words_ctrl_k_still_opens_the_finder(desk: Desk) -> None:
    _, edit = bar_of(desk)
    QTest.keyClick(edit, Qt.Key.Key_K, CONTROL)
    desk.qtbot.waitUntil(desk.session.window._finder_is_open)


def test_what_students_are_told_before_a_quiz_is_written_in_the_builder(desk: Desk) -> None:
    desk.go(4)
    desk.focus(desk.screen.quiz.told_first)
    QTest.keyClicks(desk.screen.quiz.told_first, "Take your time")
    desk.becomes(lambda: desk.library.courses.document(desk.course).assessments[0].instructions, "Take your time")
