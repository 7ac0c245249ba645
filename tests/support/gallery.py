"""Draw every shared widget in a theme: ``python -m tests.support.gallery FOLDER [ID…]`` (offscreen will do)."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QRadioButton,
    QSlider,
    QSpinBox,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.base.errors import Code, SurroundingsError
from alexandria_desktop.theme.customise import built_in
from alexandria_desktop.theme.environments import environments
from alexandria_desktop.ui.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, SEMIBOLD, TextSize
from alexandria_desktop.ui.appearance.icon_names import DRAWINGS
from alexandria_desktop.ui.widgets.banner import Banner, Severity
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.flow import FlowLayout
from alexandria_desktop.ui.widgets.ink_button import InkButton
from alexandria_desktop.ui.widgets.menu import Menu
from alexandria_desktop.ui.widgets.progress_line import ProgressLine
from alexandria_desktop.ui.widgets.search_field import SearchField
from alexandria_desktop.ui.widgets.segmented import Segmented
from alexandria_desktop.ui.widgets.swatch import Swatch
from alexandria_desktop.ui.widgets.toast import ToastStack


class Gallery(QWidget):
    """All shared widgets on one sheet."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.appearance = appearance
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._sidebar())
        for part in (self._first(), self._second(), self._third()):
            row.addLayout(part, 1)
        self.toasts = ToastStack(self)

    def _sidebar(self) -> QWidget:
        side = QFrame()
        side.setProperty("panel", "sidebar")
        side.setFixedWidth(200)
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 16, 8, 16)
        items = QListWidget()
        items.ensurePolished()  # a list that is asked for a row before it is polished keeps the wrong heights
        names = (("reading", "Continue"), ("library", "All books"), ("notes", "Notes"), ("course", "Courses"))
        for name, words in names:
            items.addItem(words)
            items.item(items.count() - 1).setIcon(self.appearance.icon(name, "muted"))
        items.setCurrentRow(1)
        column.addWidget(items)
        tree = QTreeWidget()
        tree.ensurePolished()
        tree.setHeaderHidden(True)
        top = QTreeWidgetItem(["Moby Dick"])
        tree.addTopLevelItem(top)
        for words in ("1 Loomings", "2 The Carpet-Bag", "3 The Spouter-Inn"):
            top.addChild(QTreeWidgetItem([words]))
        top.setExpanded(True)
        column.addWidget(tree)
        return side

    def _first(self) -> QVBoxLayout:
        look = self.appearance
        column = _column()
        for size, weight, words in (
            (TextSize.DISPLAY, SEMIBOLD, "Display 32"),
            (TextSize.TITLE, SEMIBOLD, "Title 24"),
            (TextSize.HEADING, MEDIUM, "Heading 18"),
            (TextSize.LARGE, MEDIUM, "Large 15 medium"),
            (TextSize.BODY, 400, "Body 13: The Pequod meets the Virgin, 1,204 barrels"),
            (TextSize.SMALL, 400, "Small 12: 62 % · 3 h left · p. 341 of 552"),
        ):
            label = QLabel(words)
            label.setFont(look.font(size, weight))
            column.addWidget(label)
        for tone in ("muted", "faint", "danger", "success"):
            label = QLabel(f"A line in {tone}")
            label.setProperty("tone", tone)
            column.addWidget(label)
        label = ElidedLabel(
            "Donaudampfschifffahrtsgesellschaftskapitän und andere lange Titel, die nie ganz passen werden"
        )
        column.addWidget(label)
        column.addWidget(QLabel("العربية עברית ไทย Ελληνικά Русский"))
        column.addLayout(self._buttons())
        field = SearchField(look, hint="Search books, text, notes…")
        column.addWidget(field)
        line = QLineEdit("A line of text")
        column.addWidget(line)
        disabled = QLineEdit("Not now")
        disabled.setEnabled(False)
        column.addWidget(disabled)
        note = QPlainTextEdit("Your note, in the margin, level with its words.")
        note.setFixedHeight(72)
        column.addWidget(note)
        column.addStretch(1)
        return column

    def _buttons(self) -> QGridLayout:
        look = self.appearance
        grid = QGridLayout()
        grid.setSpacing(8)
        for index, kind in enumerate(ButtonKind):
            button = make_button(f"{kind.capitalize()}", kind=kind)
            off = make_button(f"{kind.capitalize()}", kind=kind)
            off.setEnabled(False)
            grid.addWidget(button, 0, index)
            grid.addWidget(off, 1, index)
        tools = QHBoxLayout()
        for name in ("text", "find", "note", "more"):
            tools.addWidget(make_icon_button(look.icon(name), name))
        checked = make_icon_button(look.icon("grid"), "Grid")
        checked.setCheckable(True)
        checked.setChecked(True)
        tools.addWidget(checked)
        tools.addWidget(make_icon_button(look.icon("import"), "Import books", words=True))
        tools.addStretch(1)
        grid.addLayout(tools, 2, 0, 1, 5)
        return grid

    def _second(self) -> QVBoxLayout:
        look = self.appearance
        column = _column()
        kinds = Segmented([("grid", "Grid"), ("list", "List"), ("page", "Page")], name="View")
        column.addWidget(kinds)
        box = QComboBox()
        box.addItems(["Recent", "Title", "Author"])
        spin = QSpinBox()
        spin.setRange(10, 48)
        spin.setValue(18)
        row = QHBoxLayout()
        row.addWidget(box)
        row.addWidget(spin)
        row.addStretch(1)
        column.addLayout(row)
        for make in (QCheckBox, QRadioButton):
            row = QHBoxLayout()
            for state in (True, False):
                choice = make("Hyphenate")
                choice.setAutoExclusive(False)
                choice.setChecked(state)
                row.addWidget(choice)
            off = make("Not now")
            off.setEnabled(False)
            row.addWidget(off)
            row.addStretch(1)
            column.addLayout(row)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setValue(40)
        column.addWidget(slider)
        tabs = QTabWidget()
        for words in ("Contents", "Notes", "Search"):
            tabs.addTab(QLabel(f"The {words.lower()} of the book."), words)
        tabs.setFixedHeight(90)
        column.addWidget(tabs)
        line = ProgressLine(look, "Importing The Diary of Samuel Pepys")
        line.set_progress(412, 1000)
        column.addWidget(line)
        error = Banner(look)
        error.show_error(SurroundingsError(Code.STORE_FULL, "The disk is full. Your notes are kept; nothing was lost."))
        column.addWidget(error)
        for severity in (Severity.WARNING, Severity.SUCCESS, Severity.NOTE):
            banner = Banner(look)
            banner.say(f"A {severity} in one sentence.", severity=severity)
            column.addWidget(banner)
        inks = QHBoxLayout()
        inks.setSpacing(4)
        for ink in range(1, 6):
            button = InkButton(look, ink)
            button.setCheckable(True)
            button.setChecked(ink == 2)
            inks.addWidget(button)
        inks.addStretch(1)
        column.addLayout(inks)
        column.addStretch(1)
        return column

    def _third(self) -> QVBoxLayout:
        look = self.appearance
        column = _column()
        holder = QWidget()
        holder.setFixedHeight(600)
        flow = FlowLayout(holder, gap=8)
        for item in environments():
            swatch = Swatch(look, item)
            swatch.setChecked(item.id == look.theme.id)
            flow.addWidget(swatch)
        column.addWidget(holder)
        empty = EmptyState(
            look,
            icon="library",
            title="No books yet",
            sentence="Drop books here, or choose a folder that has some.",
            action="Import books",
        )
        column.addWidget(empty)
        icons = QWidget()
        small = FlowLayout(icons, gap=6)
        for name in DRAWINGS:
            label = QLabel()
            label.setPixmap(look.icon(name).pixmap(18, 18))
            small.addWidget(label)
        column.addWidget(icons)
        column.addStretch(1)
        return column


