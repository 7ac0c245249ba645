"""The page of courses: begun, opened, brought in from a file, removed with a way back."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListView, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.store.course_rows import CourseSummary, Role
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.courses_list import CourseLine, CoursePainter, CoursesModel, grouped
from alexandria_desktop.ui.shelf.states import Wrong
from alexandria_desktop.ui.shelf.toolbar import HEIGHT, SCROLL_BAR
from alexandria_desktop.ui.shelf.wording import counted
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.menu import Menu
from alexandria_desktop.ui.widgets.search_field import SearchField

UNNAMED = "New course"


class CoursesPage(QWidget):
    """All courses of this reader."""

    sidebar_wanted = Signal()
    counted = Signal(int)
    """How many courses there are."""
    built = Signal(object)
    """(UUID): a course of one's own is to be opened in the builder."""
    begun = Signal(object)
    """(UUID): a course was made, and is to be opened in the builder."""
    taken = Signal(object)
    """(UUID): a course is to be opened as its students see it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._courses: list[CourseSummary] = []
        self._task: Task | None = None
        appearance = context.appearance
        self.model = CoursesModel(self)
        self.view = _CoursesView(self.model)
        self.view.setItemDelegate(CoursePainter(appearance, self.view))
        self.view.clicked.connect(self._on_clicked)
        self.view.opened.connect(self.open)
        self.view.deleted.connect(self.remove)
        self.view.filter_wanted.connect(self.focus_filter)
        self.view.customContextMenuRequested.connect(self._on_menu)
        appearance.changed.connect(self.view.viewport().update)
        self.field = SearchField(appearance, hint="Filter courses")
        self.field.setMaximumWidth(280)
        self.field.searched.connect(self._show)
        self.field.left.connect(self.take_focus)
        self.new = make_button("New course", kind=ButtonKind.PRIMARY, icon=appearance.icon("add", "accent_text"))
        self.new.clicked.connect(self.begin)
        self.sidebar = make_icon_button(appearance.icon("sidebar"), "Show the sidebar")
        self.sidebar.clicked.connect(self.sidebar_wanted)
        self.sidebar.hide()
        self._empty = EmptyState(
            appearance,
            icon="course",
            title="No courses yet",
            sentence="Make one out of what you read: passages, notes and chapters become lessons.",
            action="New course",
        )
        self._empty.activated.connect(self.begin)
        self._none = EmptyState(appearance, icon="filter", sentence="No course holds these words.", action="Clear")
        self._none.activated.connect(self.field.clear)
        self._wrong = Wrong(appearance)
        self._wrong.activated.connect(self.refresh)
        self._busy = EmptyState(appearance, icon="course", sentence="Reading the courses…")
        self._stack = QStackedWidget()
        for state in (self.view, self._empty, self._none, self._wrong, self._busy):
            self._stack.addWidget(state)
        self._stack.setCurrentWidget(self._busy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self._stack, 1)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setFixedHeight(HEIGHT)
        title = QLabel("Courses")
        title.setFont(self._context.appearance.font(TextSize.HEADING, MEDIUM))
        self._count = QLabel()
        self._count.setProperty("tone", "muted")
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 0, 24 + SCROLL_BAR, 0)
        row.setSpacing(8)
        row.addWidget(self.sidebar)
        row.addWidget(title)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.field, 2)
        row.addWidget(self.new)
        return bar

    def refresh(self) -> None:
        """Read the courses again."""
        if self._task is not None:
            self._task.cancel()
        courses = self._context.library.courses
        self._task = self._context.tasks.run(lambda: courses.list(), self._on_read, self._on_failed, priority=3)

    def take_focus(self) -> None:
        """Put the keyboard on the courses."""
        (self.view if self.model.lines else self.new).setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_filter(self) -> None:
        """Put the keyboard in the filter."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def begin(self) -> None:
        """Make a course and open it, its title ready to be typed."""
        authoring = self._context.library.authoring
        self._context.tasks.run(lambda: authoring.make_course(UNNAMED), self.begun.emit, self._context.navigator.report)

    def open(self, course: CourseSummary) -> None:
        """Open a course: one's own in the builder, others as their students see them."""
        (self.taken if course.role is Role.STUDENT else self.built).emit(course.id)

    def remove(self, course: CourseSummary) -> None:
        """Remove a course of one's own; Undo brings it back."""
        if not course.is_mine:
            return
        authoring, navigator, tasks = self._context.library.authoring, self._context.navigator, self._context.tasks

        def undo() -> None:
            tasks.run(lambda: authoring.bring_back_course(course.id), self._again, navigator.report)

        def done(_: object) -> None:
            navigator.say(f"Removed “{course.title}”.", undo=undo)
            self.refresh()

        tasks.run(lambda: authoring.remove_course(course.id), done, navigator.report)

    def current(self) -> UUID | None:
        """Return the course that the keyboard is on."""
        course = self.view.course()
        return course.id if course is not None else None

    def _again(self, _: object) -> None:
        self.refresh()

    def _on_read(self, courses: list[CourseSummary]) -> None:
        self._task = None
        self._courses = courses
        self.counted.emit(len(courses))
        self._show(self.field.text().strip())

    def _on_failed(self, error: AlexandriaError) -> None:
        self._task = None
        self._wrong.show_error(error)
        self._stack.setCurrentWidget(self._wrong)

    def _show(self, words: str) -> None:
        chosen = self.current()
        lines = grouped(self._courses, words)
        self.model.show(lines)
        shown, there = sum(1 for line in lines if line.course is not None), len(self._courses)
        self._count.setText(f"{shown:,} of {there:,}" if words else f"{there:,}" if there else "")
        self._count.setAccessibleName(counted(shown, "course", "courses"))
        self._stack.setCurrentWidget(self.view if lines else self._none if there else self._empty)
        self.field.setVisible(bool(there))
        self.new.setVisible(bool(there))
        self.view.go_to(chosen)

    def _on_clicked(self, index: QModelIndex) -> None:
        course = self.view.course(index)
        if course is not None:
            self.open(course)

    def _on_menu(self, at: QPoint) -> None:
        course = self.view.course(self.view.indexAt(at))
        if course is None:
            return
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        if course.role is not Role.STUDENT:
            menu.addAction("Open", lambda: self.built.emit(course.id))
        menu.addAction(
            "Open" if course.role is Role.STUDENT else "See it as a student", lambda: self.taken.emit(course.id)
        )
        if course.is_mine:
            menu.addSeparator()
            menu.addAction("Remove", lambda: self.remove(course))
        menu.popup(self.view.viewport().mapToGlobal(at))


