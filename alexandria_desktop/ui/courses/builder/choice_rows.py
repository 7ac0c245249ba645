"""The choices of a question: a line each, with a mark for what is right."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.teach.authoring.lines import new_id
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from sync.assessing.questions.model import Choice
from sync.assessing.rich_text import from_plain, to_plain


@dataclass(frozen=True, slots=True, eq=False)
class _Row:
    choice: Choice
    """As it was before anything was typed."""
    holder: QWidget
    mark: QAbstractButton
    line: QLineEdit


class ChoiceRows(QWidget):
    """All choices of one question."""

    changed = Signal(object, object)
    """(tuple of Choice, tuple of the ids of what is right)"""

    def __init__(
        self, appearance: Appearance, choices: tuple[Choice, ...], right: frozenset[str], *, is_single: bool
    ) -> None:
        super().__init__()
        self._appearance = appearance
        self._is_single = is_single
        self._rows: list[_Row] = []
        self._marks = QButtonGroup(self)
        self._marks.setExclusive(is_single)
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        more = make_button("Add a choice", kind=ButtonKind.QUIET, icon=appearance.icon("add", "muted"))
        more.clicked.connect(self._add_empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._column)
        column.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        for choice in choices:
            self._add(choice, is_right=choice.id in right)

    def _add(self, choice: Choice, *, is_right: bool = False) -> _Row:
        mark: QAbstractButton = QRadioButton() if self._is_single else QCheckBox()
        mark.setAccessibleName("This is right")
        mark.setToolTip("This is right")
        mark.setChecked(is_right)
        self._marks.addButton(mark)
        line = QLineEdit(to_plain(choice.text))
        line.setPlaceholderText("A choice")
        line.setAccessibleName("Choice")
        gone = make_icon_button(self._appearance.icon("close", "muted"), "Take this choice away")
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (mark, line, gone):
            row.addWidget(part, 1 if part is line else 0)
        self._column.addWidget(holder)
        made = _Row(choice, holder, mark, line)
        self._rows.append(made)
        mark.clicked.connect(self._tell)
        line.textEdited.connect(self._tell)
        line.returnPressed.connect(self._add_empty)
        gone.clicked.connect(lambda: self._drop(made))
        return made

    def _add_empty(self) -> None:
        self._add(Choice(id=new_id())).line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    def _drop(self, row: _Row) -> None:
        self._rows.remove(row)
        self._marks.removeButton(row.mark)
        row.holder.hide()
        row.holder.deleteLater()
        self._tell()

    def _tell(self, *_: object) -> None:
        right = tuple(row.choice.id for row in self._rows if row.mark.isChecked())
        self.changed.emit(tuple(_typed(row.choice, row.line.text()) for row in self._rows), right)


def _typed(choice: Choice, text: str) -> Choice:
    """Return a choice with what was typed; its markup stays where it reads as before."""
    return choice if to_plain(choice.text) == text else replace(choice, text=from_plain(text))
