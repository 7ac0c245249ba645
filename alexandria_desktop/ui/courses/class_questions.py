"""What the answers of a class say of the questions: a table, and a sentence on the question that is chosen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from alexandria_desktop.library.teaching import ClassView
from alexandria_desktop.teach.judging import saying
from alexandria_desktop.teach.judging.items import ItemFigures
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.courses.words import small
from sync.assessing.rich_text import to_plain

_COLUMNS = (
    ("Question", ""),
    ("Answers", "How many attempts answered it"),
    ("Right on average", "The mean share of its points"),
    ("Goes with the rest", "The correlation with all other questions, from -1 to 1"),
    ("Best less weakest", "How much better the best 27 % did than the weakest 27 %"),
)


class ClassQuestions(QWidget):
    """The figures of all questions of a course."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._figures: list[ItemFigures] = []
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setHorizontalHeaderLabels([name for name, _ in _COLUMNS])
        for place, (_, tip) in enumerate(_COLUMNS):
            head = self.table.horizontalHeaderItem(place)
            if head is not None:
                head.setToolTip(tip)
        self.table.currentCellChanged.connect(self._on_row)
        self.sentence = small(appearance)
        self.sentence.setContentsMargins(0, 8, 24, 16)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.sentence.setMinimumHeight(56)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table, 1)
        column.addWidget(self.sentence)

    def show_figures(self, read: ClassView) -> None:
        """Show what is known now; the row that was chosen stays chosen."""
        asked = {question.id: question for one in read.course.assessments for question in one.questions}
        row = max(0, self.table.currentRow())
        self._figures = [figures for found in read.items.values() for figures in found]
        self.table.setRowCount(len(self._figures))
        for place, figures in enumerate(self._figures):
            question = asked.get(figures.question)
            name = (question.title or to_plain(question.prompt)) if question is not None else "A question that is gone"
            cells = (
                name.replace("\n", " ")[:120],
                str(figures.answered),
                f"{figures.difficulty * 100:.0f} %",
                saying.correlation_words(figures),
                saying.difference_words(figures),
            )
            for column, words in enumerate(cells):
                self.table.setItem(place, column, QTableWidgetItem(words))
        self.table.resizeColumnsToContents()
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        if self._figures:
            self.table.setCurrentCell(min(row, len(self._figures) - 1), 0)
            self._on_row(self.table.currentRow())

    def _on_row(self, row: int, *_: int) -> None:
        known = 0 <= row < len(self._figures)
        self.sentence.setText(saying.meaning(self._figures[row]) if known else "")
