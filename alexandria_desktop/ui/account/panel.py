"""Who is signed in and where, or which folder is used; how the last round went, what waits, and the buttons for it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from alexandria_desktop.base.secrets import Kept
from alexandria_desktop.ui.account.keeping import Keeping, Progress
from alexandria_desktop.ui.account.wording import ago, now, what_waits
from alexandria_desktop.ui.appearance.appearance import Appearance
from alexandria_desktop.ui.appearance.fonts import MEDIUM, TextSize
from alexandria_desktop.ui.widgets.button import ButtonKind, make_button
from alexandria_desktop.ui.widgets.elided_label import ElidedLabel
from alexandria_desktop.ui.widgets.progress_line import ProgressLine

if TYPE_CHECKING:
    from alexandria_desktop.library.syncing import SyncStatus

_ROOM = 44
"""Height of what says how the last round went, and of the progress that takes its place."""
IN_MEMORY = "This computer has no keyring, so you stay signed in only until the program is closed."
IN_FILE = "Your session is kept behind your passphrase, which is asked for once after each start."
IN_KEYRING = "Your session is kept in this computer's keyring, never in the library."


IN_FOLDER = "The folder is not encrypted: whoever can open it can read your notes."
SIGNING_OUT = "Signing out ends the session on this computer. Your library stays here, with what waits."
LEAVING = "Leaving the folder changes nothing in it. Your library stays here, with what waits."


class AccountPanel(QWidget):
    """What a reader sees whose library has a home."""

    sign_out_wanted = Signal()
    server_wanted = Signal()
    """The reader would rather have an account than the folder."""
    metered_chosen = Signal(bool)
    files_chosen = Signal(bool)

    def __init__(self, appearance: Appearance, keeping: Keeping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keeping = keeping
        self.shows_folder = False
        self.who = ElidedLabel()
        self.who.setFont(appearance.font(TextSize.LARGE, MEDIUM))
        self.where = ElidedLabel()
        self.where.setProperty("tone", "muted")
        self.last = QLabel()
        self.waits = QLabel()
        self.waits.setProperty("tone", "muted")
        self.progress = ProgressLine(appearance, "Syncing…")
        self.progress.cancelled.connect(keeping.cancel)
        self.sync = make_button("Sync now", kind=ButtonKind.PRIMARY)
        self.sync.clicked.connect(keeping.sync_now)
        self.sign_out = make_button("Sign out")
        self.sign_out.clicked.connect(self.sign_out_wanted)
        self.server = make_button("Sign in to a server instead", kind=ButtonKind.QUIET)
        self.server.clicked.connect(self.server_wanted)
        self.metered = QCheckBox("Sync by itself on metered connections too")
        self.metered.clicked.connect(self.metered_chosen)
        self.files = QCheckBox()
        self.files.clicked.connect(self.files_chosen)
        self.carrying = _small(appearance)
        self.token = _small(appearance)
        self.leaving = _small(appearance)
        self._lay_out()
        keeping.changed.connect(self._on_changed)
        keeping.progressed.connect(self._on_progress)

    def show_status(self, status: SyncStatus, kept: Kept | None) -> None:
        """Show how things stand."""
        self._name_home(status)
        self.last.setText(f"Synced {ago(status.last_round, now())}." if status.last_round else "Not synced yet.")
        self.waits.setText(what_waits(status))
        self.metered.setChecked(status.on_metered)
        places = {Kept.MEMORY: IN_MEMORY, Kept.FILE: IN_FILE}
        self.token.setText(IN_FOLDER if status.folder else places.get(kept or Kept.KEYRING, IN_KEYRING))

    def _name_home(self, status: SyncStatus) -> None:
        self.shows_folder = is_folder = bool(status.folder)
        if is_folder:
            self.who.setText(f"In step through the folder “{PurePath(status.folder).name or status.folder}”")
            self.where.setText(status.folder)
        else:
            self.who.setText(status.name or status.email)
            server = status.server.removeprefix("https://")
            self.where.setText(f"{status.email} · {server}" if status.name else status.server)
        self.sign_out.setText("Leave the folder" if is_folder else "Sign out")
        self.leaving.setText(LEAVING if is_folder else SIGNING_OUT)
        place = "in the folder" if is_folder else "on the server"
        self.files.setText(f"Keep my book files {place} too, for my other devices")
        self.server.setVisible(is_folder)
        self.metered.setVisible(not is_folder)

    def step_back(self, *, behind: bool) -> None:
        """Leave the primary button to a form that is shown below, or take it again."""
        self.sync.setProperty("kind", str(ButtonKind.PLAIN if behind else ButtonKind.PRIMARY))
        self.sync.style().unpolish(self.sync)
        self.sync.style().polish(self.sync)

    def show_files(self, *, travel: bool) -> None:
        """Show whether book files are kept on the server."""
        self.files.setChecked(travel)
        self._show_carrying()

    def _show_carrying(self) -> None:
        words = "Book files are on their way." if self._keeping.is_carrying else ""
        if self._keeping.files_problem is not None:
            words = f"Book files could not be brought in step: {self._keeping.files_problem.message}"
        self.carrying.setText(words)
        self.carrying.setVisible(bool(words))

    def _lay_out(self) -> None:
        facts = QWidget()
        lines = QVBoxLayout(facts)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(4)
        lines.addWidget(self.last)
        lines.addWidget(self.waits)
        lines.addStretch(1)
        self._state = QStackedWidget()
        self._state.setFixedHeight(_ROOM)  # nothing moves when a round begins
        self._state.addWidget(facts)
        self._state.addWidget(self.progress)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.sync)
        buttons.addWidget(self.sign_out)
        buttons.addWidget(self.server)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part, gap in ((self.who, 4), (self.where, 16), (self._state, 16)):
            column.addWidget(part)
            column.addSpacing(gap)
        column.addLayout(buttons)
        column.addSpacing(16)
        column.addWidget(self.metered)
        column.addSpacing(4)
        column.addWidget(self.files)
        column.addWidget(self.carrying)
        for line in (self.token, self.leaving):
            column.addSpacing(8)
            column.addWidget(line)

    def _on_changed(self) -> None:
        running = self._keeping.is_running
        if not running:
            self.progress.cancel.setEnabled(True)
        self._state.setCurrentIndex(1 if running else 0)
        self.sync.setEnabled(not running)
        self._show_carrying()

    def _on_progress(self, progress: Progress) -> None:
        if progress.received:
            words = f"Taking in what is new · {progress.received:,} so far"
            self.progress.set_progress(0, 0, words=words)  # nobody knows how much there is
        elif progress.to_send:
            self.progress.set_progress(progress.sent, progress.to_send, words="Sending what you changed")
        else:
            self.progress.set_progress(0, 0, words="Asking for what is new…")


def _small(appearance: Appearance) -> QLabel:
    label = QLabel()
    label.setProperty("tone", "muted")
    label.setFont(appearance.font(TextSize.SMALL))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
