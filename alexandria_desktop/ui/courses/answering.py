"""Where a question is answered: one control for each kind of question, each by keyboard alone.

A control tells of every change with the whole answer, or with None where nothing is answered.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import page_font
from alexandria_desktop.ui.courses.arranging import Gaps, Sequence
from alexandria_desktop.ui.courses.control import Control, choice_box, choose
from alexandria_desktop.ui.courses.words import READING, Words, small
from alexandria_desktop.ui.widgets.button import make_button
from sync.assessing.questions import model as q
from sync.assessing.questions.answers import Answer, Chosen, Matched, Selected, Written
from sync.assessing.rich_text import to_plain


class _Row(QWidget):
    """A button with rich words beside it, which belong to it."""

    def __init__(self, appearance: Appearance, button: QAbstractButton, choice: q.Choice) -> None:
        super().__init__()
        self._button = button
        button.setAccessibleName(to_plain(choice.text))
        words = Words(appearance, choice.text)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.setSpacing(12)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the words is a click on the button."""
        if event.button() is Qt.MouseButton.LeftButton and self._button.isEnabled():
            self._button.setFocus(Qt.FocusReason.MouseFocusReason)
            self._button.click()
        super().mouseReleaseEvent(event)


class Choices(Control):
    """One of several, or all that are right."""

    def __init__(self, appearance: Appearance, choices: Iterable[q.Choice], *, one: bool) -> None:
        super().__init__()
        self._one = one
        self._buttons: dict[str, QAbstractButton] = {}
        group = QButtonGroup(self)
        group.setExclusive(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for choice in choices:
            button = QRadioButton() if one else QCheckBox()
            group.addButton(button)
            button.clicked.connect(self._tell)
            self._buttons[choice.id] = button
            column.addWidget(_Row(appearance, button, choice))

    def set_answer(self, answer: Answer | None) -> None:
        """Check what was chosen."""
        chosen = answer.choices if isinstance(answer, Chosen) else ()
        for name, button in self._buttons.items():
            button.setChecked(name in chosen)

    def take_focus(self) -> None:
        """Put the keyboard on what is chosen, or on the first."""
        chosen = next((one for one in self._buttons.values() if one.isChecked()), None)
        first = chosen or next(iter(self._buttons.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _tell(self) -> None:
        chosen = tuple(name for name, button in self._buttons.items() if button.isChecked())
        self.changed.emit(Chosen(chosen) if chosen or not self._one else None)


class Line(Control):
    """A word, a few, or a number."""

    def __init__(self, appearance: Appearance, name: str, unit: str = "") -> None:
        super().__init__()
        self._edit = QLineEdit()
        self._edit.setAccessibleName(name)
        self._edit.setMinimumHeight(36)
        self._edit.setMaximumWidth(420)
        self._edit.textEdited.connect(self._tell)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._edit, 1)
        if unit:
            row.addWidget(small(appearance, unit, tone="text"))
        row.addStretch(1)

    def set_answer(self, answer: Answer | None) -> None:
        """Show what was written."""
        self._edit.setText(answer.text if isinstance(answer, Written) else "")

    def take_focus(self) -> None:
        """Put the keyboard in the line."""
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, text: str) -> None:
        self.changed.emit(Written(text) if text.strip() else None)


class Page(Control):
    """Writing at length, with a count of the words."""

    def __init__(self, appearance: Appearance, question: q.Essay) -> None:
        super().__init__()
        self._question = question
        self._edit = QPlainTextEdit()
        self._edit.setAccessibleName("Your answer")
        self._edit.setTabChangesFocus(True)
        self._edit.setMinimumHeight(220)
        self._edit.setFont(page_font(READING))
        self._edit.textChanged.connect(self._on_changed)
        self._count = small(appearance)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._edit)
        column.addWidget(self._count)
        self._say_count()

    def set_answer(self, answer: Answer | None) -> None:
        """Show what was written."""
        was = self._edit.blockSignals(True)
        self._edit.setPlainText(answer.text if isinstance(answer, Written) else "")
        self._edit.blockSignals(was)
        self._say_count()

    def take_focus(self) -> None:
        """Put the keyboard in the page."""
        self._edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_changed(self) -> None:
        self._say_count()
        text = self._edit.toPlainText()
        self.changed.emit(Written(text) if text.strip() else None)

    def _say_count(self) -> None:
        count = len(self._edit.toPlainText().split())
        least, most = self._question.min_words, self._question.max_words
        wanted = f"{least} to {most}" if least and most else f"at least {least}" if least else f"at most {most}"
        words = "1 word" if count == 1 else f"{count} words"
        self._count.setText(f"{words}, {wanted} wanted" if least or most else words)


