"""The page of a course that one takes: what it is about, how far one is, and the way into each lesson."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from alexandria_desktop.library.learning import Standing, Trying
from alexandria_desktop.store.progress import State
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.teach.taking import path
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.courses.panes import scrolled
from alexandria_desktop.ui.courses.words import Words, heading, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from sync.assessing.assessment import AssessmentDocument, Mode

_MARKS = {
    State.COMPLETED: ("done", "success", "done"),
    State.IN_PROGRESS: ("reading", "accent", "begun"),
    State.FAILED: ("clear", "danger", "not passed"),
    State.NOT_STARTED: ("page", "muted", "not begun"),
}


class CoursePage(QWidget):
    """One course."""

    lesson_wanted = Signal(str)
    assessment_wanted = Signal(str)
    certificate_wanted = Signal()
    answers_wanted = Signal()
    """What was handed in is to be saved for the teacher."""
    left = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._next: str | None = None
        self._shown: tuple[CourseDocument, Standing, Mapping[str, int]] | None = None
        appearance.changed.connect(self._dress)
        self.title = heading(appearance, size=TextSize.DISPLAY)
        self._about = Words(appearance)
        self._objectives = Words(appearance, size=15)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.share = small(appearance)
        self.go = make_button("Begin", kind=ButtonKind.PRIMARY)
        self.go.clicked.connect(self._on_go)
        self.certificate = make_button("Save the certificate", icon=appearance.icon("save"))
        self.certificate.clicked.connect(self.certificate_wanted)
        self.answers = make_button("Save my answers", icon=appearance.icon("save"))
        self.answers.setToolTip("Save what you handed in, into a file for your teacher")
        self.answers.clicked.connect(self.answers_wanted)
        for button in (self.go, self.certificate, self.answers):
            button.hide()  # until it is known which of them makes sense
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 16, 0, 48)
        column.setSpacing(12)
        for part in (self.title, self._about, self._objectives, self.bar, self.share):
            column.addWidget(part)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.go)
        buttons.addWidget(self.certificate)
        buttons.addWidget(self.answers)
        buttons.addStretch(1)
        column.addLayout(buttons)
        column.addSpacing(12)
        column.addLayout(self._rows)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inner))

    def show_course(
        self, course: CourseDocument, standing: Standing, minutes: Mapping[str, int], *, in_file: bool = False
    ) -> None:
        """Show a course and how the student stands in it; ``in_file`` is one that came without a server."""
        self._shown = course, standing, minutes
        done = standing.done
        self.title.setText(course.title)
        self._about.say(course.description)
        items = "".join(f"<li>{_escaped(one)}</li>" for one in course.objectives)
        self._objectives.say(f"<p>You will learn:</p><ul>{items}</ul>" if items else "")
        count = sum(one.id in done for one in course.lessons)
        self.bar.setRange(0, max(1, len(course.lessons)))
        self.bar.setValue(count)
        self.bar.setAccessibleName(f"{count} of {len(course.lessons)} lessons done")
        rest = sum(minutes.get(one.id, 0) for one in course.lessons if one.id not in done)
        left = f" · about {_minutes(rest)} left" if rest else ""
        self.share.setText(f"{count} of {len(course.lessons)} lessons done{left}")
        following = path.next_lesson(course, done)
        self._next = following.id if following is not None else None
        self.go.setVisible(following is not None)
        self.go.setText("Go on" if standing.lessons else "Begin")
        self.certificate.setVisible(bool(course.lessons) and count == len(course.lessons))
        self.answers.setVisible(in_file and any(one.tried for one in standing.tries.values()))
        self._fill(course, standing, minutes)

    def take_focus(self) -> None:
        """Put the keyboard on what one would do next."""
        (self.go if self.go.isVisible() else self.certificate).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down go through the lessons, Escape goes back."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        """Draw the marks of the rows anew, in the theme's colours."""
        if self._shown is not None:
            self._fill(*self._shown)

    def _on_go(self) -> None:
        if self._next is not None:
            self.lesson_wanted.emit(self._next)

    def _fill(self, course: CourseDocument, standing: Standing, minutes: Mapping[str, int]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, lesson in enumerate(course.lessons, 1):
            self._rows.addWidget(self._lesson_row(course, lesson, number, standing, minutes.get(lesson.id, 0)))
            for one in path.assessments_of(course, lesson):
                is_open = path.is_open(course, lesson, standing.done)
                self._rows.addWidget(self._assessment_row(one, standing.tries.get(one.id, Trying()), is_open=is_open))
        if not course.lessons and not course.assessments:
            self._rows.addWidget(small(self._appearance, "There is nothing in this course yet. It comes with a sync."))
        for one in path.loose_assessments(course):
            self._rows.addWidget(self._assessment_row(one, standing.tries.get(one.id, Trying()), is_open=True))

    def _lesson_row(
        self, course: CourseDocument, lesson: LessonDocument, number: int, standing: Standing, minutes: int
    ) -> QFrame:
        found = standing.lessons.get(lesson.id)
        state = found.state if found is not None else State.NOT_STARTED
        icon, token, words = _MARKS[state]
        missing = path.missing(course, lesson, standing.done)
        about = [_minutes(minutes)] if minutes else []
        if missing:
            icon, token, words = "locked", "muted", "not open yet"
            about.append(f"after “{missing[0].title}”")
        row = self._row(icon, token, f"{number}. {lesson.title or 'Untitled lesson'}", " · ".join(about), words)
        row.setEnabled(not missing)
        row.clicked.connect(lambda: self.lesson_wanted.emit(lesson.id))
        return _framed(row, indent=0)

    def _assessment_row(self, one: AssessmentDocument, tried: Trying, *, is_open: bool) -> QFrame:
        if tried.is_open:
            icon, token, words = "pause", "warning", "cut off, go on"
        elif tried.is_satisfied:
            icon, token, words = "done", "success", "handed in" if one.mode is Mode.GRADED else "passed"
        else:
            icon, token, words = "quiz", "muted", "not passed yet" if tried.tried else "not tried"
        about = f"{tried.best:.0f} %" if tried.best is not None else ""
        row = self._row(
            icon, token, one.title or "Questions", " · ".join(part for part in (about, words) if part), words
        )
        row.setEnabled(is_open)
        row.clicked.connect(lambda: self.assessment_wanted.emit(one.id))
        return _framed(row, indent=28)

    def _row(self, icon: str, token: str, title: str, about: str, state: str) -> QPushButton:
        row = make_button("", kind=ButtonKind.QUIET)
        row.setMinimumHeight(44)
        row.setAccessibleName(f"{title}, {state}")
        mark = QLabel()
        mark.setPixmap(self._appearance.icon(icon, token).pixmap(QSize(20, 20), self.devicePixelRatioF()))
        words = QLabel(title)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setFont(self._appearance.font(TextSize.LARGE))
        line = QHBoxLayout(row)
        line.setContentsMargins(8, 6, 12, 6)
        line.setSpacing(12)
        line.addWidget(mark)
        line.addWidget(words, 1)
        state_words = small(self._appearance, about)
        state_words.setWordWrap(False)
        line.addWidget(state_words)
        for part in (mark, words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return row


def _framed(row: QPushButton, *, indent: int) -> QFrame:
    frame = QFrame()
    line = QHBoxLayout(frame)
    line.setContentsMargins(indent, 0, 0, 0)
    line.addWidget(row)
    return frame


def _minutes(count: int) -> str:
    return f"{count} min" if count < 90 else f"{round(count / 60)} h"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
