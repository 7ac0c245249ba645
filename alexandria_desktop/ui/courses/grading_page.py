"""Grading by hand: one attempt after the other, what was written beside what the rubric asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QHBoxLayout,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.library.teaching import ToGrade
from alexandria_desktop.teach.taking.saying import given
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.courses.panes import scrolled
from alexandria_desktop.ui.courses.words import Words, heading, plain_words, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from sync.assessing.handed_in import HandedIn
from sync.assessing.questions.grading import Grade, Verdict
from sync.assessing.questions.keys import EssayKey
from sync.assessing.questions.model import Question
from sync.assessing.rich_text import from_plain


class _Sheet(QWidget):
    """One question of one attempt."""

    def __init__(self, appearance: Appearance, one: ToGrade, question: Question) -> None:
        super().__init__()
        self._question = question
        self.points: list[QDoubleSpinBox] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 24)
        column.setSpacing(12)
        column.addWidget(Words(appearance, question.prompt, weight=MEDIUM))
        answers = HandedIn.from_json(one.attempt.answers).answers
        column.addWidget(plain_words(appearance, given(question, answers.get(question.id))))
        key = one.assessment.keys.get(question.id)
        if isinstance(key, EssayKey):
            for name, text in (("A model answer", key.model_answer), ("For graders", key.notes)):
                if text:
                    column.addWidget(small(appearance, name))
                    column.addWidget(Words(appearance, text, size=15))
        rubric = key.rubric if isinstance(key, EssayKey) else ()
        for criterion in rubric:
            column.addLayout(self._line(appearance, criterion.title or "Points", criterion.points))
            column.addWidget(Words(appearance, criterion.text, size=14, tone="muted"))
        if not rubric:
            column.addLayout(self._line(appearance, "Points", question.points))
        self._words = QPlainTextEdit()
        self._words.setAccessibleName("What you say to the student")
        self._words.setPlaceholderText("What you say to the student")
        self._words.setTabChangesFocus(True)
        self._words.setFixedHeight(96)
        column.addWidget(self._words)

    @property
    def id(self) -> str:
        """The question's id."""
        return self._question.id

    def grade(self) -> Grade:
        """Return what the teacher gave."""
        most = sum(box.maximum() for box in self.points)
        share = sum(box.value() for box in self.points) / most if most else 0.0
        worth = round(share * self._question.points, 4)
        verdict = Verdict.RIGHT if share >= 1 else Verdict.PARTLY if share > 0 else Verdict.WRONG
        said = from_plain(self._words.toPlainText())
        return Grade(worth, self._question.points, verdict, (said,) if said else ())

    def _line(self, appearance: Appearance, title: str, most: float) -> QHBoxLayout:
        box = QDoubleSpinBox()
        box.setDecimals(2 if most % 1 else 1)
        box.setSingleStep(0.5)
        box.setRange(0, most)
        box.setAccessibleName(f"{title}, of {most:g}")
        box.setFixedWidth(96)
        box.lineEdit().setTextMargins(6, 0, 0, 0)
        self.points.append(box)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(small(appearance, title, tone="text"), 1)
        row.addWidget(box)
        of = small(appearance, f"of {most:g}")
        of.setMinimumWidth(of.fontMetrics().horizontalAdvance("of 000"))  # so that the fields stand below each other
        row.addWidget(of)
        return row


class GradingPage(QWidget):
    """The attempts that wait for a person."""

    graded = Signal(object, object)
    """(ToGrade, grades by question id)"""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._waiting: Sequence[ToGrade] = ()
        self._place = 0
        self.sheets: list[_Sheet] = []
        self.who = heading(appearance, size=TextSize.HEADING)
        self.skip = make_button("Next one", icon=appearance.icon("next"))
        self.skip.clicked.connect(lambda: self._show(self._place + 1))
        self.save = make_button("Save and go on", kind=ButtonKind.PRIMARY)
        self.save.clicked.connect(self._on_save)
        self._sheet_box = QVBoxLayout()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 24, 0, 24)
        column.setSpacing(16)
        column.addWidget(self.who)
        column.addLayout(self._sheet_box)
        buttons = QHBoxLayout()
        buttons.addWidget(self.save)
        buttons.addWidget(self.skip)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addStretch(1)
        self._empty = EmptyState(appearance, icon="done", sentence="Nothing waits for your judgement.")
        self._stack = QStackedWidget()
        self._pane = scrolled(inner)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._pane)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def show_waiting(self, waiting: Sequence[ToGrade]) -> None:
        """Show what waits; the one that is being graded stays while it is among them."""
        current = self._waiting[self._place].attempt.id if self._place < len(self._waiting) else None
        ids = [one.attempt.id for one in waiting]
        if current in ids and ids.index(current) < len(ids) and len(waiting) == len(self._waiting):
            self._waiting = waiting
            return  # what was typed stays
        self._waiting = waiting
        self._show(ids.index(current) if current in ids else 0)

    def _show(self, place: int) -> None:
        self._place = place % len(self._waiting) if self._waiting else 0
        for sheet in self.sheets:
            self._sheet_box.removeWidget(sheet)
            sheet.hide()
            sheet.deleteLater()
        self.sheets = []
        self._stack.setCurrentWidget(self._pane if self._waiting else self._empty)
        if not self._waiting:
            return
        one = self._waiting[self._place]
        marks = (("late", one.judgement.is_late), ("its times contradict each other", one.judgement.is_doubtful))
        marked = "".join(f" · {words}" for words, is_so in marks if is_so)
        name = one.student or "A student without a name"
        self.who.setText(
            f"{name} · {one.assessment.title or 'Questions'} · {self._place + 1} of {len(self._waiting)}{marked}"
        )
        self.skip.setEnabled(len(self._waiting) > 1)
        for question in one.judgement.result.questions:
            if question.id in one.judgement.result.waiting:
                sheet = _Sheet(self._appearance, one, question)
                self.sheets.append(sheet)
                self._sheet_box.addWidget(sheet)
        if self.sheets:
            self.sheets[0].points[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_save(self) -> None:
        if self._waiting:
            given_grades: Mapping[str, Grade] = {sheet.id: sheet.grade() for sheet in self.sheets}
            self.graded.emit(self._waiting[self._place], given_grades)
