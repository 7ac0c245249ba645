"""The account screen: the form or who is signed in, and below it what wants the reader's eye."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.errors import AlexandriaError
from alexandria_desktop.base.secrets import Kept
from alexandria_desktop.library.library import Library
from alexandria_desktop.store.changes import Changes
from alexandria_desktop.ui.account.attention import AttentionList, look_up
from alexandria_desktop.ui.account.folder import FolderOffer
from alexandria_desktop.ui.account.form import AccountForm, Credentials
from alexandria_desktop.ui.account.keeping import Keeping
from alexandria_desktop.ui.account.panel import AccountPanel
from alexandria_desktop.ui.account.passphrase import KeepOffer, UnlockForm
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.context import Context
from alexandria_desktop.ui.shelf.states import Wrong, waiting
from alexandria_desktop.ui.shelf.toolbar import HEIGHT, SCROLL_BAR
from alexandria_desktop.ui.tasks import Task
from alexandria_desktop.ui.widgets.banner import Banner, Severity
from alexandria_desktop.ui.widgets.button import make_icon_button

if TYPE_CHECKING:
    from alexandria_desktop.library.syncing import SyncStatus
    from alexandria_desktop.ui.account.cards import Difference

WIDEST = 880
WELCOME = (
    "Sign in, and your shelf, notes and places are on every device of yours. The library stays on this computer "
    "and works without a network."
)


@dataclass(frozen=True, slots=True)
class _Read:
    status: SyncStatus
    kept: Kept | None
    files_travel: bool
    attention: tuple[list[Difference], list[Any]]


class AccountPage(QWidget):
    """Everything about keeping in step."""

    sidebar_wanted = Signal()

    def __init__(self, context: Context, keeping: Keeping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._keeping = keeping
        self._task: Task | None = None
        self._called_off: threading.Event | None = None
        self._wants_focus = self._wants_differences = self._wants_server = self._wants_password = False
        look = context.appearance
        self.sidebar = make_icon_button(look.icon("sidebar"), "Show the sidebar")
        self.sidebar.clicked.connect(self.sidebar_wanted)
        self.sidebar.hide()
        self.banner = Banner(look)
        self.banner.retried.connect(keeping.sync_now)
        self.welcome = QLabel(WELCOME)
        self.welcome.setProperty("tone", "muted")
        self.welcome.setWordWrap(True)
        self.form = AccountForm(look)
        self.form.submitted.connect(self._sign_in)
        self.form.cancelled.connect(self._on_cancel)
        self.folder = FolderOffer(context)
        self.folder.joined.connect(self._left)
        self.panel = AccountPanel(look, keeping)
        self.panel.server_wanted.connect(self._on_server_wanted)
        self.panel.sign_out_wanted.connect(self._sign_out)
        self.panel.metered_chosen.connect(self._on_metered)
        self.panel.files_chosen.connect(self._on_files)
        self.lock = UnlockForm(context)
        self.lock.unlocked.connect(self._left)
        self.lock.password_wanted.connect(self._on_password_wanted)
        self.lock.sign_out_wanted.connect(self._sign_out)
        self.offer = KeepOffer(context)
        self.offer.kept.connect(self.refresh)
        self.attention = AttentionList(context)
        self.attention.written.connect(self.refresh)
        self.attention.written.connect(keeping.look)
        self._wrong = Wrong(look)
        self._wrong.activated.connect(self.refresh)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._content())
        self._stack = QStackedWidget()
        for state in (waiting(look), self._scroll, self._wrong):
            self._stack.addWidget(state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self._stack, 1)
        keeping.changed.connect(self._on_standing)
        keeping.settled.connect(self._on_settled)

    def _bar(self) -> QFrame:
        bar = QFrame()
        bar.setFixedHeight(HEIGHT)
        title = QLabel("Account")
        title.setFont(self._context.appearance.font(TextSize.HEADING, MEDIUM))
        row = QHBoxLayout(bar)
        row.setContentsMargins(24, 0, 24 + SCROLL_BAR, 0)
        row.setSpacing(8)
        row.addWidget(self.sidebar)
        row.addWidget(title)
        row.addStretch(1)
        return bar

    def _content(self) -> QWidget:
        inner = QWidget()
        inner.setMaximumWidth(WIDEST)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 8, 0, 32)
        column.setSpacing(16)
        for part in (
            self.banner,
            self.welcome,
            self.lock,
            self.panel,
            self.offer,
            self.form,
            self.folder,
            self.attention,
        ):
            column.addWidget(part)
        column.addStretch(1)
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(0)
        row.addWidget(inner, 1)
        row.addStretch(0)
        row.setAlignment(inner, Qt.AlignmentFlag(0))
        return content

    # --- what the library says ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read how things stand."""
        if self._task is not None:
            self._task.cancel()
        library = self._context.library
        self._task = self._context.tasks.run(lambda: _look_up(library), self._on_read, self._on_failed, priority=3)

    def take_focus(self) -> None:
        """Put the keyboard where one begins, as soon as there is something."""
        self._wants_focus = True
        if self._stack.currentWidget() is self._scroll and self._task is None:
            self._give_focus()

    def show_differences(self) -> None:
        """Lead to what wants the reader's eye."""
        self._wants_differences = self._wants_focus = True
        self.refresh()

    def on_changes(self, changes: Changes) -> None:
        """Hear what was written."""
        if changes.touches("outbox", "sync_conflicts", "user_notes"):
            self.refresh()

    def _on_read(self, read: _Read) -> None:
        self._task = None
        status = read.status
        self._stack.setCurrentWidget(self._scroll)
        self.welcome.setVisible(not status.has_account)
        self._wants_server = self._wants_server and bool(status.folder)
        self._wants_password = self._wants_password and status.is_locked
        self.lock.setVisible(status.is_locked)
        self.lock.show_status(status)
        self.offer.setVisible(status.is_signed_in and not status.folder and read.kept is Kept.MEMORY)
        is_out = not status.is_signed_in and (not status.is_locked or self._wants_password)
        self.form.setVisible(is_out or self._wants_server)
        self.folder.setVisible(not status.folder)
        self.panel.setVisible(status.is_signed_in)
        self.form.belong(has_account=bool(status.server))
        self.form.fill(status.server, status.email)
        self.panel.show_status(status, read.kept)
        self.panel.step_back(behind=self._wants_server)
        self.panel.show_files(travel=read.files_travel)
        self.attention.setVisible(status.has_account)
        self.attention.show_all(*read.attention)
        self._show_problem(status)
        if self._wants_focus:
            self._give_focus()

    def _show_problem(self, status: SyncStatus) -> None:
        problem = status.problem
        if status.is_locked:
            self.banner.hide()  # the form says it
        elif status.has_account and not status.is_signed_in:
            kept = " What you write waits here until then." if status.waiting else ""
            self.banner.say(f"Sign in again to keep in step with {status.server}.{kept}", severity=Severity.NOTE)
        elif problem is not None and not self._keeping.is_running:
            again = "Try again" if problem.turn != "reader" else ""
            self.banner.say(problem.sentence, severity=Severity.WARNING, code=problem.code, action=again)
        else:
            self.banner.hide()

    def _on_failed(self, error: AlexandriaError) -> None:
        self._task = None
        self._wrong.show_error(error)
        self._stack.setCurrentWidget(self._wrong)

    def _give_focus(self) -> None:
        self._wants_focus = False
        if self._wants_differences:
            self._wants_differences = False
            self._scroll.ensureWidgetVisible(self.attention, 0, 24)
            if self.attention.take_focus():
                return
        if not self.lock.isHidden() and self.form.isHidden():
            self.lock.passphrase.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.form.isHidden():
            self.panel.sync.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.form.take_focus()

    def _on_standing(self) -> None:
        if self._keeping.status is not None and self.isVisible():
            self.panel.show_status(self._keeping.status, self._context.library.syncing.kept_in)

    def _on_settled(self) -> None:
        if self.isVisible():
            self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Say the times anew when the window comes to the front."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange:
            self._on_standing()

    # --- what the reader asks -----------------------------------------------------------------------------------

    def _sign_in(self, typed: Credentials) -> None:
        library = self._context.library
        called_off = threading.Event()
        self._called_off = called_off
        self._context.tasks.run(lambda: _open(library, typed, called_off), self._on_signed_in, self._on_refused)

    def _on_cancel(self) -> None:
        if self._called_off is not None:
            self._called_off.set()
        self.form.set_busy(busy=False)
        self.form.take_focus()

    def _on_signed_in(self, status: SyncStatus | None) -> None:
        if status is None:
            return  # called off
        self._called_off = None
        self.form.set_busy(busy=False)
        self.form.forget_password()
        self._wants_focus = True
        self._keeping.take(status)
        self.refresh()

    def _on_refused(self, error: AlexandriaError) -> None:
        if self._called_off is None or self._called_off.is_set():
            return
        self._called_off = None
        self.form.show_error(error)

    def _sign_out(self) -> None:
        syncing, navigator = self._context.library.syncing, self._context.navigator
        self._keeping.cancel()
        if self.panel.shows_folder:
            navigator.say("The folder is used no longer. The library stays on this computer.")
            self._context.tasks.run(syncing.leave_folder, self._left, navigator.report)
            return

        def done(status: SyncStatus) -> None:
            navigator.say("Signed out. The library stays on this computer.")
            self._left(status)

        def failed(_: AlexandriaError) -> None:
            navigator.say("Signed out on this computer. The server could not be told.")
            self._context.tasks.run(syncing.status, self._left, navigator.report)

        self._context.tasks.run(syncing.sign_out, done, failed)

    def _on_server_wanted(self) -> None:
        self._wants_server, self._wants_focus = not self._wants_server, True
        self.refresh()

    def _on_password_wanted(self) -> None:
        self._wants_password, self._wants_focus = not self._wants_password, True
        self.refresh()

    def _left(self, status: SyncStatus) -> None:
        self._wants_focus = True
        self._keeping.take(status)
        self.refresh()

    def _on_metered(self, allowed: bool) -> None:
        syncing = self._context.library.syncing
        use: Callable[[], SyncStatus] = lambda: syncing.use_metered(allowed=allowed)  # noqa: E731
        self._context.tasks.run(use, self._keeping.take, self._context.navigator.report)

    def _on_files(self, wanted: bool) -> None:
        library = self._context.library
        self._context.tasks.run(
            lambda: library.files.let_travel(wanted=wanted), self._on_files_kept, self._context.navigator.report
        )

    def _on_files_kept(self, _: None) -> None:
        self._keeping.sync_now()


def _look_up(library: Library) -> _Read:
    syncing = library.syncing
    return _Read(syncing.status(), syncing.kept_in, library.files.travel(), look_up(syncing))


def _open(library: Library, typed: Credentials, called_off: threading.Event) -> SyncStatus | None:
    from alexandria_desktop.library.syncing import Cancelled

    syncing, asked = library.syncing, called_off.is_set
    try:
        if not typed.is_new:
            return syncing.sign_in(typed.server, typed.email, typed.password, is_cancelled=asked)
        return syncing.sign_up(
            typed.server,
            typed.email,
            typed.password,
            typed.name,
            invitation=typed.invitation or None,
            is_cancelled=asked,
        )
    except Cancelled:
        return None
