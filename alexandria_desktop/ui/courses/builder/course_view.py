"""The facts of a course in the middle of the builder: title, what it is about, for whom, and how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from alexandria_desktop.library.joining import AudienceChoice, Invitation
from alexandria_desktop.store.course_rows import Audience, CourseRow, Status
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.course_rules import CourseRules
from alexandria_desktop.ui.courses.builder.graph import LessonGraph
from alexandria_desktop.ui.courses.builder.invitation import InvitationField
from alexandria_desktop.ui.courses.builder.rich_edit import RichEdit
from alexandria_desktop.ui.courses.courses_list import STATUS_WORDS
from alexandria_desktop.ui.courses.words import small

LEVELS = (("", "Not said"), ("beginner", "Beginner"), ("intermediate", "Intermediate"), ("advanced", "Advanced"))
_AUDIENCES = {
    Audience.INVITED: "Only those who have its code",
    Audience.ORGANIZATION: "An organisation",
    Audience.EVERYBODY: "Everybody on the server",
}


class CourseView(QWidget):
    """The course itself; goes into a pane that scrolls."""

    changed = Signal(object)
    """(dict): facts as ``Authoring.change_course`` takes them."""
    status_wanted = Signal(object, object)
    """(Status, AudienceChoice)"""

    def __init__(self, context: Context) -> None:
        super().__init__()
        look = context.appearance
        self._look = look
        self.title = QLineEdit()
        self.title.setProperty("plain", True)
        self.title.setAccessibleName("Title of the course")
        self.title.setPlaceholderText("Title of the course")
        self.title.setFont(look.font(TextSize.TITLE, MEDIUM))
        self.title.textEdited.connect(lambda text: self.changed.emit({"title": text}))
        self.about = RichEdit(look, "", "What it is about", size=TextSize.LARGE)
        self.about.edited.connect(lambda html: self.changed.emit({"description": html}))
        self.goals = QPlainTextEdit()
        self.goals.setAccessibleName("What one can do after it, one a line")
        self.goals.setPlaceholderText("What one can do after it, one a line")
        self.goals.setTabChangesFocus(True)
        self.goals.setFixedHeight(88)
        self.goals.textChanged.connect(self._on_goals)
        self.code = QLineEdit()
        self.code.setPlaceholderText("BIO 101")
        self.code.textEdited.connect(lambda text: self.changed.emit({"code": text}))
        self.level = _box(LEVELS, "Difficulty")
        self.level.activated.connect(lambda _: self.changed.emit({"difficulty": str(self.level.currentData())}))
        self.status = _box([(one, words) for one, words in STATUS_WORDS.items()], "How far it is")
        self.audience = _box((), "Who may find it")
        self._audiences: Sequence[AudienceChoice] = ()
        self.invitation = InvitationField(context)
        self.graph = LessonGraph(look)
        self._graph_words = small(look, "What comes before what")
        self.rules = CourseRules(self)
        self.rules.changed.connect(self.changed)
        for box in (self.status, self.audience):
            box.activated.connect(self._on_status)
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for words, field in (
            ("Code", self.code), ("Difficulty", self.level), ("State", self.status), ("Found by", self.audience),
        ):  # fmt: skip
            label = QLabel(words)
            label.setBuddy(field)
            field.setMaximumWidth(320)
            form.addRow(label, field)
        invited = QLabel("Invitation")
        invited.setFixedHeight(32)  # beside the code, not beside the sentence below it
        form.addRow(invited, self.invitation)
        form.setAlignment(invited, Qt.AlignmentFlag.AlignTop)
        self.rules.add_to(form)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 24, 0, 48)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addWidget(small(self._look, "Objectives"))
        column.addWidget(self.goals)
        column.addSpacing(6)
        column.addLayout(form)
        column.addSpacing(6)
        column.addWidget(self._graph_words)
        column.addWidget(self.graph)
        column.addStretch(1)

    def show_course(
        self,
        course: CourseDocument,
        row: CourseRow,
        audiences: Sequence[AudienceChoice],
        invitation: Invitation | None,
    ) -> None:
        """Show a course; a field that the keyboard is in is left alone."""
        if not self.title.hasFocus():
            self.title.setText(course.title)
            self.title.setCursorPosition(0)  # a long one is read from its beginning
        if not self.about.hasFocus():
            self.about.show_html(course.description)
        if not self.goals.hasFocus():
            was = self.goals.blockSignals(True)
            self.goals.setPlainText("\n".join(course.objectives))
            self.goals.blockSignals(was)
        if not self.code.hasFocus():
            self.code.setText(course.code)
        self.level.setCurrentIndex(max(0, self.level.findData(course.difficulty)))
        self.status.setCurrentIndex(self.status.findData(row.status))
        self._show_audiences(audiences, row)
        self.rules.show_course(course)
        self.graph.show_lessons(course.lessons)
        self._graph_words.setVisible(not self.graph.isHidden())
        self.invitation.show_course(row.id, row.status, invitation)

    def take_focus(self) -> None:
        """Put the keyboard in the title, all of it chosen."""
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)
        self.title.selectAll()

    def _on_goals(self) -> None:
        lines = tuple(line.strip() for line in self.goals.toPlainText().splitlines() if line.strip())
        self.changed.emit({"objectives": lines})

    def _show_audiences(self, choices: Sequence[AudienceChoice], row: CourseRow) -> None:
        present = next((one for one in choices if _is_for(one, row)), None)
        if present is None:  # published from another account, or to an organisation that one has left
            present = AudienceChoice(row.audience, row.organization_id, "", True)
            choices = (*choices, present)
        if choices != self._audiences:
            self._audiences = choices
            self.audience.clear()
            for one in choices:
                self.audience.addItem(_name_of(one))
                self._enable(self.audience.count() - 1, is_allowed=one.is_allowed or one is present)
        self.audience.setCurrentIndex(choices.index(present))

    def _enable(self, place: int, *, is_allowed: bool) -> None:
        model = self.audience.model()
        if isinstance(model, QStandardItemModel):
            model.item(place).setEnabled(is_allowed)
        if not is_allowed:
            self.audience.setItemText(place, f"{self.audience.itemText(place)} (your account may not)")

    def _on_status(self, _: int) -> None:
        self.status_wanted.emit(Status(self.status.currentData()), self._audiences[self.audience.currentIndex()])


def _is_for(choice: AudienceChoice, row: CourseRow) -> bool:
    is_organization = choice.audience is Audience.ORGANIZATION
    return choice.audience is row.audience and (not is_organization or choice.organization_id == row.organization_id)


def _name_of(choice: AudienceChoice) -> str:
    return choice.name or _AUDIENCES[choice.audience]


def _box(choices: Any, name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for key, words in choices:
        box.addItem(words, key)
    return box