def _column() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(24, 24, 24, 24)
    column.setSpacing(12)
    return column


def _menu(parent: QWidget, appearance: Appearance) -> Menu:
    menu = Menu("Book", parent)
    menu.addAction(appearance.icon("open"), "Open").setShortcut("Return")
    menu.addAction(appearance.icon("edit"), "Edit details")
    menu.addSeparator()
    tick = menu.addAction("Show covers")
    tick.setCheckable(True)
    tick.setChecked(True)
    menu.addMenu("Add to collection")
    menu.addAction("Export notes").setEnabled(False)
    menu.addAction(appearance.icon("delete", "danger"), "Remove from library")
    return menu


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    appearance = Appearance()
    appearance.apply(app)
    suffix = f"@{app.devicePixelRatio():g}x"
    for name in sys.argv[2:] or ["paper", "sepia", "night"]:
        appearance.use(built_in(name))
        gallery = Gallery(appearance)
        gallery.resize(1440, 1120)
        gallery.show()
        gallery.findChildren(QLineEdit)[1].setFocus()
        gallery.activateWindow()
        QTest.qWaitForWindowActive(gallery)
        gallery.toasts.say("3 books removed.", undo=gallery.update)
        gallery.toasts.say("Highlight saved.")
        QTest.qWait(60)
        gallery.grab().save(str(folder / f"gallery-{name}{suffix}.png"))
        menu = _menu(gallery, appearance)
        menu.popup(gallery.mapToGlobal(gallery.rect().center()))
        QTest.qWait(60)
        menu.grab().save(str(folder / f"menu-{name}{suffix}.png"))
        menu.close()
        gallery.close()
        gallery.deleteLater()
        app.processEvents()


if __name__ == "__main__":
    main()
