"""What stands before an assessment's first question: what it is, what it asks for, and the way in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alexandria_desktop.store.attempts import Attempt
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.courses.results import GRADED_LATER, points
from alexandria_desktop.ui.courses.words import Words, heading, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from sync.assessing.assessment import AssessmentDocument, Mode
from sync.assessing.paper import paper


@dataclass(frozen=True, slots=True)
class Tried:
    """What a student has done with an assessment so far."""

    is_open: bool = False
    """Whether an attempt was begun and not handed in."""
    handed_in: tuple[Attempt, ...] = ()


class QuizIntro(QWidget):
    """The page before the questions."""

    begun = Signal()
    last_wanted = Signal()
    """The reader wants to see what the last attempt was worth."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heading = heading(appearance, size=TextSize.TITLE)
        self._about = Words(appearance)
        self.facts = small(appearance)
        self.begin = make_button("Begin", kind=ButtonKind.PRIMARY)
        self.begin.clicked.connect(self.begun)
        self.last = make_button("See the last result")
        self.last.clicked.connect(self.last_wanted)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.begin)
        buttons.addWidget(self.last)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 48, 0, 48)
        column.setSpacing(16)
        for part in (self._heading, self._about, self.facts):
            column.addWidget(part)
        column.addSpacing(8)
        column.addLayout(buttons)
        column.addStretch(1)

    def show_assessment(self, assessment: AssessmentDocument) -> None:
        """Name an assessment, as long as it is not known what was done with it."""
        self._heading.setText(assessment.title or "Questions")
        self._about.say(assessment.instructions)
        self.facts.clear()
        self.begin.setEnabled(False)
        self.last.hide()

    def show_tried(self, assessment: AssessmentDocument, tried: Tried, due: datetime | None) -> None:
        """Say what it asks for, and what may still be done."""
        count, most = len(tried.handed_in), assessment.max_attempts
        self.facts.setText("\n".join(_facts(assessment, count, due)))
        self.begin.setText("Go on where you were" if tried.is_open else "Begin" if not count else "Try again")
        self.begin.setEnabled(tried.is_open or most is None or count < most)
        self.last.setVisible(bool(count))
        (self.begin if self.begin.isEnabled() else self.last).setFocus(Qt.FocusReason.OtherFocusReason)


def _facts(assessment: AssessmentDocument, tried: int, due: datetime | None) -> list[str]:
    asked = len(paper(assessment, ""))  # a group asks only some of its questions, and every attempt as many
    facts = ["1 question" if asked == 1 else f"{asked} questions"]
    if assessment.time_limit is not None:
        minutes = max(1, round(assessment.time_limit / 60))
        facts.append(f"{'1 minute' if minutes == 1 else f'{minutes} minutes'} from the moment you begin")
    if assessment.max_attempts is not None:
        left = max(0, assessment.max_attempts - tried)
        facts.append(f"{left} of {assessment.max_attempts} attempts left")
    facts.append(f"{points(assessment.passing_score)} % are needed to pass")
    then = GRADED_LATER if assessment.mode is Mode.GRADED else "You see at once what was right."
    lines = [" · ".join(facts), then]
    if due is not None:
        lines.append(f"Due {due.astimezone():%d %B %Y, %H:%M}.")
    return lines
