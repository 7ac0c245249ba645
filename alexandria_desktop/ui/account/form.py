"""The form that signs in, or makes an account: what is wrong stands below the field, and what was typed stays."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError, Code
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.segmented import Segmented

WIDTH = 420
SIGN_IN, SIGN_UP = "sign-in", "sign-up"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed."""

    server: str
    email: str
    password: str
    name: str
    invitation: str
    is_new: bool

    def __repr__(self) -> str:
        return f"Credentials({self.server}, {self.email})"


class Field(QWidget):
    """A label, a line to type in, and room for what is wrong with it."""

    def __init__(self, appearance: Appearance, name: str, *, hint: str = "", secret: bool = False) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(hint)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        label = QLabel(name)
        label.setFont(appearance.font(TextSize.BODY, MEDIUM))
        label.setBuddy(self.edit)
        self._wrong = QLabel()
        self._wrong.setProperty("tone", "danger")
        self._wrong.setFont(appearance.font(TextSize.SMALL))
        self._wrong.setTextFormat(Qt.TextFormat.PlainText)
        self._wrong.setWordWrap(True)
        self._wrong.setMinimumHeight(18)  # nothing moves when it speaks
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 6)
        column.setSpacing(4)
        for part in (label, self.edit, self._wrong):
            column.addWidget(part)
        self.edit.textEdited.connect(self._on_edited)

    @property
    def text(self) -> str:
        """What was typed, without spaces around it."""
        return self.edit.text().strip()

    @property
    def complaint(self) -> str:
        """What is wrong, or nothing."""
        return self._wrong.text()

    def complain(self, sentence: str) -> None:
        """Say what is wrong."""
        self._wrong.setText(sentence)
        self.edit.setAccessibleDescription(sentence)

    def _on_edited(self) -> None:
        self.complain("")


class AccountForm(QWidget):
    """One form for both: the choice at its head shows the fields that an account needs when it is made."""

    submitted = Signal(object)
    """(Credentials)"""
    cancelled = Signal()
    """The reader will not wait for the server's answer."""

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = Segmented([(SIGN_IN, "Sign in"), (SIGN_UP, "Make an account")], name="What to do")
        self.kind.chosen.connect(self._on_kind)
        self.server = Field(appearance, "Server", hint="books.example.org")
        self.name = Field(appearance, "Your name")
        self.email = Field(appearance, "Email")
        self.password = Field(appearance, "Password", secret=True)
        self.invitation = Field(appearance, "Invitation (where the server asks for one)")
        self._fields = (self.server, self.name, self.email, self.password, self.invitation)
        self._wrong = QLabel()
        self._wrong.setProperty("tone", "danger")
        self._wrong.setTextFormat(Qt.TextFormat.PlainText)
        self._wrong.setWordWrap(True)
        self._wrong.setMinimumHeight(20)
        self.submit = make_button("Sign in", kind=ButtonKind.PRIMARY)
        self.submit.clicked.connect(self._on_submit)
        self.cancel = make_button("Cancel", kind=ButtonKind.QUIET)
        self.cancel.clicked.connect(self.cancelled)
        self._lay_out()
        for field in self._fields:
            field.edit.returnPressed.connect(self._on_submit)
        self.set_busy(busy=False)

    def fill(self, server: str, email: str) -> None:
        """Fill in what is known, where nothing was typed."""
        for field, words in ((self.server, server), (self.email, email)):
            if words and not field.text:
                field.edit.setText(words)

    def belong(self, *, has_account: bool) -> None:
        """Offer to make an account only where the library has none."""
        self.kind.setVisible(not has_account)
        if has_account and self.kind.choice() != SIGN_IN:
            self.kind.choose(SIGN_IN)
            self._on_kind(SIGN_IN)

    def forget_password(self) -> None:
        """Empty what nobody should find here."""
        self.password.edit.clear()
        self.invitation.edit.clear()

    def take_focus(self) -> None:
        """Put the keyboard in the first field that is empty."""
        shown = [field for field in self._fields if not field.isHidden()]
        first = next((field for field in shown if not field.text), shown[-1])
        first.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_busy(self, *, busy: bool) -> None:
        """Wait for an answer, or for the reader."""
        self._is_busy = busy
        for field in self._fields:
            field.edit.setEnabled(not busy)
        self.kind.setEnabled(not busy)
        self.submit.setEnabled(not busy)
        self.cancel.setVisible(busy)
        self._name_button()
        if busy:
            self._complain_of_nothing()
            self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_error(self, error: AlexandriaError) -> None:
        """Show what went wrong beside what is to be changed; everything typed stays."""
        self.set_busy(busy=False)
        field = self._field_of(error)
        if field is None:
            self._say(f"{error.message} ({error.code})")
            self.submit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        field.complain(error.message)
        field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        field.edit.selectAll()

    @property
    def complaint(self) -> str:
        """What is wrong with the whole, or nothing."""
        return self._wrong.text()

    def _field_of(self, error: AlexandriaError) -> Field | None:
        by_code = {
            Code.SYNC_ADDRESS: self.server,
            Code.SYNC_UNREACHABLE: self.server,
            Code.SYNC_WRONG_PASSWORD: self.password,
        }
        if error.code in by_code:
            return by_code[error.code]
        reason = error.detail.rpartition(" ")[2]  # the server's own code
        by_reason = (
            ("email", self.email),
            ("password", self.password),
            ("name", self.name),
            ("invit", self.invitation),
        )
        return next((field for word, field in by_reason if word in reason and not field.isHidden()), None)

    def _lay_out(self) -> None:
        self.setMaximumWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.kind)
        column.addSpacing(16)
        for field in self._fields:
            column.addWidget(field)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.submit)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        column.addSpacing(4)
        column.addLayout(buttons)
        column.addSpacing(8)
        column.addWidget(self._wrong)
        self._on_kind(SIGN_IN)

    def _on_kind(self, kind: str) -> None:
        for field in (self.name, self.invitation):
            field.setVisible(kind == SIGN_UP)
        self._complain_of_nothing()
        self._name_button()

    def _name_button(self) -> None:
        is_new = self.kind.choice() == SIGN_UP
        if getattr(self, "_is_busy", False):
            self.submit.setText("Making the account…" if is_new else "Signing in…")
        else:
            self.submit.setText("Make the account" if is_new else "Sign in")

    def _complain_of_nothing(self) -> None:
        self._say("")
        for field in self._fields:
            field.complain("")
            field.edit.deselect()

    def _say(self, sentence: str) -> None:
        self._wrong.setText(sentence)
        self.submit.setAccessibleDescription(sentence)

    def _on_submit(self) -> None:
        if self._is_busy:
            return
        is_new = self.kind.choice() == SIGN_UP
        needed = (
            (self.server, "Give the address of a server."),
            (self.name, "Give a name; others in an organisation see it.") if is_new else None,
            (self.email, "Give your email."),
            (self.password, "Give a password."),
        )
        missing = [one for one in needed if one is not None and not one[0].edit.text()]
        for field, sentence in missing:
            field.complain(sentence)
        if missing:
            missing[0][0].edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.set_busy(busy=True)
        password = self.password.edit.text()
        self.submitted.emit(
            Credentials(self.server.text, self.email.text, password, self.name.text, self.invitation.text, is_new)
        )
