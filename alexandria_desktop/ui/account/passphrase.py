"""Staying signed in without a keyring: choosing a passphrase, and giving it once after each start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.ui.account.form import WIDTH, Field
from alexandria_desktop.ui.account.wording import what_waits
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from alexandria_desktop.library.syncing import SyncStatus

KEEP = "Keep me signed in with a passphrase"
ABOUT_KEEPING = (
    "The session is encrypted in a file outside the library. The passphrase is asked for once after each start; one "
    "that is lost cannot be found again, but your password still signs you in."
)
LOCKED = "Your session is locked"
ABOUT_LOCK = (
    "Give your passphrase, and this computer keeps in step again until the program is closed. Everything else works "
    "without it."
)


class UnlockForm(QWidget):
    """Asks for the passphrase of a session that is kept."""

    unlocked = Signal(object)
    """(SyncStatus): the session is open."""
    password_wanted = Signal()
    """The reader would rather sign in with the password."""
    sign_out_wanted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        look = context.appearance
        self.heading = QLabel(LOCKED)
        self.heading.setFont(look.font(TextSize.LARGE, MEDIUM))
        self.where = _muted(look, "")
        self.passphrase = Field(look, "Passphrase", secret=True)
        self.passphrase.edit.returnPressed.connect(self._on_unlock)
        self.unlock = make_button("Unlock", kind=ButtonKind.PRIMARY)
        self.unlock.clicked.connect(self._on_unlock)
        self.password = make_button("Use the password instead", kind=ButtonKind.QUIET)
        self.password.clicked.connect(self.password_wanted)
        self.sign_out = make_button("Sign out", kind=ButtonKind.QUIET)
        self.sign_out.clicked.connect(self.sign_out_wanted)
        column = _column(self)
        column.addWidget(self.heading)
        column.addSpacing(4)
        column.addWidget(self.where)
        column.addSpacing(8)
        column.addWidget(_muted(look, ABOUT_LOCK))
        column.addSpacing(16)
        column.addWidget(self.passphrase)
        column.addLayout(_row(self.unlock, self.password, self.sign_out))

    def show_status(self, status: SyncStatus) -> None:
        """Show whose session it is."""
        waits = f"\n{what_waits(status)}" if status.waiting else ""
        self.where.setText(f"{status.email} · {status.server.removeprefix('https://')}{waits}")

    def _on_unlock(self) -> None:
        passphrase = self.passphrase.edit.text()
        if not passphrase:
            self.passphrase.complain("Give your passphrase.")
            return
        self._set_busy(busy=True)
        syncing = self._context.library.syncing
        self._context.tasks.run(lambda: syncing.unlock(passphrase), self._on_unlocked, self._on_refused)

    def _on_unlocked(self, status: SyncStatus) -> None:
        self._set_busy(busy=False)
        self.passphrase.edit.clear()
        self.unlocked.emit(status)

    def _on_refused(self, error: AlexandriaError) -> None:
        self._set_busy(busy=False)
        self.passphrase.complain(f"{error.message} ({error.code})")
        self.passphrase.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.passphrase.edit.selectAll()

    def _set_busy(self, *, busy: bool) -> None:
        self.passphrase.edit.setEnabled(not busy)
        for button in (self.unlock, self.password, self.sign_out):
            button.setEnabled(not busy)
        self.unlock.setText("Unlocking…" if busy else "Unlock")
        if busy:
            self.passphrase.complain("")


class KeepOffer(QWidget):
    """Offers to keep the session beyond the end of the program, and asks for a passphrase twice."""

    kept = Signal()
    """The session is kept now."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        look = context.appearance
        self.open = make_button(f"{KEEP}…")
        self.open.clicked.connect(self._on_open)
        self.passphrase = Field(look, "Passphrase", hint="eight characters or more", secret=True)
        self.again = Field(look, "The same again", secret=True)
        for field in (self.passphrase, self.again):
            field.edit.returnPressed.connect(self._on_keep)
        self.keep = make_button("Keep me signed in")
        self.keep.clicked.connect(self._on_keep)
        self.cancel = make_button("Cancel", kind=ButtonKind.QUIET)
        self.cancel.clicked.connect(self.fold)
        self._asking = QWidget()
        asking = _column(self._asking)
        asking.addWidget(_muted(look, ABOUT_KEEPING))
        asking.addSpacing(12)
        asking.addWidget(self.passphrase)
        asking.addWidget(self.again)
        asking.addLayout(_row(self.keep, self.cancel))
        column = _column(self)
        column.addLayout(_row(self.open))
        column.addWidget(self._asking)
        self.fold()

    def fold(self) -> None:
        """Show the offer alone, and empty what nobody should find."""
        for field in (self.passphrase, self.again):
            field.edit.clear()
            field.complain("")
        self._asking.hide()
        self.open.show()

    def _on_open(self) -> None:
        self.open.hide()
        self._asking.show()
        self.passphrase.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_keep(self) -> None:
        passphrase = self.passphrase.edit.text()
        if passphrase != self.again.edit.text():
            self.again.complain("These are two different passphrases.")
            self.again.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.keep.setEnabled(False)
        syncing = self._context.library.syncing
        self._context.tasks.run(lambda: syncing.keep_with_passphrase(passphrase), self._on_kept, self._on_refused)

    def _on_kept(self, _: SyncStatus) -> None:
        self.keep.setEnabled(True)
        self.fold()
        self._context.navigator.say("You stay signed in on this computer.")
        self.kept.emit()

    def _on_refused(self, error: AlexandriaError) -> None:
        self.keep.setEnabled(True)
        self.passphrase.complain(f"{error.message} ({error.code})")
        self.passphrase.edit.setFocus(Qt.FocusReason.OtherFocusReason)


def _column(widget: QWidget) -> QVBoxLayout:
    widget.setMaximumWidth(WIDTH)
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return row


def _muted(appearance: Appearance, words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("tone", "muted")
    label.setFont(appearance.font(TextSize.SMALL))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
