"""Find in the open book: what the line says is so, and nothing is looked for once it is closed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.exceptions import TimeoutError as Waited

from tests.integration.reader_flow.conftest import Window

pytestmark = pytest.mark.web


def said(window: Window) -> str:
    label = window.reader.find_bar.findChild(QLabel)
    assert isinstance(label, QLabel)
    return label.text()


def type_words(window: Window, words: str) -> None:
    window.reader.do("find")
    QTest.keyClicks(window.reader.find_bar.field, words)


def test_the_line_that_is_opened_again_looks_for_its_words_again(window: Window) -> None:
    type_words(window, "lantern")
    window.wait(lambda: said(window).isdigit())
    number = said(window)
    QTest.keyClick(window.reader.find_bar.field, Qt.Key.Key_Escape)
    window.reader.do("find")
    window.wait(lambda: said(window) == number)
    QTest.keyClick(window.reader.find_bar.field, Qt.Key.Key_Return)
    window.wait(lambda: said(window) == f"1 of {number}")


def test_words_are_not_looked_for_once_the_line_is_closed(window: Window) -> None:
    type_words(window, "lantern")
    QTest.keyClick(window.reader.find_bar.field, Qt.Key.Key_Escape)
    assert window.reader.find_bar.isHidden()
    with pytest.raises(Waited):
        window.qtbot.waitUntil(lambda: bool(window.surface._finder._hits), timeout=600)
