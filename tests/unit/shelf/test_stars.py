"""Stars are given by keys and by the pointer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.shelf.stars import Stars


def test_digits_arrows_and_delete_change_the_rating(appearance: Appearance, qtbot: QtBot) -> None:
    stars = Stars(appearance)
    qtbot.addWidget(stars)
    qtbot.keyClick(stars, Qt.Key.Key_4)
    assert stars.rating == 4
    qtbot.keyClick(stars, Qt.Key.Key_Right)
    qtbot.keyClick(stars, Qt.Key.Key_Right)
    assert stars.rating == 5
    assert stars.accessibleName() == "Rating: 5 of 5 stars"
    qtbot.keyClick(stars, Qt.Key.Key_Delete)
    assert stars.rating == 0


def test_a_second_click_on_a_star_takes_the_rating_away(appearance: Appearance, qtbot: QtBot) -> None:
    stars = Stars(appearance)
    qtbot.addWidget(stars)
    stars.resize(stars.sizeHint())
    third = QPoint(60, 16)
    qtbot.mouseClick(stars, Qt.MouseButton.LeftButton, pos=third)
    assert stars.rating == 3
    qtbot.mouseClick(stars, Qt.MouseButton.LeftButton, pos=third)
    assert stars.rating == 0
