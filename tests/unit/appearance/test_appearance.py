"""One theme dresses the whole window, and another can follow at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontInfo, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from alexandria_desktop.base.errors import ProgramError
from alexandria_desktop.theme.customise import built_in, changed
from alexandria_desktop.theme.environments import environment_ids
from alexandria_desktop.theme.window import window_tokens
from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, SEMIBOLD, TextSize, page_font, window_font
from alexandria_desktop.ui.appearance.icon_names import DRAWINGS
from alexandria_desktop.ui.appearance.icons import drawing_names
from alexandria_desktop.ui.appearance.palette import make_palette
from alexandria_desktop.ui.appearance.stylesheet import style_sheet

_EVERY_ROLE = [role for role in QPalette.ColorRole if role.name not in ("NoRole", "NColorRoles")]


@pytest.mark.parametrize("name", environment_ids())
def test_a_sheet_is_filled_with_every_token(name: str, tmp_path: Path) -> None:
    sheet = style_sheet(window_tokens(built_in(name)), tmp_path)
    assert not re.search(r"@\w", sheet)
    assert sheet.count("{") == sheet.count("}")


def test_the_palette_sets_every_role_by_itself() -> None:
    palette = make_palette(window_tokens(built_in("night")))
    for role in _EVERY_ROLE:
        assert palette.isBrushSet(QPalette.ColorGroup.Active, role), role


def test_applying_a_theme_changes_palette_sheet_and_font(appearance: Appearance, qapp: QApplication) -> None:
    appearance.use(built_in("night"))
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(built_in("night").tokens.surface)
    assert built_in("night").tokens.surface in qapp.styleSheet()
    assert QFontInfo(qapp.font()).family() == "Fira Sans"
    assert qapp.font().pixelSize() == TextSize.BODY


def test_a_change_of_theme_is_told_once(appearance: Appearance, qtbot: QtBot) -> None:
    with qtbot.waitSignal(appearance.changed) as told:
        appearance.use(built_in("forest"))
    assert told.args == [built_in("forest")]
    assert appearance.theme == built_in("forest")


def test_type_for_pages_does_not_dress_the_window_anew(appearance: Appearance, qapp: QApplication) -> None:
    appearance.use(built_in("paper"))
    qapp.setStyleSheet(qapp.styleSheet() + "/* still here */")
    appearance.use(changed(built_in("paper"), size=24))
    assert qapp.styleSheet().endswith("/* still here */")
    assert appearance.theme.typography.size == 24


def test_every_icon_has_a_drawing() -> None:
    assert set(DRAWINGS.values()) <= drawing_names()


def test_an_icon_follows_the_theme_by_itself(appearance: Appearance) -> None:
    appearance.use(built_in("contrast-light"))
    icon = appearance.icon("find")
    dark = _ink(icon)
    appearance.use(built_in("contrast-dark"))
    assert _ink(icon).lightness() > 200 > 60 > dark.lightness()
    assert appearance.icon("find") is icon


def test_an_icon_that_cannot_be_used_is_fainter(appearance: Appearance) -> None:
    appearance.use(built_in("contrast-light"))
    icon = appearance.icon("find")
    assert _ink(icon, QIcon.Mode.Disabled).lightness() > _ink(icon).lightness()


def test_an_icon_is_sharp_on_a_fine_screen(appearance: Appearance) -> None:
    assert appearance.icon("find").pixmap(QSize(18, 18), 2.0).size() == QSize(36, 36)


def test_an_icon_of_an_unknown_name_is_our_mistake(appearance: Appearance) -> None:
    with pytest.raises(ProgramError):
        appearance.icon("no-such-icon")


def test_the_windows_weights_are_real_ones(appearance: Appearance) -> None:
    styles = {QFontInfo(window_font(20, weight)).styleName() for weight in (400, MEDIUM, SEMIBOLD)}
    assert styles == {"Regular", "Medium", "SemiBold"}


def test_a_page_face_in_the_window_grows_bolder_by_its_axis(appearance: Appearance) -> None:
    light, bold = page_font(40, 400), page_font(40, 700)
    tag = QFont.Tag.fromString("wght")
    assert tag is not None
    assert bold.variableAxisValue(tag) == 700
    assert light.family() == "Literata"


@pytest.mark.parametrize("make", [QPushButton, QLineEdit, QSlider])
@pytest.mark.parametrize("name", ["paper", "night", "contrast-dark"])
def test_the_focus_is_always_seen(appearance: Appearance, qtbot: QtBot, make: type[QWidget], name: str) -> None:
    appearance.use(built_in(name))
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    part, other = make(), QPushButton("other")
    column.addWidget(part)
    column.addWidget(other)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus()
    before = part.grab().toImage()
    size = part.size()
    part.setFocus()
    qtbot.waitUntil(part.hasFocus)
    after = part.grab().toImage()
    focus = QColor(built_in(name).tokens.focus).rgb()
    assert part.size() == size
    assert _count(after, focus) > _count(before, focus) + 20


def _ink(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> QColor:
    """Return the strongest colour of an icon."""
    image = icon.pixmap(QSize(64, 64), 1.0, mode).toImage()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return max((image.pixelColor(x, y) for x, y in places), key=QColor.alpha)


def _count(image: object, color: int) -> int:
    width, height = image.width(), image.height()  # type: ignore[attr-defined]
    return sum(image.pixel(x, y) == color for x in range(width) for y in range(height))  # type: ignore[attr-defined]
