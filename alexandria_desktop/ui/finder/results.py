"""What the finder lists: groups of commands, books, passages and notes in one model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from sync.places.locator import Locator

_Index = QModelIndex | QPersistentModelIndex


class Kind(StrEnum):
    """What a line stands for."""

    COMMANDS = "Commands"
    BOOKS = "Books"
    PASSAGES = "Passages"
    NOTES = "Notes"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the finder."""

    kind: Kind
    title: str
    """What it is: a book's title, a command's words."""
    detail: str = ""
    """Beside the title: an author, a chapter, the keys of a command."""
    line: str = ""
    """Below it: the passage or the note."""
    marks: tuple[tuple[int, int], ...] = ()
    """Ranges of ``line`` that were looked for."""
    book_id: UUID | None = None
    locator: Locator | None = None
    command: str = ""
    surroundings: tuple[str, str, str] = ("", "", "")
    """The text before the words, the words, and the text after."""


class ResultsModel(QAbstractListModel):
    """Results in order; the first of each kind carries its heading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results: tuple[Result, ...] = ()

    def set_results(self, results: Sequence[Result]) -> None:
        """Show these."""
        self.beginResetModel()
        self.results = tuple(results)
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Return how many lines there are."""
        return 0 if parent is not None and parent.isValid() else len(self.results)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a result, or its words for a screen reader."""
        result = self.results[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{result.kind}: {result.title}. {result.detail}. {result.line}"
        return result if role == Qt.ItemDataRole.UserRole else None

    def begins_group(self, row: int) -> bool:
        """Whether a line is the first of its kind."""
        return row == 0 or self.results[row].kind is not self.results[row - 1].kind
