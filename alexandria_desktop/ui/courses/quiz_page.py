"""Taking an assessment: what it is, one question after the other, handing in, and what it was worth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.library.attempting import Sitting
from alexandria_desktop.store.attempts import Attempt
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.answering import control_for, prompt_of
from alexandria_desktop.ui.courses.control import Control
from alexandria_desktop.ui.courses.panes import Bar, centred, scrolled
from alexandria_desktop.ui.courses.pictures import picture_or_words
from alexandria_desktop.ui.courses.quiz_intro import QuizIntro, Tried
from alexandria_desktop.ui.courses.results import ResultView, points
from alexandria_desktop.ui.courses.saving import Saving
from alexandria_desktop.ui.courses.steps import Steps
from alexandria_desktop.ui.courses.words import MEASURE, Words, small
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.banner import Banner, Severity
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from sync.assessing.assessment import AssessmentDocument
from sync.assessing.handed_in import HandedIn
from sync.assessing.questions.answers import Answer, Selected
from sync.assessing.questions.model import FindPassage, Question
from sync.assessing.result import Result
from sync.places.locator import Locator

HEARTBEAT = 10
"""Seconds after which the disk is told how long an attempt has lasted."""
SOON = 60
"""Seconds before the end from which the time is shown in the colour of a warning."""


@dataclass(frozen=True, slots=True)
class _Ended:
    attempt: Attempt
    result: Result | None
    attempts_left: int | None


class QuizPage(QWidget):
    """One assessment."""

    left = Signal()
    book_wanted = Signal(object)
    """(BookPlace): the reader wants to see where it is said."""
    place_wanted = Signal(object)
    """(FindPassage): the reader goes to look for words; ``take_place`` brings them."""
    ended = Signal(str)
    """(the assessment's id): an attempt was handed in."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.assessment: AssessmentDocument | None = None
        self.sitting: Sitting | None = None
        self._saving: Saving | None = None
        self._controls: list[Control] = []
        self._asked: str | None = None
        self._due: datetime | None = None
        self._tried = Tried()
        self._looking: Task | None = None
        appearance = context.appearance
        self.clock = QLabel()
        self.clock.setFont(appearance.font(TextSize.LARGE, MEDIUM))
        self.clock.setAccessibleName("Time left")
        self.banner = Banner(appearance)
        self.banner.retried.connect(self._hand_in)
        self.pages = QStackedWidget()
        self.steps = Steps(appearance)
        self.steps.chosen.connect(self.go_to)
        self.previous = make_button("Previous", icon=appearance.icon("previous"))
        self.previous.clicked.connect(lambda: self.go_to(self.pages.currentIndex() - 1))
        self.next = make_button("Next", kind=ButtonKind.PRIMARY)
        self.next.clicked.connect(self._on_next)
        self.intro = QuizIntro(appearance)
        self.intro.begun.connect(self.start)
        self.intro.last_wanted.connect(self._show_last)
        self.results = ResultView(appearance)
        self.results.left.connect(self.leave)
        self.results.again_wanted.connect(self.start)
        self.results.place_wanted.connect(self.book_wanted)
        self._stack = QStackedWidget()
        self._intro, self._questions = scrolled(self.intro), self._lay_out_questions()
        self._result = scrolled(self.results)
        for state in (self._intro, self._questions, self._result):
            self._stack.addWidget(state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar = Bar(appearance, "Back to the course", self.clock)
        self._bar.left.connect(self.leave)
        column.addWidget(self._bar)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)
        self._tick = QTimer(self, interval=250)
        self._tick.timeout.connect(self._look_at_clock)
        self._beat = QTimer(self, interval=HEARTBEAT * 1000)
        self._beat.timeout.connect(self._note_time)

    # --- what is shown ------------------------------------------------------------------------------------------

    def open(self, assessment: AssessmentDocument, due: datetime | None = None) -> None:
        """Show an assessment: its beginning, or the attempt that was cut off."""
        self._stop()
        self.assessment, self._due = assessment, due
        self.banner.hide()
        self._bar.title.setText(assessment.title or "Questions")
        self.intro.show_assessment(assessment)
        self._stack.setCurrentWidget(self._intro)
        attempts, one = self._context.library.attempts, UUID(assessment.id)

        def look() -> Tried:
            return Tried(attempts.is_open(one), tuple(attempts.handed_in(one)))

        if self._looking is not None:
            self._looking.cancel()
        self._looking = self._context.tasks.run(look, self._on_tried, self._context.navigator.report, priority=4)

    def start(self) -> None:
        """Begin an attempt, or go on with the open one."""
        assessment = self.assessment
        if assessment is None:
            return
        self.intro.begin.setEnabled(False)
        attempts = self._context.library.attempts
        self._context.tasks.run(lambda: attempts.begin(assessment), self._on_begun, self._on_not_begun, priority=5)

    def go_to(self, number: int) -> None:
        """Show a question by its place, from 0."""
        if 0 <= number < self.pages.count():
            self.banner.hide()
            self.pages.setCurrentIndex(number)
            self.steps.show_current(number)
            self.previous.setEnabled(number > 0)
            self.next.setText("Hand in" if number == self.pages.count() - 1 else "Next")
            self._controls[number].take_focus()

    def take_place(self, place: Locator) -> None:
        """Take words that were selected in a book as the answer to the question that asked for them."""
        if self._asked is None or self.sitting is None:
            return
        asked, self._asked = self._asked, None
        for question, control in zip(self.sitting.questions, self._controls, strict=True):
            if question.id == asked:
                control.set_answer(Selected(place))
                self._on_answer(question.id, Selected(place))

    def leave(self) -> None:
        """Go back to the course; an open attempt waits there."""
        self._stop()
        self.left.emit()

    def flush(self) -> None:
        """Write what was answered last; for the end of the program."""
        if self._saving is not None:
            self._saving.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys and Alt with left and right turn to other questions; Escape goes back to the course."""
        step = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()))
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        if step is not None and self.sitting is not None:
            self.go_to(self.pages.currentIndex() + step)
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    # --- the course of an attempt -------------------------------------------------------------------------------

    def _on_tried(self, tried: Tried) -> None:
        self._looking = None
        assessment = self.assessment
        if assessment is None or self.sitting is not None:
            return
        self._tried = tried
        self.intro.show_tried(assessment, tried, self._due)
        if tried.is_open:
            self.start()

    def _on_begun(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self._saving = Saving(self._context.tasks, sitting, self)
        self._saving.failed.connect(self._on_not_saved)
        self._fill(sitting)
        self._stack.setCurrentWidget(self._questions)
        open_ones = [place for place, one in enumerate(sitting.questions) if one.id not in sitting.answers]
        self.go_to(open_ones[0] if open_ones and sitting.answers else 0)
        self._tick.start()
        self._beat.start()
        self._look_at_clock()

    def _on_not_begun(self, error: AlexandriaError) -> None:
        self.intro.begin.setEnabled(error.code is not Code.COURSE_NO_ATTEMPT_LEFT)
        self.banner.show_error(error, can_retry=False)

    def _on_answer(self, question: str, answer: Answer | None) -> None:
        if self._saving is None or self.sitting is None:
            return
        self._saving.keep(question, answer)
        place = next(number for number, one in enumerate(self.sitting.questions) if one.id == question)
        self.steps.show_answered(place, answered=answer is not None)

    def _on_not_saved(self, error: AlexandriaError) -> None:
        if error.code is Code.COURSE_TIME_OVER:
            self._hand_in()
        else:
            self.banner.show_error(error, can_retry=False)

    def _on_next(self) -> None:
        if self.pages.currentIndex() < self.pages.count() - 1:
            self.go_to(self.pages.currentIndex() + 1)
            return
        missing = self.steps.unanswered()
        if missing:
            words = "1 question is not answered." if missing == 1 else f"{missing} questions are not answered."
            self.banner.say(words, severity=Severity.WARNING, action="Hand in anyway")
        else:
            self._hand_in()

    def _hand_in(self) -> None:
        if self._saving is None or self.sitting is None or not self._tick.isActive():
            return
        self._tick.stop()
        self._beat.stop()
        self.banner.hide()
        self._questions.setEnabled(False)
        self._saving.finish(self._end)

    def _end(self) -> None:
        sitting, assessment, attempts = self.sitting, self.assessment, self._context.library.attempts
        if sitting is None or assessment is None:
            return

        def hand_in() -> _Ended:
            attempt = sitting.hand_in()
            return _Ended(attempt, attempts.result(assessment, attempt), attempts.left(assessment))

        self._context.tasks.run(hand_in, self._on_ended, self._on_not_ended, priority=5)

    def _on_ended(self, ended: _Ended) -> None:
        assessment = self.assessment
        self._stop()
        if assessment is None:
            return
        handed = HandedIn.from_json(ended.attempt.answers)
        self.results.show_result(assessment, handed, ended.result, attempts_left=ended.attempts_left)
        self._stack.setCurrentWidget(self._result)
        self.results.back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ended.emit(assessment.id)

    def _on_not_ended(self, error: AlexandriaError) -> None:
        self._questions.setEnabled(True)
        self._tick.start()
        self.banner.show_error(error)

    def _show_last(self) -> None:
        assessment, attempts = self.assessment, self._context.library.attempts
        if assessment is not None and self._tried.handed_in:
            one, attempt = assessment, self._tried.handed_in[-1]
            self._context.tasks.run(
                lambda: _Ended(attempt, attempts.result(one, attempt), attempts.left(one)),
                self._on_looked_up,
                self._context.navigator.report,
            )

    def _on_looked_up(self, ended: _Ended) -> None:
        if self.assessment is not None and self.sitting is None:
            handed = HandedIn.from_json(ended.attempt.answers)
            self.results.show_result(self.assessment, handed, ended.result, attempts_left=ended.attempts_left)
            self._stack.setCurrentWidget(self._result)

    def _stop(self) -> None:
        if self._saving is not None:
            self._saving.finish(lambda: None)
        self._tick.stop()
        self._beat.stop()
        self._questions.setEnabled(True)
        self.sitting = self._saving = self._asked = None
        self.clock.clear()

    def _look_at_clock(self) -> None:
        left = self.sitting.left if self.sitting is not None else None
        if left is None:
            self.clock.clear()
            return
        whole = int(left + 0.999)
        self.clock.setText(
            f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
            if whole >= 3600
            else f"{whole // 60}:{whole % 60:02}"
        )
        tone = "warning" if left <= SOON else ""
        if self.clock.property("tone") != tone:
            self.clock.setProperty("tone", tone)
            self.clock.style().unpolish(self.clock)
            self.clock.style().polish(self.clock)
        if left == 0:
            self._hand_in()

    def _note_time(self) -> None:
        if self.sitting is not None:
            self._context.tasks.run(self.sitting.note_time, failed=lambda _: None, priority=-1)

    def _ask_for_place(self, question: FindPassage) -> None:
        self._asked = question.id
        self.place_wanted.emit(question)

    # --- laying out ---------------------------------------------------------------------------------------------

    def _lay_out_questions(self) -> QWidget:
        foot = QWidget()
        foot.setMaximumWidth(MEASURE + 48)
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 12, 24, 16)
        row.setSpacing(12)
        row.addWidget(self.previous)
        row.addWidget(self.steps, 1)
        row.addWidget(self.next)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.pages, 1)
        column.addLayout(centred(foot))
        return whole

    def _fill(self, sitting: Sitting) -> None:
        while (page := self.pages.widget(0)) is not None:
            self.pages.removeWidget(page)
            page.deleteLater()
        self._controls = []
        for number, question in enumerate(sitting.questions, 1):
            self.pages.addWidget(self._page(question, number, len(sitting.questions), sitting.answers.get(question.id)))
        self.steps.show_steps([question.id in sitting.answers for question in sitting.questions])

    def _page(self, question: Question, number: int, of: int, answer: Answer | None) -> QWidget:
        appearance = self._context.appearance
        worth = "1 point" if question.points == 1 else f"{points(question.points)} points"
        control = control_for(appearance, question)
        control.set_answer(answer)
        name = question.id
        control.changed.connect(lambda given: self._on_answer(name, given))
        control.place_wanted.connect(self._ask_for_place)
        self._controls.append(control)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 32, 0, 32)
        column.setSpacing(16)
        column.addWidget(small(appearance, f"Question {number} of {of} · {worth}"))
        column.addWidget(Words(appearance, prompt_of(question), size=19))
        for media in question.media:
            column.addWidget(picture_or_words(appearance, media, self._context.library.learning.file_of))
        column.addWidget(control)
        column.addStretch(1)
        return scrolled(inner)
