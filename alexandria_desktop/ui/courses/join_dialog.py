"""Typing the code of a course; what is wrong with it is said below the line, and what was typed stays."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.library.standing import SyncStatus
from alexandria_desktop.ui.account.form import Field
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.courses.words import small
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

WIDTH = 440


class JoinDialog(QDialog):
    """One line for the code."""

    joined = Signal(object)
    """(UUID): the wish that was written."""
    account_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        look = context.appearance
        self.setWindowTitle("Join a course")
        self.setMinimumWidth(WIDTH)
        title = QLabel("Join a course")
        title.setFont(look.font(TextSize.HEADING, MEDIUM))
        self._words = small(look)
        self._words.setWordWrap(True)
        self.code = Field(look, "Code from your teacher", hint="7KQM-2XPD-9RTA")
        self.code.edit.setMaxLength(64)
        self.code.edit.returnPressed.connect(self.join)
        self.join_button = make_button("Join", kind=ButtonKind.PRIMARY)
        self.join_button.clicked.connect(self.join)
        self.account = make_button("Sign in…")
        self.account.clicked.connect(self._on_account)
        cancel = make_button("Cancel")
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.account)
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self.join_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (title, self._words, self.code):
            column.addWidget(part)
        column.addLayout(buttons)
        self._show_standing(None)
        syncing = context.library.syncing
        context.tasks.run(syncing.status, self._show_standing, context.navigator.report)

    def join(self) -> None:
        """Write down the wish; the server hears of it at once, or when there is a network."""
        joining, typed = self._context.library.joining, self.code.text
        self.join_button.setEnabled(False)
        self._context.tasks.run(lambda: joining.join(typed), self._on_joined, self._on_wrong)

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
