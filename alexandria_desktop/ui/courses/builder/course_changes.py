"""What is done to a course as a whole: its facts and state, its lessons and quizzes made, moved, removed."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from alexandria_desktop.library.joining import AudienceChoice
from alexandria_desktop.store.course_rows import Status
from alexandria_desktop.teach.authoring.history import Step
from alexandria_desktop.teach.document import LessonKind
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.course_view import CourseView
from alexandria_desktop.ui.courses.builder.open_course import OpenCourse
from alexandria_desktop.ui.courses.builder.tree import CourseTree, Node, NodeKind


class CourseChanges(QObject):
    """Carries out what the tree and the page of the course ask for."""

    renamed = Signal(str)
    """The title as it is typed."""

    def __init__(self, context: Context, opened: OpenCourse, tree: CourseTree, view: CourseView) -> None:
        super().__init__(opened)
        self._navigator = context.navigator
        self._authoring = context.library.authoring
        self._opened = opened
        self._tree = tree
        tree.moved.connect(self._move_lesson)
        tree.removed.connect(self._remove)
        view.changed.connect(self._change)
        view.status_wanted.connect(self._set_status)

    def add_lesson(self) -> None:
        """Make a lesson after the one that is shown."""
        course_id, at, make = self._opened.course_id, self._place_of_node(), self._authoring
        if course_id is None:
            return

        def made(one: UUID) -> None:
            undo, redo = partial(make.remove_lesson, one), partial(make.bring_back_lesson, one)
            self._opened.made(Step("new lesson", undo, redo), Node(NodeKind.LESSON, str(one)))

        self._opened.writing.now(lambda: make.add_lesson(course_id, "New lesson", at=at), made)

    def add_quiz(self) -> None:
        """Make a quiz in the lesson that is shown, or in one of its own."""
        course_id, lesson, make = self._opened.course_id, self._lesson_of_node(), self._authoring
        if course_id is None:
            return

        def write() -> tuple[UUID, UUID]:
            lesson_id = UUID(lesson) if lesson else make.add_lesson(course_id, "Quiz", kind=LessonKind.ASSESSMENT)
            return lesson_id, make.add_assessment(course_id, lesson_id, "Quiz")

        def made(found: tuple[UUID, UUID]) -> None:
            lesson_id, quiz_id = found
            undo, redo = partial(make.remove_assessment, quiz_id), partial(make.bring_back_assessment, quiz_id)
            self._opened.made(Step("new quiz", undo, redo), Node(NodeKind.ASSESSMENT, str(quiz_id), str(lesson_id)))

        self._opened.writing.now(write, made)

    def _lesson_of_node(self) -> str:
        node = self._opened.node
        return "" if node is None else node.id if node.kind is NodeKind.LESSON else node.lesson

    def _place_of_node(self) -> int | None:
        ids = self._lesson_ids()
        shown = self._lesson_of_node()
        return ids.index(shown) + 1 if shown in ids else None

    def _lesson_ids(self) -> list[str]:
        read = self._opened.read
        return [lesson.id for lesson in read.course.lessons] if read is not None else []

    def _move_lesson(self, lesson_id: str, at: int) -> None:
        ids, one = self._lesson_ids(), UUID(lesson_id)
        was = ids.index(lesson_id) if lesson_id in ids else at
        if was == at:
            self._opened.look_again()  # the tree is as it was dropped
            return
        undo, redo = (partial(self._authoring.move_lesson, one, place) for place in (was, at))
        self._opened.do(Step("moved a lesson", undo, redo))

    def _remove(self, node: Node) -> None:
        make, one = self._authoring, UUID(node.id)
        if node.kind is NodeKind.LESSON:
            name, undo, redo = "lesson", partial(make.bring_back_lesson, one), partial(make.remove_lesson, one)
        else:
            name, undo, redo = "quiz", partial(make.bring_back_assessment, one), partial(make.remove_assessment, one)
        self._opened.do(Step(f"removed a {name}", undo, redo))
        bring_back = partial(self._opened.writing.now, undo, self._opened.look_again)
        self._navigator.say(f"Removed the {name}.", undo=bring_back)

    def _change(self, facts: dict[str, Any]) -> None:
        course_id, read, change = self._opened.course_id, self._opened.read, self._authoring.change_course
        if course_id is None or read is None:
            return
        if "title" in facts:
            self.renamed.emit(facts["title"])
            self._tree.rename(read.course.id, facts["title"])
        known = {name: getattr(read.course, name) for name in facts}
        undo, redo = partial(change, course_id, **_columns(known)), partial(change, course_id, **_columns(facts))
        self._opened.type(Step("changed the course", undo, redo, f"course {'.'.join(facts)}"))

    def _set_status(self, status: Status, choice: AudienceChoice) -> None:
        course_id, read, put = self._opened.course_id, self._opened.read, self._authoring.set_status
        if course_id is None or read is None:
            return
        was, row = read.row.organization_id, read.row
        undo = partial(put, course_id, row.status, audience=row.audience, organization_id=was)
        redo = partial(put, course_id, status, audience=choice.audience, organization_id=choice.organization_id)
        self._opened.do(Step(f"made it {status.value}", undo, redo))


def _columns(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts as the store takes them: what has no column of its own is in the course's metadata."""
    metadata = {name: dict(facts[name]) or None for name in ("settings",) if name in facts}
    metadata |= {name: facts[name] or None for name in ("language",) if name in facts}
    rest = {name: value for name, value in facts.items() if name not in metadata}
    return {**rest, "metadata": metadata} if metadata else rest