class _CoursesView(QListView):
    opened = Signal(object)
    deleted = Signal(object)
    filter_wanted = Signal()

    def __init__(self, model: CoursesModel) -> None:
        super().__init__()
        self._courses = model
        self.setAccessibleName("Courses")
        self.setModel(model)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def course(self, index: QModelIndex | None = None) -> CourseSummary | None:
        """Return the course of a line, or of the one that the keyboard is on."""
        chosen = self.currentIndex() if index is None else index
        lines: list[CourseLine] = self._courses.lines
        return lines[chosen.row()].course if chosen.isValid() and chosen.row() < len(lines) else None

    def go_to(self, course: UUID | None) -> None:
        """Put the keyboard on a course, or on the first."""
        there = [number for number, line in enumerate(self._courses.lines) if line.course is not None]
        lines = self._courses.lines
        same = [number for number in there if (one := lines[number].course) is not None and one.id == course]
        for number in [*same, *there][:1]:
            self.setCurrentIndex(self._courses.index(number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete removes, a slash filters; the arrows pass headings by."""
        course, key = self.course(), event.key()
        if course is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(course)
        elif course is not None and key == Qt.Key.Key_Delete:
            self.deleted.emit(course)
        elif key == Qt.Key.Key_Slash:
            self.filter_wanted.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure anew in another width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def _step(self, step: int) -> None:
        number = self.currentIndex().row() + step
        while 0 <= number < len(self._courses.lines):
            if self._courses.lines[number].course is not None:
                self.setCurrentIndex(self._courses.index(number))
                return
            number += step
        if step < 0:
            self.scrollToTop()
