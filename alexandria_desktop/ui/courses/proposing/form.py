"""What a proposal is to be made from: books, objectives, how long a lesson is and how much it asks."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.store.book_rows import BookRow, Order
from alexandria_desktop.text.fold import fold
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.shelf.wording import authors_line
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.search_field import SearchField

_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for."""

    books: tuple[UUID, ...]
    objectives: tuple[str, ...]
    minutes: int
    questions: int
    lessons: int
    """For each objective, at most."""


class ProposalForm(QWidget):
    """The first page of the sheet."""

    wanted = Signal(object)
    """(Wanted)"""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        look = context.appearance
        self.field = SearchField(look, hint="Find books by title or author")
        self.field.textChanged.connect(self._filter)
        self.books = QListWidget()
        self.books.setAccessibleName("Books to propose from; Space chooses one")
        self.books.itemChanged.connect(self._tell)
        self.count = small(look)
        self.objectives = QPlainTextEdit()
        self.objectives.setAccessibleName("Objectives, one a line")
        self.objectives.setPlaceholderText(
            "What students can do afterwards, one a line:\nExplain what natural selection is"
        )
        self.objectives.setTabChangesFocus(True)
        self.objectives.textChanged.connect(self._tell)
        self.minutes = _number(5, 90, 20, " min", "Minutes of a lesson")
        self.questions = _number(0, 12, 4, "", "Questions of a lesson")
        self.lessons = _number(1, 8, 3, "", "Lessons for each objective, at most")
        self.hint = small(look)
        self.go = make_button("Propose", kind=ButtonKind.PRIMARY)
        self.go.clicked.connect(self._on_go)
        self._lay_out()
        self._tell()

    def _lay_out(self) -> None:
        look = self._context.appearance
        columns = QHBoxLayout()
        columns.setSpacing(24)
        shelf, asked = QVBoxLayout(), QVBoxLayout()
        for column, words in ((shelf, "From these books"), (asked, "For these objectives")):
            column.setSpacing(8)
            title = QLabel(words)
            title.setFont(look.font(TextSize.LARGE, MEDIUM))
            column.addWidget(title)
            columns.addLayout(column, 1)
        shelf.addWidget(self.field)
        shelf.addWidget(self.books, 1)
        shelf.addWidget(self.count)
        asked.addWidget(self.objectives, 1)
        asked.addLayout(_row(("Minutes of a lesson", self.minutes), ("Questions", self.questions)))
        asked.addLayout(_row(("Lessons for each objective, at most", self.lessons)))
        foot = QHBoxLayout()
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.go)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 24, 20)
        whole.setSpacing(16)
        whole.addLayout(columns, 1)
        whole.addLayout(foot)

    def begin(self, objectives: tuple[str, ...], beside: UUID | None) -> None:
        """Begin with a course's objectives, and the book beside the lesson chosen."""
        if not self.objectives.toPlainText().strip():
            self.objectives.setPlainText("\n".join(objectives))
        shelf = self._context.library.shelf
        self._context.tasks.run(
            lambda: shelf.books(order=Order.OPENED, descending=True), lambda rows: self._on_books(rows, beside)
        )
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def chosen(self) -> tuple[UUID, ...]:
        """Return the books that are chosen, in the order of the list."""
        items = (self.books.item(row) for row in range(self.books.count()))
        return tuple(item.data(_ROLE) for item in items if item.checkState() is Qt.CheckState.Checked)

    def goals(self) -> tuple[str, ...]:
        """Return the objectives that were typed."""
        return tuple(line.strip() for line in self.objectives.toPlainText().splitlines() if line.strip())

    def _on_books(self, rows: list[BookRow], beside: UUID | None) -> None:
        known = set(self.chosen()) or ({beside} if beside is not None else set())
        was = self.books.blockSignals(True)
        self.books.clear()
        for row in rows:
            item = QListWidgetItem(" · ".join(part for part in (row.title, authors_line(row)) if part))
            item.setData(_ROLE, row.id)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if row.id in known else Qt.CheckState.Unchecked)
            item.setToolTip(item.text())
            self.books.addItem(item)
        self.books.setCurrentRow(0)
        self.books.blockSignals(was)
        self._filter(self.field.text())
        self._tell()

    def _filter(self, typed: str) -> None:
        words = fold(typed).split()
        for row in range(self.books.count()):
            item = self.books.item(row)
            item.setHidden(not all(word in fold(item.text()) for word in words))

    def _tell(self, _: object = None) -> None:
        books, goals = len(self.chosen()), len(self.goals())
        self.count.setText("No book is chosen." if not books else "1 book" if books == 1 else f"{books} books")
        missing = [words for has, words in ((books, "a book"), (goals, "an objective")) if not has]
        none = not self.books.count()
        self.hint.setText(
            "Import a book first."
            if none
            else f"Choose {' and '.join(missing)}."
            if missing
            else "Nothing is written yet."
        )
        self.go.setEnabled(not missing)

    def _on_go(self) -> None:
        self.wanted.emit(
            Wanted(self.chosen(), self.goals(), self.minutes.value(), self.questions.value(), self.lessons.value())
        )


def _number(low: int, high: int, value: int, suffix: str, name: str) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    box.setValue(value)
    box.setSuffix(suffix)
    box.setAccessibleName(name)
    box.lineEdit().setTextMargins(6, 0, 0, 0)
    box.setFixedWidth(104)
    return box


def _row(*fields: tuple[str, QSpinBox]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for words, box in fields:
        label = QLabel(words)
        label.setBuddy(box)
        row.addWidget(label)
        row.addWidget(box)
        row.addSpacing(12)
    row.addStretch(1)
    return row
