"""The class as rows and columns: students down, lessons and assessments across."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from alexandria_desktop.store.sorting import title_key
from alexandria_desktop.teach.judging.class_table import Cell, ClassTable, Score, Step
from alexandria_desktop.ui.appearance.appearance import Appearance

_Index = QModelIndex | QPersistentModelIndex
_FIXED = 4
"""Columns before the lessons: name, where one is stuck, lessons done, time."""
_STEPS = {
    Step.COMPLETED: ("done", "success", "Done"),
    Step.IN_PROGRESS: ("reading", "accent", "Begun"),
    Step.FAILED: ("clear", "danger", "Not passed"),
    Step.NOT_STARTED: ("", "", ""),
}
SORT = Qt.ItemDataRole.UserRole


class ClassModel(QAbstractTableModel):
    """One course's class."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._table = ClassTable()
        self._now = datetime.min

    def show(self, table: ClassTable, now: datetime) -> None:
        """Show another state of the class."""
        self.beginResetModel()
        self._table, self._now = table, now
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many students there are."""
        return 0 if parent is not None and parent.isValid() else len(self._table.students)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Return how many columns there are."""
        if parent is not None and parent.isValid():
            return 0
        return _FIXED + len(self._table.lessons) + len(self._table.assessments)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the title of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        titles = ["Student", "Stuck in", "Done", "Time"]
        titles += [f"{number}. {one.title}" for number, one in enumerate(self._table.lessons, 1)]
        titles += [one.title or "Questions" for one in self._table.assessments]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what stands in a cell."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(index)
        if role == SORT:
            return self._sorted_by(index)
        if role == Qt.ItemDataRole.DecorationRole:
            icon, token, _ = _STEPS[self._cell(index).step] if self._is_lesson(index) else ("", "", "")
            return self._appearance.icon(icon, token) if icon else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._words(index)
        return None

    def _is_lesson(self, index: _Index) -> bool:
        return _FIXED <= index.column() < _FIXED + len(self._table.lessons)

    def _cell(self, index: _Index) -> Cell:
        lesson = self._table.lessons[index.column() - _FIXED]
        return self._table.students[index.row()].lessons.get(lesson.id, Cell())

    def _score(self, index: _Index) -> Score:
        assessment = self._table.assessments[index.column() - _FIXED - len(self._table.lessons)]
        return self._table.students[index.row()].scores.get(assessment.id, Score())

    def _words(self, index: _Index) -> str:
        row = self._table.students[index.row()]
        match index.column():
            case 0:
                return row.name or "A student without a name"
            case 1:
                titles = {one.id: one.title for one in (*self._table.lessons, *self._table.assessments)}
                return ", ".join(titles.get(one, "") for one in row.stuck_in(self._now))
            case 2:
                return f"{row.done()} of {len(self._table.lessons)}"
            case 3:
                return _time(row.seconds())
        if self._is_lesson(index):
            return _STEPS[self._cell(index).step][2]
        return _score_words(self._score(index))

    def _sorted_by(self, index: _Index) -> Any:
        row = self._table.students[index.row()]
        match index.column():
            case 0:
                return title_key(row.name, "")
            case 1:
                return len(row.stuck_in(self._now))
            case 2:
                return row.done()
            case 3:
                return row.seconds()
        if self._is_lesson(index):
            return list(Step).index(self._cell(index).step)
        best = self._score(index).best
        return -1.0 if best is None else best


def _score_words(score: Score) -> str:
    if score.best is None:
        return "To grade" if score.waiting else ""
    tried = f", {score.tried} attempts" if score.tried > 1 else ""
    return f"{score.best:.0f} %{tried}"


def _time(seconds: int) -> str:
    minutes = round(seconds / 60)
    return "" if not minutes else f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"
