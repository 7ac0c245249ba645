"""Groups of a quiz's questions: a line each, with its name and how many of it an attempt asks."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from alexandria_desktop.teach.authoring.groups import group_of, groups_of
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.menu import Menu
from sync.assessing.assessment import AssessmentDocument, Pool

NONE, NEW = "", "new"
_LONGEST = 28
"""Letters of a group's name beside a question."""


class GroupRows(QWidget):
    """All groups of a quiz; nothing to see where there are none."""

    renamed = Signal(str, str)
    """(group, title)"""
    drawn = Signal(str, int)
    """(group, how many of it are asked)"""
    removed = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.rows: dict[str, GroupRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._head = small(appearance, "Groups: of each, so many questions are drawn for every attempt.")
        self._column.addWidget(self._head)
        self.hide()

    def show_groups(self, quiz: AssessmentDocument) -> None:
        """Show the groups of a quiz; a line that stands there already stays, with the keyboard in it."""
        groups = groups_of(quiz.pools)
        there = {question.id for question in quiz.questions}
        for gone in [one for one in self.rows if one not in {pool.id for pool in groups}]:
            row = self.rows.pop(gone)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for pool in groups:
            if pool.id not in self.rows:
                self.rows[pool.id] = self._row(pool.id)
            self.rows[pool.id].show_group(pool, sum(one in there for one in pool.questions))
        self.setVisible(bool(groups))

    def _row(self, group: str) -> GroupRow:
        row = GroupRow(self._appearance)
        row.title.textEdited.connect(lambda text: self.renamed.emit(group, text))
        row.draw.valueChanged.connect(lambda value: self.drawn.emit(group, value))
        row.gone.clicked.connect(lambda: self.removed.emit(group))
        self._column.addWidget(row)
        return row


class GroupRow(QWidget):
    """One group."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.title = QLineEdit()
        self.title.setPlaceholderText("Name of the group")
        self.title.setAccessibleName("Name of the group")
        self.draw = QSpinBox()
        self.draw.setAccessibleName("How many of this group each attempt asks")
        self.draw.lineEdit().setTextMargins(6, 0, 0, 0)
        self.draw.setMinimumWidth(150)
        self.gone = make_icon_button(appearance.icon("close", "muted"), "Take the group apart; its questions stay")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.title, 1)
        row.addWidget(self.draw)
        row.addWidget(self.gone)

    def show_group(self, pool: Pool, count: int) -> None:
        """Show a group of so many questions."""
        if not self.title.hasFocus() and self.title.text() != pool.title:
            self.title.setText(pool.title)
            self.title.setCursorPosition(0)
        was = self.draw.blockSignals(True)
        self.draw.setRange(1, max(1, count, pool.draw))
        self.draw.setPrefix("asks ")
        self.draw.setSuffix(f" of {count}")
        self.draw.setValue(pool.draw)
        self.draw.blockSignals(was)


class GroupChoice(QWidget):
    """The group that a question is in, and the way into another."""

    chosen = Signal(str)
    """The group's id, ``NONE`` or ``NEW``."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._pools: tuple[Pool, ...] = ()
        self._present = NONE
        self.button = make_button("", kind=ButtonKind.QUIET, icon=appearance.icon("series", "muted"))
        self.button.setToolTip("Of a group, each attempt asks only some questions")
        self.button.clicked.connect(self.open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        self.setFocusProxy(self.button)

    def show_group(self, pools: tuple[Pool, ...], question: str) -> None:
        """Show which group a question is in."""
        inside = group_of(pools, question)
        self._pools, self._present = groups_of(pools), inside.id if inside is not None else NONE
        name = _name(inside) if inside is not None else "In no group"
        self.button.setText(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…")
        self.button.setAccessibleName(f"Group of the question: {name}")

    def open_menu(self) -> Menu:
        """Open the list of groups; a list, for in a field the arrows would make a group in passing."""
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for name, group in (("In no group", NONE), *((_name(pool), pool.id) for pool in self._pools)):
            action = menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(group == self._present)
            action.setData(group)
        menu.addSeparator()
        menu.addAction("New group").setData(NEW)
        menu.triggered.connect(lambda action: self.chosen.emit(str(action.data())))
        menu.popup(self.button.mapToGlobal(QPoint(0, self.button.height())))
        return menu


def _name(pool: Pool) -> str:
    return pool.title or "Group without a name"
