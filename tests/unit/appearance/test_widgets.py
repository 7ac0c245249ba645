"""The shared widgets do what they promise, with mouse and keyboard, seen and read out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.widgets import toast as toast_module
from alexandria_desktop.ui.widgets.banner import Banner
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.flow import FlowLayout
from alexandria_desktop.ui.widgets.ink_button import InkButton
from alexandria_desktop.ui.widgets.progress_line import ProgressLine
from alexandria_desktop.ui.widgets.search_field import SearchField
from alexandria_desktop.ui.widgets.segmented import Segmented
from alexandria_desktop.ui.widgets.swatch import Swatch
from alexandria_desktop.ui.widgets.toast import MOST, Toast, ToastStack

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot, appearance: Appearance) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(800, 600)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


def test_undo_undoes_and_the_toast_goes(window: QWidget, qtbot: QtBot) -> None:
    undone: list[str] = []
    stack = ToastStack(window)
    toast = stack.say("3 books removed.", undo=lambda: undone.append("books"))
    qtbot.waitUntil(toast.button.isVisible)
    qtbot.mouseClick(toast.button, LEFT)
    assert undone == ["books"]
    assert stack.toasts() == ()
    assert not stack.isVisible()


def test_a_toast_goes_by_itself_and_undoes_nothing(
    window: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toast_module, "LASTS_MS", 10)
    undone: list[str] = []
    stack = ToastStack(window)
    stack.say("3 books removed.", undo=lambda: undone.append("books"))
    qtbot.waitUntil(lambda: stack.toasts() == ())
    assert undone == []


def test_a_toast_lasts_eight_seconds() -> None:
    assert toast_module.LASTS_MS == 8000


def test_the_keyboard_reaches_undo_and_holds_the_clock(window: QWidget, qtbot: QtBot) -> None:
    stack = ToastStack(window)
    toast = stack.say("3 books removed.", undo=window.update)
    qtbot.waitUntil(toast.button.isVisible)
    assert not toast.is_waiting()
    assert stack.focus_newest()
    qtbot.waitUntil(toast.is_waiting)
    qtbot.keyClick(toast.button, Qt.Key.Key_Escape)
    assert stack.toasts() == ()


def test_only_a_few_toasts_stand_and_the_oldest_goes(window: QWidget) -> None:
    stack = ToastStack(window)
    toasts: list[Toast] = [stack.say(f"message {number}") for number in range(MOST + 2)]
    assert stack.toasts() == tuple(toasts[-MOST:])


def test_toasts_keep_to_the_foot_of_the_window(window: QWidget, qtbot: QtBot) -> None:
    stack = ToastStack(window)
    stack.say("Saved.")
    window.resize(900, 700)
    qtbot.waitUntil(lambda: stack.geometry().bottom() in range(680, 700))
    assert abs(stack.geometry().center().x() - 450) <= 1


def test_an_empty_state_says_one_thing_and_offers_one(appearance: Appearance, qtbot: QtBot) -> None:
    state = EmptyState(appearance, icon="library", sentence="No books yet.", action="Import books")
    qtbot.addWidget(state)
    state.show()
    with qtbot.waitSignal(state.activated):
        qtbot.mouseClick(state.button, LEFT)
    assert state.accessibleName() == "No books yet."


def test_an_error_shows_sentence_and_code_and_can_be_tried_again(appearance: Appearance, qtbot: QtBot) -> None:
    banner = Banner(appearance)
    qtbot.addWidget(banner)
    banner.show_error(SurroundingsError(Code.STORE_FULL, "The disk is full."))
    shown = {label.text() for label in banner.findChildren(QLabel)}
    assert {"The disk is full.", "store.disk-full"} <= shown
    with qtbot.waitSignal(banner.retried):
        qtbot.mouseClick(banner.retry, LEFT)
    assert not banner.isVisible()


def test_markup_in_a_title_is_shown_as_it_is(appearance: Appearance, qtbot: QtBot) -> None:
    banner = Banner(appearance)
    qtbot.addWidget(banner)
    banner.say("<b>Moby</b> is damaged.")
    label = next(item for item in banner.findChildren(QLabel) if "Moby" in item.text())
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_progress_counts_and_stops_once(appearance: Appearance, qtbot: QtBot) -> None:
    line = ProgressLine(appearance, "Importing books")
    qtbot.addWidget(line)
    line.show()
    line.set_progress(412, 1000)
    assert line.bar.value() == 412
    assert "412 of 1,000" in {label.text() for label in line.findChildren(QLabel)}
    with qtbot.waitSignal(line.cancelled):
        qtbot.mouseClick(line.cancel, LEFT)
    assert not line.cancel.isEnabled()


def test_arrow_keys_move_a_choice_and_say_so(window: QWidget, qtbot: QtBot) -> None:
    choice = Segmented([("grid", "Grid"), ("list", "List"), ("page", "Page")], name="View")
    choice.setParent(window)
    choice.show()
    with qtbot.waitSignal(choice.chosen) as told:
        qtbot.keyClick(choice, Qt.Key.Key_Right)
    assert told.args == ["list"]
    assert choice.choice() == "list"
    with qtbot.assertNotEmitted(choice.chosen):
        choice.choose("page")
        qtbot.keyClick(choice, Qt.Key.Key_Right)


def test_a_search_waits_for_the_typing_to_rest(appearance: Appearance, qtbot: QtBot) -> None:
    field = SearchField(appearance, hint="Search books")
    qtbot.addWidget(field)
    searched: list[str] = []
    field.searched.connect(searched.append)
    qtbot.keyClicks(field, "whale")
    qtbot.waitUntil(lambda: searched == ["whale"])
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert searched == ["whale"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert searched == ["whale", ""]
    with qtbot.waitSignal(field.left):
        qtbot.keyClick(field, Qt.Key.Key_Escape)


def test_what_is_cut_is_told_in_the_tip(appearance: Appearance, qtbot: QtBot) -> None:
    title = "Donaudampfschifffahrtsgesellschaftskapitän"
    label = ElidedLabel(title)
    qtbot.addWidget(label)
    label.resize(100, 20)
    label.show()
    assert label.shown_text().endswith("…")
    assert label.toolTip() == title
    label.resize(600, 20)
    qtbot.waitUntil(lambda: label.toolTip() == "")


def test_a_flow_wraps_without_overlap(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=8)
    parts = [QLabel("x") for _ in range(5)]
    for part in parts:
        part.setFixedSize(90, 20)
        flow.addWidget(part)
    holder.resize(300, 200)
    holder.show()
    qtbot.waitUntil(lambda: parts[4].geometry() == QRect(98, 28, 90, 20))
    assert flow.heightForWidth(300) == 48
    assert flow.heightForWidth(500) == 20


def test_a_swatch_is_named_and_chosen_from_the_keyboard(window: QWidget, appearance: Appearance, qtbot: QtBot) -> None:
    swatch = Swatch(appearance, built_in("sepia"), parent=window)
    swatch.show()
    qtbot.keyClick(swatch, Qt.Key.Key_Space)
    assert swatch.isChecked()
    assert swatch.accessibleName() == "Theme Sepia"
    middle = swatch.grab().toImage().pixelColor(10, 12)
    assert middle.name() == built_in("sepia").tokens.surface


def test_an_ink_is_named_and_painted_in_its_colour(window: QWidget, appearance: Appearance) -> None:
    button = InkButton(appearance, 3, parent=window)
    button.resize(button.sizeHint())
    assert button.accessibleName() == "Highlight in blue"
    assert button.grab().toImage().pixelColor(14, 14).name() == appearance.theme.tokens.ink_3


def test_every_button_without_words_has_a_name(appearance: Appearance, qtbot: QtBot) -> None:
    banner, line = Banner(appearance), ProgressLine(appearance)
    qtbot.addWidget(banner)
    qtbot.addWidget(line)
    assert banner.close_button.accessibleName() == "Close this message"
    assert line.cancel.accessibleName() == "Stop"
    assert QApplication.instance() is not None
