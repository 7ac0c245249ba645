"""The code that lets students into a course: made, copied, taken back."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.library.joining import Invitation, State
from alexandria_desktop.store.course_rows import Status
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button, make_icon_button


class InvitationField(QWidget):
    """A course's code, or the button that makes one."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._course_id: UUID | None = None
        self._status = Status.DRAFT
        self._found: Invitation | None = None
        look = context.appearance
        self.code = QLabel()
        self.code.setFont(look.font(TextSize.LARGE, MEDIUM))
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copy = make_icon_button(look.icon("copy"), "Copy the code")
        self.copy.clicked.connect(self._on_copy)
        self.make = make_button("Make a code", icon=look.icon("add"))
        self.make.clicked.connect(self._on_make)
        self.withdraw = make_button("Withdraw", kind=ButtonKind.PLAIN)
        self.withdraw.clicked.connect(self._on_withdraw)
        self.words = small(look)
        self.words.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.code, self.copy, self.make, self.withdraw):
            row.addWidget(part)
            part.hide()  # until a course is shown
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.words)

    def show_course(self, course_id: UUID, status: Status, found: Invitation | None) -> None:
        """Show the code of a course."""
        self._course_id, self._status, self._found = course_id, status, found
        has_code = found is not None
        self.code.setText(found.code if found is not None else "")
        self.code.setAccessibleName(f"Code {found.code}" if found is not None else "No code")
        for part in (self.code, self.copy, self.withdraw):
            part.setVisible(has_code)
        self.make.show()
        self.make.setText("New code" if has_code else "Make a code")
        self.words.setText(self._say(found))

    def _say(self, found: Invitation | None) -> str:
        if found is None:
            return "Whoever has the code can take the course, also where it is found by nobody else."
        if found.state is State.REFUSED:
            return "Your server did not take this code. Make a new one."
        if self._status is not Status.PUBLISHED:
            return "It lets students in once the course is published."
        if found.state is State.WAITING:
            return "It lets students in after the next sync with your server."
        return "Students choose “Join a course” and type it. A new code closes this one."

    def _on_copy(self) -> None:
        if self._found is not None:
            QGuiApplication.clipboard().setText(self._found.code)
            self._context.navigator.say("Copied the code.")

    def _on_make(self) -> None:
        course_id, joining = self._course_id, self._context.library.joining
        if course_id is not None:
            self._context.tasks.run(lambda: joining.invite(course_id), self.refresh, self._context.navigator.report)

    def _on_withdraw(self) -> None:
        course_id, joining = self._course_id, self._context.library.joining
        if course_id is not None:
            self._context.tasks.run(lambda: joining.withdraw(course_id), self.refresh, self._context.navigator.report)

    def refresh(self, _: object = None) -> None:
        """Read the code again."""
        course_id, joining = self._course_id, self._context.library.joining
        if course_id is None:
            return

        def show(found: Invitation | None) -> None:
            if course_id == self._course_id:
                self.show_course(course_id, self._status, found)

        self._context.tasks.run(lambda: joining.invitation(course_id), show, self._context.navigator.report)
