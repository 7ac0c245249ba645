"""The teacher's page of a course: the class, what the answers say of the questions, and what waits to be graded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QMessageBox,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from alexandria_desktop.base.errors import AlexandriaError, Code, SurroundingsError
from alexandria_desktop.library.teaching import ClassView, ToGrade
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.teach.judging.class_table import ClassTable, StudentRow
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.class_model import SORT, ClassModel
from alexandria_desktop.ui.courses.class_questions import ClassQuestions
from alexandria_desktop.ui.courses.grading_page import GradingPage
from alexandria_desktop.ui.courses.panes import Bar
from alexandria_desktop.ui.shelf.states import Wrong, waiting
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.button import make_button
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.menu import Menu
from alexandria_desktop.ui.widgets.segmented import Segmented
from sync.assessing.questions.grading import Grade

_BROUGHT = ("assessment_attempts", "student_progress", "course_enrollments", "user_profiles", "assessments")
CLASS, QUESTIONS, GRADING = "class", "questions", "grading"


class ClassPage(QWidget):
    """One course's class."""

    left = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._course_id: UUID | None = None
        self._task: Task | None = None
        self._table = ClassTable()
        look = context.appearance
        self.parts = Segmented([(CLASS, "Class"), (QUESTIONS, "Questions"), (GRADING, "To grade")], name="What to see")
        self.parts.chosen.connect(self._on_part)
        self.export = make_button("Save as CSV", icon=look.icon("save"))
        self.export.clicked.connect(self._on_export)
        self.bring = make_button("Bring answers in", icon=look.icon("import"))
        self.bring.clicked.connect(context.navigator.choose_answers)
        self.model = ClassModel(look)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.model)
        self._sorted.setSortRole(SORT)
        self.view = QTableView()
        self.view.setModel(self._sorted)
        self.view.setSortingEnabled(True)
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        _calm(self.view)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu)
        self.questions = ClassQuestions(look)
        _calm(self.questions.table)
        self.grading = GradingPage(look)
        self.grading.graded.connect(self._on_graded)
        self._empty = EmptyState(
            look,
            icon="course",
            sentence="Nobody takes this course yet. Give its code to your students, or bring in the answers of those "
            "who have it in a file.",
            action="Copy the code",
        )
        self._empty.activated.connect(self._copy_code)
        self._no_items = EmptyState(look, icon="quiz", sentence="Figures appear when attempts were graded.")
        self._wrong = Wrong(look)
        self._wrong.activated.connect(self.refresh)
        self._busy = waiting(look)
        self._stack = QStackedWidget()
        for part in (self._busy, self.view, self._empty, self.questions, self._no_items, self.grading, self._wrong):
            self._stack.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = Bar(look, "Back", self.parts, self.bring, self.export, size=TextSize.HEADING)
        bar.left.connect(self.left)
        self.title = bar.title
        column.addWidget(bar)
        around = QVBoxLayout()
        around.setContentsMargins(20, 0, 20, 0)
        around.addWidget(self._stack)
        column.addLayout(around, 1)

    def open(self, course_id: UUID) -> None:
        """Show the class of a course; what came in and needs no person is graded first."""
        self._course_id = course_id
        self._stack.setCurrentWidget(self._busy)
        self.refresh()

    def refresh(self) -> None:
        """Read everything again."""
        course_id = self._course_id
        if course_id is None:
            return
        if self._task is not None:
            self._task.cancel()
        look = self._context.library.teaching.look
        self._task = self._context.tasks.run(lambda: look(course_id), self._on_read, self._on_failed, priority=4)

    def on_changes(self, changes: Changes) -> None:
        """Hear what a sync brought of the students."""
        if changes.touches(*_BROUGHT):
            self.refresh()

    def write_csv(self, file: Path) -> None:
        """Write the class as a file for spreadsheets."""
        try:
            file.write_text(self._table.to_csv(), encoding="utf-8", newline="")
        except OSError as error:
            self._context.navigator.report(
                SurroundingsError(Code.STORE_READ_ONLY, "The file could not be written there.", detail=str(error))
            )
        else:
            self._context.navigator.say(f"Saved {file.name}.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back, Delete takes a student out."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() == Qt.Key.Key_Delete and self._stack.currentWidget() is self.view:
            self._ask_about(self.view.currentIndex())
        else:
            super().keyPressEvent(event)

    def _on_read(self, read: ClassView) -> None:
        self._task = None
        self.title.setText(read.course.title)
        self._table = read.table
        self.model.show(read.table, datetime.now(UTC))
        self.view.resizeColumnsToContents()
        self.questions.show_figures(read)
        self.grading.show_waiting(read.to_grade)
        self._on_part(self.parts.choice())

    def _on_failed(self, error: AlexandriaError) -> None:
        self._task = None
        self._wrong.show_error(error)
        self._stack.setCurrentWidget(self._wrong)

    def _on_part(self, part: str) -> None:
        shown: QWidget = self.view if self._table.students else self._empty
        if part == QUESTIONS:
            shown = self.questions if self.questions.table.rowCount() else self._no_items
        elif part == GRADING:
            shown = self.grading
        self.export.setVisible(part == CLASS and bool(self._table.students))
        self._stack.setCurrentWidget(shown)

    def _on_graded(self, one: ToGrade, given: Mapping[str, Grade]) -> None:
        course_id, teaching = self._course_id, self._context.library.teaching
        if course_id is not None:
            self._context.tasks.run(
                lambda: teaching.grade(course_id, one.attempt.id, given),
                lambda _: self.refresh(),
                self._context.navigator.report,
                priority=5,
            )

    def _copy_code(self) -> None:
        """Put the course's code on the clipboard; make one where there is none."""
        course_id, joining, navigator = self._course_id, self._context.library.joining, self._context.navigator
        if course_id is None:
            return

        def code() -> str:
            known = joining.invitation(course_id)
            return known.code if known is not None else joining.invite(course_id)

        def copy(found: str) -> None:
            QGuiApplication.clipboard().setText(found)
            navigator.say(f"Copied the code {found}.")

        self._context.tasks.run(code, copy, navigator.report)

    def _on_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if index.isValid():
            menu = Menu(parent=self)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.addAction("Take out of the course…", lambda: self._ask_about(index))
            menu.popup(self.view.viewport().mapToGlobal(at))

    def _ask_about(self, index: QModelIndex) -> None:
        """Ask before a student is taken out: only a new code brings them back."""
        row = self._sorted.mapToSource(index).row()
        if not 0 <= row < len(self._table.students):
            return
        student = self._table.students[row]
        name = student.name or "this student"
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle("Take out of the course")
        box.setText(f"Take {name} out of the course?")
        box.setInformativeText(
            "What they handed in stays with you; the course leaves their devices at their next sync. Only a code that"
            " you make later lets them in again."
        )
        take = box.addButton("Take out", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.buttonClicked.connect(lambda chosen: self._take_out(student) if chosen is take else None)
        box.open()

    def _take_out(self, student: StudentRow) -> None:
        course_id, joining, navigator = self._course_id, self._context.library.joining, self._context.navigator
        if course_id is not None:
            name = student.name or "The student"
            self._context.tasks.run(
                lambda: joining.take_out(course_id, UUID(student.student)),
                lambda _: navigator.say(f"{name} leaves the course at the next sync."),
                navigator.report,
            )

    def _on_export(self) -> None:
        name = "".join(letter if letter.isalnum() or letter in " -" else "-" for letter in self.title.text())[:80]
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the class", f"{name or 'Class'}.csv", "CSV (*.csv)")
        if chosen:
            self.write_csv(Path(chosen))


def _calm(view: QTableView) -> None:
    view.setShowGrid(False)
    view.setAlternatingRowColors(False)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(40)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    view.horizontalHeader().setMinimumSectionSize(72)
    view.horizontalHeader().setProperty("over", "cells")
    view.setTabKeyNavigation(False)
