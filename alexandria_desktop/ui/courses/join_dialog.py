"""Typing the code of a course; what is wrong with it is said below the line, and what was typed stays."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.standing import SyncStatus
from alexandria_desktop.ui.account.form import Field
from alexandria_desktop.ui.appearance.fonts import TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.panes import foot
from alexandria_desktop.ui.courses.words import heading, small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.working_dialog import WorkingDialog

WIDTH = 440


class JoinDialog(WorkingDialog):
    """One line for the code."""

    joined = Signal(object)
    """(UUID): the wish that was written."""
    account_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, "Join a course", parent)
        look = context.appearance
        self.setMinimumWidth(WIDTH)
        self._words = small(look)
        self.code = Field(look, "Code from your teacher", hint="7KQM-2XPD-9RTA")
        self.code.edit.setMaxLength(64)
        self.code.edit.returnPressed.connect(self.join)
        self.join_button = make_button("Join", kind=ButtonKind.PRIMARY)
        self.join_button.clicked.connect(self.join)
        self.account = make_button("Sign in…")
        self.account.clicked.connect(self._on_account)
        cancel = make_button("Cancel")
        cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (heading(look, "Join a course", TextSize.HEADING), self._words, self.code):
            column.addWidget(part)
        column.addLayout(foot(self.account, cancel, self.join_button))
        self._show_standing(None)
        self.work(context.library.syncing.status, self._show_standing)

    def join(self) -> None:
        """Write down the wish; the server hears of it at once, or when there is a network."""
        joining, typed = self._context.library.joining, self.code.text
        self.join_button.setEnabled(False)
        self.work(lambda: joining.join(typed), self._on_joined, self._on_wrong)

    def _show_standing(self, status: SyncStatus | None) -> None:
        """Say what is missing: codes are looked up by a server."""
        has_server = status is None or bool(status.server)
        self.account.setVisible(not has_server)
        self.code.setEnabled(has_server)
        self.join_button.setEnabled(has_server)
        self._words.setText(
            "The course comes as soon as your server has been reached. With no network, that is at the next sync."
            if has_server
            else "Courses of others come from a server. Sign in to the one that your teacher uses first."
        )
        part = self.code.edit if has_server else self.account
        part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_joined(self, wish: UUID) -> None:
        self.joined.emit(wish)
        self.accept()

    def _on_wrong(self, error: AlexandriaError) -> None:
        self.join_button.setEnabled(True)
        self.code.complain(error.message)
        self.code.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_account(self) -> None:
        self.account_wanted.emit()
        self.reject()
