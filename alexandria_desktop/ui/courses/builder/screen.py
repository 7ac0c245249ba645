"""The builder: the tree of a course, what is chosen in it, and the book beside it; all is kept as it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.store.course_rows import Audience, CourseRow, Status
from alexandria_desktop.teach.authoring.history import History, Step
from alexandria_desktop.teach.authoring.lines import new_id
from alexandria_desktop.teach.blocks import Block, BookPlace, ImageBlock
from alexandria_desktop.teach.document import AssessmentDocument, CourseDocument, LessonKind
from alexandria_desktop.teach.questions.keys import Key
from alexandria_desktop.teach.questions.model import Question
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.commands import Area, command_for
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.block_editors import fresh
from alexandria_desktop.ui.courses.builder.cards import BookSide
from alexandria_desktop.ui.courses.builder.course_view import CourseView
from alexandria_desktop.ui.courses.builder.lesson_view import LessonView
from alexandria_desktop.ui.courses.builder.quiz_view import QuizView
from alexandria_desktop.ui.courses.builder.tree import CourseTree, Node, NodeKind
from alexandria_desktop.ui.courses.builder.writing import Writing
from alexandria_desktop.ui.courses.panes import scrolled
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.banner import Banner
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel
from alexandria_desktop.ui.widgets.menu import Menu

_TABLES = ("content_items", "courses", "lessons", "assessments", "assessment_keys")
_SETTLE = 300
"""Milliseconds after a change before the course is read again."""


@dataclass(frozen=True, slots=True)
class _Read:
    course: CourseDocument
    row: CourseRow
    minutes: Mapping[str, int]
    notes: Mapping[str, str]


class BuilderScreen(QWidget):
    """One course of the reader's own."""

    left = Signal()
    book_wanted = Signal(object, object)
    """(the book's id, Locator)"""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._course_id: UUID | None = None
        self._read: _Read | None = None
        self._task: Task | None = None
        self._node: Node | None = None
        self._focus_on = ""
        self._to_title = False
        self.history = History()
        look = context.appearance
        self.writing = Writing(context.tasks, self)
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
        self.middle = QStackedWidget()
        self._panes = {one: scrolled(one) for one in (self.course, self.lesson, self.quiz)}
        for pane in self._panes.values():
            self.middle.addWidget(pane)
        self.add = make_button("Add", icon=look.icon("add", "muted"))
        self.add.setToolTip("Add a lesson or a quiz")
        self.add.clicked.connect(self._choose_kind)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settle.timeout.connect(self._look_again)
        self._lay_out()
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
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setChildrenCollapsible(False)
        for part, width, stretch in ((side, 248, 0), (self.middle, 680, 1), (self.book, 320, 0)):
            part.setMinimumWidth(200)
            columns.addWidget(part)
            columns.setStretchFactor(columns.count() - 1, stretch)
            part.resize(width, part.height())
        columns.setSizes([248, 712, 320])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._bar())
        whole.addWidget(self.banner)
        whole.addWidget(columns, 1)

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
        people = make_button("Class", kind=ButtonKind.QUIET, icon=look.icon("account", "muted"))
        people.clicked.connect(self._show_class)
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(8)
        row.addWidget(back)
        row.addWidget(self._title, 1)
        for one in (self._kept, self.undo, self.redo, versions, people, preview):
            row.addWidget(one)
        return bar

    def _connect(self) -> None:
        self.writing.begun.connect(lambda: self._kept.setText("Saving…"))
        self.writing.rested.connect(self._on_rested)
        self.writing.failed.connect(self._on_failed)
        self.tree.chosen.connect(self._show_node)
        self.tree.moved.connect(self._move_lesson)
        self.tree.removed.connect(self._remove_node)
        self.tree.entered.connect(self._enter)
        self.course.changed.connect(self._change_course)
        self.course.status_wanted.connect(self._set_status)
        self.lesson.renamed.connect(lambda text: self._change_lesson(title=text))
        self.lesson.goals_changed.connect(
            lambda goals: self._change_lesson(metadata={"objectives": list(goals) or None})
        )
        self.lesson.noted.connect(self._write_notes)
        self.lesson.required.connect(self._require)
        self.lesson.edited.connect(self._edit_block)
        self.lesson.wanted.connect(self.add_block)
        self.lesson.picture_wanted.connect(self._choose_picture)
        self.lesson.moved.connect(self._move_block)
        self.lesson.removed.connect(self._remove_block)
        self.lesson.opened.connect(self._open_place)
        self.quiz.renamed.connect(self._rename_quiz)
        self.quiz.ruled.connect(self._rule_quiz)
        self.quiz.told.connect(self._tell_question)
        self.quiz.asked.connect(self._ask)
        self.quiz.moved.connect(self._move_question)
        self.quiz.removed.connect(self._remove_question)
        self.book.added.connect(self._on_card)
        self.book.left.connect(self._enter)

    # --- what the window asks -----------------------------------------------------------------------------------

    def open(self, course_id: UUID, *, to_title: bool = False) -> None:
        """Show a course."""
        if course_id != self._course_id:
            self.history.clear()
            self._node = None
        self._course_id, self._to_title = course_id, to_title
        self.banner.hide()
        self.book.read_books()
        versions = self._context.library.course_versions
        self._context.tasks.run(lambda: versions.save(course_id, "When it was opened"), priority=-1)
        self._look_again()

    def leave(self) -> None:
        """Go back to the courses; what was typed is written."""
        self.writing.flush()
        self.left.emit()

    def take_focus(self) -> None:
        """Put the keyboard on the tree."""
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def on_changes(self, changes: Changes) -> None:
        """Hear what was written, by this screen or by a round of sync."""
        if self._course_id is not None and changes.touches(*_TABLES):
            self._settle.start()

    def do(self, command_id: str) -> None:
        """Carry out a command of the builder."""
        match command_id:
            case "new-lesson":
                self.add_lesson()
            case "new-quiz":
                self.add_quiz()
            case "add-text":
                self._add_text()
            case "lessons":
                self.take_focus()
            case "beside":
                self.book.take_focus()
            case "search-beside":
                self.book.search()
            case "preview" if self._course_id is not None:
                self.writing.flush()
                course_id = self._course_id
                self.writing.now(lambda: None, lambda _: self._context.navigator.take_course(course_id))
            case "undo-change":
                self._step(self.history.back(), back=True)
            case "redo-change":
                self._step(self.history.forth(), back=False)
            case "versions" if self._course_id is not None:
                self._show_versions(self._course_id)
            case "leave-builder":
                self.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the commands of the builder."""
        command = command_for(event, Area.BUILDER)
        if command is None:
            super().keyPressEvent(event)
        else:
            self.do(command.id)

    # --- reading ------------------------------------------------------------------------------------------------

    def _look_again(self) -> None:
        course_id, library = self._course_id, self._context.library
        if course_id is None:
            return
        if self._task is not None:
            self._task.cancel()

        def read() -> _Read:
            course = library.courses.document(course_id)
            notes = {one.id: library.authoring.teacher_notes(UUID(one.id)) for one in course.lessons}
            return _Read(course, library.courses.row(course_id), library.courses.minutes(course), notes)

        self._task = self._context.tasks.run(read, self._on_read, self._on_failed, priority=5)

    def _on_read(self, read: _Read) -> None:
        self._task = None
        if not self.writing.is_at_rest:
            self._settle.start()  # what was typed meanwhile is not in it
            return
        first = self._read is None or self._read.course.id != read.course.id
        self._read = read
        self._title.setText(read.course.title or "Without a title")
        if self._node is None or first:
            self._node = Node(NodeKind.COURSE, read.course.id)
        self.tree.show_course(read.course, self._node)
        self._show_node(self.tree.current_node() or self._node)
        if self._to_title:
            self._to_title = False
            self.course.take_focus()
        elif first:
            self.take_focus()

    def _show_node(self, node: Node) -> None:
        read = self._read
        if read is None:
            return
        if node != self._node:
            self.writing.flush()
            self.history.close_step()
        self._node = node
        lesson = next((one for one in read.course.lessons if one.id == node.id), None)
        quiz = next((one for one in read.course.assessments if one.id == node.id), None)
        if lesson is not None:
            self.lesson.show_lesson(read.course, lesson, read.minutes, read.notes.get(lesson.id, ""))
            self.middle.setCurrentWidget(self._panes[self.lesson])
        elif quiz is not None:
            self.quiz.show_quiz(quiz)
            self.middle.setCurrentWidget(self._panes[self.quiz])
        else:
            self.course.show_course(read.course, read.row)
            self.middle.setCurrentWidget(self._panes[self.course])
        if self._focus_on:
            focus, self._focus_on = self._focus_on, ""
            self.lesson.focus_block(focus)
            self.quiz.focus_question(focus)

    def _enter(self) -> None:
        page = next((one for one, pane in self._panes.items() if pane is self.middle.currentWidget()), None)
        if isinstance(page, CourseView | LessonView | QuizView):
            page.take_focus()

    # --- writing ------------------------------------------------------------------------------------------------

    def _done(self, step: Step, focus: str = "") -> None:
        """Make a change that can be undone, and show what became of it."""
        self._focus_on = focus
        self.history.add(step)
        self.writing.now(step.redo, self._again)

    def _typed(self, key: str, step: Step) -> None:
        """Write something typed after a rest; the letters of a sentence are one step."""
        self.history.add(step)
        self.writing.later(key, step.redo)

    def _step(self, step: Step | None, *, back: bool) -> None:
        if step is None:
            self._context.navigator.say("There is nothing to undo." if back else "There is nothing to do again.")
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # a field that has the keyboard would keep what it shows
        self.writing.now(step.undo if back else step.redo, self._again)
        self._kept.setText(f"{'Undone' if back else 'Done again'}: {step.words}")

    def _again(self, _: object) -> None:
        self._look_again()

    def _on_rested(self) -> None:
        self._kept.setText("Saved")

    def _on_failed(self, error: AlexandriaError) -> None:
        self.banner.show_error(error, can_retry=False)
        self._look_again()

    # --- the course and its tree --------------------------------------------------------------------------------

    def add_lesson(self, kind: LessonKind = LessonKind.TEXT) -> None:
        """Make a lesson after the one that is shown, its title ready to be typed."""
        course_id, authoring, at = self._course_id, self._context.library.authoring, self._place_of_node()
        if course_id is None:
            return
        title = "New lesson" if kind is not LessonKind.ASSESSMENT else "New quiz"

        def made(lesson_id: UUID) -> None:
            self._node = Node(NodeKind.LESSON, str(lesson_id))
            undo, redo = partial(authoring.remove_lesson, lesson_id), partial(authoring.bring_back_lesson, lesson_id)
            self.history.add(Step("new lesson", undo, redo))
            self._look_again()

        self.writing.now(lambda: authoring.add_lesson(course_id, title, kind=kind, at=at), made)

    def add_quiz(self) -> None:
        """Make a quiz in the lesson that is shown, or one of its own."""
        course_id, authoring, node = self._course_id, self._context.library.authoring, self._node
        lesson = node.id if node is not None and node.kind is NodeKind.LESSON else node.lesson if node else ""
        if course_id is None:
            return

        def make() -> tuple[UUID, UUID]:
            lesson_id = UUID(lesson) if lesson else authoring.add_lesson(course_id, "Quiz", kind=LessonKind.ASSESSMENT)
            return lesson_id, authoring.add_assessment(course_id, lesson_id, "Quiz")

        def made(found: tuple[UUID, UUID]) -> None:
            self._node = Node(NodeKind.ASSESSMENT, str(found[1]), str(found[0]))
            undo, redo = (
                partial(authoring.remove_assessment, found[1]),
                partial(authoring.bring_back_assessment, found[1]),
            )
            self.history.add(Step("new quiz", undo, redo))
            self._look_again()

        self.writing.now(make, made)

    def _choose_kind(self) -> None:
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction("Lesson", self.add_lesson)
        menu.addAction("Quiz", self.add_quiz)
        menu.popup(self.add.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _place_of_node(self) -> int | None:
        if self._read is None or self._node is None:
            return None
        ids = [lesson.id for lesson in self._read.course.lessons]
        shown = self._node.id if self._node.kind is NodeKind.LESSON else self._node.lesson
        return ids.index(shown) + 1 if shown in ids else None

    def _move_lesson(self, lesson_id: str, at: int) -> None:
        authoring, one = self._context.library.authoring, UUID(lesson_id)
        ids = [lesson.id for lesson in self._read.course.lessons] if self._read is not None else []
        if lesson_id in ids and ids.index(lesson_id) != at:
            was = ids.index(lesson_id)
            undo, redo = partial(authoring.move_lesson, one, was), partial(authoring.move_lesson, one, at)
            self._done(Step("moved a lesson", undo, redo))
        else:
            self._look_again()

    def _remove_node(self, node: Node) -> None:
        authoring, one = self._context.library.authoring, UUID(node.id)
        if node.kind is NodeKind.LESSON:
            step = Step(
                "removed a lesson", partial(authoring.bring_back_lesson, one), partial(authoring.remove_lesson, one)
            )
        else:
            step = Step(
                "removed a quiz",
                partial(authoring.bring_back_assessment, one),
                partial(authoring.remove_assessment, one),
            )
        self._done(step)
        words = "Removed the lesson." if node.kind is NodeKind.LESSON else "Removed the quiz."
        self._context.navigator.say(words, undo=lambda: self.writing.now(step.undo, self._again))

    def _change_course(self, facts: dict[str, Any]) -> None:
        course_id, authoring = self._course_id, self._context.library.authoring
        if course_id is None or self._read is None:
            return
        if "title" in facts:
            self._title.setText(facts["title"] or "Without a title")
            self.tree.rename(self._read.course.id, facts["title"])
        known = {name: getattr(self._read.course, name) for name in facts}
        key = f"course {'.'.join(facts)}"
        self._typed(
            key,
            Step(
                "changed the course",
                lambda: authoring.change_course(course_id, **known),
                lambda: authoring.change_course(course_id, **facts),
                key,
            ),
        )

    def _set_status(self, status: Status, audience: Audience) -> None:
        course_id, authoring, read = self._course_id, self._context.library.authoring, self._read
        if course_id is None or read is None:
            return
        was = read.row
        self._done(
            Step(
                f"made it {status.value}",
                lambda: authoring.set_status(course_id, was.status, audience=was.audience),
                lambda: authoring.set_status(course_id, status, audience=audience),
            )
        )

    # --- a lesson -----------------------------------------------------------------------------------------------

    def _lesson_id(self) -> UUID | None:
        return UUID(self.lesson.lesson.id) if self.lesson.lesson is not None else None

    def _change_lesson(self, **facts: Any) -> None:
        lesson, authoring = self.lesson.lesson, self._context.library.authoring
        if lesson is None:
            return
        lesson_id = UUID(lesson.id)
        if "title" in facts:
            self.tree.rename(lesson.id, facts["title"])
        before = {"title": lesson.title} if "title" in facts else {"metadata": {"objectives": list(lesson.objectives)}}
        key = f"lesson {lesson.id} {'.'.join(facts)}"
        self._typed(
            key,
            Step(
                "changed the lesson",
                lambda: authoring.change_lesson(lesson_id, **before),
                lambda: authoring.change_lesson(lesson_id, **facts),
                key,
            ),
        )

    def _write_notes(self, text: str) -> None:
        lesson_id, authoring = self._lesson_id(), self._context.library.authoring
        if lesson_id is not None:
            self.writing.later(f"notes {lesson_id}", lambda: authoring.write_teacher_notes(lesson_id, text))

    def _require(self, first: tuple[UUID, ...]) -> None:
        lesson, authoring = self.lesson.lesson, self._context.library.authoring
        if lesson is None:
            return
        one, before = UUID(lesson.id), [UUID(known) for known in lesson.prerequisites]
        self._done(
            Step(
                "what comes first",
                partial(authoring.require, one, before),
                partial(authoring.require, one, list(first)),
            )
        )

    def add_block(self, block: Block, at: int) -> None:
        """Put a block into the lesson that is shown."""
        lesson_id, authoring = self._lesson_id(), self._context.library.authoring
        if lesson_id is not None:
            undo = partial(authoring.remove_block, lesson_id, block.id)
            self._done(
                Step("added to the lesson", undo, lambda: authoring.add_block(lesson_id, block, at=at)), block.id
            )

    def _choose_picture(self) -> None:
        named, _ = QFileDialog.getOpenFileName(
            self, "Choose a picture", "", "Pictures (*.png *.jpg *.jpeg *.gif *.webp)"
        )
        if named:
            self.add_picture(Path(named))

    def add_picture(self, path: Path) -> None:
        """Put a picture into the lesson that is shown."""
        course_id, authoring = self._course_id, self._context.library.authoring
        at = self.lesson.place_of_keyboard()
        if course_id is not None:
            self.writing.now(
                lambda: authoring.add_picture(course_id, path),
                lambda media: self.add_block(ImageBlock(id=new_id(), media=media), at),
            )

    def _add_text(self) -> None:
        if self._node is not None and self._node.kind is NodeKind.LESSON:
            self.add_block(fresh("text"), self.lesson.place_of_keyboard())

    def _on_card(self, block: Block) -> None:
        if self.middle.currentWidget() is self._panes[self.quiz]:
            self.quiz.take_block(block)
        elif self._node is not None and self._node.kind is NodeKind.LESSON:
            lesson_id, authoring = self._lesson_id(), self._context.library.authoring
            if lesson_id is not None:  # the keyboard stays on the cards: one often takes several
                undo = partial(authoring.remove_block, lesson_id, block.id)
                self._done(Step("added to the lesson", undo, lambda: authoring.add_block(lesson_id, block)))
        else:
            self._context.navigator.say("Choose a lesson first, and it is put there.")

    def _edit_block(self, before: Block, after: Block) -> None:
        lesson_id, authoring = self._lesson_id(), self._context.library.authoring
        if lesson_id is not None:
            key = f"block {lesson_id} {after.id}"
            undo, redo = partial(authoring.put_block, lesson_id, before), partial(authoring.put_block, lesson_id, after)
            self._typed(key, Step("changed a part", undo, redo, key))

    def _move_block(self, block_id: str, at: int) -> None:
        lesson, authoring = self.lesson.lesson, self._context.library.authoring
        if lesson is None:
            return
        lesson_id = UUID(lesson.id)
        was = next((number for number, one in enumerate(lesson.blocks) if one.id == block_id), at)
        undo, redo = (partial(authoring.move_block, lesson_id, block_id, place) for place in (was, at))
        self._done(Step("moved a part", undo, redo), block_id)

    def _remove_block(self, block_id: str) -> None:
        lesson, authoring = self.lesson.lesson, self._context.library.authoring
        if lesson is None:
            return
        lesson_id = UUID(lesson.id)
        block = next((one for one in lesson.blocks if one.id == block_id), None)
        if block is not None:
            undo, redo = (
                partial(authoring.put_block, lesson_id, block),
                partial(authoring.remove_block, lesson_id, block_id),
            )
            self._done(Step("took a part away", undo, redo))

    def _open_place(self, place: BookPlace) -> None:
        """Open a place in its book; the book is found by its edition where its id is another's."""
        self.writing.flush()
        learning, locator = self._context.library.learning, place.locator
        self._context.tasks.run(
            lambda: learning.find_book(locator.edition, place.book_title, place.book_author),
            lambda book_id: self.book_wanted.emit(book_id, locator),
            self._on_failed,
        )

    # --- a quiz -------------------------------------------------------------------------------------------------

    def _rename_quiz(self, title: str) -> None:
        if self.quiz.quiz is not None:
            self.tree.rename(self.quiz.quiz.id, title)
            self.quiz.quiz = replace(self.quiz.quiz, title=title)
            self._rule_quiz(self.quiz.quiz)

    def _rule_quiz(self, quiz: AssessmentDocument) -> None:
        authoring, one = self._context.library.authoring, UUID(quiz.id)
        before = self._stored_quiz(quiz.id) or quiz
        key = f"quiz {quiz.id}"
        undo, redo = partial(authoring.change_assessment, one, before), partial(authoring.change_assessment, one, quiz)
        self._typed(key, Step("changed the quiz", undo, redo, key))

    def _tell_question(self, question: Question, key: Key) -> None:
        quiz, authoring = self.quiz.quiz, self._context.library.authoring
        if quiz is None:
            return
        one, stored = UUID(quiz.id), self._stored_quiz(quiz.id) or quiz
        before = next((known for known in stored.questions if known.id == question.id), question)
        name = f"question {quiz.id} {question.id}"
        undo = partial(authoring.put_question, one, before, stored.keys.get(question.id))
        self._typed(name, Step("changed a question", undo, partial(authoring.put_question, one, question, key), name))

    def _ask(self, question: Question, key: Key, at: int) -> None:
        quiz, authoring = self.quiz.quiz, self._context.library.authoring
        if quiz is not None:
            one = UUID(quiz.id)
            undo = partial(authoring.remove_question, one, question.id)
            redo = partial(authoring.put_question, one, question, key, at=at)
            self._done(Step("asked a question", undo, redo), question.id)

    def _move_question(self, question: Question, key: Key, at: int) -> None:
        quiz, authoring = self.quiz.quiz, self._context.library.authoring
        if quiz is not None:
            one = UUID(quiz.id)
            was = next((number for number, known in enumerate(quiz.questions) if known.id == question.id), at)
            self._done(
                Step(
                    "moved a question",
                    lambda: authoring.put_question(one, question, key, at=was),
                    lambda: authoring.put_question(one, question, key, at=at),
                ),
                question.id,
            )

    def _remove_question(self, question_id: str) -> None:
        quiz, authoring = self.quiz.quiz, self._context.library.authoring
        stored = self._stored_quiz(quiz.id) if quiz is not None else None
        question = (
            next((one for one in stored.questions if one.id == question_id), None) if stored is not None else None
        )
        if stored is None or question is None:
            return
        one, at, key = UUID(stored.id), stored.questions.index(question), stored.keys.get(question_id)
        undo = partial(authoring.put_question, one, question, key, at=at)
        self._done(Step("took a question away", undo, partial(authoring.remove_question, one, question_id)))

    def _stored_quiz(self, quiz_id: str) -> AssessmentDocument | None:
        known = self._read.course.assessments if self._read is not None else ()
        return next((one for one in known if one.id == quiz_id), None)

    def _show_versions(self, course_id: UUID) -> None:
        from alexandria_desktop.ui.courses.builder.versions_dialog import VersionsDialog

        def show(_: object) -> None:
            dialog = VersionsDialog(self._context, course_id, self)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.restored.connect(self._on_restored)
            dialog.open()

        self.writing.now(lambda: None, show)  # after all that waits

    def _on_restored(self, undo: UUID | None) -> None:
        versions = self._context.library.course_versions
        self.history.clear()
        self._look_again()
        if undo is not None:
            self._context.navigator.say(
                "The course is as it was.", undo=lambda: self.writing.now(partial(versions.restore, undo), self._again)
            )

    def _show_class(self) -> None:
        if self._course_id is not None:
            self.writing.flush()
            self._context.navigator.teach_course(self._course_id)
