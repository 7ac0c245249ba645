"""The page of courses: begun, opened, brought in from a file, removed with a way back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from alexandria_desktop.library.joining import State, Wish
from alexandria_desktop.store.course_rows import CourseSummary, Role
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.courses_list import CourseLine, CoursePainter, grouped
from alexandria_desktop.ui.courses.join_dialog import JoinDialog
from alexandria_desktop.ui.courses.wishes import Wishes
from alexandria_desktop.ui.shelf.grouped_list import GroupedModel, GroupedView
from alexandria_desktop.ui.shelf.list_page import ListPage
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.menu import Menu

UNNAMED = "New course"


@dataclass(frozen=True, slots=True)
class _Read:
    courses: list[CourseSummary]
    wishes: list[Wish]
    in_files: set[UUID]


class CoursesPage(ListPage):
    """All courses of this reader."""

    built = Signal(object)
    """(UUID): a course of one's own is to be opened in the builder."""
    begun = Signal(object)
    """(UUID): a course was made, and is to be opened in the builder."""
    taken = Signal(object)
    """(UUID): a course is to be opened as its students see it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        appearance = context.appearance
        self.model: GroupedModel[CourseLine] = GroupedModel()
        self.view: GroupedView[CourseLine] = GroupedView(self.model, "Courses")
        self.open_pack = make_button("Open a pack", kind=ButtonKind.QUIET, icon=appearance.icon("import", "muted"))
        self.open_pack.clicked.connect(lambda: context.navigator.do("open-pack"))
        self.new = make_button("New course", kind=ButtonKind.PRIMARY, icon=appearance.icon("add", "accent_text"))
        self.join_button = make_button("Join a course…")
        empty = EmptyState(
            appearance,
            icon="course",
            title="No courses yet",
            sentence="Make one out of what you read, join one with its code, or drag a course pack here.",
            action="New course",
            second="Join a course…",
        )
        super().__init__(
            context,
            self.view,
            title="Courses",
            names=("course", "courses"),
            empty=empty,
            busy=EmptyState(appearance, icon="course", sentence="Reading the courses…"),
            actions=(self.join_button, self.new),
            always=(self.open_pack,),
            parent=parent,
        )
        self._courses: list[CourseSummary] = []
        self._in_files: set[UUID] = set()
        """Those that came in a pack, and that no server has told of."""
        self._waiting: set[UUID] = set()
        self.wishes = Wishes(appearance)
        self.wishes.put_aside.connect(self._put_aside)
        self.put_below_bar(self.wishes)
        empty.activated.connect(self.begin)
        empty.second_activated.connect(self.join)
        self.join_button.clicked.connect(self.join)
        self.new.clicked.connect(self.begin)
        self.view.setItemDelegate(CoursePainter(appearance, self.view))
        self.view.opened.connect(self._on_opened)
        self.view.deleted.connect(self._on_deleted)
        self.view.filter_wanted.connect(self.focus_filter)
        self.view.customContextMenuRequested.connect(self._on_menu)
        appearance.changed.connect(self.view.viewport().update)

    def refresh(self) -> None:
        """Read the courses again."""
        library = self._context.library

        def read() -> _Read:
            return _Read(library.courses.list(), library.joining.wishes(), library.course_packs.came_in_a_file())

        self.begin_reading(self._context.tasks.run(read, self._on_read, self.show_wrong, priority=3))

    def take_focus(self) -> None:
        """Put the keyboard on the courses."""
        (self.view if self.model.lines else self.new).setFocus(Qt.FocusReason.OtherFocusReason)

    def begin(self) -> None:
        """Make a course and open it, its title ready to be typed."""
        authoring = self._context.library.authoring
        self._context.tasks.run(lambda: authoring.make_course(UNNAMED), self.begun.emit, self._context.navigator.report)

    def join(self) -> None:
        """Ask for the code of a course."""
        dialog = JoinDialog(self._context, self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.joined.connect(lambda _: self.refresh())
        dialog.account_wanted.connect(partial(self._context.navigator.do, "account"))
        dialog.open()

    def open(self, course: CourseSummary) -> None:
        """Open a course: one's own in the builder, others as their students see them."""
        (self.taken if course.role is Role.STUDENT else self.built).emit(course.id)

    def remove(self, course: CourseSummary) -> None:
        """Remove a course of one's own; Undo brings it back."""
        authoring = self._context.library.authoring
        if course.is_mine:
            self.remove_with_a_way_back(
                lambda: authoring.remove_course(course.id),
                lambda: authoring.bring_back_course(course.id),
                f"Removed “{course.title}”.",
            )

    def put_away(self, course: CourseSummary) -> None:
        """Take a course that came in a pack off the list; Undo brings it back, and so does its pack."""
        packs = self._context.library.course_packs
        self.remove_with_a_way_back(
            lambda: packs.put_away(course.id),
            lambda: packs.bring_back(course.id),
            f"“{course.title}” is put away; its pack brings it back.",
        )

    def current(self) -> UUID | None:
        """Return the course that the keyboard is on."""
        line = self.view.thing()
        return line.course.id if line is not None and line.course is not None else None

    def show_words(self, words: str) -> None:
        """Show only the courses that hold some words."""
        chosen = self.current()
        lines = grouped(self._courses, words)
        self.model.show(lines)
        there = len(self._courses)
        self.show_count(sum(1 for line in lines if not line.is_heading), there, words)
        self.field.setVisible(bool(there))
        self.new.setVisible(bool(there))
        self.join_button.setVisible(bool(there))
        same = [number for number, one in enumerate(lines) if one.course is not None and one.course.id == chosen]
        self.view.stay_at(same[0]) if same else self.view.go_to_first()

    def _on_read(self, read: _Read) -> None:
        self._courses, self._in_files = read.courses, read.in_files
        self.wishes.show_wishes(read.wishes)
        self._welcome(read.wishes)
        self.show_read(len(self._courses))

    def _welcome(self, wishes: list[Wish]) -> None:
        """Say what a wish that waited has brought."""
        titles = {one.id: one.title for one in self._courses}
        for wish in wishes:
            if wish.id in self._waiting and wish.state is State.GRANTED and wish.course_id in titles:
                self._context.navigator.say(f"You are in “{titles[wish.course_id]}”.")
        self._waiting = {
            wish.id
            for wish in wishes
            if wish.state is State.WAITING or (wish.id in self._waiting and wish.course_id not in titles)
        }

    def _put_aside(self, wish: Wish) -> None:
        joining, navigator = self._context.library.joining, self._context.navigator
        self._context.tasks.run(lambda: joining.put_aside(wish.id), lambda _: self.refresh(), navigator.report)

    def _on_opened(self, line: CourseLine) -> None:
        if line.course is not None:
            self.open(line.course)

    def _on_deleted(self, line: CourseLine) -> None:
        course = line.course
        if course is not None:
            self.put_away(course) if course.id in self._in_files else self.remove(course)

    def _on_menu(self, at: QPoint) -> None:
        line = self.model.thing(self.view.indexAt(at))
        course = line.course if line is not None else None
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
            menu.addAction("Save as a pack…", lambda: self._context.navigator.save_pack(course.id))
            menu.addSeparator()
            menu.addAction("Remove", lambda: self.remove(course))
        if course.id in self._in_files:
            menu.addAction("Save my answers…", lambda: self._context.navigator.save_answers(course.id))
            menu.addSeparator()
            menu.addAction("Put away", lambda: self.put_away(course))
        menu.popup(self.view.viewport().mapToGlobal(at))
