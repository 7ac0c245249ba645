"""The tree of a course: the course itself, its lessons in order, what each asks; lessons move by drag or key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem

from alexandria_desktop.teach.document import CourseDocument, LessonKind
from alexandria_desktop.ui.appearance.appearance import Appearance

_ROLE = Qt.ItemDataRole.UserRole
_INDENT = "\u2003\u2003\u2003\u2002"
_ICONS = {
    LessonKind.TEXT: "file", LessonKind.VIDEO: "play", LessonKind.INTERACTIVE: "answer", LessonKind.ASSESSMENT: "quiz",
}  # fmt: skip


class NodeKind(StrEnum):
    """What a line of the tree is."""

    COURSE = "course"
    LESSON = "lesson"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the tree."""

    kind: NodeKind
    id: str
    lesson: str = ""
    """Of an assessment: the lesson that it belongs to."""


def nodes_of(course: CourseDocument) -> list[tuple[Node, str]]:
    """Return the lines of the tree with their names, top to bottom."""
    lines = [(Node(NodeKind.COURSE, course.id), course.title or "Without a title")]
    for lesson in course.lessons:
        lines.append((Node(NodeKind.LESSON, lesson.id), lesson.title or "Without a title"))
        lines += [_asked(one.id, one.title, lesson.id) for one in course.assessments if one.lesson_id == lesson.id]
    there = {lesson.id for lesson in course.lessons}
    return lines + [_asked(one.id, one.title, "") for one in course.assessments if one.lesson_id not in there]


def _asked(assessment_id: str, title: str, lesson: str) -> tuple[Node, str]:
    return Node(NodeKind.ASSESSMENT, assessment_id, lesson), title or "Quiz"


class CourseTree(QListWidget):
    """The left column of the builder."""

    chosen = Signal(object)
    """(Node)"""
    moved = Signal(str, int)
    """(lesson id, its place among the others)"""
    removed = Signal(object)
    """(Node)"""
    entered = Signal()
    """The keyboard is to go to what is chosen."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._nodes: list[Node] = []
        self.setAccessibleName("Lessons; Alt with the arrow keys moves one")
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.currentRowChanged.connect(self._on_row)

    def show_course(self, course: CourseDocument, current: Node | None) -> None:
        """Show a course, the keyboard on what it was on."""
        lines = nodes_of(course)
        kinds = {lesson.id: lesson.kind for lesson in course.lessons}
        was = self.blockSignals(True)
        self.clear()
        self._nodes = [node for node, _ in lines]
        for node, name in lines:
            item = QListWidgetItem(name)
            item.setData(_ROLE, node.id)
            item.setSizeHint(QSize(0, 34))
            flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
            if node.kind is NodeKind.LESSON:
                flags |= Qt.ItemFlag.ItemIsDragEnabled
            item.setFlags(flags)
            icon = (
                "course" if node.kind is NodeKind.COURSE else _ICONS.get(kinds.get(node.id, LessonKind.ASSESSMENT), "")
            )
            item.setIcon(self._appearance.icon(icon or "file", "muted"))
            if node.lesson:
                item.setText(f"{_INDENT}{name}")
                item.setIcon(QIcon())
            item.setToolTip(name)
            self.addItem(item)
        self.setCurrentRow(self._nodes.index(current) if current in self._nodes else 0)
        self.blockSignals(was)

    def rename(self, node_id: str, name: str) -> None:
        """Show another name of a line."""
        for row, node in enumerate(self._nodes):
            if node.id == node_id:
                self.item(row).setText(f"{_INDENT}{name}" if node.lesson else name or "Without a title")

    def go_to_lesson(self, lesson_id: str) -> None:
        """Choose the line of a lesson."""
        for row, node in enumerate(self._nodes):
            if node.id == lesson_id:
                self.setCurrentRow(row)

    def current_node(self) -> Node | None:
        """Return the line that is chosen."""
        row = self.currentRow()
        return self._nodes[row] if 0 <= row < len(self._nodes) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with the arrows moves a lesson, Delete removes, Enter and Right go into what is chosen."""
        node, key = self.current_node(), event.key()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if node is not None and node.kind is NodeKind.LESSON:
                lessons = self._lessons()
                self.moved.emit(node.id, max(0, min(lessons.index(node.id) + step, len(lessons) - 1)))
        elif node is not None and key == Qt.Key.Key_Delete and node.kind is not NodeKind.COURSE:
            self.removed.emit(node)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Right):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell where a lesson was dropped; the tree is shown anew once it is written."""
        node = self.current_node()
        point = event.position().toPoint()
        target = self.indexAt(point)
        below = point.y() > self.visualRect(target).center().y()  # where Qt draws its line
        row = target.row() + below if target.isValid() else self.count()
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if node is not None and node.kind is NodeKind.LESSON:
            before = [one.id for one in self._nodes[:row] if one.kind is NodeKind.LESSON and one.id != node.id]
            self.moved.emit(node.id, len(before))

    def _lessons(self) -> list[str]:
        return [node.id for node in self._nodes if node.kind is NodeKind.LESSON]

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(self._nodes):
            self.chosen.emit(self._nodes[row])
