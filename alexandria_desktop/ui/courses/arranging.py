"""Questions that are answered by arranging: putting in order, and filling the gaps of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import page_font
from alexandria_desktop.ui.courses.control import Control, choice_box, choose
from alexandria_desktop.ui.courses.words import READING
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.flow import FlowLayout
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Answer, Filled, Ordered
from sync.assessing.rich_text import to_plain

_GAP = re.compile(r"\[\[([^\[\]]+)\]\]")
_GLUED = re.compile(r"(?:\[\[[^\[\]]+\]\]|\S)+")


class Sequence(Control):
    """A list whose items are moved by drag, by Alt with the arrows, or by its two buttons."""

    def __init__(self, appearance: Appearance, question: q.Ordering) -> None:
        super().__init__()
        self._shown = [item.id for item in question.items]
        self._words = {item.id: to_plain(item.text) for item in question.items}
        self._list = QListWidget()
        self._list.setAccessibleName("Put in order; Alt with the arrow keys moves an item")
        self._list.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self._list.setFont(page_font(READING))
        self._list.setSpacing(2)
        self._list.setWordWrap(True)
        self._list.installEventFilter(self)
        self._list.model().rowsMoved.connect(self._tell)
        up = make_icon_button(appearance.icon("arrow-up"), "Move up")
        down = make_icon_button(appearance.icon("arrow-down"), "Move down")
        up.clicked.connect(lambda: self._move(-1))
        down.clicked.connect(lambda: self._move(1))
        buttons = QVBoxLayout()
        buttons.addWidget(up)
        buttons.addWidget(down)
        buttons.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._list, 1)
        row.addLayout(buttons)
        self.keep = make_button("Keep this order", kind=ButtonKind.LINK)
        self.keep.setToolTip("The order that is shown is your answer")
        self.keep.clicked.connect(self._tell)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignLeft)
        self._fill(self._shown)

    def set_answer(self, answer: Answer | None) -> None:
        """Show the order that was chosen."""
        order = list(answer.order) if isinstance(answer, Ordered) else self._shown
        self._fill(order if sorted(order) == sorted(self._shown) else self._shown)
        self.keep.setVisible(answer is None)

    def take_focus(self) -> None:
        """Put the keyboard in the list."""
        self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Alt with an arrow moves the item."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._move(step)
                return True
        return super().eventFilter(watched, event)

    def _fill(self, order: Iterable[str]) -> None:
        self._list.clear()
        for name in order:
            item = QListWidgetItem(self._words[name])
            item.setData(Qt.ItemDataRole.UserRole, name)
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.setFixedHeight(
            min(420, 12 + sum(self._list.sizeHintForRow(row) + 4 for row in range(len(self._shown))))
        )

    def _move(self, step: int) -> None:
        row = self._list.currentRow()
        to = row + step
        if 0 <= row < self._list.count() and 0 <= to < self._list.count():
            self._list.insertItem(to, self._list.takeItem(row))
            self._list.setCurrentRow(to)
            self._tell()

    def _tell(self, *_: object) -> None:
        self.keep.hide()
        names = [self._list.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self._list.count())]
        self.changed.emit(Ordered(tuple(names)))


class Gaps(Control):
    """The prompt's own words with fields between them."""

    def __init__(self, question: q.Cloze) -> None:
        super().__init__()
        self._fields: dict[str, QLineEdit | QComboBox] = {}
        font = page_font(READING)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        gaps = {gap.id: gap for gap in question.gaps}
        for paragraph in to_plain(question.prompt).split("\n"):
            line = QWidget()
            flow = FlowLayout(line, gap=6)
            for word in _GLUED.findall(paragraph):
                flow.addWidget(self._word(word, gaps, font))
            column.addWidget(line)

    def set_answer(self, answer: Answer | None) -> None:
        """Show what was filled in."""
        filled = answer.gaps if isinstance(answer, Filled) else {}
        for name, field in self._fields.items():
            if isinstance(field, QComboBox):
                choose(field, filled.get(name, ""))
            else:
                field.setText(filled.get(name, ""))

    def take_focus(self) -> None:
        """Put the keyboard in the first gap."""
        next(iter(self._fields.values()), self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _word(self, word: str, gaps: Mapping[str, q.Gap], font: QFont) -> QWidget:
        """Return what stands between two spaces: a comma stays with the gap before it."""
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        for place, piece in enumerate(_GAP.split(word)):
            if place % 2 and piece in gaps:
                row.addWidget(self._field(gaps[piece], len(self._fields) + 1))
            elif piece:
                label = QLabel(piece)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setFont(font)
                label.setMinimumHeight(32)
                row.addWidget(label)
        return whole

    def _field(self, gap: q.Gap, number: int) -> QWidget:
        name = f"Gap {number}"
        if gap.kind == "choice":
            box = choice_box(gap.choices, name)
            box.currentIndexChanged.connect(self._tell)
            self._fields[gap.id] = box
            return box
        edit = QLineEdit()
        edit.setAccessibleName(name)
        edit.setFixedWidth(84 if gap.kind == "number" else 150)
        edit.textEdited.connect(self._tell)
        self._fields[gap.id] = edit
        return edit

    def _tell(self) -> None:
        filled = {
            name: str(field.currentData() or "") if isinstance(field, QComboBox) else field.text()
            for name, field in self._fields.items()
        }
        given = {name: text for name, text in filled.items() if text.strip()}
        self.changed.emit(Filled(given) if given else None)
