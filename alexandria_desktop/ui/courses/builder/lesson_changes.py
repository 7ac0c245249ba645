"""What is done to a lesson: its facts, the notes on it, and its parts added, changed, moved, taken away."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from alexandria_desktop.teach.authoring.history import Step
from alexandria_desktop.teach.authoring.lines import new_id
from alexandria_desktop.teach.blocks import Block, ImageBlock
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.block_editors import fresh
from alexandria_desktop.ui.courses.builder.lesson_view import LessonView
from alexandria_desktop.ui.courses.builder.open_course import OpenCourse
from alexandria_desktop.ui.courses.builder.tree import CourseTree


class LessonChanges(QObject):
    """Carries out what the page of a lesson asks for."""

    def __init__(self, context: Context, opened: OpenCourse, tree: CourseTree, view: LessonView) -> None:
        super().__init__(opened)
        self._authoring = context.library.authoring
        self._opened = opened
        self._tree = tree
        self._view = view
        view.renamed.connect(self._rename)
        view.goals_changed.connect(self._set_goals)
        view.noted.connect(self._write_notes)
        view.required.connect(self._require)
        view.edited.connect(self._edit)
        view.wanted.connect(self.add)
        view.picture_wanted.connect(self._choose_picture)
        view.moved.connect(self._move)
        view.removed.connect(self._remove)

    def add(self, block: Block, at: int | None = None, *, is_entered: bool = True) -> None:
        """Put a part before the one at ``at``, or at the end; ``is_entered`` gives it the keyboard."""
        if self._view.lesson is not None:
            one, make = UUID(self._view.lesson.id), self._authoring
            undo, redo = partial(make.remove_block, one, block.id), partial(make.add_block, one, block, at=at)
            self._opened.do(Step("added to the lesson", undo, redo), block.id if is_entered else "")

    def add_text(self) -> None:
        """Put an empty text behind the part that has the keyboard."""
        self.add(fresh("text"), self._view.place_of_keyboard())

    def add_picture(self, path: Path) -> None:
        """Put a picture behind the part that has the keyboard."""
        course_id, at, make = self._opened.course_id, self._view.place_of_keyboard(), self._authoring
        if course_id is not None:
            self._opened.writing.now(
                lambda: make.add_picture(course_id, path),
                lambda media: self.add(ImageBlock(id=new_id(), media=media), at),
            )

    def _choose_picture(self) -> None:
        kinds = "Pictures (*.png *.jpg *.jpeg *.gif *.webp)"
        named, _ = QFileDialog.getOpenFileName(self._view, "Choose a picture", "", kinds)
        if named:
            self.add_picture(Path(named))

    # --- facts --------------------------------------------------------------------------------------------------

    def _rename(self, title: str) -> None:
        if self._view.lesson is not None:
            self._tree.rename(self._view.lesson.id, title)
            self._change("title", {"title": title}, {"title": self._view.lesson.title})

    def _set_goals(self, goals: tuple[str, ...]) -> None:
        if self._view.lesson is not None:
            changed, known = (
                {"metadata": {"objectives": list(some) or None}} for some in (goals, self._view.lesson.objectives)
            )
            self._change("objectives", changed, known)

    def _change(self, name: str, changed: dict[str, Any], known: dict[str, Any]) -> None:
        if self._view.lesson is not None:
            one, change = UUID(self._view.lesson.id), self._authoring.change_lesson
            undo, redo = partial(change, one, **known), partial(change, one, **changed)
            self._opened.type(Step("changed the lesson", undo, redo, f"lesson {one} {name}"))

    def _write_notes(self, text: str) -> None:
        if self._view.lesson is not None:
            one = UUID(self._view.lesson.id)
            self._opened.writing.later(f"notes {one}", partial(self._authoring.write_teacher_notes, one, text))

    def _require(self, first: tuple[UUID, ...]) -> None:
        if self._view.lesson is not None:
            one, known = UUID(self._view.lesson.id), [UUID(name) for name in self._view.lesson.prerequisites]
            undo, redo = (partial(self._authoring.require, one, some) for some in (known, list(first)))
            self._opened.do(Step("what comes first", undo, redo))

    # --- parts --------------------------------------------------------------------------------------------------

    def _edit(self, before: Block, after: Block) -> None:
        if self._view.lesson is not None:
            one = UUID(self._view.lesson.id)
            undo, redo = (partial(self._authoring.put_block, one, block) for block in (before, after))
            self._opened.type(Step("changed a part", undo, redo, f"block {one} {after.id}"))

    def _move(self, block_id: str, at: int) -> None:
        if self._view.lesson is not None:
            one = UUID(self._view.lesson.id)
            ids = [block.id for block in self._view.lesson.blocks]
            was = ids.index(block_id) if block_id in ids else at
            undo, redo = (partial(self._authoring.move_block, one, block_id, place) for place in (was, at))
            self._opened.do(Step("moved a part", undo, redo), block_id)

    def _remove(self, block_id: str) -> None:
        blocks = self._view.lesson.blocks if self._view.lesson is not None else ()
        block = next((one for one in blocks if one.id == block_id), None)
        if self._view.lesson is not None and block is not None:
            one, make = UUID(self._view.lesson.id), self._authoring
            undo, redo = partial(make.put_block, one, block), partial(make.remove_block, one, block_id)
            self._opened.do(Step("took a part away", undo, redo))
