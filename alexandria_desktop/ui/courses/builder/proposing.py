"""The sheet of proposals over the builder: made when it is first wanted, and what is taken written as one step."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from alexandria_desktop.teach.authoring.history import Step
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.builder.open_course import OpenCourse
from alexandria_desktop.ui.courses.builder.tree import Node, NodeKind

if TYPE_CHECKING:
    from alexandria_desktop.library.course_documents import Added
    from alexandria_desktop.teach.compiling.proposal import Proposal
    from alexandria_desktop.ui.courses.proposing.sheet import ProposalSheet


class Proposing(QObject):
    """Shows the sheet, and carries out what is taken from it."""

    book_wanted = Signal(object)
    """(BookPlace)"""
    left = Signal()

    def __init__(self, context: Context, opened: OpenCourse, stack: QStackedWidget) -> None:
        super().__init__(opened)
        self._context = context
        self._opened = opened
        self._stack = stack
        self.sheet: ProposalSheet | None = None
        opened.failed.connect(self._on_failed)

    @property
    def is_shown(self) -> bool:
        """Whether the sheet lies over the course."""
        return self.sheet is not None and self._stack.currentWidget() is self.sheet

    def show_sheet(self, beside: UUID | None) -> None:
        """Show the sheet for the open course, with the book beside the lesson chosen."""
        read = self._opened.read
        if read is None:
            return
        self._opened.writing.flush()
        sheet = self._made()
        self._stack.setCurrentWidget(sheet)
        sheet.begin(read.course, beside)

    def hide_sheet(self, *, unless: UUID | None = None) -> None:
        """Go back to the course; a sheet of the course ``unless`` stays, as when somebody comes back from a book."""
        if self.is_shown and self._opened.course_id != unless:
            self._on_left()

    def take_focus(self) -> None:
        """Put the keyboard on the sheet."""
        if self.sheet is not None:
            self.sheet.take_focus()

    def _made(self) -> ProposalSheet:
        if self.sheet is None:
            from alexandria_desktop.ui.courses.proposing.sheet import ProposalSheet

            self.sheet = ProposalSheet(self._context)
            self.sheet.left.connect(self._on_left)
            self.sheet.taken.connect(self._take)
            self.sheet.book_wanted.connect(self.book_wanted)
            self._stack.addWidget(self.sheet)
        return self.sheet

    def _on_failed(self, _: object) -> None:
        if self.sheet is not None:
            self.sheet.tell()  # what was not written can be taken again

    def _on_left(self) -> None:
        self._stack.setCurrentIndex(0)
        self.left.emit()

    def _take(self, proposal: Proposal, chosen: frozenset[str]) -> None:
        course_id, compiling, make = (
            self._opened.course_id,
            self._context.library.compiling,
            self._context.library.authoring,
        )
        if course_id is None:
            return

        def made(added: Added) -> None:
            self._made().forget()
            self._on_left()
            undo, redo = partial(make.remove_parts, added), partial(make.bring_back_parts, added)
            self._opened.made(Step("took what was proposed", undo, redo), Node(NodeKind.LESSON, str(added.lessons[0])))
            number = len(added.lessons)
            bring_back = partial(self._opened.writing.now, undo, self._opened.look_again)
            said = "1 lesson was added." if number == 1 else f"{number} lessons were added."
            self._context.navigator.say(said, undo=bring_back)

        self._opened.writing.now(lambda: compiling.accept(course_id, proposal, chosen), made)
