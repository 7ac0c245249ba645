"""A lesson, read from its beginning to its end, with the way to the next."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from alexandria_desktop.teach.document import LessonDocument
from alexandria_desktop.theme.model import Theme
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.courses.blocks import view_of
from alexandria_desktop.ui.courses.panes import centred, scrolled
from alexandria_desktop.ui.courses.pictures import Files
from alexandria_desktop.ui.courses.words import MEASURE, heading, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from sync.assessing.assessment import AssessmentDocument

LONGEST = 300
"""Seconds without a sign of the reader after which time counts no more."""


class LessonPage(QWidget):
    """One lesson."""

    place_wanted = Signal(object)
    """(BookPlace)"""
    assessment_wanted = Signal(str)
    finished = Signal()
    """The reader is through with the lesson."""
    previous_wanted = Signal()
    left = Signal()
    own_look_wanted = Signal(bool)
    """The reader wants their own look, or the teacher's again."""

    def __init__(self, appearance: Appearance, files: Files, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance, self._files = appearance, files
        self._look = appearance
        """What the lesson is drawn in: the program's look, or the one that the teacher offers."""
        self._shown: tuple[LessonDocument, tuple[AssessmentDocument, ...], int, int] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.look_line = LookLine(appearance)
        self.look_line.clicked.connect(self.own_look_wanted)
        self._area: QScrollArea | None = None
        self._views: dict[str, QWidget] = {}
        self._seconds = 0.0
        self._since = 0.0
        self.previous = make_button("Previous", icon=appearance.icon("previous"))
        self.previous.clicked.connect(self.previous_wanted)
        self.done = make_button("Done, go on", kind=ButtonKind.PRIMARY)
        self.done.clicked.connect(self.finished)
        foot = QWidget()
        foot.setMaximumWidth(MEASURE + 48)
        row = QHBoxLayout(foot)
        row.setContentsMargins(24, 12, 24, 16)
        row.addWidget(self.previous)
        row.addStretch(1)
        row.addWidget(self.done)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(centred(self.look_line))
        self._column.addLayout(centred(foot))

    def show_lesson(
        self,
        lesson: LessonDocument,
        assessments: tuple[AssessmentDocument, ...],
        *,
        number: int,
        of: int,
        is_last: bool,
    ) -> None:
        """Show a lesson from its beginning."""
        self._shown = lesson, assessments, number, of
        self._fill(lesson, assessments, number, of)
        self.previous.setEnabled(number > 1)
        self.done.setText("Finish the course" if is_last else "Done, go on")
        self._seconds, self._since = 0.0, time.monotonic()

    def show_look(self, theme: Theme | None, *, offered: str = "", is_own: bool = False) -> None:
        """Draw the lesson in a look, or in the program's; ``offered`` names what the teacher chose."""
        self.look_line.say(offered, is_own=is_own)
        if theme is None:
            if self._look is self._appearance:
                return
            self._look = self._appearance
            self.setStyleSheet("")
        elif self._look is self._appearance or self._look.theme != theme:
            self._look = Appearance(theme, self)
            self._look.dress(self)
        if self._shown is not None:
            at = self._area.verticalScrollBar().value() if self._area is not None else 0
            self._fill(*self._shown)
            QTimer.singleShot(0, self, lambda: self.scroll_to(at))

    def scroll_to(self, place: int) -> None:
        """Show a lesson from a place on, in pixels."""
        if self._area is not None:
            self._area.verticalScrollBar().setValue(place)

    def show_block(self, block_id: str) -> None:
        """Bring a block of the lesson into sight."""
        view = self._views.get(block_id)
        if view is not None and self._area is not None:
            self._area.ensureWidgetVisible(view, 0, 80)

    def _fill(self, lesson: LessonDocument, assessments: tuple[AssessmentDocument, ...], number: int, of: int) -> None:
        """Put the lesson's words and blocks on the screen."""
        if self._area is not None:
            self._column.removeWidget(self._area)
            self._area.hide()
            self._area.deleteLater()
        self._views = {}
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 24, 0, 48)
        column.setSpacing(20)
        column.addWidget(small(self._look, f"Lesson {number} of {of}"))
        column.addWidget(heading(self._look, lesson.title or "Untitled lesson", TextSize.DISPLAY))
        if lesson.objectives:
            column.addWidget(small(self._look, "\n".join(lesson.objectives)))
        for block in lesson.blocks:
            view = view_of(self._look, block, self._files)
            view.place_wanted.connect(self.place_wanted)
            column.addWidget(view)
            self._views[block.id] = view
        if not lesson.blocks and not assessments:
            column.addWidget(small(self._look, "There is nothing in this lesson yet."))
        for one in assessments:
            column.addWidget(self._way_to(one), 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._area = scrolled(inner)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column.insertWidget(0, self._area, 1)
        self._area.verticalScrollBar().valueChanged.connect(self._count)

    def take_focus(self) -> None:
        """Put the keyboard on the words, so that space and the arrows scroll."""
        if self._area is not None:
            self._area.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_seconds(self) -> int:
        """Return the seconds that were read since the last asking, without long absences."""
        self._count()
        whole = int(self._seconds)
        self._seconds -= whole
        return whole

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space turns a screen, Control with Return goes on, Escape goes back."""
        bar = self._area.verticalScrollBar() if self._area is not None else None
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers():
            self.finished.emit()
        elif event.key() == Qt.Key.Key_Space and bar is not None:
            step = -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            bar.setValue(bar.value() + step * (bar.pageStep() - 40))
        else:
            super().keyPressEvent(event)

    def _count(self) -> None:
        now = time.monotonic()
        self._seconds += min(LONGEST, now - self._since)
        self._since = now

    def _way_to(self, assessment: AssessmentDocument) -> QWidget:
        button = make_button(assessment.title or "Questions", icon=self._look.icon("quiz"))
        button.clicked.connect(lambda: self.assessment_wanted.emit(assessment.id))
        return button


class LookLine(QWidget):
    """Says whose look a lesson is shown in, and changes it by one click."""

    clicked = Signal(bool)
    """Whether the reader's own look is wanted."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setMaximumWidth(MEASURE + 48)
        self._is_own = False
        self._words = small(appearance)
        self._words.setWordWrap(False)
        self.button = make_button("", kind=ButtonKind.LINK)
        self.button.clicked.connect(lambda: self.clicked.emit(not self._is_own))
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 24, 0)
        row.addWidget(self._words)
        row.addWidget(self.button)
        row.addStretch(1)
        self.hide()

    def say(self, name: str, *, is_own: bool) -> None:
        """Say which look the teacher chose and whether it is shown; without a name, nothing."""
        self._is_own = is_own
        self._words.setText("In your own look." if is_own else f"In the look that the teacher chose: {name}.")
        self.button.setText(f"Read in {name}" if is_own else "Read in my own look")
        self.setVisible(bool(name))