class Pairs(Control):
    """Each premise beside a list of the responses."""

    def __init__(self, appearance: Appearance, question: q.Matching) -> None:
        super().__init__()
        self._boxes: dict[str, QComboBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for row, premise in enumerate(question.premises):
            box = choice_box(question.responses, to_plain(premise.text))
            box.currentIndexChanged.connect(self._tell)
            self._boxes[premise.id] = box
            grid.addWidget(Words(appearance, premise.text), row, 0)
            grid.addWidget(box, row, 1)

    def set_answer(self, answer: Answer | None) -> None:
        """Show what was matched."""
        pairs = answer.pairs if isinstance(answer, Matched) else {}
        for premise, box in self._boxes.items():
            choose(box, pairs.get(premise, ""))

    def take_focus(self) -> None:
        """Put the keyboard on the first premise."""
        next(iter(self._boxes.values()), self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self) -> None:
        pairs = {premise: str(box.currentData()) for premise, box in self._boxes.items() if box.currentData()}
        self.changed.emit(Matched(pairs) if pairs else None)


class Passage(Control):
    """Words that are selected in the book itself."""

    def __init__(self, appearance: Appearance, question: q.FindPassage) -> None:
        super().__init__()
        self._question = question
        book = f"“{question.book_title}”" if question.book_title else "the book"
        self._open = make_button(f"Find it in {book}", icon=appearance.icon("reading"))
        self._open.clicked.connect(lambda: self.place_wanted.emit(question))
        self._words = Words(appearance, tone="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._words)
        column.addWidget(self._open, 0, Qt.AlignmentFlag.AlignLeft)

    def set_answer(self, answer: Answer | None) -> None:
        """Show the words that were selected."""
        quote = answer.place.quote if isinstance(answer, Selected) else None
        text = quote.exact if quote is not None else ""
        self._words.say_plain(f"“{text}”" if text else "")

    def take_focus(self) -> None:
        """Put the keyboard on the button."""
        self._open.setFocus(Qt.FocusReason.OtherFocusReason)


class Unknown(Control):
    """A question of a newer program."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(small(appearance, "A newer version of Alexandria is needed to answer this question."))


def control_for(appearance: Appearance, question: q.Question) -> Control:
    """Return where a question is answered."""
    match question:
        case q.MultipleChoice():
            return Choices(appearance, question.choices, one=True)
        case q.MultipleAnswer():
            return Choices(appearance, question.choices, one=False)
        case q.TrueFalse():
            both = (q.Choice(id="true", text="True"), q.Choice(id="false", text="False"))
            return Choices(appearance, both, one=True)
        case q.ShortText():
            return Line(appearance, "Your answer")
        case q.Numeric():
            return Line(appearance, "Your answer, a number", question.unit)
        case q.Essay():
            return Page(appearance, question)
        case q.Matching():
            return Pairs(appearance, question)
        case q.Ordering():
            return Sequence(appearance, question)
        case q.Cloze():
            return Gaps(question)
        case q.FindPassage():
            return Passage(appearance, question)
    return Unknown(appearance)


def prompt_of(question: q.Question) -> str:
    """Return what stands above the control: nothing for a cloze, whose prompt is the control."""
    return "Fill the gaps." if isinstance(question, q.Cloze) else question.prompt
