"""The builder: the tree of a course, what is chosen in it, and the book beside it; all is kept as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.teach.blocks import Block, BookPlace
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.commands import Area, command_for
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.cards import BookSide
from alexandria_desktop.ui.courses.builder.course_changes import CourseChanges
from alexandria_desktop.ui.courses.builder.course_view import CourseView
from alexandria_desktop.ui.courses.builder.format_bar import FormatBar
from alexandria_desktop.ui.courses.builder.lesson_changes import LessonChanges
from alexandria_desktop.ui.courses.builder.lesson_view import LessonView
from alexandria_desktop.ui.courses.builder.open_course import OpenCourse
from alexandria_desktop.ui.courses.builder.proposing import Proposing
from alexandria_desktop.ui.courses.builder.quiz_changes import QuizChanges
from alexandria_desktop.ui.courses.builder.quiz_view import QuizView
from alexandria_desktop.ui.courses.builder.tree import CourseTree, Node, NodeKind
from alexandria_desktop.ui.courses.panes import scrolled
from alexandria_desktop.ui.widgets.banner import Banner
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel
from alexandria_desktop.ui.widgets.menu import Menu

_TABLES = ("content_items", "courses", "lessons", "assessments", "assessment_keys", "requests", "user_organizations")
_UNTITLED = "Without a title"


class BuilderScreen(QWidget):
    """One course of the reader's own."""

    left = Signal()
    book_wanted = Signal(object, object)
    """(the book's id, Locator)"""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._to_title = False
        look = context.appearance
        self.opened = OpenCourse(context, self)
        self.writing = self.opened.writing
        self._title = ElidedLabel()
        self._title.setFont(look.font(TextSize.LARGE, MEDIUM))
        self._kept = QLabel()
        self._kept.setProperty("tone", "muted")
        self.banner = Banner(look)
        self.tree = CourseTree(look)
        self.course = CourseView(context)
        self.lesson = LessonView(context)
        self.quiz = QuizView(context)
        self.book = BookSide(context)
        self.format = FormatBar(look)
        self.middle = QStackedWidget()
        self._panes = {one: scrolled(one) for one in (self.course, self.lesson, self.quiz)}
        for pane in self._panes.values():
            self.middle.addWidget(pane)
        self.course_changes = CourseChanges(context, self.opened, self.tree, self.course)
        self.lesson_changes = LessonChanges(context, self.opened, self.tree, self.lesson)
        self.quiz_changes = QuizChanges(context, self.opened, self.tree, self.quiz)
        self.add = make_button("Add", icon=look.icon("add", "muted"))
        self.add.setToolTip("Add a lesson or a quiz, or have some proposed")
        self.add.clicked.connect(self._choose_kind)
        self._lay_out()
        self.proposing = Proposing(context, self.opened, self.stack)
        self.proposing.book_wanted.connect(self._open_place)
        self.proposing.left.connect(self.take_focus)
        self._connect()

    # --- laying out ---------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        side = QFrame()
        side.setProperty("panel", "sidebar")
        column = QVBoxLayout(side)
        column.setContentsMargins(8, 14, 8, 12)
        column.setSpacing(10)
        column.addWidget(self.tree, 1)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        written = QWidget()
        within = QVBoxLayout(written)
        within.setContentsMargins(0, 0, 0, 0)
        within.setSpacing(0)
        within.addWidget(self.format)
        within.addWidget(self.middle, 1)
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        for part, width, stretch in ((side, 248, 0), (written, 680, 1), (self.book, 320, 0)):
            part.setMinimumWidth(200)
            columns.addWidget(part)
            columns.setStretchFactor(columns.count() - 1, stretch)
            part.resize(width, part.height())
        columns.setSizes([248, 712, 320])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        bar = self._bar()
        whole.addWidget(bar)
        whole.addWidget(self.banner)
        self.stack = QStackedWidget()
        self.stack.addWidget(columns)
        self.stack.currentChanged.connect(lambda page: bar.setVisible(page == 0))  # the sheet has a bar of its own
        whole.addWidget(self.stack, 1)

    def _bar(self) -> QFrame:
        look = self._context.appearance
        bar = QFrame()
        bar.setProperty("panel", "bar")
        bar.setFixedHeight(52)
        back = make_icon_button(look.icon("back"), "Back to the courses")
        back.clicked.connect(self.leave)
        self.undo = make_icon_button(look.icon("undo", "muted"), "Undo")
        self.undo.clicked.connect(lambda: self.do("undo-change"))
        self.redo = make_icon_button(look.icon("redo", "muted"), "Redo")
        self.redo.clicked.connect(lambda: self.do("redo-change"))
        preview = make_button("See as a student", kind=ButtonKind.QUIET, icon=look.icon("eye", "muted"))
        preview.clicked.connect(lambda: self.do("preview"))
        versions = make_button("Versions", kind=ButtonKind.QUIET, icon=look.icon("recent", "muted"))
        versions.clicked.connect(lambda: self.do("versions"))
        pack = make_icon_button(look.icon("save", "muted"), "Save as a pack")
        pack.clicked.connect(lambda: self.do("save-pack"))
        people = make_button("Class", kind=ButtonKind.QUIET, icon=look.icon("account", "muted"))
        people.clicked.connect(self._show_class)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(back)
        row.addWidget(self._title, 1)
        for one in (self._kept, self.undo, self.redo, pack, versions, people, preview):
            row.addWidget(one)
        return bar

    def _connect(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)
        self.opened.read_again.connect(self._show_course)
        self.opened.failed.connect(self._on_failed)
        self.opened.told.connect(self._kept.setText)
        self.tree.chosen.connect(self._show_node)
        self.course.graph.chosen.connect(self.tree.go_to_lesson)
        self.tree.entered.connect(self._enter)
        self.course_changes.renamed.connect(self._show_title)
        self.lesson.opened.connect(self._open_place)
        self.book.added.connect(self._on_card)
        self.book.left.connect(self._enter)

    # --- what the window asks -----------------------------------------------------------------------------------

    def open(self, course_id: UUID, *, to_title: bool = False) -> None:
        """Show a course."""
        self._to_title = to_title
        self.banner.hide()
        self.book.read_books()
        self.proposing.hide_sheet(unless=course_id)
        self.opened.open(course_id)

    def leave(self) -> None:
        """Go back to the courses; what was typed is written."""
        self.writing.flush()
        self.left.emit()

    def take_focus(self) -> None:
        """Put the keyboard on the tree, or on the sheet that lies over it."""
        if self.proposing.is_shown:
            self.proposing.take_focus()
            return
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_changes(self, changes: Changes) -> None:
        """Hear what was written, by this screen or by a round of sync."""
        if changes.touches(*_TABLES):
            self.opened.look_soon()

    def do(self, command_id: str) -> None:
        """Carry out a command of the builder."""
        plain: dict[str, Callable[[], object]] = {
            "new-lesson": self.course_changes.add_lesson,
            "new-quiz": self.course_changes.add_quiz,
            "lessons": self.take_focus,
            "beside": self.book.take_focus,
            "search-beside": self.book.search,
            "preview": self._preview,
            "versions": self._show_versions,
            "save-pack": self._save_pack,
            "leave-builder": self.leave,
        }
        match command_id:
            case "propose":
                self.proposing.show_sheet(self.book.books.currentData())
            case "add-text" if self._shows_lesson():
                self.lesson_changes.add_text()
            case "undo-change" | "redo-change":
                self.setFocus(Qt.FocusReason.OtherFocusReason)  # a field with the keyboard would keep what it shows
                self.opened.step(back=command_id == "undo-change")
            case _ if command_id in plain:
                plain[command_id]()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the commands of the builder."""
        command = command_for(event, Area.BUILDER)
        if command is None:
            super().keyPressEvent(event)
        else:
            self.do(command.id)

    # --- showing ------------------------------------------------------------------------------------------------

    def _show_course(self, is_first: bool) -> None:
        read, node = self.opened.read, self.opened.node
        if read is None or node is None:
            return
        self._show_title(read.course.title)
        self.tree.show_course(read.course, node)
        self._show_node(self.tree.current_node() or node)
        if self._to_title:
            self._to_title = False
            self.course.take_focus()
        elif is_first:
            self.take_focus()

    def _show_title(self, title: str) -> None:
        self._title.setText(title or _UNTITLED)

    def _show_node(self, node: Node) -> None:
        read = self.opened.read
        if read is None:
            return
        if node != self.opened.node:
            self.format.follow(self.middle)  # what was written in is shown no more
        self.opened.go_to(node)
        lesson, quiz = read.lesson(node.id), read.quiz(node.id)
        if lesson is not None:
            self.lesson.show_lesson(read.course, lesson, read.minutes, read.notes.get(lesson.id, ""))
            self.middle.setCurrentWidget(self._panes[self.lesson])
        elif quiz is not None:
            self.quiz.show_quiz(quiz)
            self.middle.setCurrentWidget(self._panes[self.quiz])
        else:
            self.course.show_course(read.course, read.row, read.audiences, read.invitation)
            self.middle.setCurrentWidget(self._panes[self.course])
        if self.opened.focus_on:
            focus, self.opened.focus_on = self.opened.focus_on, ""
            self.lesson.focus_block(focus)
            self.quiz.focus_question(focus)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new):
            self.format.follow(new)

    def _shows_lesson(self) -> bool:
        return self.opened.node is not None and self.opened.node.kind is NodeKind.LESSON

    def _enter(self) -> None:
        page = next((one for one, pane in self._panes.items() if pane is self.middle.currentWidget()), None)
        if isinstance(page, CourseView | LessonView | QuizView):
            page.take_focus()

    def _on_failed(self, error: AlexandriaError) -> None:
        self.banner.show_error(error, can_retry=False)

    # --- from part to part --------------------------------------------------------------------------------------

    def _choose_kind(self) -> None:
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction("Lesson", self.course_changes.add_lesson)
        menu.addAction("Quiz", self.course_changes.add_quiz)
        menu.addSeparator()
        menu.addAction("Propose from books…", lambda: self.do("propose"))
        menu.popup(self.add.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _on_card(self, block: Block) -> None:
        if self.middle.currentWidget() is self._panes[self.quiz]:
            self.quiz.take_block(block)
        elif self._shows_lesson():  # the keyboard stays on the cards: one often takes several
            self.lesson_changes.add(block, is_entered=False)
        else:
            self._context.navigator.say("Choose a lesson first, and it is put there.")

    def _open_place(self, place: BookPlace) -> None:
        """Open a place in its book; the book is found by its edition where its id is another's."""
        self.writing.flush()
        learning, locator = self._context.library.learning, place.locator
        self._context.tasks.run(
            lambda: learning.find_book(locator.edition, place.book_title, place.book_author),
            lambda book_id: self.book_wanted.emit(book_id, locator),
            self._on_failed,
        )

    def _preview(self) -> None:
        course_id, navigator = self.opened.course_id, self._context.navigator
        if course_id is not None:
            self.writing.now(lambda: None, lambda _: navigator.take_course(course_id))  # after all that waits

    def _save_pack(self) -> None:
        self.writing.flush()
        read = self.opened.read
        if read is not None:
            self._context.navigator.save_pack(UUID(read.course.id))

    def _show_versions(self) -> None:
        from alexandria_desktop.ui.courses.builder.versions_dialog import VersionsDialog

        course_id = self.opened.course_id
        if course_id is None:
            return

        def show(_: object) -> None:
            dialog = VersionsDialog(self._context, course_id, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.restored.connect(self._on_restored)
            dialog.open()

        self.writing.now(lambda: None, show)  # after all that waits

    def _on_restored(self, undo: UUID | None) -> None:
        versions = self._context.library.course_versions
        self.opened.history.clear()
        self.opened.look_again()
        if undo is not None:
            bring_back = partial(self.writing.now, partial(versions.restore, undo), self.opened.look_again)
            self._context.navigator.say("The course is as it was.", undo=bring_back)

    def _show_class(self) -> None:
        if self.opened.course_id is not None:
            self.writing.flush()
            self._context.navigator.teach_course(self.opened.course_id)
