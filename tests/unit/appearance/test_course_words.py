"""Words of a course keep what they say, and whether they are seen, whatever becomes of the theme."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.words import Words, plain_words


def test_a_change_of_theme_changes_colours_only(qtbot: QtBot) -> None:
    appearance = Appearance(built_in("paper"))
    room = QWidget()
    qtbot.addWidget(room)
    column = QVBoxLayout(room)
    shown, folded, plain, empty = (
        Words(appearance, 'See <a href="https://example.org">there</a>.'),
        Words(appearance, "Folded away."),
        plain_words(appearance, "a < b, as it is written"),
        Words(appearance),
    )
    for words in (shown, folded, plain, empty):
        column.addWidget(words)
    folded.hide()
    room.show()
    before = shown.text()
    appearance.use(built_in("night"))
    assert shown.text() != before, "links take the colour of the theme"
    assert [words.isVisible() for words in (shown, folded, plain, empty)] == [True, False, True, False]
    assert plain.text() == "a < b, as it is written"


def test_words_are_no_window_before_they_have_a_place(qtbot: QtBot) -> None:
    appearance = Appearance(built_in("paper"))
    words = Words(appearance, "Not yet.")
    qtbot.addWidget(words)
    words.say("Nor now.")
    assert not words.isVisible()
