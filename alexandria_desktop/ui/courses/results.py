"""What an attempt was worth: the score, and each question with what was given, what is right, and where it is said."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.teach.blocks import BookPlace
from alexandria_desktop.teach.taking.saying import given, place_of, right
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.courses.words import Words, heading, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.handed_in import Ending, HandedIn
from sync.assessing.questions import model as q
from sync.assessing.questions.grading import Grade, Verdict
from sync.assessing.result import Result, Void

VERDICTS = {
    Verdict.RIGHT: ("done", "success", "Right"),
    Verdict.PARTLY: ("info", "warning", "Partly right"),
    Verdict.WRONG: ("clear", "danger", "Not right"),
    Verdict.UNANSWERED: ("remove", "muted", "Not answered"),
    Verdict.WAITING: ("pause", "muted", "Your teacher will grade this"),
}

GRADED_LATER = "It is graded once you have synced; what needs a person waits for your teacher."

_VOID = {
    Void.REFUSED: "It came after the course took answers, so it counts for nothing.",
    Void.EXTRA: "All attempts were used, so this one counts for nothing.",
}


def points(value: float) -> str:
    """Return points as people write them."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _judged(grade: Grade, *, is_void: bool) -> str:
    if grade.needs_person:
        return "Not graded" if is_void else VERDICTS[grade.verdict][2]
    return f"{VERDICTS[grade.verdict][2]} · {points(grade.points)} of {points(grade.out_of)}"


class ResultView(QWidget):
    """A graded attempt, or one that waits for its teacher."""

    again_wanted = Signal()
    left = Signal()
    place_wanted = Signal(object)
    """(BookPlace)"""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self.score = heading(appearance, size=TextSize.DISPLAY)
        self.verdict = heading(appearance, size=TextSize.HEADING)
        self.about = small(appearance)
        self.again = make_button("Try again", kind=ButtonKind.PLAIN)
        self.again.clicked.connect(self.again_wanted)
        self.back = make_button("Back to the course", kind=ButtonKind.PRIMARY)
        self.back.clicked.connect(self.left)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.back)
        buttons.addWidget(self.again)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 24, 0, 48)
        column.setSpacing(8)
        for part in (self.score, self.verdict, self.about):
            column.addWidget(part)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addSpacing(24)
        column.addLayout(self._list)
        column.addStretch(1)

    def show_result(
        self, assessment: AssessmentDocument, handed: HandedIn, result: Result | None, *, attempts_left: int | None
    ) -> None:
        """Show what is known of an attempt; ``result`` is None as long as nobody has graded it."""
        self._clear()
        over = "The time was over. " if handed.ending is Ending.TIME_OVER else ""
        if result is None:
            self.score.hide()
            self.verdict.setText("Handed in")
            self.about.setText(f"{over}{GRADED_LATER}")
        else:
            self.score.show()
            self.score.setText(f"{points(float(result.percent))} %{' so far' if result.waiting else ''}")
            self.verdict.setText({True: "Passed", False: "Not passed", None: "Waiting for your teacher"}[result.passed])
            need = f"{points(result.passing_score)} % are needed to pass."
            void = f"{_VOID[result.why_void]} " if result.why_void else ""
            self.about.setText(f"{over}{void}{points(result.points)} of {points(result.out_of)} points. {need}")
            for number, question in enumerate(result.questions, 1):
                self._list.addWidget(self._card(assessment, handed, question, result, number))
        self.again.setVisible(attempts_left != 0)
        left = "" if attempts_left is None else f" ({attempts_left} left)"
        self.again.setText(f"Try again{left}")

    def _card(
        self, assessment: AssessmentDocument, handed: HandedIn, question: q.Question, result: Result, number: int
    ) -> QFrame:
        grade = result.grades[question.id]
        icon, token, _ = VERDICTS[grade.verdict]
        mark = QLabel()
        mark.setPixmap(self._appearance.icon(icon, token).pixmap(QSize(20, 20), self.devicePixelRatioF()))
        said = QLabel(_judged(grade, is_void=bool(result.why_void)))
        said.setFont(self._appearance.font(TextSize.BODY, MEDIUM))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(mark)
        head.addWidget(said, 1)
        card = QFrame()
        card.setAccessibleName(f"Question {number}: {said.text()}")
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 16, 0, 16)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(Words(self._appearance, _shown_prompt(question)))
        answer = given(question, handed.answers.get(question.id))
        if answer:
            column.addLayout(self._line("You", answer))
        key = assessment.keys.get(question.id)
        wanted = right(question, key)
        if wanted and grade.verdict not in (Verdict.RIGHT, Verdict.WAITING):
            column.addLayout(self._line("Right", wanted))
        for text in grade.feedback:
            column.addWidget(Words(self._appearance, text, size=15, tone="muted"))
        place = place_of(key)
        if place is not None and isinstance(question, q.FindPassage):
            found = BookPlace(locator=place, book_title=question.book_title, book_author=question.book_author)
            link = make_button("See it in the book", kind=ButtonKind.LINK)
            link.clicked.connect(lambda: self.place_wanted.emit(found))
            column.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _line(self, name: str, text: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        label = small(self._appearance, name)
        label.setFixedWidth(48)
        words = QLabel(text)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return row

    def _clear(self) -> None:
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _shown_prompt(question: q.Question) -> str:
    if not isinstance(question, q.Cloze):
        return question.prompt
    text = question.prompt
    for number, gap in enumerate(question.gaps, 1):
        text = text.replace(f"[[{gap.id}]]", f"({number}) ____")
    return text
