"""The course that the builder is open on: read anew after a change, written step by step, taken back the same way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.joining import AudienceChoice, Invitation
from alexandria_desktop.store.course_rows import CourseRow
from alexandria_desktop.teach.authoring.history import History, Step
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.tree import Node, NodeKind
from alexandria_desktop.ui.courses.builder.writing import Writing
from alexandria_desktop.ui.tasks import Task
from sync.assessing.assessment import AssessmentDocument

_SETTLE = 300
"""Milliseconds after a change before the course is read again."""


@dataclass(frozen=True, slots=True)
class Read:
    """A course as it was read."""

    course: CourseDocument
    row: CourseRow
    minutes: Mapping[str, int]
    """What each lesson takes, by its id."""
    notes: Mapping[str, str]
    """The teacher's own notes, by the id of the lesson."""
    audiences: Sequence[AudienceChoice] = ()
    invitation: Invitation | None = None

    def lesson(self, lesson_id: str) -> LessonDocument | None:
        """Return a lesson by its id."""
        return next((one for one in self.course.lessons if one.id == lesson_id), None)

    def quiz(self, quiz_id: str) -> AssessmentDocument | None:
        """Return a quiz by its id."""
        return next((one for one in self.course.assessments if one.id == quiz_id), None)


class OpenCourse(QObject):
    """What is known of the open course, and the one way in which it is changed."""

    read_again = Signal(bool)
    """(whether this course is shown for the first time)"""
    failed = Signal(object)
    """(AlexandriaError)"""
    told = Signal(str)
    """How far what was done is: saving, saved, undone."""

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._task: Task | None = None
        self.course_id: UUID | None = None
        self.read: Read | None = None
        self.node: Node | None = None
        """The line of the tree that is shown."""
        self.focus_on = ""
        """The part or question that is to have the keyboard once it is shown."""
        self.history = History()
        self.writing = Writing(context.tasks, self)
        self.writing.begun.connect(self._on_begun)
        self.writing.rested.connect(self._on_rested)
        self.writing.failed.connect(self._on_unwritten)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE)
        self._settle.timeout.connect(self.look_again)

    # --- reading ------------------------------------------------------------------------------------------------

    def open(self, course_id: UUID) -> None:
        """Open a course; what was done to another cannot be undone any more."""
        if course_id != self.course_id:
            self.history.clear()
            self.node = None
        self.course_id = course_id
        versions = self._context.library.course_versions
        words = "When it was opened"
        self._context.tasks.run(lambda: versions.save(course_id, words), failed=self.failed.emit, priority=-1)
        self.look_again()

    @property
    def is_reading(self) -> bool:
        """Whether the course is being read."""
        return self._task is not None

    def look_soon(self) -> None:
        """Read the course again once changes have settled."""
        if self.course_id is not None:
            self._settle.start()

    def look_again(self, _: object = None) -> None:
        """Read the course again."""
        course_id, library = self.course_id, self._context.library
        if course_id is None:
            return
        if self._task is not None:
            self._task.cancel()

        def read() -> Read:
            course = library.courses.document(course_id)
            notes = {one.id: library.authoring.teacher_notes(UUID(one.id)) for one in course.lessons}
            joining = library.joining
            return Read(
                course,
                library.courses.row(course_id),
                library.courses.minutes(course),
                notes,
                joining.audiences(),
                joining.invitation(course_id),
            )

        self._task = self._context.tasks.run(read, self._on_read, self._on_unread, priority=5)

    def _on_read(self, read: Read) -> None:
        self._task = None
        if not self.writing.is_at_rest:
            self._settle.start()  # what was typed meanwhile is not in it
            return
        is_first = self.read is None or self.read.course.id != read.course.id
        self.read = read
        if self.node is None or is_first:
            self.node = Node(NodeKind.COURSE, read.course.id)
        self.read_again.emit(is_first)

    def _on_unread(self, error: AlexandriaError) -> None:
        self._task = None  # and it is not read again by itself: it would fail without an end
        self.failed.emit(error)

    # --- writing ------------------------------------------------------------------------------------------------

    def go_to(self, node: Node) -> None:
        """Take note of what is shown; what was typed in another place is written, and is a step of its own."""
        if node != self.node:
            self.writing.flush()
            self.history.close_step()
        self.node = node

    def do(self, step: Step, focus: str = "") -> None:
        """Make a change that can be undone, and read what became of it."""
        self.focus_on = focus
        self.history.add(step)
        self.writing.now(step.redo, self.look_again)

    def type(self, step: Step) -> None:
        """Write something typed after a rest; the letters of a sentence are one step."""
        self.history.add(step)
        self.writing.later(step.joins, step.redo)

    def made(self, step: Step, node: Node) -> None:
        """Take note of what was made already, and show it."""
        self.history.add(step)
        self.node = node
        self.look_again()

    def step(self, *, back: bool) -> None:
        """Undo the last step, or do again the one that was undone last."""
        step = self.history.back() if back else self.history.forth()
        if step is None:
            self._context.navigator.say("There is nothing to undo." if back else "There is nothing to do again.")
            return
        self.writing.now(step.undo if back else step.redo, self.look_again)
        self.told.emit(f"{'Undone' if back else 'Done again'}: {step.words}")

    def _on_begun(self) -> None:
        self.told.emit("Saving…")

    def _on_rested(self) -> None:
        self.told.emit("Saved")

    def _on_unwritten(self, error: AlexandriaError) -> None:
        self.failed.emit(error)
        self.look_again()
