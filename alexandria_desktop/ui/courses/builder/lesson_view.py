"""A lesson in the middle of the builder: its title, its facts, its blocks edited in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from alexandria_desktop.teach.blocks import Block
from alexandria_desktop.teach.document import CourseDocument, LessonDocument
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.block_editors import BEGUN, KIND_WORDS, BlockEditor, fresh
from alexandria_desktop.ui.courses.builder.dragging import EdgeScroll, block_of, is_ours, moved_of
from alexandria_desktop.ui.courses.courses_list import lasting
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.menu import Menu


class LessonView(QWidget):
    """One lesson; goes into a pane that scrolls."""

    renamed = Signal(str)
    edited = Signal(object, object)
    """(Block before, Block after)"""
    wanted = Signal(object, int)
    """(Block, place): put a block in."""
    moved = Signal(str, int)
    """(block id, its place among the others)"""
    removed = Signal(str)
    opened = Signal(object)
    """(BookPlace)"""
    required = Signal(object)
    """(tuple of lesson ids): these come first."""
    noted = Signal(str)
    """The teacher's own notes."""
    picture_wanted = Signal()
    """A picture is to be chosen from a file."""
    goals_changed = Signal(object)
    """(tuple of objectives)"""
    left = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        look = context.appearance
        self.lesson: LessonDocument | None = None
        self._course: CourseDocument | None = None
        self._editors: list[BlockEditor] = []
        self._drop_at: int | None = None
        self._edge = EdgeScroll(self, self._show_drop)
        self.setAcceptDrops(True)
        self.title = QLineEdit()
        self.title.setProperty("plain", True)
        self.title.setAccessibleName("Title of the lesson")
        self.title.setPlaceholderText("Title of the lesson")
        self.title.setFont(look.font(TextSize.TITLE, MEDIUM))
        self.title.textEdited.connect(self.renamed)
        self.title.returnPressed.connect(self._on_title_done)
        self._facts = small(look)
        self._first = make_button("Comes after…", kind=ButtonKind.QUIET, icon=look.icon("link", "muted"))
        self._first.clicked.connect(self._choose_first)
        self.goals = _field("What one can do after this lesson, one a line", 64)
        self.goals.textChanged.connect(self._on_goals)
        self.notes = _field("Your own notes on this lesson; students never get them", 64)
        self.notes.textChanged.connect(lambda: self.noted.emit(self.notes.toPlainText()))
        self.add = make_button("Add", icon=look.icon("add", "muted"))
        self.add.setToolTip("Add to the lesson")
        self.add.clicked.connect(self._choose_kind)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        facts = QHBoxLayout()
        facts.setSpacing(8)
        facts.addWidget(self._facts, 1)
        facts.addWidget(self._first)
        self._lay_out(facts)

    def _lay_out(self, facts: QHBoxLayout) -> None:
        look = self._context.appearance
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 24, 0, 48)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addLayout(facts)
        column.addSpacing(4)
        column.addLayout(self._column)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(24)
        column.addWidget(small(look, "Objectives"))
        column.addWidget(self.goals)
        column.addWidget(small(look, "Notes for yourself"))
        column.addWidget(self.notes)
        column.addStretch(1)

    def show_lesson(
        self, course: CourseDocument, lesson: LessonDocument, minutes: Mapping[str, int], notes: str
    ) -> None:
        """Show a lesson; what stands there already as it is now is left alone, with the keyboard in it."""
        same = self.lesson is not None and self.lesson.id == lesson.id
        self._course, self.lesson = course, lesson
        _set_line(self.title, lesson.title)
        taken = minutes.get(lesson.id, 0)
        first = [one.title for one in course.lessons if one.id in lesson.prerequisites]
        facts = [f"about {lasting(taken)}" if taken else "empty"]
        if first:
            facts.append(f"after {', '.join(f'“{one}”' for one in first)}")
        self._facts.setText(" · ".join(facts))
        _set_text(self.goals, "\n".join(lesson.objectives))
        if not (same and self.notes.hasFocus()):
            _set_text(self.notes, notes)
        if not same or tuple(editor.block for editor in self._editors) != lesson.blocks:
            self._fill(lesson.blocks)

    def focus_block(self, block_id: str) -> None:
        """Put the keyboard in a block."""
        for editor in self._editors:
            if editor.block.id == block_id:
                editor.take_focus()

    def take_focus(self) -> None:
        """Put the keyboard on the first block, or on the title."""
        (self._editors[0].take_focus if self._editors else self.title.setFocus)()

    def place_of_keyboard(self) -> int:
        """Return the place behind the block that the keyboard is in, or the end."""
        inside = [number for number, editor in enumerate(self._editors) if editor.has_keyboard()]
        return inside[0] + 1 if inside else len(self._editors)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint where a dragged block would come to stand."""
        super().paintEvent(event)
        if self._drop_at is not None:
            editors = self._editors
            top = editors[self._drop_at].y() - 5 if self._drop_at < len(editors) else self.add.y() - 5
            QPainter(self).fillRect(0, top, self.width(), 2, self._context.appearance.color("accent"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take blocks."""
        if is_ours(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would come to stand; at the edge of the pane, scroll."""
        point = event.position().toPoint()
        self._show_drop(point)
        self._edge.follow(point)
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: object) -> None:
        """Show nothing any more."""
        self._end_drop()

    def dropEvent(self, event: QDropEvent) -> None:
        """Put in, or move, what was dropped."""
        self._end_drop()
        place = self._place_at(event.position().toPoint())
        block, moved = block_of(event.mimeData()), moved_of(event.mimeData())
        ids = [editor.block.id for editor in self._editors]
        if block is not None:
            event.acceptProposedAction()
            self.wanted.emit(block, place)
        elif moved in ids:
            event.acceptProposedAction()
            there = ids.index(moved)
            among_others = place - (there < place)
            if among_others != there:
                self.moved.emit(moved, among_others)

    def _show_drop(self, point: QPoint) -> None:
        self._drop_at = self._place_at(point)
        self.update()

    def _end_drop(self) -> None:
        self._edge.stop()
        self._drop_at = None
        self.update()

    def _place_at(self, point: QPoint) -> int:
        above = [editor for editor in self._editors if editor.geometry().center().y() < point.y()]
        return len(above)

    def _fill(self, blocks: Sequence[Block]) -> None:
        known = {editor.block.id: editor for editor in self._editors}
        stay = {block.id for block in blocks if block.id in known and known[block.id].block == block}
        kept = [known[block.id] if block.id in stay else None for block in blocks]
        for gone in [editor for block_id, editor in known.items() if block_id not in stay]:
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        self._editors = [
            old if old is not None else self._editor(block) for old, block in zip(kept, blocks, strict=True)
        ]
        for editor in self._editors:
            self._column.removeWidget(editor)
        for editor in self._editors:
            self._column.addWidget(editor)
            editor.show()

    def _editor(self, block: Block) -> BlockEditor:
        editor = BlockEditor(self._context.appearance, block, self._context.library.learning.file_of)
        editor.edited.connect(self.edited)
        editor.moved.connect(self._on_moved)
        editor.removed.connect(self._on_removed)
        editor.opened.connect(self.opened)
        editor.left.connect(self._on_left)
        return editor

    def _place(self, block_id: str) -> int:
        return next((number for number, one in enumerate(self._editors) if one.block.id == block_id), 0)

    def _on_moved(self, block_id: str, step: int) -> None:
        place = self._place(block_id) + step
        if 0 <= place < len(self._editors):
            self.moved.emit(block_id, place)

    def _on_removed(self, block_id: str) -> None:
        place = self._place(block_id)
        others = [one for one in self._editors if one.block.id != block_id]
        if others:
            others[min(place, len(others) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)
        self.removed.emit(block_id)

    def _on_left(self, block_id: str, step: int) -> None:
        place = self._place(block_id) + step
        if 0 <= place < len(self._editors):
            self._editors[place].setFocus(Qt.FocusReason.OtherFocusReason)
        elif place < 0:
            self.title.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_title_done(self) -> None:
        if self._editors:
            self._editors[0].take_focus()
        else:
            self.wanted.emit(fresh("text"), 0)

    def _on_goals(self) -> None:
        lines = tuple(line.strip() for line in self.goals.toPlainText().splitlines() if line.strip())
        self.goals_changed.emit(lines)

    def _choose_kind(self) -> None:
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        for kind in BEGUN:
            menu.addAction(KIND_WORDS[kind]).setData(kind)
        menu.addAction("Picture from a file…").setData("")
        menu.triggered.connect(lambda action: self._begin(str(action.data())))
        menu.popup(self.add.mapToGlobal(QPoint(0, self.add.height())))

    def _begin(self, kind: str) -> None:
        if kind:
            self.wanted.emit(fresh(kind), len(self._editors))
        else:
            self.picture_wanted.emit()

    def _choose_first(self) -> None:
        if self._course is None or self.lesson is None:
            return
        menu = Menu(parent=self)
        menu.aboutToHide.connect(menu.deleteLater)
        chosen = self.lesson.prerequisites
        for one in self._course.lessons:
            if one.id != self.lesson.id:
                action = menu.addAction(one.title or "Without a title")
                action.setCheckable(True)
                action.setChecked(one.id in chosen)
                action.setData(one.id)
        menu.setEnabled(bool(menu.actions()))

        def told(_action: object) -> None:
            wanted = [str(one.data()) for one in menu.actions() if one.isChecked()]
            self.required.emit(tuple(UUID(one) for one in wanted))

        menu.triggered.connect(told)
        if menu.actions():
            menu.popup(self._first.mapToGlobal(QPoint(0, self._first.height())))


def _field(name: str, height: int) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setAccessibleName(name)
    edit.setPlaceholderText(name)
    edit.setTabChangesFocus(True)
    edit.setFixedHeight(height)
    return edit


def _set_line(edit: QLineEdit, text: str) -> None:
    if edit.text() != text and not edit.hasFocus():
        edit.setText(text)
        edit.setCursorPosition(0)  # a long one is read from its beginning


def _set_text(edit: QPlainTextEdit, text: str) -> None:
    if edit.toPlainText() != text and not edit.hasFocus():
        was = edit.blockSignals(True)
        edit.setPlainText(text)
        edit.blockSignals(was)
