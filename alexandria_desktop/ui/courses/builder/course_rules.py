"""What holds for a whole course: when a lesson is done, until when answers are due, its language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateTimeEdit, QFormLayout, QHBoxLayout, QLabel, QWidget

from alexandria_desktop.library.course_looks import THEME, offered
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.teach.taking.path import RULE, Completion, rule_of
from alexandria_desktop.theme.environments import environments
from sync.assessing.judging import DUE, LATE, LatePolicy, due_of, policy_of

WIDTH = 320
_COMPLETIONS = (
    (Completion.SEEN, "When its reader says so"),
    (Completion.PASSED, "And its quizzes are passed or handed in"),
)
_LATE = (
    (LatePolicy.MARK, "Counts, and is marked as late"),
    (LatePolicy.ACCEPT, "Counts as any other"),
    (LatePolicy.REFUSE, "Counts for nothing; its answers are kept"),
)
_COMMON = ("en", "ar", "de", "es", "fr", "hi", "it", "ja", "pt", "ru", "tr", "zh")


class CourseRules(QObject):
    """The fields for what holds for a whole course; they go into a form."""

    changed = Signal(object)
    """(dict): facts as ``Authoring.change_course`` takes them, settings and language among them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings: Mapping[str, Any] = {}
        self.completion = _box(_COMPLETIONS, "When a lesson is done")
        self.has_due = QCheckBox()
        self.has_due.setAccessibleName("Answers are due at a time")
        self.due = QDateTimeEdit()
        self.due.setCalendarPopup(True)
        self.due.setDisplayFormat("d MMM yyyy  HH:mm")
        self.due.setAccessibleName("When answers are due")
        self.due.lineEdit().setTextMargins(6, 0, 0, 0)
        self.late = _box(_LATE, "What becomes of answers that come late")
        self.look = _box((), "Look of the lessons")
        self.look.addItem("Each reader's own", None)
        for one in environments():
            self.look.addItem(one.name, one.id)
        self.look.setToolTip("Offered to students; their own dark or high-contrast look wins, and one click ends it")
        self.look.activated.connect(lambda _: self._set(THEME, self.look.currentData()))
        self.language = QComboBox()
        self.language.setAccessibleName("Language of the course")
        self.language.addItem("Not said", "")
        for tag in _COMMON:
            self.language.addItem(_language(tag), tag)
        self.completion.activated.connect(lambda _: self._set(RULE, str(self.completion.currentData())))
        self.late.activated.connect(lambda _: self._set(LATE, str(self.late.currentData())))
        self.language.activated.connect(lambda _: self.changed.emit({"language": str(self.language.currentData())}))
        self.has_due.toggled.connect(self._on_due)
        self.due.dateTimeChanged.connect(self._on_due)

    def add_to(self, form: QFormLayout) -> None:
        """Put the fields into a form."""
        due = QWidget()
        row = QHBoxLayout(due)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.has_due)
        row.addWidget(self.due, 1)
        for words, field in (
            ("Lesson done", self.completion), ("Answers due", due), ("Late answer", self.late),
            ("Look of lessons", self.look), ("Language", self.language),
        ):  # fmt: skip
            label = QLabel(words)
            label.setBuddy(self.has_due if field is due else field)
            field.setMaximumWidth(WIDTH)
            form.addRow(label, field)

    def show_course(self, course: CourseDocument) -> None:
        """Show what holds for a course; a field that the keyboard is in is left alone."""
        self._settings = course.settings
        self.completion.setCurrentIndex(self.completion.findData(rule_of(course)))
        self.late.setCurrentIndex(self.late.findData(policy_of(course.settings)))
        look = offered(course)
        self.look.setCurrentIndex(max(0, self.look.findData(look.id)) if look is not None else 0)
        if self.language.findData(course.language) < 0:
            self.language.addItem(_language(course.language), course.language)
        self.language.setCurrentIndex(self.language.findData(course.language))
        if not self.due.hasFocus():
            self._show_due(due_of(course.settings))

    def _show_due(self, due: datetime | None) -> None:
        was = [one.blockSignals(True) for one in (self.has_due, self.due)]
        self.has_due.setChecked(due is not None)
        moment = QDateTime.fromSecsSinceEpoch(round(due.timestamp())) if due is not None else _next_week()
        self.due.setDateTime(moment.toLocalTime())
        for one, blocked in zip((self.has_due, self.due), was, strict=True):
            one.blockSignals(blocked)
        self._dim(is_on=due is not None)

    def _dim(self, *, is_on: bool) -> None:
        self.due.setEnabled(is_on)
        self.late.setEnabled(is_on)

    def _on_due(self, _: object = None) -> None:
        is_on = self.has_due.isChecked()
        self._dim(is_on=is_on)
        moment = datetime.fromtimestamp(self.due.dateTime().toSecsSinceEpoch(), UTC)
        self._set(DUE, moment.isoformat() if is_on else None)

    def _set(self, name: str, value: str | None) -> None:
        kept = {key: one for key, one in self._settings.items() if key != name}
        self._settings = {**kept, name: value} if value is not None else kept
        self.changed.emit({"settings": self._settings})


def _next_week() -> QDateTime:
    moment = QDateTime.currentDateTime().addDays(7)
    time = moment.time()
    time.setHMS(18, 0, 0)
    moment.setTime(time)
    return moment


def _language(tag: str) -> str:
    """Return a language by its own name, such as Deutsch."""
    locale = QLocale(tag)
    name = locale.nativeLanguageName() if locale.language() != QLocale.Language.C else ""
    return f"{name[:1].upper()}{name[1:]}" if name else tag


def _box(choices: Any, name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for key, words in choices:
        box.addItem(words, key)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box
