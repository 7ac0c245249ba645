"""The sheet over the builder on which lessons are proposed: ask, wait, read and decide, take."""

from __future__ import annotations

import threading
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.teach.compiling.proposal import Proposal
from alexandria_desktop.teach.document import CourseDocument
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.panes import Bar
from alexandria_desktop.ui.courses.proposing.beside import Beside
from alexandria_desktop.ui.courses.proposing.form import ProposalForm, Wanted
from alexandria_desktop.ui.courses.proposing.line_list import LineList
from alexandria_desktop.ui.courses.proposing.lines import Decision, Line, lines_of
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.banner import Banner
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.empty_state import EmptyState
from alexandria_desktop.ui.widgets.progress_line import ProgressLine


class ProposalSheet(QWidget):
    """Proposes lessons for one course; nothing is written before they are taken."""

    left = Signal()
    taken = Signal(object, object)
    """(Proposal, frozenset of ids)"""
    book_wanted = Signal(object)
    """(BookPlace)"""
    progressed = Signal(object)
    """((done, of, words)), from the thread that works"""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._course_id: str = ""
        self._task: Task | None = None
        self._stop = threading.Event()
        self._proposal: Proposal | None = None
        look = context.appearance
        self.again = make_button("Ask differently", kind=ButtonKind.QUIET)
        self.again.clicked.connect(self.ask_again)
        self.bar = Bar(look, "Back to the course", self.again, size=TextSize.LARGE)
        self.bar.title.setText("Propose lessons from books")
        self.bar.left.connect(self.leave)
        self.banner = Banner(look)
        self.form = ProposalForm(context)
        self.form.wanted.connect(self._propose)
        self.line = ProgressLine(look)
        self.line.cancelled.connect(self.cancel)
        self.list = LineList(look)
        self.beside = Beside(look)
        self.take = make_button("Take what is ticked", kind=ButtonKind.PRIMARY)
        self.take.setToolTip("Take what is ticked into the course (Ctrl+Enter)")
        self.take.clicked.connect(self._on_take)
        self.all = make_button("Tick everything", kind=ButtonKind.QUIET)
        self.all.setToolTip("Tick all that was not thrown away (Ctrl+A)")
        self.all.clicked.connect(lambda: self.list.decide_all(Decision.TAKEN))
        self.said = small(look)
        self.nothing = EmptyState(look, icon="find", title="Nothing was found", sentence="", action="Ask differently")
        self.nothing.activated.connect(self.ask_again)
        self._lay_out()
        self.progressed.connect(self._on_progress)
        self.list.decided.connect(self.tell)
        self.list.shown.connect(self.beside.show_line)
        self.list.opened.connect(self._open)
        self.beside.decided.connect(self._decide)
        self.beside.opened.connect(self._open_current)

    def _lay_out(self) -> None:
        busy = QWidget()
        middle = QHBoxLayout()
        self.line.setMaximumWidth(480)
        middle.addStretch(1)
        middle.addWidget(self.line, 3)
        middle.addStretch(1)
        waiting = QVBoxLayout(busy)
        waiting.addStretch(2)
        waiting.addLayout(middle)
        waiting.addStretch(3)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.list)
        parts.addWidget(self.beside)
        parts.setSizes([700, 500])
        self._keys = small(self._context.appearance, "A ticks · Delete throws away · Enter opens the book")
        self._keys.setWordWrap(False)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 10, 24, 14)
        foot.setSpacing(12)
        foot.addWidget(self._keys)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.all)
        foot.addWidget(self.take)
        self._result = QWidget()
        column = QVBoxLayout(self._result)
        column.setContentsMargins(16, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(parts, 1)
        column.addLayout(foot)
        self.stack = QStackedWidget()
        self._busy = busy
        for page in (self.form, busy, self._result, self.nothing):
            self.stack.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addWidget(self.banner)
        whole.addWidget(self.stack, 1)

    # --- what the builder asks ------------------------------------------------------------------------------------

    def begin(self, course: CourseDocument, beside: UUID | None) -> None:
        """Show the sheet for a course; what was asked and proposed for it before is still there."""
        if course.id != self._course_id:
            self.cancel()
            self._course_id, self._proposal = course.id, None
            self.form.objectives.clear()
            self.ask_again()
        self.banner.hide()
        self.form.begin(course.objectives, beside)
        self.take_focus()

    def take_focus(self) -> None:
        """Put the keyboard where the sheet is."""
        page = self.stack.currentWidget()
        widget = self.list if page is self._result else self.line.cancel if page is self._busy else self.form.field
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Go back to the course; what was proposed stays until it is taken or asked anew."""
        self.cancel()
        self.left.emit()

    def cancel(self) -> None:
        """Stop what is being worked on."""
        if self._task is not None:
            self._stop.set()
            self._task.cancel()
            self._task = None
            self._show(self._result if self._proposal is not None else self.form)

    def ask_again(self) -> None:
        """Go back to what is asked."""
        self._show(self.form)

    # --- proposing --------------------------------------------------------------------------------------------------

    def _propose(self, wanted: Wanted) -> None:
        compiling, stop = self._context.library.compiling, threading.Event()
        self.cancel()
        self._stop = stop
        self._proposal = None
        self.banner.hide()
        self.line.cancel.setEnabled(True)
        self.line.set_progress(0, 0, words="Reading the books…")
        self._show(self._busy)
        self._task = self._context.tasks.run(
            lambda: compiling.propose(
                wanted.books,
                wanted.objectives,
                minutes_per_lesson=wanted.minutes,
                questions_per_lesson=wanted.questions,
                lessons_per_objective=wanted.lessons,
                is_cancelled=stop.is_set,
                on_progress=lambda done, of, words: self.progressed.emit((stop, done, of, words)),
            ),
            self._on_proposal,
            self._on_failed,
        )

    def _on_progress(self, told: tuple[threading.Event, int, int, str]) -> None:
        stop, done, of, words = told
        if stop is self._stop and not stop.is_set():
            self.line.set_progress(done, of, words=words)

    def _on_proposal(self, found: Proposal | None) -> None:
        self._task = None
        self._proposal = found
        if found is None:
            self._show(self.form)
        elif not found.lessons:
            reasons = "\n".join(f"{one.name}: {one.reason}" for one in (*found.unread, *found.unmet))
            self.nothing.say(reasons or "These books hold nothing for these objectives.")
            self._show(self.nothing)
        else:
            self.list.show_lines(lines_of(found))
            self.tell()
            self._show(self._result)

    def _on_failed(self, error: AlexandriaError) -> None:
        self._task = None
        self._show(self.form)
        self.banner.show_error(error, can_retry=False)

    # --- deciding ---------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Control with Enter takes, Escape goes back; no command of the builder is given from here."""
        key, has_control = event.key(), event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and has_control:
            if self.stack.currentWidget() is self._result:
                self._on_take()
            elif self.stack.currentWidget() is self.form and self.form.go.isEnabled():
                self.form.go.click()
        elif key == Qt.Key.Key_Escape:
            self.cancel() if self._task is not None else self.leave()
        event.accept()

    def _decide(self, decision: Decision) -> None:
        line = self.list.current_line()
        if line is not None:
            self.list.decide([line], decision)

    def _open_current(self) -> None:
        line = self.list.current_line()
        if line is not None and line.place is not None:
            self._open(line)

    def _open(self, line: Line) -> None:
        self.book_wanted.emit(line.place)

    def _on_take(self) -> None:
        chosen = self.list.taken
        if self._proposal is not None and chosen:
            self.take.setEnabled(False)
            self.taken.emit(self._proposal, chosen)

    def forget(self) -> None:
        """Begin afresh, when what was ticked is in the course."""
        self._proposal = None
        self.ask_again()

    def tell(self) -> None:
        """Say how much is ticked."""
        taken = len(self.list.taken)
        self.take.setEnabled(taken > 0)
        lines = self._proposal.ids if self._proposal is not None else frozenset()
        self.said.setText(f"{taken} of {len(lines)} ticked")

    def _show(self, page: QWidget) -> None:
        self.stack.setCurrentWidget(page)
        self.again.setVisible(page is self._result or page is self.nothing)
        if self.isVisible():
            self.take_focus()
